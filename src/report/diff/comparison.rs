//! Two scenarios side by side: what differs, what moves, and which causes are told.

use crate::case::{Case, demand_text, short_name};
use crate::standing::Standing;
use crate::view::Unit;
use jianpai_core::catalogue::{Account, Catalogue};
use jianpai_core::difference::{Cause, Difference, Explanation, Part};
use jianpai_core::text::Text;

/// What one of the two says on an input.
#[derive(Clone, Debug)]
pub struct Said {
    /// The value as written.
    pub text: Text,
    /// `file:line`; `None` for a default, a record or an official target.
    pub place: Option<String>,
}

/// An input that differs.
#[derive(Clone, Debug)]
pub struct Input {
    /// The part of the file: `measures`, `growth`, …
    pub part: &'static str,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// The field; empty where the whole entry stands in one of the two alone.
    pub field: String,
    /// What A says.
    pub a: Option<Said>,
    /// What B says.
    pub b: Option<Said>,
}

/// Everything there is to say about two scenarios.
#[derive(Debug)]
pub struct Comparison<'a> {
    /// A.
    pub a: Case<'a>,
    /// B.
    pub b: Case<'a>,
    /// The inputs that differ.
    pub inputs: &'a [Input],
    /// Indicators that are left out because the calibres of their base years differ.
    pub apart: &'a [usize],
    /// What explains the differences; `None` if the scenarios cannot be exchanged.
    pub explanation: Option<&'a Explanation>,
}

/// Changes below this part of the value are rounding.
pub(super) const NOTHING: f64 = 1e-9;

/// One indicator in one year.
#[derive(Clone, Copy, Debug)]
pub(super) struct Compared {
    pub(super) indicator: usize,
    pub(super) year: i32,
    pub(super) a: f64,
    pub(super) b: f64,
}

impl Compared {
    pub(super) fn moves(&self) -> bool {
        (self.b - self.a).abs() > NOTHING * self.a.abs().max(self.b.abs())
    }
}

/// A target in the two scenarios: what it asks, and whether it is met (`None` if it
/// cannot be judged); `None` where there is no such target.
pub(super) struct Judged {
    pub(super) id: String,
    pub(super) a: Option<(Text, Standing)>,
    pub(super) b: Option<(Text, Standing)>,
}

impl Comparison<'_> {
    pub(super) fn catalogue(&self) -> &Catalogue {
        self.a.catalogue
    }

    /// A and B by letter and name; by letter and region or file where the names are the
    /// same.
    pub fn names(&self) -> (Text, Text) {
        let (a, b) = (&self.a, &self.b);
        let same_name = a.scenario.name == b.scenario.name;
        let same_region = a.plan.region == b.plan.region;
        let name = |letter: &str, case: &Case<'_>| {
            let name = match (same_name, same_region) {
                (false, _) => case.scenario.name.clone(),
                (true, false) => case.region().named.name.clone(),
                (true, true) => Text::same(case.scenario.id.clone()),
            };
            Text::new(
                format!("{letter} {}", name.zh),
                format!("{letter} {}", name.en),
            )
        };
        (name("A", a), name("B", b))
    }

    /// The years that both have.
    pub fn years(&self) -> Vec<i32> {
        let years = self.a.outcome.years.iter();
        years
            .copied()
            .filter(|year| self.b.outcome.years.contains(year))
            .collect()
    }

    /// Every indicator that can be compared, in the given years.
    pub(super) fn compared(&self, years: &[i32]) -> Vec<Compared> {
        let mut outputs = Vec::new();
        for indicator in 0..self.catalogue().indicators.len() {
            if self.apart.contains(&indicator) {
                continue;
            }
            for &year in years {
                if let (Some(s), Some(t)) = (self.a.plan.year(year), self.b.plan.year(year)) {
                    outputs.push(Compared {
                        indicator,
                        year,
                        a: self.a.outcome.indicators[indicator][s],
                        b: self.b.outcome.indicators[indicator][t],
                    });
                }
            }
        }
        outputs
    }

    /// The common years in which either has a target, and the last one.
    pub(super) fn main_years(&self) -> Vec<i32> {
        let common = self.years();
        let targets = |case: &Case<'_>| -> Vec<i32> {
            case.scenario.targets.iter().map(|t| t.year).collect()
        };
        let mut years = targets(&self.a);
        years.extend(targets(&self.b));
        years.extend(common.last());
        years.retain(|year| common.contains(year));
        years.sort_unstable();
        years.dedup();
        years
    }

    /// Whether nothing differs that a result depends on.
    pub fn is_same(&self) -> bool {
        self.inputs.is_empty() && self.compared(&self.years()).iter().all(|x| !x.moves())
    }

    /// Targets whose verdict is not the same in both.
    pub(super) fn judged(&self) -> Vec<Judged> {
        let mut ids: Vec<&str> = Vec::new();
        for case in [&self.a, &self.b] {
            for target in &case.scenario.targets {
                if !ids.contains(&target.id.as_str()) {
                    ids.push(&target.id);
                }
            }
        }
        let verdict = |case: &Case<'_>, id: &str| {
            let (target, verdict) = case.targets().find(|(target, _)| target.id == id)?;
            let indicator = &case.catalogue.indicators[target.indicator.at()];
            let name = short_name(case.catalogue, indicator);
            let (asks, year) = (demand_text(indicator, target), target.year);
            let asks = Text::new(
                format!("{}：{year}年{}", name.zh, asks.zh),
                format!("{}: {} by {year}", name.en, asks.en),
            );
            Some((asks, case.standing(target, verdict)))
        };
        let judged = ids.into_iter().map(|id| Judged {
            id: id.to_string(),
            a: verdict(&self.a, id),
            b: verdict(&self.b, id),
        });
        let standing = |side: &Option<(Text, Standing)>| side.as_ref().map(|(_, own)| *own);
        judged
            .filter(|x| standing(&x.a) != standing(&x.b))
            .collect()
    }

    /// The name of a cause.
    pub fn cause_name(&self, cause: &Cause) -> Text {
        let catalogue = self.catalogue();
        match cause {
            Cause::Driver(d) => {
                let name = &catalogue.drivers[d.at()].name;
                Text::new(format!("增长：{}", name.zh), format!("growth: {}", name.en))
            }
            Cause::Elasticity(v) => {
                let name = &catalogue.services[v.at()].named.name;
                Text::new(
                    format!("弹性与增长：{}", name.zh),
                    format!("elasticity and growth: {}", name.en),
                )
            }
            Cause::Measure(id) => {
                let find = |case: &Case<'_>| {
                    let found = case.plan.measures.iter().find(|m| m.id == *id);
                    found.map(|m| m.name.clone())
                };
                find(&self.b)
                    .or_else(|| find(&self.a))
                    .unwrap_or_else(|| Text::same(id.clone()))
            }
            Cause::Inventory => Text::new("基年清单", "inventory of the base year"),
            Cause::Join => Text::new("与观测值衔接", "join to observed values"),
        }
    }

    /// The id of a cause.
    pub(super) fn cause_id(&self, cause: &Cause) -> (&'static str, String) {
        match cause {
            Cause::Driver(d) => ("growth", self.catalogue().drivers[d.at()].id.clone()),
            Cause::Elasticity(v) => (
                "elasticity",
                self.catalogue().services[v.at()].named.id.clone(),
            ),
            Cause::Measure(id) => ("measure", id.clone()),
            Cause::Inventory => ("inventory", String::new()),
            Cause::Join => ("join", String::new()),
        }
    }

    /// The differences that are explained and move in some year.
    pub(crate) fn moved(&self) -> Vec<&Difference> {
        let all = self.explanation.iter().flat_map(|e| &e.indicators);
        all.filter(|d| !self.apart.contains(&d.indicator.at()))
            .filter(|d| {
                let mut pairs = d.a.iter().zip(&d.b);
                pairs.any(|(a, b)| (b - a).abs() > NOTHING * a.abs().max(b.abs()))
            })
            .collect()
    }
}

