//! Growth and elasticities against the record.

use super::{Context, Doubt, Finding, Place, outside, percent, range};
use crate::catalogue::World;
use crate::dims::{DriverId, ServiceId};
use crate::provenance::{Origin, Sourced};
use crate::text::Text;

/// Growth this far from the region's own record is worth a word.
const WORTH: f64 = 0.01;
/// Growth this far from it needs a reason, unless the record itself is wider.
const REASON: f64 = 0.02;
/// Within this of the record of all regions nothing is high.
const SLACK: f64 = 0.005;

/// Drivers whose growth goes with GDP; electricity is thermal output.
const WITH_GDP: [&str; 2] = ["electricity", "industry"];

pub(super) fn find(ctx: Context<'_>, found: &mut Vec<Finding>) {
    for d in 0..ctx.catalogue.drivers.len() {
        let driver = DriverId::from_usize(d);
        if used(ctx, driver) {
            found.extend(beyond_record(ctx, driver));
            found.extend(against_record(ctx, driver));
            found.extend(carried_on(ctx, driver));
        }
    }
    for id in WITH_GDP {
        let driver = ctx.catalogue.driver(id);
        found.extend(
            driver
                .filter(|d| used(ctx, *d))
                .and_then(|d| apart_from_gdp(ctx, d)),
        );
    }
    for (service, value) in &ctx.scenario.elasticity {
        found.extend(elasticity(ctx, *service, *value));
    }
}

/// Whether anything follows the driver.
fn used(ctx: Context<'_>, driver: DriverId) -> bool {
    let plan = ctx.plan;
    let mut services = plan.driver.iter().zip(&plan.demand);
    driver == plan.gdp || services.any(|(d, demand)| *d == driver && *demand > 0.0)
}

/// The recorded growth of a driver, by year.
fn record(world: &World, driver: DriverId) -> Vec<(i32, Sourced)> {
    let all = world.growth.range((driver, i32::MIN)..=(driver, i32::MAX));
    all.map(|((_, year), (value, _))| (*year, *value)).collect()
}

/// Whether the plan's growth in the year at `t` comes from the scenario.
fn is_stated(ctx: Context<'_>, driver: DriverId, t: usize) -> bool {
    let recorded = ctx.scenario.world.growth.get(&(driver, ctx.plan.years[t]));
    recorded.is_none_or(|(value, _)| (value.value - ctx.plan.growth[driver.at()][t]).abs() > 1e-12)
}

/// The row with the value nearest to `value`.
fn nearest(record: &[(i32, Sourced)], value: f64) -> Option<Origin> {
    let distance = |x: &&(i32, Sourced)| (x.1.value - value).abs();
    let found = record
        .iter()
        .min_by(|a, b| distance(a).total_cmp(&distance(b)));
    found.map(|(_, value)| value.origin)
}

/// The widest range of a quantity over the regions that have it.
fn everywhere(ctx: Context<'_>, values: impl Fn(&World) -> Vec<f64>) -> Option<(f64, f64)> {
    range(ctx.catalogue.worlds.iter().flatten().flat_map(values))
}

/// How much a distance from the own record (`low..=high`) and from that of all
/// regions is to be doubted.
fn doubt(own: f64, width: f64, all: f64) -> Option<Doubt> {
    if own <= WORTH {
        None
    } else if all > SLACK {
        Some(Doubt::High)
    } else if own > width.max(REASON) {
        Some(Doubt::Medium)
    } else {
        Some(Doubt::Low)
    }
}

