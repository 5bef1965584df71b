//! Why results cannot be written, in both languages.

use jianpai_core::text::Text;
use jianpai_load::input::why as reason;
use std::io;
use std::path::Path;

/// What stands in the way; nothing has been changed, or what was begun is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem(pub Text);

impl Problem {
    /// A problem in both languages.
    pub fn new(zh: String, en: String) -> Self {
        Self(Text::new(zh, en))
    }

    /// The file system refuses to write at `path`.
    pub fn write(path: &Path, error: &io::Error) -> Self {
        let (path, why) = (path.display(), reason(error));
        Self::new(
            format!("写不出结果（{path}）：{}", why.zh),
            format!("cannot write results ({path}): {}", why.en),
        )
    }

    /// The file system refuses to read at `path`.
    pub fn read(path: &Path, error: &io::Error) -> Self {
        let (path, why) = (path.display(), reason(error));
        Self::new(
            format!("读不了 {path}：{}", why.zh),
            format!("cannot read {path}: {}", why.en),
        )
    }
}
