//! Targets against the official ones, and against what happens anyway.

use super::{Context, Doubt, Finding, Place, percent};
use crate::account::UnitKind;
use crate::catalogue::OfficialTarget;
use crate::provenance::Origin;
use crate::target::{Demand, Target, judge};
use crate::text::Text;

pub(super) fn find(ctx: Context<'_>, found: &mut Vec<Finding>) {
    for target in &ctx.scenario.targets {
        found.extend(weaker_than_official(ctx, target));
        found.extend(met_anyway(ctx, target));
        found.extend(other_base(ctx, target));
    }
}

/// The official target of the region on the same indicator and years, or else the
/// nation's.
fn official<'c>(ctx: Context<'c>, target: &Target) -> Option<(&'c OfficialTarget, bool)> {
    let (base, kind) = match target.demand {
        Demand::Reduction { base_year, .. } => (base_year, "reduction"),
        Demand::Project { base_year, .. } => (base_year, "project-reduction"),
        _ => return None,
    };
    let indicator = &ctx.catalogue.indicators[target.indicator.at()].base;
    let alike = |o: &&OfficialTarget| {
        o.indicator == *indicator
            && o.kind == kind
            && (o.base_year, o.target_year) == (base, target.year)
    };
    let all = || ctx.catalogue.targets.iter().filter(alike);
    let own = all().find(|o| o.region == ctx.scenario.region);
    if let Some(own) = own {
        return Some((own, true));
    }
    // A gross amount of the nation is no yardstick for a part of it.
    let nation = all().find(|o| ctx.catalogue.regions[o.region.at()].parent.is_none());
    nation.filter(|_| kind == "reduction").map(|o| (o, false))
}

/// A value in the terms of the target.
fn shown(ctx: Context<'_>, target: &Target, value: f64) -> String {
    let kind = &ctx.catalogue.indicators[target.indicator.at()].kind;
    match (target.demand, kind.unit_kind()) {
        (Demand::Reduction { .. }, _) | (_, UnitKind::Share) => percent(value),
        (_, UnitKind::Mass) => format!("{:.1} 1e4 t", value / 1e4),
        (_, UnitKind::Energy) => format!("{:.1} 1e4 tce", value / 1e4),
        (_, _) => format!("{value:.3}"),
    }
}

fn weaker_than_official(ctx: Context<'_>, target: &Target) -> Option<Finding> {
    let (official, own) = official(ctx, target)?;
    let (Demand::Reduction { wanted, .. } | Demand::Project { wanted, .. }) = target.demand else {
        return None;
    };
    let asked = official.value.value;
    if wanted >= asked * (1.0 - 1e-9) {
        return None;
    }
    let show = |value: f64| shown(ctx, target, value);
    let name = &ctx.catalogue.indicators[target.indicator.at()].named.name;
    let (wanted_text, asked_text) = (show(wanted), show(asked));
    let (whose_zh, whose_en) = if own {
        ("本地区", "the region's")
    } else {
        ("全国", "the nation's")
    };
    Some(Finding {
        code: "target-weaker-than-official",
        doubt: if own { Doubt::High } else { Doubt::Low },
        text: Text::new(
            format!(
                "{}的目标 {wanted_text} 低于{whose_zh}官方目标 {asked_text}",
                name.zh
            ),
            format!(
                "the target on {}, {wanted_text}, is weaker than {whose_en} official {asked_text}",
                name.en
            ),
        ),
        place: Place::Target(target.id.clone()),
        found: wanted,
        yardstick: asked,
        basis: Text::new(
            format!(
                "{whose_zh} {} 目标：较 {} 年 {asked_text}",
                official.plan, official.base_year
            ),
            format!(
                "{whose_en} target of {}: {asked_text} on {}",
                official.plan, official.base_year
            ),
        ),
        origins: vec![official.value.origin],
        advice: Text::new(
            "改为官方目标，或写 targets_from 引用",
            "take the official target, or refer to it with `targets_from`",
        ),
    })
}

/// A target that growth alone, or current policy alone, meets: it asks nothing.
fn met_anyway(ctx: Context<'_>, target: &Target) -> Option<Finding> {
    // Gross cuts by measures cannot come without measures.
    if matches!(target.demand, Demand::Project { .. }) {
        return None;
    }
    let i = target.indicator.at();
    let judged = |values: &[f64]| judge(target, &ctx.plan.years, values, &[]);
    let frozen = judged(&ctx.outcome.frozen[i]).filter(|verdict| verdict.met);
    let current = judged(&ctx.outcome.current[i]).filter(|verdict| verdict.met);
    let (verdict, doubt, zh, en) = match (frozen, current) {
        (Some(verdict), Some(_)) => (verdict, Doubt::High, "没有任何措施", "no measure at all"),
        (_, Some(verdict)) => (
            verdict,
            Doubt::Medium,
            "只靠现行政策",
            "current policy alone",
        ),
        // Met without measures but not with current policy: current policy adds.
        _ => return None,
    };
    let name = &ctx.catalogue.indicators[i].named.name;
    let show = |value: f64| shown(ctx, target, value);
    let (reached, required) = (show(verdict.reached), show(verdict.required));
    Some(Finding {
        code: "target-met-anyway",
        doubt,
        text: Text::new(
            format!("{}的目标{zh}也能达到", name.zh),
            format!("the target on {} is met with {en}", name.en),
        ),
        place: Place::Target(target.id.clone()),
        found: verdict.required,
        yardstick: verdict.reached,
        basis: Text::new(
            format!("{zh}时达到 {reached}，目标 {required}"),
            format!("with {en} the run reaches {reached}; the target asks {required}"),
        ),
        origins: Vec::<Origin>::new(),
        advice: Text::new(
            "考虑更严的目标；如为上级下达，核对增长与基年",
            "think of a stricter one; if it is handed down, check growth and the base year",
        ),
    })
}

/// Tonnes and percent of one sentence that imply another base than the run has.
fn other_base(ctx: Context<'_>, target: &Target) -> Option<Finding> {
    let implied = target.said.base?;
    let Demand::Reduction { base_year, .. } = target.demand else {
        return None;
    };
    let t = ctx.plan.year(base_year)?;
    let i = target.indicator.at();
    let own = ctx.outcome.indicators[i][t];
    let off = implied / own - 1.0;
    if !off.is_finite() || off.abs() <= 0.05 {
        return None;
    }
    let name = &ctx.catalogue.indicators[i].named.name;
    let amount = |tonnes: f64| format!("{:.2}", tonnes / 1e4);
    let (said, run) = (amount(implied), amount(own));
    Some(Finding {
        code: "other-base",
        doubt: if off.abs() > 0.2 {
            Doubt::High
        } else {
            Doubt::Medium
        },
        text: Text::new(
            format!(
                "{}：文件的吨数与百分数合 {base_year} 年 {said} 万吨，本情景是 {run} 万吨",
                name.zh
            ),
            format!(
                "{}: tonnes and percent of the sentence imply {said} (1e4 t) in {base_year}, the run has {run}",
                name.en
            ),
        ),
        place: Place::Target(target.id.clone()),
        found: implied,
        yardstick: own,
        basis: Text::new(
            format!("相差 {}", percent(off)),
            format!("off by {}", percent(off)),
        ),
        origins: Vec::<Origin>::new(),
        advice: Text::new(
            "换用文件所用的清单（inventory = …），或核对口径；判定按百分数",
            "give the inventory that the document counts from (inventory = …), or check the calibre; the percentage is what is judged",
        ),
    })
}
