//! Works and furnaces: capacity closed, electric steel, kilns and furnaces on cleaner
//! energy.
//!
//! A capacity (t a year) becomes output at the rate at which works of the kind run:
//!
//! ```text
//! t = t of capacity · utilisation, or the output itself   cement from clinker: / clinker-per-cement
//! furnaces by coal: units of the service = tce / (tce per unit)
//! ```

use super::extent::{Extent, Shown, common_extent, no_extent};
use super::source::Source;
use super::traced::{Traced, Use};
use super::{Context, Measure, Outcome, Problem};
use crate::dims::{CarrierId, ServiceId, TechnologyId};
use crate::provenance::Sourced;
use crate::text::Text;

/// The rate at which works of a product run: the one stated, or else that of the data.
pub(super) fn utilisation(
    ctx: &Context<'_>,
    m: &Measure,
    product: &str,
) -> Result<Traced, Vec<Problem>> {
    let stated = m.traced("utilisation");
    stated.map_or_else(|| ctx.parameter(&format!("utilisation-{product}")), Ok)
}

/// A field that turns a capacity into something, where no capacity is stated.
pub(super) fn without_capacity(m: &Measure, keys: &[&'static str]) -> Result<(), Vec<Problem>> {
    let found = keys.iter().find(|key| m.values.contains_key(*key));
    match found {
        Some(key) if !m.values.contains_key("capacity") => Err(vec![Problem::new(
            *key,
            Text::new(
                format!("`{key}` 与 `capacity` 一起用，这里没有 capacity"),
                format!("`{key}` goes with `capacity`, which is not given"),
            ),
        )]),
        _ => Ok(()),
    }
}

/// Closes capacity of works: those without a retrofit first, where too little is left of
/// them the others; their output moves to the technologies of `to`, or is no longer made.
pub(super) fn closure(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let product = m.word("product").unwrap_or_default();
    let id = if product == "clinker" {
        "cement"
    } else {
        product
    };
    // Documents cut capacity of products that are no service of the model, too.
    let service = ctx.catalogue.service(id);
    let service = service.ok_or_else(|| vec![not_modelled()])?;
    let to = ctx.mix(m, "to", service)?;
    without_capacity(m, &["utilisation"])?;
    let (key, mut output) = match (m.traced("capacity"), m.traced("output")) {
        (Some(capacity), _) => ("capacity", capacity * utilisation(ctx, m, product)?),
        (None, Some(output)) => ("output", output),
        (None, None) => return Err(no_extent(m)),
    };
    if product == "clinker" {
        output = output / ctx.parameter("clinker-per-cement")?;
    }
    let gains = |k: &TechnologyId| to.iter().any(|(other, _)| other == k);
    let (plain, others) = furnaces(ctx, service);
    let others: Vec<TechnologyId> = others.into_iter().filter(|k| !gains(k)).collect();
    let all = [plain.as_slice(), &others].concat();
    ctx.within_stock(m, (key, Shown::OUTPUT), service, &all, &output)?;
    let from = Source::then(&plain, &others);
    ctx.shift_from(m, service, &from, to, Extent::Absolute(output))
}

/// The plant of a product that burns fuel: as it is, and treated or retrofitted.
fn furnaces(ctx: &Context<'_>, service: ServiceId) -> (Vec<TechnologyId>, Vec<TechnologyId>) {
    let has = |k: &TechnologyId, tag: &str| ctx.catalogue.technologies[k.at()].has_tag(tag);
    let saved = ctx.catalogue.saved(service);
    let all = ctx.catalogue.services[service.at()].technologies.iter();
    let all = all.copied().filter(|k| *k != saved && !has(k, "electric"));
    all.partition(|k| has(k, "plain"))
}

/// The problem of a product that is no service of the model.
fn not_modelled() -> Problem {
    Problem::new(
        "product",
        Text::new(
            "模型没有这种产品的活动：只有粗钢、水泥、熟料、焦炭的产能可以折成排放",
            "the product is no service of the model: capacity of crude steel, cement, clinker and coke alone can be turned into emissions",
        ),
    )
    .with_help(Text::new(
        "它的炉窑在 other-industry 里：知道占多少时写 industry-structure 或 furnace-fuel-switch 的比例，否则写在 [tracked]",
        "its furnaces are part of other-industry: where the part is known, give it with industry-structure or furnace-fuel-switch, else write it under [tracked]",
    ))
}

/// Converter steel gives way to electric furnaces; `reach` is their share of crude steel.
pub(super) fn electric_steel(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let service = ctx.service("steel", "type")?;
    let (plain, others) = furnaces(ctx, service);
    let from = [plain, others].concat();
    let to = ctx.technology(service, "eaf", "type")?;
    let extent = match (common_extent(m), m.traced("output")) {
        (Some(extent), _) => extent,
        (None, Some(output)) => {
            ctx.within_stock(m, ("output", Shown::OUTPUT), service, &from, &output)?;
            Extent::Absolute(output)
        }
        (None, None) => return Err(no_extent(m)),
    };
    let to = vec![(to, Traced::fixed(1.0))];
    ctx.shift_from(m, service, &Source::whole(&from), to, extent)
}

/// Furnaces, kilns and dryers of other industry on coal (or oil) change to cleaner energy;
/// an amount is the coal that they no longer burn.
pub(super) fn furnace_fuel(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let service = ctx.service("other-industry", "type")?;
    let to = ctx.mix(m, "to", service)?;
    let fuel = m.word("fuel").unwrap_or("coal");
    let gains = |k: &TechnologyId| to.iter().any(|(other, _)| other == k);
    let mut from = ctx.catalogue.tagged(service, fuel);
    if !from.iter().all(gains) {
        from.retain(|k| !gains(k));
    }
    let extent = match (common_extent(m), m.traced("amount")) {
        (Some(extent), _) => extent,
        (None, Some(_)) if fuel != "coal" => {
            return Err(vec![
                Problem::new(
                    "amount",
                    Text::new(
                        "`amount` 是煤量，只用于燃煤炉窑",
                        "`amount` is coal: it fits furnaces on coal only",
                    ),
                )
                .with_help(Text::new("改用 share 比例", "give a `share` instead")),
            ]);
        }
        (None, Some(coal)) => {
            let units = units_of_coal(ctx, &from, coal)?;
            ctx.within_stock(m, ("amount", Shown::COAL), service, &from, &units)?;
            Extent::Absolute(units)
        }
        (None, None) => return Err(no_extent(m)),
    };
    ctx.shift_from(m, service, &Source::whole(&from), to, extent)
}

/// What an amount of coal (tce) is in natural units of the service of furnaces that burn it.
/// Those of one service burn alike: the first speaks for all.
///
/// ```text
/// units = tce / (tce per unit of the service) · natural units in one
/// ```
fn units_of_coal(
    ctx: &Context<'_>,
    from: &[TechnologyId],
    coal: Traced,
) -> Result<Traced, Vec<Problem>> {
    let carriers = &ctx.catalogue.carriers;
    let found = from.iter().find_map(|k| {
        let technology = &ctx.catalogue.technologies[k.at()];
        let mut energy = technology.energy.iter().enumerate();
        let burns = |(_, (carrier, each)): &(usize, &(CarrierId, Sourced))| {
            carriers[carrier.at()].is_coal && each.value > 0.0
        };
        let (j, (_, each)) = energy.find(burns)?;
        let scale = ctx.catalogue.services[technology.service.at()].scale;
        Some((Traced::of(each.value, Use::Fuel(*k, j)), scale))
    });
    let Some((each, scale)) = found else {
        let text = Text::new(
            "data/energy_use.csv 没有这些炉窑的用煤",
            "data/energy_use.csv has no coal of these furnaces",
        );
        return Err(vec![Problem::new("amount", text)]);
    };
    Ok(coal / each * scale)
}
