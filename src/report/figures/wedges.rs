//! What measures take off a pollutant, year by year: wedges between the line of growth
//! alone and the scenario's.
//!
//! ```text
//! line[t]     = E[B] + growth[t] − growth[B]
//! wedge[m,t]  = −(change[m,t] − change[m,B])            the join to observed values likewise
//! E[t]        = line[t] − Σ wedge[m,t]                  exact, as the balance is
//! ```
//!
//! What raises the emission in a year is no wedge: it lies above the line.

use super::balance::{amount_of, target_label, unit_of};
use super::footnote::footnote;
use crate::case::{Case, account_name, leading, number};
use crate::chart::{Area, AreaChart, AreaKind, Edge, Paint, Raised, TargetMark};
use jianpai_core::catalogue::Account;
use jianpai_core::dims::PollutantId;
use jianpai_core::measure::Policy;
use jianpai_core::target::Demand;
use jianpai_core::text::Text;

/// A sum below this part of the base is the rounding of nothing.
const NOTHING: f64 = 1e-9;

/// What one thing takes off, by year (t); below zero where it adds.
struct Cut {
    name: Text,
    paint: Paint,
    values: Vec<f64>,
}

/// An account between growth alone and the scenario, by year from the one that targets
/// count from (t).
struct Wedges {
    /// Growth alone.
    line: Vec<f64>,
    /// The scenario.
    reached: Vec<f64>,
    /// From the scenario's line upwards: the join, the scenario's measures with the
    /// smallest first, current policy.
    cuts: Vec<Cut>,
}

impl Wedges {
    fn of(case: &Case<'_>, account: Account) -> Option<Self> {
        let (plan, run) = (case.plan, &case.outcome.run);
        let q = plan.account(account)?;
        let start = plan.year(case.index_base())?;
        let (frozen, total) = (run.frozen.row(q), run.total.row(q));
        let span = start..plan.span();
        let line = |t: usize| total[start] + frozen[t] - frozen[start];
        let taken = |at: &dyn Fn(usize) -> f64| -> Vec<f64> {
            span.clone().map(|t| at(start) - at(t)).collect()
        };
        let mut current = vec![0.0; span.len()];
        let mut cuts = Vec::new();
        for (m, measure) in plan.measures.iter().enumerate() {
            let values = taken(&|t| run.change.at(m, q, t));
            if measure.policy == Policy::Current {
                for (sum, value) in current.iter_mut().zip(&values) {
                    *sum += value;
                }
            } else {
                cuts.push(Cut {
                    name: measure.name.clone(),
                    paint: Paint::Series,
                    values,
                });
            }
        }
        cuts.sort_by(|a, b| a.end().abs().total_cmp(&b.end().abs()));
        let join = Cut {
            name: Text::new("与观测值衔接", "Join to observed"),
            paint: Paint::Rest,
            values: taken(&|t| run.join.at(q, t)),
        };
        cuts.insert(0, join);
        cuts.push(Cut {
            name: Text::new("现行政策与自然更新", "Current policy and renewal"),
            paint: Paint::Policy,
            values: current,
        });
        let base = total[start];
        let acts = |cut: &Cut| cut.values.iter().any(|v| v.abs() > base * NOTHING);
        cuts.retain(acts);
        (base > 0.0 && !cuts.is_empty()).then(|| Self {
            line: span.clone().map(line).collect(),
            reached: total[start..].to_vec(),
            cuts,
        })
    }
}

impl Cut {
    /// What it takes off in the last year.
    fn end(&self) -> f64 {
        self.values.last().copied().unwrap_or(0.0)
    }
}

