//! A plan found, as a scenario file that `run` takes.

use super::asked::{Planned, SolveStudy};
use std::fmt::Write as _;

/// The text of a scenario that extends the one at `parent` (a path from where the file will
/// stand) with the levels of `planned`. Levels have every digit, so that a run of it gives
/// the same numbers.
pub fn toml(solved: &SolveStudy, planned: &Planned, parent: &str) -> String {
    let scenario = solved.study.scenario();
    let (zh, en) = (&scenario.name.zh, &scenario.name.en);
    let mut text = format!(
        "# jianpai solve: {}\n# 由求解得出的执行程度；其余与所继承的情景相同。\n# Levels found by a solve; all else is as in the scenario that this one extends.\n\n[scenario]\nname_zh = {}\nname_en = {}\nextends = {}\n",
        scenario.id,
        quoted(&format!("{zh}（求解）")),
        quoted(&format!("{en} (solved)")),
        quoted(parent),
    );
    if let Some(cap) = &solved.cap {
        let _ = writeln!(text, "drop = [{}]", quoted(&cap.id));
    }
    let x = &planned.solution.point.x;
    let paths: Vec<(usize, Vec<(i32, f64)>)> = planned.programme.paths(x).collect();
    for (free, x) in planned.programme.spec.free.iter().zip(x) {
        let measure = &solved.study.plan.measures[free.measure];
        let path = paths.iter().find(|(m, _)| *m == free.measure);
        if path.is_none() && measure.level.to_bits() == x.to_bits() {
            continue;
        }
        let level = quoted(&percent(*x));
        let _ = write!(text, "\n[measures.{}]\nlevel = {level}\n", key(&measure.id));
        if let Some((_, points)) = path {
            let points = points.iter();
            let points = points.map(|(year, part)| format!("{year} = {}", quoted(&percent(*part))));
            let points: Vec<String> = points.collect();
            let _ = writeln!(text, "points = {{ {} }}", points.join(", "));
        }
    }
    text
}

/// A level in percent that reads back to the same bits, where there is one.
fn percent(x: f64) -> String {
    let near = x * 100.0;
    let candidates = [near, near.next_up(), near.next_down()];
    let exact = candidates
        .into_iter()
        .find(|p| (p / 100.0).to_bits() == x.to_bits());
    format!("{} %", exact.unwrap_or(near))
}

/// A basic string.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out + "\""
}

/// A key, in quotes where it has to be.
fn key(id: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !id.is_empty() && id.chars().all(bare) {
        id.to_string()
    } else {
        quoted(id)
    }
}
