//! What would meet targets that are missed: the plan that a solve finds, or why there is none.

use super::content::Section;
use super::finding::Finding;
use super::levels::Ways;
use crate::solve::{Answered, Found, tables};
use crate::view::Table;

/// The section; `None` is for a run whose targets nobody sought a way to.
pub(super) fn section(answered: Option<&Answered<'_>>) -> Section {
    let mut section = Section::new(1, "达标途径", "What would meet the targets");
    let Some(answered) = answered else {
        return section;
    };
    section.say(Finding::Said(answered.verdict()));
    let shown: &[&str] = match answered.found {
        Found::Plan(solution) => {
            section.say(Finding::Ways(Ways::of(answered, solution)));
            for text in answered.prices_in_words(solution) {
                section.item(Finding::Said(text));
            }
            for text in answered.rests_on(solution) {
                section.item(Finding::Said(text));
            }
            &["solution", "prices-of-targets"]
        }
        Found::Infeasible(why) => {
            for text in answered.why_not(why) {
                section.item(Finding::Said(text));
            }
            &["reach", "conflicts"]
        }
    };
    for mut table in tables(answered) {
        if shown.contains(&table.id) {
            without_policy(&mut table);
            section.table(table);
        }
    }
    section.note(
        "“执行程度”以措施文件所写的量为 100 %。可动用的范围和求解目标写在情景的 [solve]；没有写的，每项新增措施在 0 与所写的量（情景力度高于它的，到情景力度）之间，取成本最低。",
        "A level of 100 % is what the file of the measure states. How far each may move and what is made least stand in [solve] of the scenario; what is not written there lies between 0 and that amount (or the scenario's own level, if higher), at least cost.",
    );
    section
}

/// Current policy is not for choice.
fn without_policy(table: &mut Table) {
    table.rows.retain(|row| !row.aside);
}
