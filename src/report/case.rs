//! A finished run, as reports see it.

use crate::standing::Standing;
use crate::units::Unit;
use jianpai_core::calibre::Splice;
use jianpai_core::catalogue::{Account, Accounting, Book, Catalogue, Indicator, Named, Region};
use jianpai_core::dims::{CalibreId, PollutantId};
use jianpai_core::doubt::{self, Band};
use jianpai_core::explain::Support;
use jianpai_core::outcome::{self, Item, Outcome};
use jianpai_core::plan::Plan;
use jianpai_core::scenario::Scenario;
use jianpai_core::target::{Demand, Target, Verdict};
use jianpai_core::text::Text;

/// A scenario, its plan and what came out of it.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The data.
    pub catalogue: &'a Catalogue,
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its plan.
    pub plan: &'a Plan,
    /// Its outcome.
    pub outcome: &'a Outcome,
    /// Which numbers its results rest on.
    pub support: &'a Support,
}

/// Targets by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Met.
    pub met: usize,
    /// Of those met, the ones that are so within the model's error.
    pub within: usize,
    /// Missed.
    pub missed: usize,
    /// Those that cannot be judged: a year outside the run, a base of nothing.
    pub unjudged: usize,
}

impl Tally {
    /// All of them.
    pub fn all(self) -> usize {
        self.met + self.missed + self.unjudged
    }
}

/// The unit in which people read an indicator: how many base units one is, and its name.
#[derive(Clone, Debug)]
pub struct Display {
    /// Base units (t, tce, index, fraction) in one display unit.
    pub scale: f64,
    /// The name of the unit, empty for an index.
    pub unit: Text,
}

