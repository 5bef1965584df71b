//! The charts of a run: what goes into them. How they are drawn is
//! [`crate::chart`]'s business.

mod compare;
mod diff;

pub use compare::comparing;
pub use diff::differences;

use crate::case::{Case, number, percent, short_name, splice_text};
use crate::chart::{IndexPanel, IndexPanels, LevelTarget, PanelTarget, Step, StepKind, Waterfall};
use jianpai_core::catalogue::{Account, IndicatorKind};
use jianpai_core::dims::{IndicatorId, PollutantId};
use jianpai_core::explain::{Shares, Support};
use jianpai_core::measure::Policy;
use jianpai_core::outcome::{self, Item};
use jianpai_core::target::{Demand, Target, Verdict};
use jianpai_core::text::{Lang, Text};

/// A chart file: its name and contents.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The file's name, e.g. `indices.zh.svg`.
    pub name: String,
    /// The SVG.
    pub svg: String,
}

/// Both languages of a chart.
pub(crate) fn both(name: &str, render: impl Fn(Lang) -> String) -> [Figure; 2] {
    [("zh", Lang::Zh), ("en", Lang::En)].map(|(suffix, lang)| Figure {
        name: format!("{name}.{suffix}.svg"),
        svg: render(lang),
    })
}

/// Every chart of one case.
pub fn all(case: &Case<'_>) -> Vec<Figure> {
    let panels = indices(case);
    let mut figures = both("indices", |lang| panels.render(lang)).to_vec();
    for p in (0..case.catalogue.pollutants.len()).map(PollutantId::from_usize) {
        if let Some(chart) = waterfall(case, p) {
            let id = &case.catalogue.pollutants[p.at()].named.id;
            figures.extend(both(&format!("balance-{id}"), |lang| chart.render(lang)));
        }
    }
    figures
}

/// The footnote: calibres and sources of the base year, the model, the scenario.
/// and, of the indicators `shown`, how much rests on what kind of numbers.
pub(crate) fn footnote(case: &Case<'_>, pollutants: &[PollutantId], shown: &[usize]) -> Text {
    footnote_of(std::slice::from_ref(case), pollutants, shown)
}