/// Wedges by measure. `None` where nothing is emitted in the year that targets count from,
/// or nothing but growth moves it.
pub fn wedges(case: &Case<'_>, p: PollutantId) -> Option<AreaChart> {
    let account = leading(case.catalogue, p);
    let wedges = Wedges::of(case, account)?;
    let scale = if wedges.reached[0] >= 5e8 { 1e8 } else { 1e4 };
    let scaled = |values: &[f64]| values.iter().map(|v| v / scale).collect::<Vec<f64>>();
    let areas = wedges.cuts.iter().map(|cut| Area {
        name: cut.name.clone(),
        paint: cut.paint,
        values: cut.values.iter().map(|v| v.max(0.0) / scale).collect(),
    });
    let added = |t: usize| -> f64 {
        let cuts = wedges.cuts.iter().map(|cut| cut.values[t]);
        cuts.map(|value| (-value).max(0.0)).sum()
    };
    let top: Vec<f64> = (0..wedges.line.len())
        .map(|t| wedges.line[t] + added(t))
        .collect();
    let base = wedges.reached[0];
    let raised = top
        .iter()
        .zip(&wedges.line)
        .any(|(top, line)| top - line > base * 1e-3);
    let (first, end) = (case.index_base(), case.scenario.end_year);
    let line_name = if first == case.scenario.base_year {
        Text::new("无措施（仅增长）", "No measures (growth alone)")
    } else {
        Text::new(
            format!("{first}年起仅增长"),
            format!("Growth alone from {first}"),
        )
    };
    let edge = |name: Text, values: &[f64], muted: bool| Edge {
        name,
        values: scaled(values),
        muted,
    };
    let named = case.title();
    let mut footnote = footnote(case, &[p], &amount_of(case, account));
    footnote.zh += "各色块为各项措施当年的减排量，与本情景的排放相加即为灰线。";
    footnote.en += " The areas are what each measure takes off in a year; with the scenario's \
                    own emission they add up to the grey line.";
    Some(AreaChart {
        title: title(case, account, &wedges, (scale, &line_name)),
        subtitle: Text::new(
            format!("{}：{first}—{end}年各项措施的减排量", named.zh),
            format!("{} — cut by each measure, {first}–{end}", named.en),
        ),
        unit: unit_of(scale),
        years: case.index_years().to_vec(),
        kind: AreaKind::Wedges,
        floor: scaled(&wedges.reached),
        areas: areas.collect(),
        edges: vec![
            edge(line_name, &wedges.line, true),
            edge(Text::new("本情景", "This scenario"), &wedges.reached, false),
        ],
        raised: raised.then(|| Raised {
            name: Text::new("措施带来的增加", "added by measures"),
            from: scaled(&wedges.line),
            to: scaled(&top),
        }),
        targets: targets(case, account, scale),
        history_until: Some(case.recorded_until()).filter(|year| *year > first),
        footnote,
    })
}

/// The targets on an account that ask for a level in a year shown.
fn targets(case: &Case<'_>, account: Account, scale: f64) -> Vec<TargetMark> {
    let own = case.targets().filter(|(target, _)| {
        let kind = &case.catalogue.indicators[target.indicator.at()].kind;
        let shown = case.index_years().contains(&target.year);
        kind.amount() == Some(account) && shown && !matches!(target.demand, Demand::Floor(_))
    });
    own.filter_map(|(target, verdict)| {
        let value = case.level(target)? / scale;
        Some(TargetMark {
            year: target.year,
            value,
            label: target_label(target, value),
            standing: case.standing(target, verdict),
        })
    })
    .collect()
}

/// The headline: where the account ends, how far from growth alone, and what takes off
/// most.
fn title(
    case: &Case<'_>,
    account: Account,
    wedges: &Wedges,
    (scale, line_name): (f64, &Text),
) -> Text {
    let name = account_name(case.catalogue, account);
    let year = case.scenario.end_year;
    let unit = unit_of(scale);
    let last = wedges.line.len() - 1;
    let (line, reached) = (wedges.line[last], wedges.reached[last]);
    let (amount, apart) = (
        number(reached / scale),
        number((line - reached).abs() / scale),
    );
    let (than_zh, than_en) = if line >= reached {
        ("少", "less")
    } else {
        ("多", "more")
    };
    let mut text = Text::new(
        format!(
            "{year}年{}{amount}{}，比{}{than_zh}{apart}{}",
            name.zh, unit.zh, line_name.zh, unit.zh
        ),
        format!(
            "{} in {year}: {amount} {}, {apart} {than_en} than with growth alone",
            name.en, unit.en
        ),
    );
    // A measure of the scenario, or current policy where there is none.
    let most_of = |paint: Paint| {
        let own = wedges.cuts.iter().filter(move |cut| cut.paint == paint);
        let most = own.max_by(|a, b| a.end().total_cmp(&b.end()));
        most.filter(|cut| cut.end() > wedges.reached[0] * 1e-3)
    };
    if let Some(most) = most_of(Paint::Series) {
        let cut = number(most.end() / scale);
        text.zh += &format!(
            "；新增措施中减排最多的是{}（{cut}{}）",
            most.name.zh, unit.zh
        );
        text.en += &format!(
            "; of new measures, {} cuts most ({cut})",
            lowered(&most.name.en)
        );
    } else if let Some(most) = most_of(Paint::Policy) {
        let cut = number(most.end() / scale);
        text.zh += &format!("，其中{}{cut}{}", most.name.zh, unit.zh);
        text.en += &format!(", {cut} of it by {}", lowered(&most.name.en));
    }
    text
}

/// A name inside a sentence: a small first letter, unless the first word is a symbol.
pub(super) fn lowered(name: &str) -> String {
    let mut chars = name.chars();
    let (Some(first), second) = (chars.next(), chars.clone().next()) else {
        return String::new();
    };
    if second.is_some_and(char::is_lowercase) {
        first.to_lowercase().collect::<String>() + chars.as_str()
    } else {
        name.to_string()
    }
}