impl Case<'_> {
    /// The region.
    pub fn region(&self) -> &Region {
        &self.catalogue.regions[self.plan.region.at()]
    }

    /// The scenario's name with its region, unless the name says it already.
    pub fn title(&self) -> Text {
        let (name, region) = (&self.scenario.name, &self.region().named.name);
        let join = |name: &str, region: &str| {
            if name.contains(region) {
                name.to_string()
            } else {
                format!("{region} {name}")
            }
        };
        Text::new(join(&name.zh, &region.zh), join(&name.en, &region.en))
    }

    /// Targets with their verdicts.
    pub fn targets(&self) -> impl Iterator<Item = (&Target, Option<&Verdict>)> {
        self.scenario
            .targets
            .iter()
            .zip(self.outcome.verdicts.iter().map(Option::as_ref))
    }

    /// The splices on an indicator of pollutant `p`: charts of it show them.
    pub fn splices(&self, p: PollutantId) -> impl Iterator<Item = &Splice> {
        let kind = |splice: &Splice| &self.catalogue.indicators[splice.indicator.at()].kind;
        let of = move |splice: &&Splice| kind(splice).pollutant() == Some(p);
        self.scenario.splices.iter().filter(of)
    }

    /// The splices behind the recorded values of an indicator, each with the first
    /// year that it carries.
    pub fn spliced(&self, indicator: usize) -> impl Iterator<Item = (i32, &Splice)> {
        self.scenario
            .splices
            .iter()
            .enumerate()
            .filter_map(move |(i, splice)| {
                let observed = self.scenario.observed.iter();
                let carried =
                    observed.filter(|o| o.indicator.at() == indicator && o.splice == Some(i));
                Some((carried.map(|o| o.year).min()?, splice))
            })
    }

    /// How many targets are met, and how many there are.
    pub fn score(&self) -> (usize, usize) {
        let met = self
            .outcome
            .verdicts
            .iter()
            .flatten()
            .filter(|v| v.met)
            .count();
        (met, self.outcome.verdicts.len())
    }

    /// The band of what a target reaches, from the errors of past runs.
    pub fn band(&self, target: &Target, verdict: &Verdict) -> Option<Band> {
        let values = &self.outcome.indicators[target.indicator.at()];
        let run = (self.scenario, self.plan);
        doubt::band(self.catalogue, run, target, (verdict, values))
    }

    /// How a target stands.
    pub fn standing(&self, target: &Target, verdict: Option<&Verdict>) -> Standing {
        verdict.map_or(Standing::Open, |verdict| {
            let band = self.band(target, verdict);
            doubt::grade(target.demand, verdict, band.as_ref()).into()
        })
    }

    /// The targets by verdict.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for (target, verdict) in self.targets() {
            match self.standing(target, verdict) {
                Standing::Open => tally.unjudged += 1,
                Standing::Met => tally.met += 1,
                Standing::Within => {
                    tally.met += 1;
                    tally.within += 1;
                }
                Standing::Missed => tally.missed += 1,
            }
        }
        tally
    }

    /// How all targets of an indicator stand together; `None` if there is no target.
    pub fn standing_on(&self, indicator: usize) -> Option<Standing> {
        let own = self
            .targets()
            .filter(|(t, _)| t.indicator.at() == indicator);
        Standing::together(own.map(|(target, verdict)| self.standing(target, verdict)))
    }

    /// The year that most of the targets count from. Tables, balances and charts of the
    /// run all count from it, and charts of indices take it as 100.
    pub fn index_base(&self) -> i32 {
        self.scenario.index_base(&self.plan.years)
    }

    /// The years that charts of indices show: from their base year on.
    pub fn index_years(&self) -> &[i32] {
        let start = self.plan.year(self.index_base()).unwrap_or(0);
        &self.outcome.years[start..]
    }

    /// An indicator's value with all measures in the year that tables count from.
    pub fn base_value(&self, indicator: usize) -> f64 {
        let start = self.plan.year(self.index_base()).unwrap_or(0);
        self.outcome.indicators[indicator][start]
    }

    /// `values` of an indicator by year as an index, its value with all measures in
    /// the chart's base year = 100, for the years shown.
    pub fn index(&self, indicator: usize, values: &[f64]) -> Vec<f64> {
        let start = self.plan.year(self.index_base()).unwrap_or(0);
        let base = self.base_value(indicator);
        values[start..]
            .iter()
            .map(|value| value / base * 100.0)
            .collect()
    }

    /// The run that charts compare with: growth alone, or current policy where the
    /// chart starts later than the scenario.
    pub fn reference(&self, indicator: usize) -> &[f64] {
        if self.index_base() > self.scenario.base_year {
            &self.outcome.current[indicator]
        } else {
            &self.outcome.frozen[indicator]
        }
    }

    /// The name of that run.
    pub fn reference_name(&self) -> Text {
        if self.index_base() > self.scenario.base_year {
            Text::new("仅现行政策", "Current policy alone")
        } else {
            Text::new("无措施（仅增长）", "No measures (growth alone)")
        }
    }

    /// The balance of an account from the year that tables count from to the last one:
    /// every line is the difference of the balances of the two years, each of which
    /// counts from the scenario's own base year.
    ///
    /// ```text
    /// E[T] = E[B] + (growth[T] − growth[B]) + Σ_m (cut_m[T] − cut_m[B]) + (join[T] − join[B])
    /// ```
    ///
    /// `None` if the plan does not know the account.
    pub fn balance(&self, account: Account) -> Option<Vec<(Item, f64)>> {
        let at = |t: usize| outcome::balance(self.plan, &self.outcome.run, account, t);
        let start = self.plan.year(self.index_base())?;
        let (from, to) = (at(start)?, at(self.plan.span() - 1)?);
        let value = |lines: &[(Item, f64)], wanted: &Item| {
            let found = lines.iter().find(|(item, _)| item == wanted);
            found.map_or(0.0, |(_, value)| *value)
        };
        let lines = to.lines.iter().map(|(item, end)| {
            let shown = match item {
                Item::Base => value(&from.lines, &Item::Total),
                Item::Total => *end,
                other => end - value(&from.lines, other),
            };
            (item.clone(), shown)
        });
        Some(lines.collect())
    }

    /// The level of the indicator that a target asks for in its year (base units):
    /// `value[base]·(1 − wanted)` for a reduction, whichever year it counts from. `None`
    /// for sums and project reductions, which are no level, and for years outside the run.
    pub fn level(&self, target: &Target) -> Option<f64> {
        self.plan.year(target.year)?;
        match target.demand {
            Demand::Reduction { wanted, base_year } => {
                let values = &self.outcome.indicators[target.indicator.at()];
                Some(values[self.plan.year(base_year)?] * (1.0 - wanted))
            }
            Demand::Cap(limit) | Demand::Floor(limit) => Some(limit),
            Demand::Cumulative { .. } | Demand::Project { .. } => None,
        }
    }

    /// The unit of an indicator: an index is 100 in the year that the tables count from.
    pub fn unit(&self, indicator: usize) -> Unit {
        match Unit::of_indicator(&self.catalogue.indicators[indicator]) {
            Unit::BaseYear100 => Unit::Index {
                year: self.index_base(),
                base: self.base_value(indicator),
            },
            unit => unit,
        }
    }

    /// The same as charts show it.
    pub fn display(&self, indicator: usize) -> Display {
        self.unit(indicator).into()
    }

    /// The last year up to which the drivers that matter are recorded.
    pub fn recorded_until(&self) -> i32 {
        self.plan.recorded()
    }
}

