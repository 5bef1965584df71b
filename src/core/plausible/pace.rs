//! How fast shares and emissions move, against the fastest that has been recorded.

use super::{Context, Doubt, Finding, Place, percent};
use crate::catalogue::{Experience, World};
use crate::dims::{CalibreId, IndicatorId, ServiceId, TechnologyId};
use crate::provenance::{Origin, Sourced};
use crate::text::Text;

/// Faster than recorded by less than this is the same.
const SLACK: f64 = 1.05;
/// Shares of a service below this are no stock worth a word.
const SMALL: f64 = 0.01;

pub(super) fn find(ctx: Context<'_>, found: &mut Vec<Finding>) {
    experience(ctx, found);
    found.extend(rail(ctx));
    stocks(ctx, found);
    progress(ctx, found);
}

/// The ratio to the yardstick at which a finding is of which kind.
fn doubt(ratio: f64) -> Option<Doubt> {
    match ratio {
        r if r <= SLACK => None,
        r if r <= 1.25 => Some(Doubt::Low),
        r if r <= 2.0 => Some(Doubt::Medium),
        _ => Some(Doubt::High),
    }
}

/// The rise of the joint share of technologies in each year, with all measures.
struct Rise {
    /// The index of the year of the fastest rise.
    t: usize,
    /// The rise (points of the service, as a fraction).
    value: f64,
    /// The measure that does most of it.
    measure: usize,
}

fn fastest(ctx: Context<'_>, technologies: &[TechnologyId]) -> Option<Rise> {
    let plan = ctx.plan;
    let mut by_measure = vec![vec![0.0; plan.span()]; plan.measures.len()];
    for row in plan
        .shares
        .iter()
        .filter(|row| technologies.contains(&row.technology))
    {
        for (m, change) in &row.changes {
            for (cell, value) in by_measure[*m].iter_mut().zip(change) {
                *cell += plan.measures[*m].level * value;
            }
        }
    }
    let step = |m: usize, t: usize| by_measure[m][t] - by_measure[m][t - 1];
    let total = |t: usize| (0..by_measure.len()).map(|m| step(m, t)).sum::<f64>();
    let t = (1..plan.span()).max_by(|a, b| total(*a).total_cmp(&total(*b)).then(b.cmp(a)))?;
    let measure = (0..by_measure.len()).max_by(|a, b| step(*a, t).total_cmp(&step(*b, t)))?;
    Some(Rise {
        t,
        value: total(t),
        measure,
    })
}

/// Shares of technologies against `experience.csv`: the row of the region, or else
/// that of the nation.
fn experience(ctx: Context<'_>, found: &mut Vec<Finding>) {
    let all = &ctx.catalogue.experience;
    for row in all {
        let own = row.region == ctx.scenario.region;
        let better = |other: &&Experience| {
            other.region == ctx.scenario.region
                && (other.service, &other.tag) == (row.service, &row.tag)
        };
        let nation = ctx.catalogue.regions[row.region.at()].parent.is_none();
        if !own && (!nation || all.iter().any(|other| better(&other))) {
            continue;
        }
        let technologies = ctx.catalogue.tagged(row.service, &row.tag);
        let Some(rise) = fastest(ctx, &technologies) else {
            continue;
        };
        let Some(doubt) = doubt(rise.value / row.value.value) else {
            continue;
        };
        let year = ctx.plan.years[rise.t];
        let (value, record) = (percent(rise.value), percent(row.value.value));
        let (name, region) = (
            &row.name,
            &ctx.catalogue.regions[row.region.at()].named.name,
        );
        found.push(Finding {
            code: "share-faster-than-recorded",
            doubt,
            text: Text::new(
                format!(
                    "{}在 {year} 年一年提高 {value}（占该活动），快于历史最快",
                    name.zh
                ),
                format!(
                    "{} rises by {value} of the service in {year}, faster than ever recorded",
                    name.en
                ),
            ),
            place: Place::Measure(ctx.plan.measures[rise.measure].id.clone(), ""),
            found: rise.value,
            yardstick: row.value.value,
            basis: Text::new(
                format!("{}最快一年提高 {record}（{}）", region.zh, row.period),
                format!(
                    "the fastest year on record is {record} ({}, {})",
                    region.en, row.period
                ),
            ),
            origins: vec![row.value.origin],
            advice: Text::new(
                "放慢时间表（start、end 或 points），或说明凭什么更快",
                "slow the timetable down (start, end or points), or say what makes it faster",
            ),
        });
    }
}

/// The recorded rail share of freight (ocean shipping left out) in years of one calibre.
fn rail_record(world: &World) -> Vec<(i32, f64, CalibreId, Origin)> {
    let get = |quantity: &str, year: i32| world.recorded.get(&(quantity.to_string(), year));
    let years = world
        .recorded
        .keys()
        .filter(|(quantity, _)| quantity == "rail-turnover");
    let share = |year: i32| {
        let (rail, road) = (get("rail-turnover", year)?, get("road-turnover", year)?);
        let water = get("water-turnover", year).filter(|water| water.calibre == rail.calibre);
        let ocean = get("water-ocean-turnover", year).map_or(0.0, |ocean| ocean.value.value);
        let water = water.map_or(0.0, |water| water.value.value - ocean);
        let all = rail.value.value + road.value.value + water;
        (rail.calibre == road.calibre && all > 0.0).then(|| {
            (
                year,
                rail.value.value / all,
                rail.calibre,
                rail.value.origin,
            )
        })
    };
    years.filter_map(|(_, year)| share(*year)).collect()
}

