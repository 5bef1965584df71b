//! The summary of a sweep on the terminal.

use super::best::listed;
use super::drawn::{drawn, on_intervals};
use super::spread::Spread;
use super::{findings, moves, tables};
use crate::case::count;
use crate::grid::WIDE;
use crate::view::Table;
use crate::write;
use jianpai_core::text::{Lang, Text};
use jianpai_sweep::analysis::summary::front::MOST;

/// Attainment of every target, the spread of every indicator, and what the draws say of
/// inputs and conditions.
pub fn text(spread: &Spread<'_>, lang: Lang) -> String {
    let said = |table: &Table| format!("\n{}\n", write::terminal(table, lang, WIDE));
    let note = on_intervals(spread).map_or(String::new(), |note| match lang {
        Lang::Zh => format!("  （{}）\n", note.zh),
        Lang::En => format!("  ({})\n", note.en),
    });
    let mut out = format!("\n{}\n", drawn(spread).get(lang));
    out += &said(&tables::attainment(spread));
    out += &note;
    out += &moves::text(spread, lang);
    out += &said(&tables::summary(spread));
    out += &front(spread, lang);
    out + &findings::text(spread, lang)
}

/// How many draws the Pareto set has, and how many of them are listed.
fn front(spread: &Spread<'_>, lang: Lang) -> String {
    let front = &spread.totals.front;
    let found = front.points().len();
    if found == 0 {
        return String::new();
    }
    let listed = count(listed(front).len() as u64);
    let size = if front.is_thinned() {
        let most = count(MOST as u64);
        Text::new(format!("超过 {most}"), format!("more than {most}"))
    } else {
        Text::same(count(found as u64))
    };
    let is_whole = !front.is_thinned() && listed == size.en;
    match (lang, is_whole) {
        (Lang::Zh, true) => format!(
            "  费用与最小裕度不能同时改进的抽样（Pareto 集）{listed} 次，全部列于 best.csv\n"
        ),
        (Lang::Zh, false) => format!(
            "  费用与最小裕度不能同时改进的抽样（Pareto 集）{} 次，best.csv 沿其均匀列出 {listed} 次\n",
            size.zh
        ),
        (Lang::En, true) => format!(
            "  Pareto set of cost and smallest margin: {listed} {}, all of them in best.csv\n",
            if found == 1 { "draw" } else { "draws" }
        ),
        (Lang::En, false) => format!(
            "  Pareto set of cost and smallest margin: {} draws, thinned to {listed} along it in best.csv\n",
            size.en
        ),
    }
}
