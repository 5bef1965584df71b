//! The only place that writes to the terminal.
//!
//! Standard output that cannot be written (a full disk, a closed file) is remembered,
//! and the program ends with code 2 and one line; a reader that goes away, as `head`
//! does, is no fault of anybody's: the rest is not printed, and the code stays. What
//! cannot be said on standard error is not said.

use super::BAD_INPUT;
use jianpai_core::plain::terminal;
use jianpai_core::text::Lang;
use jianpai_load::input::why as reason;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Mutex;
use std::sync::PoisonError;

/// What became of standard output.
#[derive(Debug, Default)]
enum Fate {
    /// All was written.
    #[default]
    Whole,
    /// The reader went away.
    Closed,
    /// It could not be written.
    Lost(io::Error),
}

static FATE: Mutex<Fate> = Mutex::new(Fate::Whole);

/// Writes to standard output, with what may steer a terminal written out.
pub(super) fn print(text: &str) {
    print_drawn(&terminal(text));
}

/// The line that says where results lie.
pub(super) fn results(lang: Lang, folder: &Path) -> String {
    let word = lang.pick("结果：", "Results:");
    format!("\n  {word} {}/\n", folder.display())
}

/// Writes to standard output what is harmless already and may hold colours.
pub(super) fn print_drawn(text: &str) {
    stream(|out| out.write_all(text.as_bytes()));
}

/// Lets `write` write to standard output, piece by piece; what it writes is harmless.
pub(super) fn stream(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
    let mut fate = FATE.lock().unwrap_or_else(PoisonError::into_inner);
    if !matches!(*fate, Fate::Whole) {
        return;
    }
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let written = write(&mut out).and_then(|()| out.flush());
    // What is left in the buffer of a failed writer is not tried again.
    let _ = out.into_parts();
    match written {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => *fate = Fate::Closed,
        Err(error) => *fate = Fate::Lost(error),
    }
}

/// Writes to standard error, with what may steer a terminal written out.
pub(super) fn warn(text: &str) {
    warn_drawn(&terminal(text));
}

/// Writes to standard error what is harmless already and may hold colours.
pub(super) fn warn_drawn(text: &str) {
    let mut out = io::stderr().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// The exit code after everything has been said.
pub(super) fn finish(lang: Lang, code: u8) -> u8 {
    let fate = FATE.lock().unwrap_or_else(PoisonError::into_inner);
    match &*fate {
        Fate::Whole | Fate::Closed => code,
        Fate::Lost(error) => {
            let why = reason(error);
            warn(&match lang {
                Lang::Zh => format!("错误: 写不出标准输出：{}\n", why.zh),
                Lang::En => format!("error: cannot write standard output: {}\n", why.en),
            });
            BAD_INPUT
        }
    }
}