/// The indicator's unit; an index is 100 in the base year of the scenarios.
pub(crate) fn unit(of: &Comparison<'_>, indicator: usize) -> Unit {
    match Unit::of_indicator(&of.catalogue().indicators[indicator]) {
        Unit::BaseYear100 => Unit::BaseYearOf(of.a.scenario.base_year),
        unit => unit,
    }
}

/// The relative change; `None` where A is nothing, or for shares, whose change is in points.
pub(super) fn relative(of: &Comparison<'_>, output: &Compared) -> Option<f64> {
    let indicator = &of.catalogue().indicators[output.indicator];
    (output.a != 0.0 && !indicator.kind.is_share()).then(|| output.b / output.a - 1.0)
}

/// The order of causes: growth, elasticities, inventory, measures, join.
pub(super) fn rank(cause: &Cause) -> usize {
    match cause {
        Cause::Driver(_) => 0,
        Cause::Elasticity(_) => 1,
        Cause::Inventory => 2,
        Cause::Measure(_) => 3,
        Cause::Join => 4,
    }
}

/// The causes of some differences, in order, and whether each differs itself.
pub(super) fn causes(moved: &[&Difference]) -> Vec<(Cause, bool)> {
    let mut found: Vec<(Cause, bool)> = Vec::new();
    for part in moved.iter().flat_map(|d| &d.parts) {
        if !found.iter().any(|(cause, _)| *cause == part.cause) {
            found.push((part.cause.clone(), part.differs));
        }
    }
    found.sort_by_key(|(cause, differs)| (rank(cause), !differs));
    found
}

pub(super) fn part<'d>(difference: &'d Difference, cause: &Cause) -> Option<&'d Part> {
    difference.parts.iter().find(|part| part.cause == *cause)
}

/// The differences whose causes the terminal shows: those of the last common year, but
/// of energy, which coal and CO2 tell.
pub(super) fn shown_causes<'c>(
    of: &'c Comparison<'_>,
    explanation: &Explanation,
) -> Vec<&'c Difference> {
    let last = explanation.years.len() - 1;
    let shown = |d: &&Difference| {
        let kind = &of.catalogue().indicators[d.indicator.at()].kind;
        let own = kind.inventoried() != Some(Account::Energy);
        own && (d.b[last] - d.a[last]).abs() > NOTHING * d.a[last].abs().max(d.b[last].abs())
    };
    of.moved().into_iter().filter(shown).collect()
}
