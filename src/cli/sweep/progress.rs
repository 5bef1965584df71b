//! How far a sweep has come: a bar on a terminal, else a line every ten seconds, or
//! lines of JSON for schedulers. All of it goes to standard error.

use super::super::out::warn;
use clap::ValueEnum;
use jianpai_core::text::Lang;
use serde_json::json;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// How progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Show {
    /// A bar on a terminal, else a line every ten seconds
    Auto,
    /// A line of JSON every second: draws, of, rate (draws a second), remaining (seconds)
    Json,
    /// Nothing
    None,
}

/// Between two lines.
const PAUSE: Duration = Duration::from_secs(10);
/// Between two lines of JSON.
const SHORT: Duration = Duration::from_secs(1);

/// The progress of one sweep.
pub(super) struct Progress {
    how: How,
    /// Draws in all.
    of: u64,
    started: Instant,
    /// When the last line was written.
    told: Instant,
}

enum How {
    Bar(indicatif::ProgressBar),
    Lines(Lang, String),
    Json(String),
    Silent,
}

impl Progress {
    /// The progress of so many draws of a scenario.
    pub(super) fn new(show: Show, lang: Lang, name: &str, of: u64) -> Self {
        let how = match show {
            Show::Auto if std::io::stderr().is_terminal() => How::Bar(bar(of)),
            Show::Auto => How::Lines(lang, name.to_string()),
            Show::Json => How::Json(name.to_string()),
            Show::None => How::Silent,
        };
        let now = Instant::now();
        Self {
            how,
            of,
            started: now,
            told: now,
        }
    }

    /// So many draws are done.
    pub(super) fn set(&mut self, done: u64) {
        let pause = match self.how {
            How::Bar(ref bar) => return bar.set_position(done),
            How::Silent => return,
            How::Lines(..) => PAUSE,
            How::Json(_) => SHORT,
        };
        if self.told.elapsed() >= pause {
            self.told = Instant::now();
            self.tell(done);
        }
    }

    /// All there is to come has come.
    pub(super) fn finish(&mut self, done: u64) {
        match &self.how {
            How::Bar(bar) => bar.finish_and_clear(),
            How::Json(_) => self.tell(done),
            How::Lines(..) | How::Silent => {}
        }
    }

    fn tell(&self, done: u64) {
        let seconds = self.started.elapsed().as_secs_f64();
        let rate = if seconds > 0.0 {
            done as f64 / seconds
        } else {
            0.0
        };
        let left = self.of.saturating_sub(done) as f64;
        let remaining = (rate > 0.0).then(|| left / rate);
        match &self.how {
            How::Lines(Lang::Zh, name) => warn(&format!(
                "{name}：已完成 {done} / {} 次，每秒 {rate:.0} 次{}\n",
                self.of,
                remaining.map_or(String::new(), |s| format!("，约剩 {s:.0} 秒")),
            )),
            How::Lines(Lang::En, name) => warn(&format!(
                "{name}: {done} of {} draws, {rate:.0} a second{}\n",
                self.of,
                remaining.map_or(String::new(), |s| format!(", about {s:.0} s left")),
            )),
            How::Json(name) => {
                let line = json!({
                    "sweep": name,
                    "draws": done,
                    "of": self.of,
                    "rate": rate.round(),
                    "remaining": remaining.map(|s| (s * 10.0).round() / 10.0),
                });
                warn(&format!("{line}\n"));
            }
            How::Bar(_) | How::Silent => {}
        }
    }
}

fn bar(draws: u64) -> indicatif::ProgressBar {
    let bar = indicatif::ProgressBar::new(draws);
    let style = "{bar:40} {human_pos}/{human_len}  {per_sec}  {eta}";
    if let Ok(style) = indicatif::ProgressStyle::with_template(style) {
        bar.set_style(style);
    }
    bar
}