/// The same for several scenarios: the first one's, with the splices of all.
fn footnote_of(cases: &[Case<'_>], pollutants: &[PollutantId], shown: &[usize]) -> Text {
    let case = &cases[0];
    let rests = rests(cases, shown);
    let mut calibres: Vec<&Text> = Vec::new();
    let mut sources: Vec<&Text> = Vec::new();
    for p in pollutants {
        let inventory = case.scenario.world.inventory.get(&Account::Pollutant(*p));
        let Some(total) = inventory.and_then(|inventory| inventory.total) else {
            continue;
        };
        let calibre = &case.catalogue.calibres[total.calibre.at()].name;
        let source = &case.catalogue.sources[total.amount.origin.source.at()].issuer;
        if !calibres.contains(&calibre) {
            calibres.push(calibre);
        }
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    let join = |texts: &[&Text], lang: Lang| {
        let names: Vec<&str> = texts.iter().map(|name| name.get(lang)).collect();
        names.join(lang.pick("、", "; "))
    };
    let (version, id) = (env!("CARGO_PKG_VERSION"), &case.scenario.id);
    let frame = |lang: Lang, none: &str, calibre: &str| {
        let calibres = join(&calibres, lang);
        if calibres.is_empty() {
            none.to_string()
        } else {
            format!("{calibre}{calibres}")
        }
    };
    let zh = frame(Lang::Zh, "基年为自下而上估算，无官方口径", "口径：");
    let en = frame(
        Lang::En,
        "Base year bottom-up, no official calibre",
        "Calibre: ",
    );
    let (from_zh, from_en) = if sources.is_empty() {
        (String::new(), String::new())
    } else {
        (
            format!("；基年来源：{}", join(&sources, Lang::Zh)),
            format!(". Base year: {}", join(&sources, Lang::En)),
        )
    };
    let mut splices: Vec<Text> = Vec::new();
    let pairs = cases
        .iter()
        .flat_map(|case| pollutants.iter().map(move |p| (case, *p)));
    let several = pollutants.len() > 1;
    for (case, splice) in pairs.flat_map(|(case, p)| case.splices(p).map(move |s| (case, s))) {
        let mut text = splice_text(case, splice);
        if several {
            let id = &case.catalogue.indicators[splice.indicator.at()].named.id;
            text = Text::new(format!("{id} {}", text.zh), format!("{id} {}", text.en));
        }
        if !splices.contains(&text) {
            splices.push(text);
        }
    }
    let spliced = |lang: Lang| -> String {
        let texts = splices.iter().map(|text| text.get(lang));
        texts
            .flat_map(|text| [lang.pick("。", ". "), text])
            .collect()
    };
    let (zh, en) = (
        zh + &from_zh + &spliced(Lang::Zh),
        en + &from_en + &spliced(Lang::En),
    );
    Text::new(
        format!("{zh}。测算：jianpai {version}，情景 {id}。{}", rests.zh),
        format!(
            "{en}. Projection: jianpai {version}, scenario {id}.{}",
            rests.en
        ),
    )
}

/// How much of what a chart shows of the last year rests on quoted or computed
/// numbers, and on what the scenario states: from the least to the most of several.
fn rests(cases: &[Case<'_>], shown: &[usize]) -> Text {
    let supports = cases.iter().map(|case| case.support);
    rests_on(supports, shown, cases[0].scenario.end_year)
}

/// The same from the supports themselves.
pub fn rests_on<'s>(
    supports: impl Iterator<Item = &'s Support>,
    shown: &[usize],
    year: i32,
) -> Text {
    let shares = supports.flat_map(|support| {
        let ids = shown.iter().map(|i| IndicatorId::from_usize(*i));
        ids.filter_map(|id| support.last(id))
    });
    let shares: Vec<&Shares> = shares.collect();
    if shares.is_empty() {
        return Text::default();
    }
    let span = |of: &dyn Fn(&Shares) -> f64| {
        let parts = shares.iter().map(|shares| (of(shares) * 100.0).round());
        let (low, high) = parts.fold((100.0_f64, 0.0_f64), |(low, high), part| {
            (low.min(part), high.max(part))
        });
        if (high - low).abs() < 0.5 {
            format!("{low:.0}%")
        } else {
            format!("{low:.0}–{high:.0}%")
        }
    };
    let (firm, stated) = (span(&Shares::firm), span(&|shares| shares.stated));
    Text::new(
        format!("{year}年值按权重{firm}为原文引用或计算数，{stated}为情景设定。"),
        format!(" {year}, by weight: {firm} quoted or computed, {stated} scenario."),
    )
}

/// The reduction target on an indicator that a chart of levels can show: counted
/// from the chart's base year, the latest one.
fn main_target<'c>(case: &'c Case<'_>, i: usize) -> Option<(&'c Target, f64, &'c Verdict)> {
    let from_base = case.targets().filter_map(|(target, verdict)| {
        let Demand::Reduction { wanted, base_year } = target.demand else {
            return None;
        };
        let fits = target.indicator.at() == i && base_year == case.index_base();
        fits.then_some((target, wanted, verdict?))
    });
    from_base.max_by_key(|(target, _, _)| target.year)
}

/// A target against another year, as a reduction on the chart's base year.
fn shifted_target<'c>(case: &'c Case<'_>, i: usize) -> Option<(&'c Target, f64, &'c Verdict)> {
    case.targets().find_map(|(target, verdict)| {
        let Demand::Reduction { wanted, base_year } = target.demand else {
            return None;
        };
        if target.indicator.at() != i {
            return None;
        }
        let values = &case.outcome.indicators[i];
        let (t, base) = (
            case.plan.year(base_year)?,
            case.plan.year(case.index_base())?,
        );
        Some((
            target,
            1.0 - (1.0 - wanted) * values[t] / values[base],
            verdict?,
        ))
    })
}

/// Indices against the base year for the main indicators, with target marks.
pub fn indices(case: &Case<'_>) -> IndexPanels {
    let shown = panel_indicators(case);
    let panels = shown.iter().map(|&i| panel(case, i)).collect();
    let (first, last) = (case.index_base(), case.scenario.end_year);
    let pollutants: Vec<PollutantId> = shown
        .iter()
        .filter_map(|i| match case.catalogue.indicators[*i].kind {
            IndicatorKind::Emission(p) | IndicatorKind::EmissionIntensity(p) => Some(p),
            _ => None,
        })
        .collect();
    let name = &case.scenario.name;
    IndexPanels {
        title: headline(case),
        subtitle: Text::new(
            format!("{}：{first}—{last}年主要指标，{first}年=100", name.zh),
            format!(
                "{} — main indicators {first}–{last}, {first} = 100",
                name.en
            ),
        ),
        panels,
        with_name: Text::new("本情景", "This scenario"),
        without_name: if first > case.scenario.base_year {
            Text::new("仅现行政策", "Current policy alone")
        } else {
            Text::new("无措施（仅增长）", "No measures (growth alone)")
        },
        history_until: Some(case.recorded_until()).filter(|year| *year > first),
        own_scales: false,
        footnote: footnote(case, &pollutants, &shown),
    }
}

