//! Why results cannot be written, in both languages.

use jianpai_core::text::Text;
use std::io;
use std::path::Path;

/// What stands in the way; nothing has been changed, or what was begun is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem(pub Text);

impl Problem {
    /// A problem in both languages.
    pub(crate) fn new(zh: String, en: String) -> Self {
        Self(Text::new(zh, en))
    }

    /// The file system refuses to write at `path`.
    pub(crate) fn write(path: &Path, error: &io::Error) -> Self {
        let (path, why) = (path.display(), reason(error));
        Self::new(
            format!("写不出结果（{path}）：{}", why.zh),
            format!("cannot write results ({path}): {}", why.en),
        )
    }

    /// The file system refuses to read at `path`.
    pub(crate) fn read(path: &Path, error: &io::Error) -> Self {
        let (path, why) = (path.display(), reason(error));
        Self::new(
            format!("读不了 {path}：{}", why.zh),
            format!("cannot read {path}: {}", why.en),
        )
    }
}

/// What the system says, with the usual reasons in Chinese.
pub(crate) fn reason(error: &io::Error) -> Text {
    use io::ErrorKind as Kind;
    let zh = match error.kind() {
        Kind::NotFound => "没有这个文件或目录",
        Kind::PermissionDenied => "没有权限",
        Kind::StorageFull => "磁盘已满",
        Kind::QuotaExceeded => "磁盘配额已用完",
        Kind::ReadOnlyFilesystem => "文件系统为只读",
        Kind::NotADirectory => "路径中有一段是文件，不是目录",
        Kind::IsADirectory => "是目录，不是文件",
        Kind::InvalidFilename => "文件名过长或不合法",
        Kind::FileTooLarge => "文件超出系统允许的大小",
        Kind::BrokenPipe => "读取方已关闭",
        _ => return Text::same(error.to_string()),
    };
    Text::new(zh.to_string(), error.to_string())
}