/// A splice in words: `口径衔接：第二次全国污染源普查口径 ×2.1 → 2015年环境统计口径（来源）`.
pub fn splice_text(case: &Case<'_>, splice: &Splice) -> Text {
    let name = |calibre: CalibreId| &case.catalogue.calibres[calibre.at()].name;
    let (from, to) = (name(splice.from), name(splice.to));
    let (factor, source) = (splice.factor, &splice.source);
    let year = splice
        .year
        .map_or(String::new(), |year| format!("{year}, "));
    let year_zh = splice
        .year
        .map_or(String::new(), |year| format!("{year}年，"));
    Text::new(
        format!(
            "口径衔接：{} ×{factor} → {}（{year_zh}{source}）",
            from.zh, to.zh
        ),
        format!("Splice: {} ×{factor} → {} ({year}{source})", from.en, to.en),
    )
}

/// The same beside a mark on a chart: calibres and factor.
pub fn splice_mark(case: &Case<'_>, splice: &Splice) -> Text {
    let name = |calibre: CalibreId| &case.catalogue.calibres[calibre.at()].name;
    let (from, to) = (name(splice.from), name(splice.to));
    let factor = splice.factor;
    Text::new(
        format!("{} ×{factor} → {}", from.zh, to.zh),
        format!("{} ×{factor} → {}", from.en, to.en),
    )
}

/// The display unit of an indicator; an index is 100 in the scenario's base year.
pub fn display(indicator: &Indicator) -> Display {
    Unit::of_indicator(indicator).into()
}

impl From<Unit> for Display {
    fn from(unit: Unit) -> Self {
        let shown = unit.shown();
        Display {
            scale: shown.scale,
            unit: shown.name,
        }
    }
}

/// A short name of an indicator, with its book where there are two.
pub fn short_name(catalogue: &Catalogue, indicator: &Indicator) -> Text {
    let name = plain_name(catalogue, indicator);
    match indicator.told_book(catalogue) {
        Some(book) => book.beside(&name),
        None => name,
    }
}

/// The same without the book; in English, pollutants go by their symbol.
pub fn plain_name(catalogue: &Catalogue, indicator: &Indicator) -> Text {
    let kind = &indicator.kind;
    let pollutant = kind
        .pollutant()
        .map(|p| &catalogue.pollutants[p.at()].named);
    match (pollutant, kind.is_index()) {
        (Some(named), false) => Text::new(&named.name.zh, &named.id),
        (Some(Named { id, .. }), true) => Text::new(format!("{id}强度"), format!("{id} per GDP")),
        (None, true) if kind.inventoried().is_some() => Text::new("能耗强度", "Energy per GDP"),
        (None, true) => Text::new("工业能耗强度", "Industry energy per VA"),
        (None, false) => indicator.named.name.clone(),
    }
}

/// What the files of an indicator's charts are called: of two books the leading one has
/// the plain id.
pub fn chart_id<'c>(catalogue: &Catalogue, indicator: &'c Indicator) -> &'c str {
    if indicator.leads(catalogue) {
        &indicator.base
    } else {
        &indicator.named.id
    }
}

