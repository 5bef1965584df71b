//! Coal, power and industry: the rules by which their measures become shifts.

use super::extent::{Extent, Shown, common_extent, no_extent};
use super::source::Source;
use super::traced::Traced;
use super::{Compiled, Context, Measure, Outcome, Problem, boiler, works};
use crate::dims::{ServiceId, TechnologyId};
use crate::text::Text;

/// Scattered coal: an amount of coal is a number of households at
/// `coal-per-household` t each; what burns coal again does not count.
pub(super) fn scattered_coal(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let service = ctx.service("residential-heat", "type")?;
    let to = ctx.mix(m, "to", service)?;
    let lasting = m
        .traced("reburn")
        .map_or_else(|| ctx.parameter("reburn-share"), Ok)?
        .rest();
    let extent = if let Some(coal) = m.traced("amount") {
        // t / (t/household) = households
        Extent::Absolute(coal / ctx.parameter("coal-per-household")? * lasting)
    } else if let Some(households) = m.traced("households") {
        Extent::Absolute(households * lasting)
    } else if let Some(part) = m.traced("share") {
        Extent::Part(part * lasting)
    } else {
        return Err(no_extent(m));
    };
    ctx.shift(
        m,
        service,
        &ctx.catalogue.tagged(service, "scattered"),
        to,
        extent,
    )
}

/// Ultra-low-emission retrofits: from every stage below to the retrofitted plant of a
/// sector, that is from plain plant and from plant that is treated already.
pub(super) fn retrofit(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let sector = m.word("sector").unwrap_or_default();
    let id = match sector {
        "power" => "thermal-power",
        "boilers" => "industrial-steam",
        other => other,
    };
    let service = ctx.service(id, "sector")?;
    if sector == "boilers" {
        if m.values.contains_key("utilisation") {
            return Err(vec![only(
                "utilisation",
                "钢铁、水泥、焦化",
                "steel, cement and coke",
            )]);
        }
        return boiler::retrofit(ctx, m, service);
    }
    let of_boilers = ["above", "up_to", "number"];
    if let Some(key) = of_boilers.iter().find(|key| m.values.contains_key(*key)) {
        return Err(vec![only(
            key,
            "锅炉（sector = \"boilers\"）",
            "boilers (sector = \"boilers\")",
        )]);
    }
    works::without_capacity(m, &["utilisation"])?;
    if sector == "power" && m.values.contains_key("utilisation") {
        return Err(vec![only(
            "utilisation",
            "钢铁、水泥、焦化",
            "steel, cement and coke",
        )]);
    }
    let tag = if sector == "other-industry" {
        "retrofit"
    } else {
        "ule"
    };
    let to = ctx.catalogue.tagged(service, tag);
    let from = below(ctx, service, &to, &["plain", "treated"]);
    let Some(&target) = to.first() else {
        return Err(vec![Problem::new(
            "sector",
            Text::new(
                format!("行业 `{sector}` 没有标记 `{tag}` 的工艺"),
                format!("sector `{sector}` has no technology tagged `{tag}`"),
            ),
        )]);
    };
    let extent = match (common_extent(m), m.traced("capacity")) {
        (Some(extent), _) => extent,
        (None, Some(capacity)) if sector == "power" => {
            // MW · h · 1000 = kWh
            Extent::Absolute(capacity * ctx.parameter("hours-power-coal")? * 1000.0)
        }
        (None, Some(capacity)) => {
            let output = capacity * works::utilisation(ctx, m, sector)?; // t/a
            ctx.within_stock(m, ("capacity", Shown::OUTPUT), service, &from, &output)?;
            Extent::Absolute(output)
        }
        (None, None) => return Err(no_extent(m)),
    };
    ctx.shift(
        m,
        service,
        &from,
        vec![(target, Traced::fixed(1.0))],
        extent,
    )
}

/// The problem of a field that belongs to other sectors.
fn only(key: &str, zh: &str, en: &str) -> Problem {
    let text = Text::new(
        format!("`{key}` 只用于{zh}"),
        format!("`{key}` is of {en} only"),
    );
    Problem::new(key, text)
}

/// The technologies of a service that bear one of `tags`, but for those of `above`.
pub(super) fn below(
    ctx: &Context<'_>,
    service: ServiceId,
    above: &[TechnologyId],
    tags: &[&str],
) -> Vec<TechnologyId> {
    let all = ctx.catalogue.services[service.at()].technologies.iter();
    let technology = |k: &TechnologyId| &ctx.catalogue.technologies[k.at()];
    let stage = |k: &&TechnologyId| tags.iter().any(|tag| technology(k).has_tag(tag));
    let found = all.filter(stage).filter(|k| !above.contains(k));
    found.copied().collect()
}

