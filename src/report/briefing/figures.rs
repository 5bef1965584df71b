//! Which figures stand in a report, and what their captions say. A figure's headline is in its
//! drawing: the caption names what is drawn, so that a list of figures can be read.

use super::content::{Block, Section};
use crate::case::{Case, account_name, leading, short_name};
use crate::figures::Plate;
use jianpai_core::dims::PollutantId;
use jianpai_core::text::Text;

/// Takes the figures of these kinds out of `plates` into a section, in the order of the kinds.
/// The kind of `balance-SO2` is `balance`, and it is of SO2: of those that are of something,
/// only what has a target is taken where anything has.
pub(super) fn take(
    case: &Case<'_>,
    section: &mut Section,
    plates: &mut Vec<Plate>,
    kinds: &[&str],
) {
    for kind in kinds {
        let (own, rest): (Vec<Plate>, Vec<Plate>) = std::mem::take(plates)
            .into_iter()
            .partition(|plate| split(&plate.id).0 == *kind && is_told(case, plate));
        *plates = rest;
        let own = own.into_iter().map(|plate| captioned(case, plate));
        section.blocks.extend(own.map(Block::Figure));
    }
}

/// `("balance", Some("SO2"))`.
fn split(id: &str) -> (&str, Option<&str>) {
    match id.split_once('-') {
        Some((kind, of)) => (kind, Some(of)),
        None => (id, None),
    }
}

/// Whether the report shows a figure: all that are of nothing alone, and those of pollutants
/// that a target speaks of; of all where no target speaks of any.
fn is_told(case: &Case<'_>, plate: &Plate) -> bool {
    let (_, of) = split(&plate.id);
    let Some(p) = of.and_then(|of| pollutant(case, of)) else {
        return true;
    };
    let mut targeted = case.scenario.targets.iter().filter_map(|target| {
        let indicator = &case.catalogue.indicators[target.indicator.at()];
        indicator.kind.pollutant()
    });
    let all: Vec<PollutantId> = targeted.by_ref().collect();
    all.is_empty() || all.contains(&p)
}

fn pollutant(case: &Case<'_>, id: &str) -> Option<PollutantId> {
    let all = case.catalogue.pollutants.iter();
    let at = all.map(|p| &p.named.id).position(|own| own == id)?;
    Some(PollutantId::from_usize(at))
}

/// The figure under a caption that names what is drawn.
pub(super) fn captioned(case: &Case<'_>, mut plate: Plate) -> Plate {
    if let Some(caption) = caption(case, &plate.id) {
        plate.caption = caption;
    }
    plate
}

fn caption(case: &Case<'_>, id: &str) -> Option<Text> {
    let (kind, of) = split(id);
    let Some(of) = of else {
        return Some(match kind {
            "indices" => Text::new("主要指标的变化与目标", "Main indicators and their targets"),
            "targets" => Text::new("目标与测算结果", "Targets and what is reached"),
            "slopes" => Text::new(
                "主要指标在各规划期的变化",
                "Main indicators from plan to plan",
            ),
            "books" => Text::new("核算与实际排放", "As accounted and as emitted"),
            "scorecard" => Text::new("各方案的目标与费用", "Targets and cost of each option"),
            "comparison" => Text::new("各方案的指标变化", "Indicators of each option"),
            _ => return None,
        });
    };
    if kind == "comparison" {
        let all = case.catalogue.indicators.iter();
        let indicator = all.clone().find(|own| own.named.id == of)?;
        let Text { zh, en } = short_name(case.catalogue, indicator);
        return Some(Text::new(
            format!("{zh}：各方案的轨迹"),
            format!("{en}: course in each option"),
        ));
    }
    let account = leading(case.catalogue, pollutant(case, of)?);
    let Text { zh, en } = account_name(case.catalogue, account);
    Some(match kind {
        "balance" => Text::new(format!("{zh}的减排平衡"), format!("Balance of {en}")),
        "wedges" => Text::new(
            format!("{zh}：各项措施逐年的减排量"),
            format!("{en}: what each measure cuts, year by year"),
        ),
        "sources" => Text::new(
            format!("{zh}：分来源的排放量"),
            format!("{en}: emission by source"),
        ),
        "abatement" => Text::new(
            format!("{zh}：各项措施的减排量与每吨费用"),
            format!("{en}: what measures take away and what a tonne costs"),
        ),
        "synergy" => Text::new(
            format!("{zh}与二氧化碳的协同减排"),
            format!("{en} and CO2: what each measure does to both"),
        ),
        _ => return None,
    })
}