/// The fastest recorded rise of the rail share: year, rise, row.
fn rail_fastest(world: &World) -> Option<(i32, f64, Origin)> {
    let record = rail_record(world);
    let pairs = record
        .windows(2)
        .filter(|pair| pair[0].0 + 1 == pair[1].0 && pair[0].2 == pair[1].2);
    let rises = pairs.map(|pair| (pair[1].0, pair[1].1 - pair[0].1, pair[1].3));
    rises
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .filter(|rise| rise.1 > 0.0)
}

/// The rail share of freight against the record of the region and of all regions.
fn rail(ctx: Context<'_>) -> Option<Finding> {
    let freight = ctx.catalogue.service("freight")?;
    let rise = fastest(ctx, &ctx.catalogue.tagged(freight, "rail"))?;
    let nation = ctx
        .catalogue
        .regions
        .iter()
        .position(|r| r.parent.is_none())?;
    let nation = ctx.catalogue.worlds[nation].as_ref()?;
    let own = rail_fastest(&ctx.scenario.world);
    let (from_zh, from_en) = if own.is_some() {
        ("本地区", "in the region")
    } else {
        ("全国", "in the nation")
    };
    let (year, record, origin) = own.or_else(|| rail_fastest(nation))?;
    let all = ctx.catalogue.worlds.iter().flatten();
    let all = all.filter_map(rail_fastest).map(|(_, rise, _)| rise);
    let all = all.fold(record, f64::max);
    let doubt = match doubt(rise.value / record)? {
        Doubt::High if rise.value <= all => Doubt::Medium,
        other => other,
    };
    let (value, when) = (percent(rise.value), ctx.plan.years[rise.t]);
    let (record_text, all) = (percent(record), percent(all));
    Some(Finding {
        code: "rail-faster-than-recorded",
        doubt,
        text: Text::new(
            format!("铁路货运占比 {when} 年一年提高 {value}，快于历史最快"),
            format!(
                "the rail share of freight rises by {value} in {when}, faster than ever recorded"
            ),
        ),
        place: Place::Measure(ctx.plan.measures[rise.measure].id.clone(), ""),
        found: rise.value,
        yardstick: record,
        basis: Text::new(
            format!("{from_zh}最快为 {year} 年的 {record_text}；各地区最快 {all}"),
            format!("the fastest {from_en} was {record_text} in {year}; in any region {all}"),
        ),
        origins: vec![origin],
        advice: Text::new(
            "放慢时间表或降低 reach、growth；核对专用线与运能",
            "slow the timetable or lower `reach` or `growth`; check sidings and capacity",
        ),
    })
}

/// Measures that replace most of a stock within one year.
fn stocks(ctx: Context<'_>, found: &mut Vec<Finding>) {
    for (m, measure) in ctx.plan.measures.iter().enumerate() {
        let mut worst: Option<(f64, TechnologyId, usize)> = None;
        for row in &ctx.plan.shares {
            let part = zone_part(
                ctx,
                m,
                ctx.catalogue.technologies[row.technology.at()].service,
            );
            let stock = row.base * part;
            let change = row.changes.iter().find(|(other, _)| *other == m);
            let Some((_, change)) = change.filter(|_| row.base >= SMALL && stock > 0.0) else {
                continue;
            };
            for t in 1..change.len() {
                let taken = -measure.level * (change[t] - change[t - 1]) / stock;
                if worst.is_none_or(|(most, _, _)| taken > most + 1e-12) {
                    worst = Some((taken, row.technology, t));
                }
            }
        }
        let Some((taken, technology, t)) = worst.filter(|(taken, _, _)| *taken >= 0.5 - 1e-9)
        else {
            continue;
        };
        found.push(stock_finding(ctx, m, (taken, technology, t)));
    }
}