/// A short name of a pollutant's account, with its book where there are two.
pub fn account_name(catalogue: &Catalogue, account: Account) -> Text {
    let name = plain_account(catalogue, account);
    match account {
        Account::Pollutant(p, book)
            if catalogue.pollutants[p.at()].accounting == Accounting::Rules =>
        {
            book.beside(&name)
        }
        _ => name,
    }
}

/// The same without the book.
pub fn plain_account(catalogue: &Catalogue, account: Account) -> Text {
    match account {
        Account::Pollutant(p, _) => {
            let named = &catalogue.pollutants[p.at()].named;
            Text::new(&named.name.zh, &named.id)
        }
        other => other.name(catalogue),
    }
}

/// The account of a pollutant that official targets speak of: the accounted one where
/// there is one.
pub fn leading(catalogue: &Catalogue, p: PollutantId) -> Account {
    let book = match catalogue.pollutants[p.at()].accounting {
        Accounting::Rules => Book::Accounted,
        Accounting::Physical | Accounting::None => Book::Physical,
    };
    Account::Pollutant(p, book)
}

/// What a target demands, in words: `较2015年下降10 %`.
pub fn demand_text(indicator: &Indicator, target: &Target) -> Text {
    let Display { scale, unit } = display(indicator);
    let amount = |value: f64| number(value / scale);
    match target.demand {
        Demand::Reduction { wanted, base_year } => {
            let text = Text::new(
                format!("较{base_year}年下降{}", percent(wanted)),
                format!("−{} on {base_year}", percent(wanted)),
            );
            let Some(aim) = target.said.aim.map(percent) else {
                return text;
            };
            Text::new(
                format!("{}，力争{aim}", text.zh),
                format!("{}, aiming at −{aim}", text.en),
            )
        }
        Demand::Cap(limit) => Text::new(
            format!("不超过{}{}", amount(limit), unit.zh),
            format!("≤ {} {}", amount(limit), unit.en),
        ),
        Demand::Floor(limit) => Text::new(
            format!("不低于{}{}", amount(limit), unit.zh),
            format!("≥ {} {}", amount(limit), unit.en),
        ),
        Demand::Cumulative { limit, from } => Text::new(
            format!("{from}年起累计不超过{}{}", amount(limit), unit.zh),
            format!("Σ from {from} ≤ {} {}", amount(limit), unit.en),
        ),
        Demand::Project { wanted, base_year } => {
            let from = base_year + 1;
            Text::new(
                format!(
                    "{from}年起新增措施减排量不少于{}{}",
                    amount(wanted),
                    unit.zh
                ),
                format!(
                    "new measures cut ≥ {} {} from {from} on",
                    amount(wanted),
                    unit.en
                ),
            )
        }
    }
}

/// A probability in percent that never rounds to certain or impossible.
pub fn probability(share: f64) -> String {
    let percent = (share * 100.0).clamp(0.0, 100.0);
    if (99.95..100.0).contains(&percent) {
        return ">99.9%".to_owned();
    }
    if percent > 0.0 && percent < 0.05 {
        return "<0.1%".to_owned();
    }
    let decimals = usize::from(percent > 0.0 && percent < 100.0);
    format!("{percent:.decimals$}%")
}

/// A probability of which no more is known than that it is below this, rounded up.
pub fn below(end: f64) -> String {
    format!("<{}", tenths((end * 1000.0 - 1e-7).ceil()))
}

/// A probability of which no more is known than that it is above this, rounded down.
pub fn above(end: f64) -> String {
    format!(">{}", tenths((end * 1000.0 + 1e-7).floor()))
}

/// Tenths of a percent as percent.
fn tenths(count: f64) -> String {
    let percent = count.clamp(0.0, 1000.0) / 10.0;
    let decimals = usize::from(percent.fract() != 0.0);
    format!("{percent:.decimals$}%")
}

