//! Two scenarios side by side: which inputs differ, which outputs move, and which
//! difference explains how much. For the terminal, as tables and for machines.

use crate::case::{Case, Display, demand_text, display, number, short_name, signed_percent};
use crate::grid::{Grid, WIDE, indent, left, paragraph, right, wrap};
use jianpai_core::catalogue::{Account, Catalogue};
use jianpai_core::difference::{Cause, Difference, Explanation, Part};
use jianpai_core::text::{Lang, Text};

mod tables;

pub use tables::{explanation_csv, inputs_csv, json, outputs_csv};

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
const NOTHING: f64 = 1e-9;

/// One indicator in one year.
#[derive(Clone, Copy, Debug)]
struct Output {
    indicator: usize,
    year: i32,
    a: f64,
    b: f64,
}

impl Output {
    fn moves(&self) -> bool {
        (self.b - self.a).abs() > NOTHING * self.a.abs().max(self.b.abs())
    }
}

/// A target in the two scenarios: what it asks, and whether it is met (`None` if it
/// cannot be judged); `None` where there is no such target.
struct Judged {
    id: String,
    a: Option<(Text, Option<bool>)>,
    b: Option<(Text, Option<bool>)>,
}

impl Comparison<'_> {
    fn catalogue(&self) -> &Catalogue {
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
    fn outputs(&self, years: &[i32]) -> Vec<Output> {
        let mut outputs = Vec::new();
        for indicator in 0..self.catalogue().indicators.len() {
            if self.apart.contains(&indicator) {
                continue;
            }
            for &year in years {
                if let (Some(s), Some(t)) = (self.a.plan.year(year), self.b.plan.year(year)) {
                    outputs.push(Output {
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
    fn main_years(&self) -> Vec<i32> {
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
        self.inputs.is_empty() && self.outputs(&self.years()).iter().all(|x| !x.moves())
    }

    /// Targets whose verdict is not the same in both.
    fn verdicts(&self) -> Vec<Judged> {
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
            Some((asks, verdict.map(|verdict| verdict.met)))
        };
        let judged = ids.into_iter().map(|id| Judged {
            id: id.to_string(),
            a: verdict(&self.a, id),
            b: verdict(&self.b, id),
        });
        let met = |side: &Option<(Text, Option<bool>)>| side.as_ref().map(|(_, met)| *met);
        judged.filter(|x| met(&x.a) != met(&x.b)).collect()
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
    fn cause_id(&self, cause: &Cause) -> (&'static str, String) {
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
fn unit(of: &Comparison<'_>, indicator: usize) -> Display {
    let indicator = &of.catalogue().indicators[indicator];
    let mut shown = display(indicator);
    if indicator.kind.is_index() {
        let base = of.a.scenario.base_year;
        shown.unit = Text::new(format!("{base}年=100"), format!("{base} = 100"));
    }
    shown
}

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

fn said(said: Option<&Said>, lang: Lang) -> (String, String) {
    match said {
        None => ("—".to_string(), String::new()),
        Some(said) => (
            said.text.get(lang).to_string(),
            said.place.clone().unwrap_or_default(),
        ),
    }
}

/// The name of a part of the file.
fn part_name(part: &str, lang: Lang) -> &'static str {
    match part {
        "scenario" => lang.pick("情景", "scenario"),
        "growth" => lang.pick("增长", "growth"),
        "elasticity" => lang.pick("弹性", "elasticity"),
        "targets" => lang.pick("目标", "target"),
        "observed" => lang.pick("观测值", "observed"),
        _ => lang.pick("措施", "measure"),
    }
}

fn inputs_text(of: &Comparison<'_>, lang: Lang) -> String {
    if of.inputs.is_empty() {
        return lang
            .pick("\n  输入相同\n", "\n  The inputs are the same\n")
            .to_string();
    }
    let header = match lang {
        Lang::Zh => ["不同的输入", "名称", "字段", "A", "B", "位置"],
        Lang::En => ["Inputs that differ", "Name", "Field", "A", "B", "Where"],
    };
    let mut grid = Grid::new(header);
    for input in of.inputs {
        let (a, b) = (said(input.a.as_ref(), lang), said(input.b.as_ref(), lang));
        let field = match (input.field.as_str(), &input.a) {
            ("", None) => lang.pick("新增", "added"),
            ("", Some(_)) => lang.pick("去掉", "gone"),
            (field, _) => field,
        };
        let mut places: Vec<&str> = [a.1.as_str(), b.1.as_str()].into();
        places.retain(|place| !place.is_empty());
        places.dedup();
        let name = input.name.get(lang);
        let shown = if name == input.id { "" } else { name };
        grid.row(vec![
            left(format!("{} {}", part_name(input.part, lang), input.id)),
            left(shown),
            left(field),
            left(a.0),
            left(b.0),
            left(places.join(" | ")),
        ]);
    }
    format!("\n{}\n", indent(&grid.to_string()))
}

/// A − sign or + before an amount.
fn signed(value: f64) -> String {
    let text = number(value);
    if value > 0.0 && text != "0" {
        format!("+{text}")
    } else {
        text
    }
}

/// The relative change; `None` where A is nothing, or for shares, whose change is in points.
fn relative(of: &Comparison<'_>, output: &Output) -> Option<f64> {
    let indicator = &of.catalogue().indicators[output.indicator];
    (output.a != 0.0 && !indicator.kind.is_share()).then(|| output.b / output.a - 1.0)
}

fn outputs_text(of: &Comparison<'_>, lang: Lang) -> String {
    let header = match lang {
        Lang::Zh => ["指标", "单位", "年份", "A", "B", "B−A", "变化"],
        Lang::En => ["Indicator", "Unit", "Year", "A", "B", "B−A", "Change"],
    };
    let mut grid = Grid::new(header);
    let mut last = usize::MAX;
    for output in of.outputs(&of.main_years()) {
        let shown = unit(of, output.indicator);
        let name = short_name(of.catalogue(), &of.catalogue().indicators[output.indicator]);
        let first = output.indicator != last;
        last = output.indicator;
        let change = if output.moves() {
            signed((output.b - output.a) / shown.scale)
        } else {
            "·".to_string()
        };
        let percent = relative(of, &output).filter(|_| output.moves());
        grid.row(vec![
            left(if first { name.get(lang) } else { "" }),
            left(if first { shown.unit.get(lang) } else { "" }),
            right(output.year),
            right(number(output.a / shown.scale)),
            right(number(output.b / shown.scale)),
            right(change),
            right(percent.map_or(String::new(), signed_percent)),
        ]);
    }
    let mut out = format!("\n{}\n", indent(&grid.to_string()));
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
    let changed = of.verdicts();
    if changed.is_empty() {
        return String::new();
    }
    let word = |met: Option<bool>| match met {
        None => lang.pick("无法判定", "cannot be judged"),
        Some(true) => lang.pick("✓ 达到", "✓ met"),
        Some(false) => lang.pick("✗ 未达到", "✗ missed"),
    };
    let mut grid = Grid::new([
        lang.pick("判定改变的目标", "Verdicts that change"),
        "A",
        "B",
    ]);
    for judged in changed {
        let asks = |side: &Option<(Text, Option<bool>)>| side.as_ref().map(|x| x.0.clone());
        let (a, b) = (asks(&judged.a), asks(&judged.b));
        // One id that asks different things is shown with both.
        let (name, both) = match (&a, &b) {
            (Some(a), Some(b)) if a != b => (judged.id.clone(), true),
            (Some(asks), _) | (None, Some(asks)) => (asks.get(lang).to_string(), false),
            (None, None) => continue,
        };
        let cell = |side: &Option<(Text, Option<bool>)>| match side {
            None => "—".to_string(),
            Some((asks, met)) if both => format!("{} ({})", word(*met), asks.get(lang)),
            Some((_, met)) => word(*met).to_string(),
        };
        grid.row(vec![
            left(name),
            left(cell(&judged.a)),
            left(cell(&judged.b)),
        ]);
    }
    format!("\n{}\n", indent(&grid.to_string()))
}

/// The order of causes: growth, elasticities, inventory, measures, join.
fn rank(cause: &Cause) -> usize {
    match cause {
        Cause::Driver(_) => 0,
        Cause::Elasticity(_) => 1,
        Cause::Inventory => 2,
        Cause::Measure(_) => 3,
        Cause::Join => 4,
    }
}

/// The causes of some differences, in order, and whether each differs itself.
fn causes(moved: &[&Difference]) -> Vec<(Cause, bool)> {
    let mut found: Vec<(Cause, bool)> = Vec::new();
    for part in moved.iter().flat_map(|d| &d.parts) {
        if !found.iter().any(|(cause, _)| *cause == part.cause) {
            found.push((part.cause.clone(), part.differs));
        }
    }
    found.sort_by_key(|(cause, differs)| (rank(cause), !differs));
    found
}

fn part<'d>(difference: &'d Difference, cause: &Cause) -> Option<&'d Part> {
    difference.parts.iter().find(|part| part.cause == *cause)
}

/// What explains the change of the last common year, a column an indicator.
fn explanation_text(of: &Comparison<'_>, lang: Lang) -> String {
    let Some(explanation) = of.explanation else {
        return String::new();
    };
    let last = explanation.years.len() - 1;
    let shown = |d: &&&Difference| {
        let kind = &of.catalogue().indicators[d.indicator.at()].kind;
        let own = kind.inventoried() != Some(Account::Energy);
        own && (d.b[last] - d.a[last]).abs() > NOTHING * d.a[last].abs().max(d.b[last].abs())
    };
    let moved = of.moved();
    let moved: Vec<&Difference> = moved.iter().filter(shown).copied().collect();
    if moved.is_empty() {
        return String::new();
    }
    let year = explanation.years[last];
    let title = match lang {
        Lang::Zh => format!("{year}年差别的来源（B−A）"),
        Lang::En => format!("What explains {year} (B−A)"),
    };
    let mut header = vec![title];
    for d in &moved {
        let indicator = &of.catalogue().indicators[d.indicator.at()];
        let name = short_name(of.catalogue(), indicator);
        let shown = unit(of, d.indicator.at()).unit;
        header.push(format!("{}\n{}", name.get(lang), shown.get(lang)));
    }
    let mut grid = Grid::new(header.iter().map(String::as_str));
    for (cause, differs) in causes(&moved) {
        let values: Vec<f64> = moved
            .iter()
            .map(|d| part(d, &cause).map_or(0.0, |part| part.values[last]))
            .collect();
        let acts = |(value, d): (&f64, &&Difference)| value.abs() > NOTHING * d.a[last].abs();
        if !values.iter().zip(&moved).any(acts) {
            continue;
        }
        let mark = if differs { "" } else { " *" };
        let mut row = vec![left(format!("  {}{mark}", of.cause_name(&cause).get(lang)))];
        for (value, d) in values.iter().zip(&moved) {
            let scale = unit(of, d.indicator.at()).scale;
            row.push(right(if acts((value, d)) {
                signed(value / scale)
            } else {
                "·".to_string()
            }));
        }
        grid.row(row);
    }
    let mut row = vec![left(lang.pick("合计", "Total"))];
    for d in &moved {
        let scale = unit(of, d.indicator.at()).scale;
        row.push(right(signed((d.b[last] - d.a[last]) / scale)));
    }
    grid.row(row);
    format!(
        "\n{}\n{}",
        indent(&grid.to_string()),
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
