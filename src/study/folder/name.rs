//! Names of result folders that every system can hold.

use jianpai_core::text::Text;

/// Bytes of a name at most: endings and temporary names have to fit as well.
const LONGEST: usize = 200;

/// Names of devices under Windows; with any ending they are devices still.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Folders that the program makes for more than one scenario.
const OWN: [&str; 2] = ["comparison", "hindcast"];

/// Why no folder can have this name; `None` if it can.
pub fn fault(name: &str) -> Option<Text> {
    let say = |zh: &str, en: &str| Some(Text::new(zh.to_string(), en.to_string()));
    if name.is_empty() {
        return say("名称为空", "it is empty");
    }
    if name.len() > LONGEST {
        return Some(Text::new(
            format!("长 {} 字节，最多 {LONGEST} 字节", name.len()),
            format!("it has {} bytes; {LONGEST} are the most", name.len()),
        ));
    }
    if name.starts_with('.') {
        return say("以点开头", "it begins with a dot");
    }
    if name.ends_with(['.', ' ']) || name.starts_with(' ') {
        return say(
            "首尾有空格，或以点结尾",
            "it begins or ends with a space, or ends with a dot",
        );
    }
    let bad = |c: char| c.is_control() || "/\\<>:\"|?*".contains(c);
    if let Some(found) = name.chars().find(|c| bad(*c)) {
        let found = found.escape_default();
        return Some(Text::new(
            format!("含有不能用于文件名的字符 {found}"),
            format!("it holds {found}, which names of files cannot have everywhere"),
        ));
    }
    if is_device(name) {
        return say(
            "在 Windows 上是设备名",
            "it is the name of a device under Windows",
        );
    }
    None
}

/// Why no scenario can have this id; `None` if one can.
pub fn fault_of_id(id: &str) -> Option<Text> {
    let own = OWN.iter().any(|own| own.eq_ignore_ascii_case(id));
    if own {
        return Some(Text::new(
            format!("`{id}` 是程序自己的结果目录名"),
            format!("`{id}` is a folder of the program's own"),
        ));
    }
    fault(id)
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    let stem = stem.to_lowercase();
    let numbered = ["com", "lpt"].iter().any(|port| {
        let rest = stem.strip_prefix(port).map(|rest| rest.chars());
        rest.is_some_and(|mut rest| {
            let digit = rest.next();
            let known = digit.is_some_and(|c| c.is_ascii_digit() || "¹²³".contains(c));
            known && rest.next().is_none()
        })
    });
    numbered || DEVICES.contains(&stem.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_some_system_cannot_hold_are_faulty() {
        let long = "长".repeat(67);
        for name in [
            "", ".", "..", ".git", "a/b", "a\\b", "a:b", "nul", "NUL.x", "Com1", "lpt9.tar",
            "com¹", "aux ", "a.", "x\u{7}y", "a?", &long,
        ] {
            assert!(fault(name).is_some(), "{name}");
        }
        for name in [
            "shaanxi-2020",
            "陕西2020",
            "com",
            "com10",
            "console",
            "a.b",
            "nullarbor",
            &long[..198],
        ] {
            assert!(fault(name).is_none(), "{name}");
        }
        assert!(fault_of_id("Comparison").is_some() && fault("comparison").is_none());
    }
}
