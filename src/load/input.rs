//! Why a file is not read, in words that both a terminal and a diagnostic show.
//!
//! This crate opens no file: it gets bytes through [`crate::scenario::Fetch`]. Who opens
//! one refuses what is no ordinary file, or too large, with a [`Refusal`] inside the
//! error of the system.

use jianpai_core::text::Text;
use std::io;

/// Largest input where nothing else is asked for: 256 MB.
pub const LARGEST: u64 = 256_000_000;

/// Something that is no input, whatever stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A folder where a file is wanted.
    #[error("it is a folder")]
    Folder,
    /// A file where a folder is wanted.
    #[error("it is no folder")]
    NoFolder,
    /// A device, such as a disk or a terminal.
    #[error("it is a device, not a file")]
    Device,
    /// A named pipe.
    #[error("it is a pipe (FIFO), not a file")]
    Pipe,
    /// A socket.
    #[error("it is a socket, not a file")]
    Socket,
    /// Something else that is no ordinary file.
    #[error("it is not an ordinary file")]
    Irregular,
    /// A file of more bytes than are read.
    #[error("it is too large: {} where {} are read at most", size(*.bytes), size(*.most))]
    TooLarge {
        /// Its bytes.
        bytes: u64,
        /// The most that is read.
        most: u64,
    },
}

impl Refusal {
    /// The error that carries it.
    pub fn error(self) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidInput, self)
    }

    /// The refusal that an error carries.
    pub fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }

    /// Why, in a few words.
    pub fn text(self) -> Text {
        let chinese = match self {
            Self::Folder => "这是目录".to_string(),
            Self::NoFolder => "这不是目录".to_string(),
            Self::Device => "这是设备，不是文件".to_string(),
            Self::Pipe => "这是管道（FIFO），不是文件".to_string(),
            Self::Socket => "这是套接字，不是文件".to_string(),
            Self::Irregular => "这不是普通文件".to_string(),
            Self::TooLarge { bytes, most } => {
                format!("文件过大：{}，最多读 {}", size(bytes), size(most))
            }
        };
        Text::new(chinese, self.to_string())
    }

    /// What to do.
    pub fn help(self) -> Text {
        match self {
            Self::TooLarge { bytes, .. } => {
                let enough = size(bytes.div_ceil(1_000_000).saturating_mul(1_000_000));
                let enough = enough.replace(' ', "");
                Text::new(
                    format!("确是所要的文件，可加 --max-size {enough}"),
                    format!("if it is the file you mean, add --max-size {enough}"),
                )
            }
            Self::Folder => Text::new("写出目录中的文件", "name a file in it"),
            Self::NoFolder => Text::new("写出它所在的目录", "name the folder that it is in"),
            _ => Text::new(
                "把内容存成普通文件再读",
                "save what it gives to an ordinary file, and name that",
            ),
        }
    }
}

/// A number of bytes for people: `256 MB`, `1.5 GB`.
pub fn size(bytes: u64) -> String {
    for (unit, name) in [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")] {
        if bytes >= unit {
            // Rounded up: so many are always enough.
            let tenths = u128::from(bytes) * 10;
            let tenths = tenths.div_ceil(u128::from(unit));
            return match tenths % 10 {
                0 => format!("{} {name}", tenths / 10),
                tenth => format!("{}.{tenth} {name}", tenths / 10),
            };
        }
    }
    format!("{bytes} B")
}

/// Reads a number of bytes: `256MB`, `1.5 GB`, `1GiB`, `4096`.
///
/// # Errors
/// Anything else, in words of both languages.
pub fn bytes(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}`: 应写作 256MB、1.5GB / expected such as 256MB or 1.5GB");
    let plain = text.trim();
    let cut = plain.find(|c: char| c.is_ascii_alphabetic());
    let (number, unit) = plain.split_at(cut.unwrap_or(plain.len()));
    let scale: u64 = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" => 1_000,
        "m" | "mb" => 1_000_000,
        "g" | "gb" => 1_000_000_000,
        "t" | "tb" => 1_000_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        "tib" => 1 << 40,
        _ => return Err(wrong()),
    };
    let number = crate::number::parse(number).map_err(|_| wrong())?;
    let total = number * scale as f64;
    if (1.0..1e18).contains(&total) {
        Ok(total as u64)
    } else {
        Err(wrong())
    }
}

/// Why a file or folder cannot be read or written, in a few words. The system itself
/// speaks English, or whatever it is set to.
pub fn why(error: &io::Error) -> Text {
    use io::ErrorKind as Kind;
    if let Some(refusal) = Refusal::of(error) {
        return refusal.text();
    }
    match error.kind() {
        Kind::NotFound => return Text::new("没有这个文件", "there is no such file"),
        Kind::PermissionDenied => return Text::new("没有权限", "permission denied"),
        Kind::IsADirectory => return Refusal::Folder.text(),
        Kind::NotADirectory => {
            return Text::new(
                "路径中间的一段是文件，不是目录",
                "a part of the path is a file, not a folder",
            );
        }
        Kind::InvalidFilename => {
            return Text::new("名称过长或不合规", "no valid name, or too long");
        }
        Kind::StorageFull => return Text::new("磁盘已满", "the disk is full"),
        Kind::ReadOnlyFilesystem => return Text::new("磁盘只读", "the disk is read-only"),
        _ => {}
    }
    // The rest is rare: the system's own words, and its number for who can look it up.
    let chinese = match error.kind() {
        Kind::AlreadyExists => "已经存在",
        Kind::DirectoryNotEmpty => "目录不是空的",
        Kind::QuotaExceeded => "超出磁盘配额",
        Kind::FileTooLarge => "文件过大",
        Kind::ResourceBusy => "文件正被占用",
        Kind::InvalidData => "内容不完整或已损坏",
        Kind::UnexpectedEof => "文件不完整",
        Kind::BrokenPipe => "输出已被关闭",
        Kind::WriteZero => "写不进去",
        Kind::OutOfMemory => "内存不足",
        Kind::Interrupted => "被中断",
        Kind::InvalidInput => "路径不合规",
        Kind::Unsupported => "系统不支持",
        _ => "系统出错",
    };
    let code = error.raw_os_error();
    let code = code.map_or(String::new(), |code| format!("（系统错误 {code}）"));
    Text::new(format!("{chinese}{code}"), error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_shown() {
        for (text, bytes_) in [
            ("256MB", 256_000_000),
            ("1.5 GB", 1_500_000_000),
            ("1GiB", 1 << 30),
            ("4096", 4096),
            ("10 kb", 10_000),
        ] {
            assert_eq!(bytes(text), Ok(bytes_), "{text}");
        }
        for text in ["", "MB", "0", "-1MB", "1 XB", "nan", "1e30", "a lot"] {
            assert!(bytes(text).is_err(), "{text}");
        }
        assert_eq!(size(LARGEST), "256 MB");
        assert_eq!(size(1_500_000_000), "1.5 GB");
        assert_eq!(size(999), "999 B");
    }

    /// What is offered is enough to read the file.
    #[test]
    fn the_size_offered_is_enough() {
        for size in [256_000_001, 999_999_999, 1_000_000_001, 7_340_032_123] {
            let refusal = Refusal::TooLarge {
                bytes: size,
                most: 1,
            };
            let help = refusal.help().en;
            let offered = help.rsplit(' ').next().unwrap();
            assert!(bytes(offered).unwrap() >= size, "{size}: {help}");
        }
    }
}