/// Stated growth outside what has been recorded.
fn beyond_record(ctx: Context<'_>, driver: DriverId) -> Option<Finding> {
    let record = record(&ctx.scenario.world, driver);
    let (low, high) = range(record.iter().map(|(_, value)| value.value))?;
    let (lowest, highest) = everywhere(ctx, |world| {
        let all = world.growth.range((driver, i32::MIN)..=(driver, i32::MAX));
        all.map(|(_, (value, _))| value.value).collect()
    })?;
    let path = &ctx.plan.growth[driver.at()];
    let worst = (1..path.len()).filter(|t| is_stated(ctx, driver, *t));
    let worst = worst.max_by(|a, b| {
        let far = |t: usize| outside(path[t], low, high);
        far(*a).total_cmp(&far(*b)).then(b.cmp(a))
    })?;
    let rate = path[worst];
    let doubt = doubt(
        outside(rate, low, high),
        high - low,
        outside(rate, lowest, highest),
    )?;
    let limit = if rate > high { high } else { low };
    let named = &ctx.catalogue.drivers[driver.at()];
    let year = ctx.plan.years[worst];
    let (first, last) = (record.first()?.0, record.last()?.0);
    let (rate_text, low, high) = (percent(rate), percent(low), percent(high));
    let (lowest, highest) = (percent(lowest), percent(highest));
    Some(Finding {
        code: "growth-beyond-record",
        doubt,
        text: Text::new(
            format!("“{}”{year} 年增长 {rate_text}，超出历史记录", named.name.zh),
            format!(
                "growth of {} in {year} is {rate_text}, outside the record",
                named.name.en
            ),
        ),
        place: Place::Growth(driver),
        found: rate,
        yardstick: limit,
        basis: Text::new(
            format!("本地区 {first}—{last} 年增长 {low} 至 {high}；各地区 {lowest} 至 {highest}"),
            format!(
                "{first}-{last} the region grew {low} to {high}; all regions {lowest} to {highest}"
            ),
        ),
        origins: nearest(&record, limit).into_iter().collect(),
        advice: Text::new(
            "核对增长率；确有依据的，在文件里写明出处",
            "check the rate; if there is a reason for it, say so in the file",
        ),
    })
}

/// Stated growth in place of a record that says otherwise.
fn against_record(ctx: Context<'_>, driver: DriverId) -> Option<Finding> {
    let path = &ctx.plan.growth[driver.at()];
    let differences = (1..path.len()).filter_map(|t| {
        let (value, _) = ctx
            .scenario
            .world
            .growth
            .get(&(driver, ctx.plan.years[t]))?;
        Some((t, *value, path[t] - value.value))
    });
    let (t, value, difference) = differences.max_by(|a, b| a.2.abs().total_cmp(&b.2.abs()))?;
    if difference.abs() <= SLACK {
        return None;
    }
    let named = &ctx.catalogue.drivers[driver.at()];
    let year = ctx.plan.years[t];
    let (stated, recorded) = (percent(path[t]), percent(value.value));
    Some(Finding {
        code: "growth-against-record",
        doubt: if difference.abs() > REASON {
            Doubt::High
        } else {
            Doubt::Medium
        },
        text: Text::new(
            format!("“{}”{year} 年写作 {stated}，与记录不同", named.name.zh),
            format!(
                "growth of {} in {year} is given as {stated}, against the record",
                named.name.en
            ),
        ),
        place: Place::Growth(driver),
        found: path[t],
        yardstick: value.value,
        basis: Text::new(
            format!("{year} 年记录为 {recorded}"),
            format!("the record of {year} is {recorded}"),
        ),
        origins: vec![value.origin],
        advice: Text::new(
            "有记录的年份不必写：从无记录的年份写起",
            "leave years with a record out; begin with the first year without",
        ),
    })
}

/// The growth of a driver and the years it was recorded, from the base year on without
/// a gap.
fn steps(ctx: Context<'_>, world: &World, driver: DriverId) -> Vec<f64> {
    let first = ctx.plan.years[0] + 1;
    let found = (first..).map_while(|year| world.growth.get(&(driver, year)));
    found.map(|(value, _)| value.value).collect()
}

/// The largest (or smallest) factor by which recorded growth multiplied a driver within
/// at most `years` years, and in how many.
fn furthest(steps: &[f64], years: usize, up: bool) -> Option<(f64, usize)> {
    let mut found: Option<(f64, usize)> = None;
    for start in 0..steps.len() {
        let mut factor = 1.0;
        for (i, step) in steps[start..].iter().take(years).enumerate() {
            factor *= 1.0 + step;
            let further =
                found.is_none_or(|(other, _)| if up { factor > other } else { factor < other });
            if further {
                found = Some((factor, i + 1));
            }
        }
    }
    found
}

