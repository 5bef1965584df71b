//! A comparison on the terminal.

use super::comparison::{Comparison, causes, shown_causes};
use super::tables::{causes_of_last, inputs, outputs, verdicts};
use crate::case::Case;
use crate::grid::{WIDE, paragraph, wrap};
use crate::write;
use jianpai_core::difference::{Difference, Explanation};
use jianpai_core::text::Lang;

/// The whole comparison on the terminal.
pub fn text(of: &Comparison<'_>, lang: Lang) -> String {
    let mut out = heading(of, lang);
    if of.is_same() {
        out += lang.pick("\n  没有差别\n", "\n  no difference\n");
        return out;
    }
    out += &inputs_text(of, lang);
    out += &outputs_text(of, lang);
    out += &verdicts_text(of, lang);
    out += &explanation_text(of, lang);
    out
}

fn heading(of: &Comparison<'_>, lang: Lang) -> String {
    let line = |letter: &str, case: &Case<'_>| {
        let (first, last) = (case.scenario.base_year, case.scenario.end_year);
        let (name, region) = (
            case.scenario.name.get(lang),
            case.region().named.name.get(lang),
        );
        let line = format!(
            "{letter}  {name} · {region} · {first}–{last} · {}",
            case.scenario.id
        );
        wrap(&line, WIDE).join("\n") + "\n"
    };
    format!("\n{}{}", line("A", &of.a), line("B", &of.b))
}

fn inputs_text(of: &Comparison<'_>, lang: Lang) -> String {
    if of.inputs.is_empty() {
        return lang
            .pick("\n  输入相同\n", "\n  The inputs are the same\n")
            .to_string();
    }
    format!("\n{}\n", write::terminal(&inputs(of), lang, WIDE))
}

fn outputs_text(of: &Comparison<'_>, lang: Lang) -> String {
    let mut out = format!("\n{}\n", write::terminal(&outputs(of), lang, WIDE));
    if of.a.plan.region != of.b.plan.region {
        let note = lang.pick(
            "地区不同，只比较结果，不作解释",
            "The regions differ: results are compared, not explained",
        );
        out += &paragraph(note, WIDE, 0);
    }
    out
}

fn verdicts_text(of: &Comparison<'_>, lang: Lang) -> String {
    let table = verdicts(of);
    if table.rows.is_empty() {
        return String::new();
    }
    format!("\n{}\n", write::terminal(&table, lang, WIDE))
}

/// What explains the change of the last common year, a column an indicator.
fn explanation_text(of: &Comparison<'_>, lang: Lang) -> String {
    let Some(explanation) = of.explanation else {
        return String::new();
    };
    let moved = shown_causes(of, explanation);
    if moved.is_empty() {
        return String::new();
    }
    format!(
        "\n{}\n{}",
        write::terminal(&causes_of_last(of, explanation, &moved), lang, WIDE),
        notes(explanation, &moved, lang)
    )
}

/// What the marks mean, and how the split was made.
fn notes(explanation: &Explanation, moved: &[&Difference], lang: Lang) -> String {
    let mut out = String::new();
    if causes(moved).iter().any(|(_, differs)| !differs) {
        let note = lang.pick(
            "* 自身相同，因其他差别而变（可替代的存量、共同的上限等）",
            "* the same in both; it follows from other differences (what is left to take, a joint cap)",
        );
        out += &paragraph(note, WIDE, 2);
    }
    let note = match (explanation.orders, explanation.possible) {
        (0, _) => lang
            .pick(
                "两边的增长与措施不能互换（超出存量）：增长按无措施计，措施按各自情景计",
                "Growth and measures cannot be exchanged (over-claims): growth counts without measures, \
                 each measure in its own scenario",
            )
            .to_string(),
        (used, all) if used < all => match lang {
            Lang::Zh => format!("按 {all} 种互换次序中可行的 {used} 种平均"),
            Lang::En => {
                format!("The mean of {used} of {all} orders of exchange; the others over-claim")
            }
        },
        _ => return out,
    };
    out + &paragraph(&note, WIDE, 0)
}