/// Closing coal units: MW · h/a moves to the technologies of `to`. Units without a
/// retrofit are closed first; where too little is left of them, others are.
pub(super) fn closure(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let service = ctx.service("thermal-power", "type")?;
    let to = ctx.mix(m, "to", service)?;
    let Some(capacity) = m.traced("capacity") else {
        return Err(no_extent(m));
    };
    let hours = m
        .traced("hours")
        .map_or_else(|| ctx.parameter("hours-power-coal"), Ok)?;
    let coal = ctx.catalogue.tagged(service, "power-coal").into_iter();
    let (plain, others): (Vec<TechnologyId>, Vec<TechnologyId>) =
        coal.partition(|k| ctx.catalogue.technologies[k.at()].has_tag("plain"));
    let gains = |k: &TechnologyId| to.iter().any(|(other, _)| other == k);
    let others: Vec<TechnologyId> = others.into_iter().filter(|k| !gains(k)).collect();
    // MW · h · 1000 = kWh
    ctx.shift_from(
        m,
        service,
        &Source::then(&plain, &others),
        to,
        Extent::Absolute(capacity * hours * 1000.0),
    )
}

/// Non-fossil power displaces coal power.
pub(super) fn non_fossil(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let service = ctx.service("thermal-power", "type")?;
    let from = ctx.catalogue.tagged(service, "power-coal");
    let to = ctx.catalogue.tagged(service, "nonfossil");
    let Some(&to) = to.first() else {
        return Err(vec![Problem::new(
            "type",
            Text::new(
                "没有标记 `nonfossil` 的工艺",
                "no technology is tagged `nonfossil`",
            ),
        )]);
    };
    works::without_capacity(m, &["hours", "displaced"])?;
    let extent = match (common_extent(m), m.traced("electricity")) {
        (Some(extent), _) => extent,
        (None, Some(electricity)) => Extent::Absolute(electricity),
        (None, None) => {
            let displaced = generated(ctx, m)?;
            ctx.within_stock(m, ("capacity", Shown::POWER), service, &from, &displaced)?;
            Extent::Absolute(displaced)
        }
    };
    let to = vec![(to, Traced::fixed(1.0))];
    ctx.shift_from(m, service, &Source::whole(&from), to, extent)
}

/// The electricity by which plant without fossil fuels displaces thermal power: its
/// capacity · hours · the part that displaces.
///
/// ```text
/// kWh/a = MW · 1000 kW/MW · h/a · displaced
/// ```
///
/// The hours are those stated, or else the mean of the kind of plant (`hours-pv` …).
/// Nothing is stored: what is generated displaces in the same year.
fn generated(ctx: &Context<'_>, m: &Measure) -> Result<Traced, Vec<Problem>> {
    let Some(capacity) = m.traced("capacity") else {
        return Err(no_extent(m));
    };
    let hours = match (m.traced("hours"), m.word("energy")) {
        (Some(hours), _) => hours,
        (None, Some(energy)) => ctx.parameter(&format!("hours-{energy}"))?,
        (None, None) => {
            return Err(vec![
                Problem::new(
                    "capacity",
                    Text::new(
                        "装机折成电量，要写明是哪种电源，或年利用小时",
                        "a capacity becomes electricity by the kind of plant, or by its full-load hours",
                    ),
                )
                .with_help(Text::new(
                    "加上 energy = \"pv\"（或 wind、hydro、nuclear、biomass），或 hours = \"1200 h\"",
                    "add energy = \"pv\" (or wind, hydro, nuclear, biomass), or hours = \"1200 h\"",
                )),
            ]);
        }
    };
    let electricity = capacity * hours * 1000.0;
    Ok(match m.traced("displaced") {
        Some(part) => electricity * part,
        None => electricity,
    })
}

/// Saving energy or closing output: a part of every technology (or of the named
/// ones) moves to `saved`, which serves it with nothing.
pub(super) fn saving(ctx: &Context<'_>, m: &Measure, key: &'static str) -> Outcome {
    let Some(part) = m.traced(key) else {
        return Err(no_extent(m));
    };
    let services = m.words("services").unwrap_or_default();
    let named = m.words("technologies");
    let parts = services
        .iter()
        .map(|id| {
            let service = ctx.service(id, "services")?;
            let all = &ctx.catalogue.services[service.at()].technologies;
            let saved = ctx.catalogue.saved(service);
            let from: Vec<TechnologyId> = match named {
                Some(_) => ctx.aliases(m, "technologies", service)?,
                None => all.iter().copied().filter(|k| *k != saved).collect(),
            };
            let to = vec![(saved, Traced::fixed(1.0))];
            let from = Source::whole(&from);
            ctx.shift_from(m, service, &from, to, Extent::Part(part.clone()))
        })
        .collect();
    Compiled::join(parts)
}