fn stock_finding(
    ctx: Context<'_>,
    m: usize,
    (taken, technology, t): (f64, TechnologyId, usize),
) -> Finding {
    let (measure, technology) = (
        &ctx.plan.measures[m],
        &ctx.catalogue.technologies[technology.at()],
    );
    let (name, year) = (&technology.named.name, ctx.plan.years[t]);
    let turnover = technology.lifetime.map(|years| 1.0 / years);
    let natural = turnover.map_or(Text::default(), |rate| {
        let rate = percent(rate);
        Text::new(
            format!("；按寿命自然更新每年 {rate}"),
            format!("; renewal at the end of its life takes {rate} a year"),
        )
    });
    Finding {
        code: "stock-replaced-in-one-year",
        doubt: if taken >= 0.8 {
            Doubt::High
        } else {
            Doubt::Medium
        },
        text: Text::new(
            format!(
                "“{}”在 {year} 年一年替代“{}”基年存量的 {}",
                measure.name.zh,
                name.zh,
                percent(taken)
            ),
            format!(
                "{} replaces {} of the stock of {} within {year}",
                measure.name.en,
                percent(taken),
                name.en
            ),
        ),
        place: Place::Measure(measure.id.clone(), ""),
        found: taken,
        yardstick: 0.5,
        basis: Text::new(
            format!("一年替代一半以上即须说明（程序规则）{}", natural.zh),
            format!(
                "more than half within a year needs a reason (a rule of the program){}",
                natural.en
            ),
        ),
        origins: Vec::new(),
        advice: Text::new(
            "把时间表拉长到几年，或写明为何一年可成",
            "spread it over several years, or say how it can be done in one",
        ),
    }
}

/// The part of the service that a measure can reach.
fn zone_part(ctx: Context<'_>, m: usize, service: ServiceId) -> f64 {
    let zone = ctx.plan.measures[m].zone;
    let part = zone.and_then(|zone| ctx.catalogue.zones.get(&(zone, service)));
    part.map_or(1.0, |part| part.value)
}

/// Published yearly paces of an indicator: year and pace, the cumulative value's row.
fn published(ctx: Context<'_>, id: &str) -> Option<(i32, f64, Origin, bool)> {
    let all = &ctx.catalogue.achievements;
    let own = all
        .iter()
        .any(|a| a.region == ctx.scenario.region && a.indicator == id);
    let mut series: Vec<(i32, Sourced, i32)> = all
        .iter()
        .filter(|a| a.indicator == id)
        .filter(|a| {
            let nation = ctx.catalogue.regions[a.region.at()].parent.is_none();
            if own {
                a.region == ctx.scenario.region
            } else {
                nation
            }
        })
        .map(|a| (a.year, a.value, a.base_year))
        .collect();
    series.sort_by_key(|(year, _, _)| *year);
    let mut before = (series.first()?.2, 0.0);
    let mut best: Option<(i32, f64, Origin)> = None;
    for (year, value, _) in series {
        let pace = (value.value - before.1) / f64::from((year - before.0).max(1));
        if best.is_none_or(|(_, most, _)| pace > most) {
            best = Some((year, pace, value.origin));
        }
        before = (year, value.value);
    }
    best.map(|(year, pace, origin)| (year, pace, origin, own))
}

/// Reductions against the fastest published progress.
fn progress(ctx: Context<'_>, found: &mut Vec<Finding>) {
    for (i, indicator) in ctx.catalogue.indicators.iter().enumerate() {
        let Some((year, pace, origin, own)) = published(ctx, &indicator.named.id) else {
            continue;
        };
        let values = &ctx.outcome.indicators[i];
        if pace <= 0.0 || values[0] <= 0.0 {
            continue;
        }
        let fall = |t: usize| (values[t - 1] - values[t]) / values[0];
        let steps = (1..values.len()).max_by(|a, b| fall(*a).total_cmp(&fall(*b)).then(b.cmp(a)));
        let Some(t) = steps else { continue };
        let Some(mut doubt) = doubt(fall(t) / pace) else {
            continue;
        };
        if !own {
            doubt = doubt.max(Doubt::Medium);
        }
        let measure = strongest(ctx, IndicatorId::from_usize(i), t);
        let (name, when) = (&indicator.named.name, ctx.plan.years[t]);
        let (fallen, pace_text) = (percent(fall(t)), percent(pace));
        let base = ctx.plan.years[0];
        found.push(Finding {
            code: "faster-than-published",
            doubt,
            text: Text::new(
                format!("{} {when} 年一年下降 {fallen}（占 {base} 年），快于公布的最快进展", name.zh),
                format!("{}: −{fallen} of {base} within {when}, faster than any published year", name.en),
            ),
            place: measure.map_or(Place::Scenario, |id| Place::Measure(id, "")),
            found: fall(t),
            yardstick: pace,
            basis: Text::new(
                format!("公布的最快进展每年 {pace_text}（至 {year} 年，固定基数核算）"),
                format!("the fastest published pace is {pace_text} a year (to {year}, fixed-base accounting)"),
            ),
            origins: vec![origin],
            advice: Text::new(
                "核对这一年的主要措施；核算认定量常低于排放因子推算",
                "check the main measure of that year; official accounting credits less than factors imply",
            ),
        });
    }
}

/// The measure that takes most in the year at `t`.
fn strongest(ctx: Context<'_>, id: IndicatorId, t: usize) -> Option<String> {
    let account = ctx.catalogue.indicators[id.at()].kind.inventoried()?;
    let q = ctx.plan.account(account)?;
    let step = |m: usize| {
        let change = ctx.outcome.run.change.row(m, q);
        change[t] - change[t - 1]
    };
    let m = (0..ctx.plan.measures.len()).min_by(|a, b| step(*a).total_cmp(&step(*b)))?;
    (step(m) < 0.0).then(|| ctx.plan.measures[m].id.clone())
}