/// Growth after the last recorded year that carries a driver further beyond all that is
/// recorded than the record ever moved.
///
/// ```text
/// beyond  = L[T] / max(L[b] … L[r])         L level, b base year, r last recorded, T last year
/// allowed = F · (1 + max(g, 0))^(N − n)     F the largest factor recorded within n ≤ N = T − r
///                                           years, g the nation's mean recorded growth
/// pace    = (beyond / allowed)^(1/N) − 1    points a year too many
/// ```
///
/// and the same downwards, with min for max. Getting back to a level that was there
/// before is no growth beyond the record.
fn carried_on(ctx: Context<'_>, driver: DriverId) -> Option<Finding> {
    let path = &ctx.plan.growth[driver.at()];
    let own = steps(ctx, &ctx.scenario.world, driver);
    let last = path.len() - 1;
    let recorded = (1..=last).rev().find(|t| !is_stated(ctx, driver, *t))?;
    let years = last - recorded;
    if years < 2 || own.is_empty() {
        return None;
    }
    let mut levels = vec![1.0];
    for rate in &path[1..] {
        levels.push(levels[levels.len() - 1] * (1.0 + rate));
    }
    let (known, end) = (&levels[..=recorded], levels[last]);
    let (low, high) = range(known.iter().copied())?;
    let up = end > high;
    if !up && end >= low {
        return None;
    }
    let beyond = if up { end / high } else { end / low };
    let nation = ctx
        .catalogue
        .region("china")
        .and_then(|id| ctx.catalogue.world(id));
    let nation = nation
        .map(|world| steps(ctx, world, driver))
        .unwrap_or_default();
    let mean = nation.iter().sum::<f64>() / nation.len().max(1) as f64;
    let usual: f64 = if up { mean.max(0.0) } else { mean.min(0.0) };
    let over = |(factor, n): (f64, usize)| -> f64 {
        let left = i32::try_from(years - n).unwrap_or(0);
        let allowed = factor * (1.0 + usual).powi(left);
        let pace = libm::pow(beyond / allowed, 1.0 / years as f64) - 1.0;
        if up { pace } else { -pace }
    };
    let furthest_here = furthest(&own, years, up)?;
    let worlds = ctx.catalogue.worlds.iter().flatten();
    let all = worlds.filter_map(|world| {
        let found = furthest(&steps(ctx, world, driver), years, up)?;
        Some((over(found), found))
    });
    let (nearest_all, furthest_all) = all.min_by(|a, b| a.0.total_cmp(&b.0))?;
    let doubt = doubt(over(furthest_here), REASON, nearest_all)?;
    let carried = Carried {
        recorded,
        years,
        times: end / levels[recorded],
        here: furthest_here,
        there: furthest_all,
    };
    Some(carried.finding(ctx, driver, doubt))
}

/// Growth carried on beyond the record.
struct Carried {
    /// The index of the last recorded year.
    recorded: usize,
    /// The years after it.
    years: usize,
    /// What the driver is multiplied with in them.
    times: f64,
    /// The largest factor recorded in the region, and in how many years.
    here: (f64, usize),
    /// The same of all regions.
    there: (f64, usize),
}

impl Carried {
    fn finding(&self, ctx: Context<'_>, driver: DriverId, doubt: Doubt) -> Finding {
        let named = &ctx.catalogue.drivers[driver.at()];
        let (from, years) = (ctx.plan.years[self.recorded], self.years);
        let to = ctx.plan.years[self.recorded + years];
        let number = |factor: f64| format!("{factor:.2}");
        let ((here, n), (there, m)) = (self.here, self.there);
        let [times, here_text, there_text] = [self.times, here, there].map(number);
        let origins = record(&ctx.scenario.world, driver);
        Finding {
            code: "growth-carried-on",
            doubt,
            text: Text::new(
                format!(
                    "“{}”记录到 {from} 年，此后 {years} 年到 {to} 年变为 {times} 倍，超出记录所及",
                    named.name.zh
                ),
                format!(
                    "{} is recorded to {from}; in the {years} years to {to} it goes to {times} times that, further than the record reaches",
                    named.name.en
                ),
            ),
            place: Place::Growth(driver),
            found: self.times,
            yardstick: here,
            basis: Text::new(
                format!(
                    "本地区有记录以来 {n} 年内变动最大为 {here_text} 倍，各地区中 {m} 年内最大为 {there_text} 倍"
                ),
                format!(
                    "the region recorded {here_text} times at most, within {n} years, all regions {there_text} times within {m}"
                ),
            ),
            origins: origins
                .iter()
                .map(|(_, value)| value.origin)
                .rev()
                .take(1)
                .collect(),
            advice: Text::new(
                "少数几年的增速不宜一直延续；用规划或展望的数，写明出处",
                "a few fast years do not go on for ever: take the figure of a plan or an outlook, and say which",
            ),
        }
    }
}