/// The five indicators of the briefing: four pollutants of the plan and CO2 per
/// GDP. In a catalogue without them, whatever has targets.
fn panel_indicators(case: &Case<'_>) -> Vec<usize> {
    let by_kind = case
        .catalogue
        .indicators
        .iter()
        .enumerate()
        .filter(|(i, indicator)| {
            let targeted = case.targets().any(|(t, _)| t.indicator.at() == *i);
            match &indicator.kind {
                IndicatorKind::Emission(p) => {
                    let pollutant = &case.catalogue.pollutants[p.at()];
                    let official = !case.plan.base_year.uncalibrated.contains(p);
                    (official && pollutant.medium != "carbon") || targeted
                }
                IndicatorKind::EmissionIntensity(_) => true,
                _ => targeted,
            }
        });
    by_kind.map(|(i, _)| i).take(8).collect()
}

fn panel(case: &Case<'_>, i: usize) -> IndexPanel {
    let target = main_target(case, i).or_else(|| shifted_target(case, i));
    let indicator = &case.catalogue.indicators[i];
    // Published reductions count from the scenario's base year.
    let same_base = case.index_base() == case.scenario.base_year;
    let observed = case
        .scenario
        .observed
        .iter()
        .filter(|o| o.indicator.at() == i && same_base);
    IndexPanel {
        name: short_name(case.catalogue, indicator),
        color: 0,
        years: case.index_years().to_vec(),
        with_measures: case.index(i, &case.outcome.indicators[i]),
        without_measures: case.index(i, case.reference(i)),
        observed: observed
            .map(|o| (o.year, (1.0 - o.reduction) * 100.0))
            .collect(),
        splices: case.spliced(i).map(|(year, _)| year).collect(),
        target: target.map(|(target, wanted, verdict)| PanelTarget {
            year: target.year,
            index: (1.0 - wanted) * 100.0,
            met: verdict.met,
        }),
    }
}

/// The balance of a pollutant as a waterfall, largest reductions first.
pub fn waterfall(case: &Case<'_>, p: PollutantId) -> Option<Waterfall> {
    let last = case.plan.span() - 1;
    let balance = outcome::balance(case.plan, &case.outcome.run, Account::Pollutant(p), last)?;
    let find = |wanted: &Item| {
        balance
            .lines
            .iter()
            .find(|(item, _)| item == wanted)
            .map(|l| l.1)
    };
    let (base, total) = (find(&Item::Base)?, find(&Item::Total)?);
    if base <= 0.0 {
        return None;
    }
    let scale = if base >= 5e8 { 1e8 } else { 1e4 };
    let (first, end) = (case.scenario.base_year, case.scenario.end_year);
    let mut steps = vec![level(
        format!("{first}年"),
        format!("{first}"),
        base / scale,
    )];
    let growth = find(&Item::Growth)?;
    steps.push(change(Text::new("新增量", "Growth"), growth / scale));
    let (mut current, mut rest, mut new) = (0.0, 0.0, Vec::new());
    for (item, value) in &balance.lines {
        let Item::Measure(m) = item else { continue };
        let measure = &case.plan.measures[*m];
        if measure.policy == Policy::Current {
            current += value;
        } else if value.abs() < base * 0.002 {
            rest += value;
        } else {
            new.push((measure.name.clone(), *value));
        }
    }
    new.sort_by(|a, b| a.1.total_cmp(&b.1));
    if new.len() > 13 {
        new.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        rest += new.drain(13..).map(|(_, value)| value).sum::<f64>();
        new.sort_by(|a, b| a.1.total_cmp(&b.1));
    }
    if current != 0.0 {
        steps.push(change(
            Text::new("现行政策与自然更新", "Current policy and renewal"),
            current / scale,
        ));
    }
    steps.extend(
        new.into_iter()
            .map(|(name, value)| change(name, value / scale)),
    );
    if rest.abs() > base * 1e-5 {
        steps.push(change(
            Text::new("其他措施", "Other measures"),
            rest / scale,
        ));
    }
    if let Some(join) = find(&Item::Join).filter(|join| join.abs() > base * 1e-6) {
        let label = Text::new("与观测值衔接", "Join to observed");
        steps.push(Step {
            label,
            value: join / scale,
            kind: StepKind::Adjustment,
        });
    }
    steps.push(level(format!("{end}年"), format!("{end}"), total / scale));
    let measures: f64 = total - base - growth - find(&Item::Join).unwrap_or(0.0);
    Some(Waterfall {
        title: waterfall_title(case, p, (base, growth, measures, total), scale),
        subtitle: Text::new(
            format!("{}：{first}—{end}年减排平衡", case.scenario.name.zh),
            format!("{} — balance {first}–{end}", case.scenario.name.en),
        ),
        unit: unit_of(scale),
        steps,
        against: Text::new(format!("较{first}年"), format!("vs {first}")),
        target: level_target(case, p, scale),
        higher_is_better: false,
        full_axis: false,
        footnote: footnote(case, &[p], &amount_of(case, Account::Pollutant(p))),
    })
}

