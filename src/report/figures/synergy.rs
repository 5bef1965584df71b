//! What each measure does to carbon and to a pollutant at once (减污降碳协同).
//!
//! ```text
//! x[m] = −Δchange[m, CO2] / CO2[B]        y[m] = −Δchange[m, p] / p[B]        from B to the last year
//! ```

use super::balance::amount_of;
use super::footnote::footnote;
use crate::case::{Case, leading, plain_account};
use crate::chart::{QuadrantPoint, Quadrants};
use jianpai_core::catalogue::Account;
use jianpai_core::dims::PollutantId;
use jianpai_core::measure::Policy;
use jianpai_core::text::Text;

/// The pollutant that carbon is counted in.
const CARBON: &str = "CO2";
/// Less than this (percent of the base) is nothing: the rounding of electricity used.
const NOTHING: f64 = 5e-3;

/// What the new measures cut of an account, in percent of its base, by measure.
fn cuts(case: &Case<'_>, account: Account) -> Option<Vec<f64>> {
    let (plan, run) = (case.plan, &case.outcome.run);
    let q = plan.account(account)?;
    let (start, last) = (plan.year(case.index_base())?, plan.span() - 1);
    let base = run.total.at(q, start);
    let cut = |m: usize| run.change.at(m, q, start) - run.change.at(m, q, last);
    (base > 0.0).then(|| {
        let all = 0..plan.measures.len();
        let share = |m| {
            let value: f64 = cut(m) / base * 100.0;
            if value.abs() < NOTHING { 0.0 } else { value }
        };
        all.map(share).collect()
    })
}

/// The quadrants of a pollutant. `None` for carbon itself, and where fewer than two new
/// measures act or none acts on both.
pub fn synergy(case: &Case<'_>, p: PollutantId) -> Option<Quadrants> {
    let catalogue = case.catalogue;
    let carbon = catalogue.pollutant(CARBON).filter(|carbon| *carbon != p)?;
    let of = [leading(catalogue, carbon), leading(catalogue, p)];
    let (x, y) = (cuts(case, of[0])?, cuts(case, of[1])?);
    let new = |m: &usize| case.plan.measures[*m].policy == Policy::New;
    let acts = |m: &usize| x[*m] != 0.0 || y[*m] != 0.0;
    let points: Vec<QuadrantPoint> = (0..x.len())
        .filter(|m| new(m) && acts(m))
        .map(|m| QuadrantPoint {
            name: case.plan.measures[m].name.clone(),
            x: x[m],
            y: y[m],
        })
        .collect();
    if points.len() < 2 || !points.iter().any(|point| point.x != 0.0 && point.y != 0.0) {
        return None;
    }
    let (first, end) = (case.index_base(), case.scenario.end_year);
    let names = of.map(|account| plain_account(catalogue, account));
    let named = case.title();
    let mut shown = amount_of(case, of[0]);
    shown.extend(amount_of(case, of[1]));
    let mut footnote = footnote(case, &[p, carbon], &shown);
    footnote.zh += &format!("变化不足{NOTHING}%的按不变计。");
    footnote.en += &format!(" Less than {NOTHING}% counts as no change.");
    Some(Quadrants {
        title: title(&points, &names),
        subtitle: Text::new(
            format!("{}：本情景各项措施{first}—{end}年的减排量", named.zh),
            format!(
                "{} — cut by each measure of the scenario, {first}–{end}",
                named.en
            ),
        ),
        unit: Text::new(format!("占{first}年排放的%"), format!("% of {first}")),
        x_name: names[0].clone(),
        y_name: names[1].clone(),
        points,
        footnote,
    })
}

/// The headline: how many measures do what, counted from the dots.
fn title(points: &[QuadrantPoint], [carbon, other]: &[Text; 2]) -> Text {
    let count = |test: &dyn Fn(&QuadrantPoint) -> bool| points.iter().filter(|p| test(p)).count();
    let all = points.len();
    let both = count(&|p| p.x > 0.0 && p.y > 0.0);
    let cleaner = count(&|p| p.x < 0.0 && p.y > 0.0);
    let leaner = count(&|p| p.x > 0.0 && p.y < 0.0);
    let (mut zh, mut en) = (
        format!("{all}项措施中{both}项同时减少{}和{}", other.zh, carbon.zh),
        format!(
            "{both} of {all} measures cut both {} and {}",
            other.en, carbon.en
        ),
    );
    if cleaner > 0 {
        zh += &format!("，{cleaner}项减{}但增{}", other.zh, carbon.zh);
        en += &format!("; {cleaner} cut {} but add {}", other.en, carbon.en);
    }
    if leaner > 0 {
        zh += &format!("，{leaner}项减{}但增{}", carbon.zh, other.zh);
        en += &format!("; {leaner} cut {} but add {}", carbon.en, other.en);
    }
    Text::new(zh, en)
}