/// The interval of a probability in percent; a bound near certain or impossible gets a
/// second decimal and is rounded outwards.
pub fn probability_range((lo, hi): (f64, f64)) -> String {
    let figure = |share: f64, outwards: fn(f64) -> f64| {
        let percent = (share * 100.0).clamp(0.0, 100.0);
        if (0.05..99.95).contains(&percent) {
            return format!("{percent:.1}");
        }
        match outwards(percent * 100.0) / 100.0 {
            whole if whole <= 0.0 || whole >= 100.0 => format!("{whole:.0}"),
            near => format!("{near:.2}"),
        }
    };
    // What stands at a hundredth but for rounding stays there.
    let lo = figure(lo, |hundredths| (hundredths + 1e-7).floor());
    let hi = figure(hi, |hundredths| (hundredths - 1e-7).ceil());
    format!("{lo}–{hi}%")
}

/// A fraction as a percentage with one decimal, without a trailing `.0`.
pub fn percent(fraction: f64) -> String {
    let rounded = (fraction * 1000.0).round() / 10.0;
    let text = if rounded.fract() == 0.0 {
        format!("{rounded:.0}")
    } else {
        format!("{rounded:.1}")
    };
    format!("{}%", minus(&text))
}

/// A change as a signed percentage with one decimal.
pub fn signed_percent(fraction: f64) -> String {
    let rounded = (fraction * 1000.0).round() / 10.0;
    let sign = if rounded > 0.0 { "+" } else { "" };
    minus(&format!("{sign}{rounded:.1}%"))
}

/// How many there are: 7, 100, 65,536.
pub fn count(n: u64) -> String {
    grouped(&n.to_string())
}

/// Digits with a comma between thousands.
fn grouped(digits: &str) -> String {
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// An amount with three significant digits or so: 1,859, 62.7, 5.56, 0.037.
pub fn number(value: f64) -> String {
    let size = value.abs();
    let decimals = match size {
        s if s >= 999.5 || s == 0.0 => 0,
        s if s >= 99.95 => 1,
        s if s >= 0.9995 => 2,
        s if s >= 0.09995 => 3,
        _ => 4,
    };
    let text = format!("{value:.decimals$}");
    if text.chars().all(|c| matches!(c, '-' | '0' | '.')) {
        return "0".to_string();
    }
    let (sign, digits) = text
        .strip_prefix('-')
        .map_or(("", text.as_str()), |d| ("-", d));
    let (whole, rest) = digits
        .split_once('.')
        .map_or((digits, None), |(w, r)| (w, Some(r)));
    let grouped = grouped(whole);
    let tail = rest.map_or(String::new(), |rest| format!(".{rest}"));
    minus(&format!("{sign}{grouped}{tail}"))
}

/// Writes a hyphen that is a minus sign as one.
fn minus(text: &str) -> String {
    text.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::{count, number, percent, probability, probability_range, signed_percent};

    #[test]
    fn counts_are_whole() {
        let counts = [0, 7, 100, 500, 999, 1000, 65_536, 100_000_000];
        let said = counts.map(count).join(" ");
        assert_eq!(said, "0 7 100 500 999 1,000 65,536 100,000,000");
    }

    #[test]
    fn numbers_for_people() {
        assert_eq!(number(1859.12), "1,859");
        assert_eq!(number(62.7366), "62.74");
        assert_eq!(number(-0.0372), "−0.0372");
        assert_eq!(number(0.0), "0");
        assert_eq!(number(1_234_567.0), "1,234,567");
        assert_eq!(percent(0.10), "10%");
        assert_eq!(percent(0.147), "14.7%");
        assert_eq!(signed_percent(-0.1234), "−12.3%");
        assert_eq!(signed_percent(0.05), "+5.0%");
    }

    #[test]
    fn a_probability_never_rounds_to_certain_or_impossible() {
        let text = [0.0, 0.0003, 0.873, 0.9997, 1.0].map(probability);
        assert_eq!(text, ["0%", "<0.1%", "87.3%", ">99.9%", "100%"]);
    }

    #[test]
    fn intervals_near_the_ends_keep_their_width() {
        let text = [
            (0.797, 0.831),
            (0.9996, 1.0),
            (0.999_962, 1.0),
            (0.999_93, 0.999_999),
            (0.0, 0.000_038),
        ];
        let text = text.map(probability_range);
        let wanted = [
            "79.7–83.1%",
            "99.96–100%",
            "99.99–100%",
            "99.99–100%",
            "0–0.01%",
        ];
        assert_eq!(text, wanted);
    }
}