/// A driver that parts from GDP by more than it ever did.
fn apart_from_gdp(ctx: Context<'_>, driver: DriverId) -> Option<Finding> {
    let gdp = ctx.plan.gdp;
    let differences = |world: &World| -> Vec<f64> {
        let own = record(world, driver);
        let pairs = own.iter().filter_map(|(year, value)| {
            let (gdp, _) = world.growth.get(&(gdp, *year))?;
            Some(value.value - gdp.value)
        });
        pairs.collect()
    };
    let (low, high) = range(differences(&ctx.scenario.world))?;
    let (lowest, highest) = everywhere(ctx, differences)?;
    let years: Vec<usize> = (1..ctx.plan.span())
        .filter(|t| is_stated(ctx, driver, *t))
        .collect();
    if years.is_empty() {
        return None;
    }
    let mean = |d: DriverId| -> f64 {
        years
            .iter()
            .map(|t| ctx.plan.growth[d.at()][*t])
            .sum::<f64>()
            / years.len() as f64
    };
    let (own, with) = (mean(driver), mean(gdp));
    let apart = own - with;
    let doubt = doubt(
        outside(apart, low, high),
        0.0,
        outside(apart, lowest, highest),
    )?;
    let limit = if apart > high { high } else { low };
    let named = &ctx.catalogue.drivers[driver.at()];
    let record = record(&ctx.scenario.world, driver);
    let (own, with) = (percent(own), percent(with));
    let points = |value: f64| format!("{:+.1}", value * 100.0);
    let (low, high) = (points(low), points(high));
    Some(Finding {
        code: "growth-parts-from-gdp",
        doubt,
        text: Text::new(
            format!(
                "“{}”年均增长 {own}，地区生产总值 {with}，相差 {} 个百分点",
                named.name.zh,
                points(apart)
            ),
            format!(
                "{} grows {own} a year and GDP {with}: {} points apart",
                named.name.en,
                points(apart)
            ),
        ),
        place: Place::Growth(driver),
        found: apart,
        yardstick: limit,
        basis: Text::new(
            format!("有记录各年相差 {low} 至 {high} 个百分点"),
            format!("in the record they were {low} to {high} points apart"),
        ),
        origins: record
            .iter()
            .map(|(_, value)| value.origin)
            .take(1)
            .collect(),
        advice: Text::new(
            "两个增长率应出自同一套展望；写明二者为何背离",
            "take both rates from one outlook, or say why they part",
        ),
    })
}

/// An elasticity outside the range that the data give.
fn elasticity(ctx: Context<'_>, id: ServiceId, value: f64) -> Option<Finding> {
    let service = &ctx.catalogue.services[id.at()];
    let known = service.elasticity;
    let far = outside(value, known.low, known.high);
    if far <= 1e-9 {
        return None;
    }
    let limit = if value > known.high {
        known.high
    } else {
        known.low
    };
    let (low, high) = (known.low, known.high);
    Some(Finding {
        code: "elasticity-outside-range",
        doubt: if far > (high - low).max(0.2) {
            Doubt::High
        } else {
            Doubt::Medium
        },
        text: Text::new(
            format!("“{}”的弹性 {value} 超出数据所给范围", service.named.name.zh),
            format!(
                "an elasticity of {value} for {} lies outside the range of the data",
                service.named.name.en
            ),
        ),
        place: Place::Elasticity(id),
        found: value,
        yardstick: limit,
        basis: Text::new(
            format!("数据给出 {low} 至 {high}"),
            format!("the data give {low} to {high}"),
        ),
        origins: vec![known.origin],
        advice: Text::new(
            "写明出处，或改回范围以内",
            "say where it comes from, or keep within the range",
        ),
    })
}
