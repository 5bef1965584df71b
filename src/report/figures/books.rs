//! What is accounted against what is really emitted: the reduction in both books, year by
//! year.

use super::balance::amount_of;
use super::footnote::footnote;
use crate::case::{Case, leading, percent, plain_account};
use crate::chart::{PairPanel, PairedBars};
use jianpai_core::catalogue::{Account, Accounting, Book};
use jianpai_core::dims::PollutantId;
use jianpai_core::text::Text;

/// Books that differ by less than this (percentage points) are one.
const SAME: f64 = 0.05;

/// The reductions of one pollutant in both books by year, in percent of the year that
/// targets count from; that year itself is left out.
fn panel(case: &Case<'_>, p: PollutantId) -> Option<PairPanel> {
    let catalogue = case.catalogue;
    if catalogue.pollutants[p.at()].accounting != Accounting::Rules {
        return None;
    }
    let start = case.plan.year(case.index_base())?;
    let of = |book: Book| -> Option<Vec<f64>> {
        let q = case.plan.account(Account::Pollutant(p, book))?;
        let total = case.outcome.run.total.row(q);
        let base = total[start];
        let cut = |value: &f64| (1.0 - value / base) * 100.0;
        (base > 0.0).then(|| total[start + 1..].iter().map(cut).collect())
    };
    let (first, second) = (of(Book::Accounted)?, of(Book::Physical)?);
    (!first.is_empty()).then(|| PairPanel {
        name: plain_account(catalogue, leading(catalogue, p)),
        years: case.outcome.years[start + 1..].to_vec(),
        first,
        second,
    })
}

/// Both books of every pollutant that has two; `None` where they do not differ.
pub fn books(case: &Case<'_>) -> Option<PairedBars> {
    let all = (0..case.catalogue.pollutants.len()).map(PollutantId::from_usize);
    let found: Vec<(PollutantId, PairPanel)> =
        all.filter_map(|p| Some((p, panel(case, p)?))).collect();
    let apart = |panel: &PairPanel| {
        let pairs = panel.first.iter().zip(&panel.second);
        pairs.fold(0.0_f64, |most, (a, b)| most.max((a - b).abs()))
    };
    if found.iter().all(|(_, panel)| apart(panel) < SAME) {
        return None;
    }
    let pollutants: Vec<PollutantId> = found.iter().map(|(p, _)| *p).collect();
    let shown: Vec<usize> = pollutants
        .iter()
        .flat_map(|p| Book::ALL.map(|book| amount_of(case, Account::Pollutant(*p, book))))
        .flatten()
        .collect();
    let panels: Vec<PairPanel> = found.into_iter().map(|(_, panel)| panel).collect();
    let (first, end) = (case.index_base(), case.scenario.end_year);
    let named = case.title();
    let mut footnote = footnote(case, &pollutants, &shown);
    footnote.zh += "核算：按考核办法计入的减排量；实际：实际排放的变化。";
    footnote.en += " Accounted: what the rules of assessment count; physical: what is really \
                    emitted.";
    Some(PairedBars {
        title: title(&panels, end),
        subtitle: Text::new(
            format!("{}：各年较{first}年的减排比例，%", named.zh),
            format!("{} — reduction on {first} by year, %", named.en),
        ),
        first_name: Text::new("核算", "accounted"),
        second_name: Text::new("实际排放", "physical emission"),
        panels,
        footnote,
    })
}

/// The headline: where the books are farthest apart in the last year.
fn title(panels: &[PairPanel], year: i32) -> Text {
    let ends = panels.iter().filter_map(|panel| {
        let (a, b) = (panel.first.last()?, panel.second.last()?);
        Some((panel, *a, *b))
    });
    let most = ends.max_by(|a, b| (a.1 - a.2).abs().total_cmp(&(b.1 - b.2).abs()));
    let Some((panel, accounted, physical)) = most else {
        return Text::default();
    };
    let [a, b] = [accounted, physical].map(|value| percent(value / 100.0));
    let name = &panel.name;
    Text::new(
        format!(
            "{year}年核算与实际的减排比例相差最大的是{}：核算{a}，实际{b}",
            name.zh
        ),
        format!(
            "The two books are farthest apart on {} in {year}: {a} accounted, {b} physical",
            name.en
        ),
    )
}