/// The indicator of an account's amount, if there is one.
pub(crate) fn amount_of(case: &Case<'_>, account: Account) -> Vec<usize> {
    let kind = match account {
        Account::Pollutant(p) => IndicatorKind::Emission(p),
        Account::Coal => IndicatorKind::Coal,
        Account::Energy => IndicatorKind::Energy,
        _ => return Vec::new(),
    };
    let mut indicators = case.catalogue.indicators.iter();
    let found = indicators.position(|i| i.kind == kind);
    found.into_iter().collect()
}

fn unit_of(scale: f64) -> Text {
    if scale > 1e7 {
        Text::new("亿吨", "10⁸ t")
    } else {
        Text::new("万吨", "10⁴ t")
    }
}

fn level(zh: String, en: String, value: f64) -> Step {
    Step {
        label: Text::new(zh, en),
        value,
        kind: StepKind::Level,
    }
}

fn change(label: Text, value: f64) -> Step {
    Step {
        label,
        value,
        kind: StepKind::Change,
    }
}

/// Headlines are computed from the numbers drawn.
fn waterfall_title(
    case: &Case<'_>,
    p: PollutantId,
    (base, growth, measures, total): (f64, f64, f64, f64),
    scale: f64,
) -> Text {
    let pollutant = &case.catalogue.pollutants[p.at()].named;
    let name = Text::new(&pollutant.name.zh, &pollutant.id);
    let unit = unit_of(scale);
    let amount = |value: f64| number(value.abs() / scale);
    let fall = 1.0 - total / base;
    let (way_zh, way_en) = if fall >= 0.0 {
        ("下降", "down")
    } else {
        ("上升", "up")
    };
    let change = percent(fall.abs());
    let (grow_zh, grow_en) = if growth >= 0.0 {
        ("新增", "growth adds")
    } else {
        ("活动减少", "lower activity takes")
    };
    let (cut_zh, cut_en) = if measures <= 0.0 {
        ("减排", "cut")
    } else {
        ("增排", "add")
    };
    let (growth, measures) = (amount(growth), amount(measures));
    Text::new(
        format!(
            "措施{cut_zh}{measures}{}，{grow_zh}{growth}{}，{}{way_zh}{change}",
            unit.zh, unit.zh, name.zh
        ),
        format!(
            "Measures {cut_en} {measures}, {grow_en} {growth} ({}): {} {way_en} {change}",
            unit.en, name.en
        ),
    )
}

/// The level that a reduction target of the last year comes to, against
/// whichever year it counts from.
fn level_target(case: &Case<'_>, p: PollutantId, scale: f64) -> Option<LevelTarget> {
    let indicators = case.catalogue.indicators.iter();
    let i = indicators
        .clone()
        .position(|x| x.kind == IndicatorKind::Emission(p))?;
    let values = &case.outcome.indicators[i];
    case.targets().find_map(|(target, verdict)| {
        let Demand::Reduction { wanted, base_year } = target.demand else {
            return None;
        };
        if target.indicator.at() != i || target.year != case.scenario.end_year {
            return None;
        }
        let value = values[case.plan.year(base_year)?] * (1.0 - wanted) / scale;
        let (change, shown) = (percent(wanted), number(value));
        Some(LevelTarget {
            value,
            label: Text::new(
                format!("目标：较{base_year}年 −{change}（{shown}）"),
                format!("Target: −{change} on {base_year} ({shown})"),
            ),
            met: Some(verdict?.met),
        })
    })
}

/// The headline of a case: what share of its targets is met, said in one sentence.
pub fn headline(case: &Case<'_>) -> Text {
    let missed: Vec<_> = case
        .targets()
        .filter(|(_, verdict)| verdict.is_some_and(|v| !v.met))
        .collect();
    let (met, all) = case.score();
    let region = &case.region().named.name;
    let year = case.scenario.end_year;
    let names = |lang: Lang| -> String {
        let mut names: Vec<String> = missed
            .iter()
            .map(|(t, _)| {
                let indicator = &case.catalogue.indicators[t.indicator.at()];
                short_name(case.catalogue, indicator).get(lang).to_string()
            })
            .collect();
        names.dedup();
        names.join(lang.pick("、", ", "))
    };
    let (zh, en) = if all == 0 {
        (
            format!("{}{year}年排放走势", region.zh),
            format!("{}: emissions to {year}", region.en),
        )
    } else if met == all {
        (
            format!("{}{year}年{all}项目标全部达到", region.zh),
            format!("{} meets all {all} targets by {year}", region.en),
        )
    } else {
        (
            format!(
                "{}{year}年{all}项目标达到{met}项，{}未达到",
                region.zh,
                names(Lang::Zh)
            ),
            format!(
                "{} meets {met} of {all} targets by {year}; missed: {}",
                region.en,
                names(Lang::En)
            ),
        )
    };
    Text::new(zh, en)
}
