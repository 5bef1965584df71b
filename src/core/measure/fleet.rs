//! Freight and vehicles: the rules by which their measures become shifts.

use super::extent::{Extent, Shown, common_extent, no_extent};
use super::sales::{self, Fleet};
use super::source::Source;
use super::traced::{Traced, Use};
use super::{Compiled, Context, Measure, Outcome, Problem};
use crate::catalogue::StockUnit;
use crate::dims::{ServiceId, TechnologyId};
use crate::text::Text;

/// The service, its vehicle tag and its stock group.
type OfFleet = (ServiceId, &'static str, &'static str);

/// What a rule makes of the fleet that a measure names, or of both where it names all motor
/// vehicles; a number of those cannot be told apart.
fn each_fleet(
    ctx: &Context<'_>,
    m: &Measure,
    rule: fn(&Context<'_>, &Measure, OfFleet) -> Outcome,
) -> Outcome {
    let trucks = || -> Result<OfFleet, Vec<Problem>> {
        Ok((ctx.service("freight", "fleet")?, "truck", "trucks"))
    };
    let cars = || -> Result<OfFleet, Vec<Problem>> {
        let service = ctx.service("passenger-vehicles", "fleet")?;
        Ok((service, "car", "passenger-vehicles"))
    };
    match m.word("fleet") {
        Some("trucks") => rule(ctx, m, trucks()?),
        Some("vehicles") if m.traced("number").is_some() => Err(vec![
            Problem::new(
                "number",
                Text::new(
                    "汽车总辆数分不出货车和客车各多少",
                    "a number of all motor vehicles does not tell trucks from cars",
                ),
            )
            .with_help(Text::new(
                "货车、客车各写一项（fleet = \"trucks\"、\"cars\"），或改写比例",
                "write one measure each (fleet = \"trucks\", \"cars\"), or a share",
            )),
        ]),
        Some("vehicles") => {
            let fleets = [trucks()?, cars()?];
            Compiled::join(fleets.map(|fleet| rule(ctx, m, fleet)).into())
        }
        _ => rule(ctx, m, cars()?),
    }
}

/// What a number of vehicles is as a part of the service: the fleet's share of
/// the service times the number over the fleet of the end year. There are as many `from`.
fn vehicles(
    ctx: &Context<'_>,
    m: &Measure,
    (service, tag, group): OfFleet,
    from: &[TechnologyId],
    number: Traced,
) -> Result<Extent, Vec<Problem>> {
    let end = m.ramp.end_in(ctx.years);
    let base = ctx.stock(&[group], StockUnit::Vehicles, "number")?;
    let growth = ctx.demand_at(service, end) / ctx.demand_at(service, 0);
    let fleet = ctx.base_shares(&ctx.catalogue.tagged(service, tag));
    let part = number / (base * growth) * fleet;
    let moved = part.clone() * ctx.demand_at(service, end) * m.level;
    ctx.within_stock(m, ("number", Shown::VEHICLES), service, from, &moved)?;
    Ok(Extent::OfService(part / ctx.zone_part(m, service)?))
}

/// The extent of a measure on vehicles.
fn extent(
    ctx: &Context<'_>,
    m: &Measure,
    fleet: OfFleet,
    from: &[TechnologyId],
) -> Result<Extent, Vec<Problem>> {
    match (common_extent(m), m.traced("number")) {
        (Some(extent), _) => Ok(extent),
        (None, Some(number)) => vehicles(ctx, m, fleet, from, number),
        (None, None) => Err(no_extent(m)),
    }
}

/// Retires vehicles up to a stage.
pub(super) fn retirement(ctx: &Context<'_>, m: &Measure) -> Outcome {
    each_fleet(ctx, m, retired)
}

fn retired(ctx: &Context<'_>, m: &Measure, fleet: OfFleet) -> Outcome {
    let stages = ["stage-pre3", "stage-c3", "stage-c4", "stage-c5"];
    let limit = format!("stage-{}", m.word("up_to").unwrap_or_default());
    let upto = stages
        .iter()
        .position(|stage| *stage == limit)
        .unwrap_or_default();
    let from: Vec<TechnologyId> = stages[..=upto]
        .iter()
        .flat_map(|stage| ctx.catalogue.tagged(fleet.0, stage))
        .collect();
    if from.is_empty() {
        return Err(vec![
            Problem::new(
                "up_to",
                Text::new(
                    "该车队没有这一阶段及以前的车辆类别",
                    "this fleet has no technology of that stage or older",
                ),
            )
            .with_help(Text::new(
                "货车最老的类别是 c3（国三及以前）",
                "the oldest class of trucks is c3 (China III and older)",
            )),
        ]);
    }
    let to = ctx.mix(m, "to", fleet.0)?;
    let extent = extent(ctx, m, fleet, &from)?;
    ctx.shift(m, fleet.0, &from, to, extent)
}

/// Spreads new-energy vehicles over a fleet; `reach` is their share of the fleet.
pub(super) fn new_energy(ctx: &Context<'_>, m: &Measure) -> Outcome {
    each_fleet(ctx, m, electrified)
}

fn electrified(ctx: &Context<'_>, m: &Measure, fleet: OfFleet) -> Outcome {
    let all = ctx.catalogue.tagged(fleet.0, fleet.1);
    let (to, from): (Vec<TechnologyId>, Vec<TechnologyId>) = all
        .iter()
        .copied()
        .partition(|k| ctx.catalogue.technologies[k.at()].has_tag("nev"));
    let Some(&target) = to.first() else {
        return Err(vec![Problem::new(
            "fleet",
            Text::new(
                "该车队没有标记 `nev` 的工艺",
                "this fleet has no technology tagged `nev`",
            ),
        )]);
    };
    if let Some(sales) = m.traced("sales") {
        let (shape, before) = match fleet.1 {
            "truck" => ("survival-shape-trucks", "fleet-growth-trucks"),
            _ => ("survival-shape-cars", "fleet-growth-cars"),
        };
        let (service, all, from) = (fleet.0, all.as_slice(), from.as_slice());
        let fleet = Fleet {
            service,
            all,
            shape,
            before,
            to: target,
            from,
        };
        return sales::shift(ctx, m, &fleet, &sales);
    }
    let fleet_share = ctx.shares(&all, m.ramp.end_in(ctx.years));
    let extent = match extent(ctx, m, fleet, &from)? {
        // The fleet is only a part of freight.
        Extent::Reach(reach) => Extent::Reach(reach * fleet_share),
        other => other,
    };
    let to = vec![(target, Traced::fixed(1.0))];
    ctx.shift_from(m, fleet.0, &Source::whole(&from), to, extent)
}

/// Renews named stages.
pub(super) fn renewal(ctx: &Context<'_>, m: &Measure) -> Outcome {
    each_fleet(ctx, m, renewed)
}

fn renewed(ctx: &Context<'_>, m: &Measure, fleet: OfFleet) -> Outcome {
    let from = ctx.aliases(m, "from", fleet.0)?;
    let to = ctx.mix(m, "to", fleet.0)?;
    let extent = extent(ctx, m, fleet, &from)?;
    ctx.shift(m, fleet.0, &from, to, extent)
}

/// Road to rail.
pub(super) fn rail(ctx: &Context<'_>, m: &Measure) -> Outcome {
    off_road(ctx, m, "rail", Some("rail-turnover"))
}

/// Road to inland and coastal ships. Records of water freight hold the ocean as well, so
/// growth counts from what the model has in its year.
pub(super) fn water(ctx: &Context<'_>, m: &Measure) -> Outcome {
    off_road(ctx, m, "water", None)
}

/// Road to another mode. What it gains is spread over its technologies by their present
/// shares; trucks of every stage lose in proportion.
fn off_road(ctx: &Context<'_>, m: &Measure, mode: &str, recorded: Option<&'static str>) -> Outcome {
    let service = ctx.service("freight", "type")?;
    let end = m.ramp.end_in(ctx.years);
    let rail = ctx.catalogue.tagged(service, mode);
    let has = ctx.shares(&rail, end);
    let to = rail.iter().map(|k| {
        let part = if has.value > 0.0 {
            ctx.share(*k, end) / has.clone()
        } else {
            Traced::fixed(1.0 / rail.len() as f64)
        };
        (*k, part)
    });
    let to: Vec<(TechnologyId, Traced)> = to.collect();
    let extent = if let Some(reach) = m.traced("reach") {
        Extent::Reach(reach)
    } else if let Some(turnover) = m.traced("turnover") {
        Extent::Absolute(turnover)
    } else if let Some(growth) = m.traced("growth") {
        Extent::Reach(grown(ctx, m, (service, mode, recorded), end, growth)?)
    } else {
        return Err(no_extent(m));
    };
    let trucks = ctx.catalogue.tagged(service, "truck");
    ctx.shift_from(m, service, &Source::whole(&trucks), to, extent)
}

/// The share of a mode that a growth rate on a year amounts to in the end year: turnover of
/// that year · (1 + growth) / freight demand of the end year. The turnover is that on record,
/// or else what growth and current policy have made of it by then.
/// In a zone, the zone's freight by the mode is taken to have its part of the region's.
fn grown(
    ctx: &Context<'_>,
    m: &Measure,
    (service, mode, quantity): (ServiceId, &str, Option<&'static str>),
    end: usize,
    growth: Traced,
) -> Result<Traced, Vec<Problem>> {
    let Some(since) = m.year("since") else {
        return Err(vec![
            Problem::new(
                "growth",
                Text::new(
                    "`growth` 需要 `since` 给出基准年",
                    "`growth` needs the year `since`",
                ),
            )
            .with_help(Text::new("例如 since = 2017", "e.g. since = 2017")),
        ]);
    };
    let recorded = quantity.and_then(|quantity| {
        let level = ctx.world.recorded.get(&(quantity.to_string(), since))?;
        Some((quantity, level))
    });
    let Some((quantity, recorded)) = recorded else {
        // What nobody recorded is what the model comes to by then.
        let Some(t) = ctx.years.iter().position(|year| *year == since) else {
            return Err(vec![not_recorded(ctx, since, quantity)]);
        };
        let own = ctx.catalogue.tagged(service, mode);
        let share = ctx.shares(&own, t);
        let before = ctx.demand_at(service, t);
        return Ok(share * growth.grown() * before / ctx.demand_at(service, end));
    };
    // Freight demand counts on from the base year: rail must be of the same calibre.
    let base = (quantity.to_string(), ctx.years[0]);
    let base = ctx.world.recorded.get(&base);
    let mixed = base.and_then(|base| recorded.calibred().comparable(base.calibred()).err());
    if let Some(mixed) = mixed {
        let name = |calibre: crate::dims::CalibreId| &ctx.catalogue.calibres[calibre.at()].name;
        let (own, base) = (name(mixed.own.calibre), name(mixed.base.calibre));
        return Err(vec![
            Problem::new(
                "since",
                Text::new(
                    format!(
                        "{since} 年的铁路货物周转量是“{}”，基年是“{}”：口径不同，不能相接",
                        own.zh, base.zh
                    ),
                    format!(
                        "rail turnover of {since} is of the calibre \"{}\", that of the base year \"{}\": they do not join",
                        own.en, base.en
                    ),
                ),
            )
            .with_help(Text::new(
                "改用口径变动以前的年份，或用 reach、turnover 直接写明",
                "count from a year before the change, or say how much with reach or turnover",
            )),
        ]);
    }
    let used = Use::Recorded(quantity.to_string(), since);
    let recorded = Traced::of(recorded.value.value, used);
    Ok(recorded * growth.grown() / ctx.demand_at(service, end)) // t·km / t·km
}

/// A year of which there is no turnover of a mode, on record or in the run.
fn not_recorded(ctx: &Context<'_>, since: i32, quantity: Option<&str>) -> Problem {
    let Some(quantity) = quantity else {
        let text = Text::new(
            format!("{since} 年不在情景的年份之内：水路货运的增长从模型该年的数算起"),
            format!(
                "{since} is no year of the scenario: growth of water freight counts from what the model has in it"
            ),
        );
        return Problem::new("since", text).with_help(Text::new(
            "改用情景之内的年份，或用 reach、turnover 写明做多少",
            "count from a year of the scenario, or say how much with reach or turnover",
        ));
    };
    // Of all regions, so that the same is said wherever the scenario runs.
    let worlds = ctx.catalogue.worlds.iter().flatten();
    let recorded = worlds.flat_map(|world| world.recorded.keys());
    let years = recorded.filter(|(key, _)| key == quantity);
    let mut years: Vec<i32> = years.map(|(_, year)| *year).collect();
    years.sort_unstable();
    let problem = Problem::new(
        "since",
        Text::new(
            format!("没有本地区 {since} 年的铁路货物周转量：记录中没有，也不在情景的年份之内"),
            format!(
                "there is no rail turnover of this region in {since}: it is neither on record nor a year of the scenario"
            ),
        ),
    );
    let (Some(first), Some(last)) = (years.first(), years.last()) else {
        return problem.with_help(Text::new(
            "改用情景之内的年份，或用 reach、turnover 写明做多少",
            "count from a year of the scenario, or say how much with reach or turnover",
        ));
    };
    problem.with_help(Text::new(
        format!("数据中的记录是 {first}—{last} 年；也可用情景之内的年份，或用 reach、turnover 写明做多少"),
        format!("the data have records of {first} to {last}; a year of the scenario will do as well, or say how much with reach or turnover"),
    ))
}
