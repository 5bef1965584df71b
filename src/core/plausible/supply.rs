//! What is held as it was after the last published share.

use super::{Context, Doubt, Finding, Place, percent};
use crate::published::Published;
use crate::text::Text;

/// Says from when on what no technology stands for is held as it was.
pub(super) fn find(ctx: Context<'_>, found: &mut Vec<Finding>) {
    for of in [Published::NonFossil, Published::Electricity] {
        let account = ctx.catalogue.indicators.iter();
        let account = account.filter(|i| i.kind == of.kind());
        let called = account.count() > 0 && !ctx.plan.outside.is_empty();
        let shares = ctx.scenario.published(of);
        if let (Some(last), true) = (shares.last(), called) {
            found.extend(held(ctx, of, *last));
        }
    }
}

fn held(
    ctx: Context<'_>,
    of: Published,
    (year, share, stated): (i32, f64, bool),
) -> Option<Finding> {
    let last = ctx.scenario.end_year;
    if year >= last {
        return None;
    }
    let row = ctx
        .scenario
        .world
        .recorded
        .get(&(of.recorded().to_string(), year));
    let origin = row.map(|level| level.value.origin).filter(|_| !stated);
    let share = percent(share);
    let key = of.key();
    let (code, text, advice) = match of {
        Published::NonFossil => (
            "non-fossil-held",
            Text::new(
                format!(
                    "非化石能源比重只公布到 {year} 年（{share}）：此后措施以外的水电、核电、风电和光伏按该年数不变"
                ),
                format!(
                    "the non-fossil share is published up to {year} ({share}): water, nuclear, wind and solar power outside the measures stays at that year's amount from then on"
                ),
            ),
            Text::new(
                format!(
                    "规划期内新增的非化石电力写成 non-fossil-power 措施；已公布的年份写入 [scenario] {key}"
                ),
                format!(
                    "write what the plan adds as measures of kind `non-fossil-power`, and shares published since under [scenario] {key}"
                ),
            ),
        ),
        _ => (
            "electricity-held",
            Text::new(
                format!(
                    "电能占终端能源消费比重只公布到 {year} 年（{share}）：此后各活动的用电随活动量增减，措施以外不再有新的电气化"
                ),
                format!(
                    "electricity's share of final energy is published up to {year} ({share}): from then on electricity follows each service, and nothing is electrified but by measures"
                ),
            ),
            Text::new(
                format!(
                    "规划期内的电气化写成措施（热泵、电锅炉、新能源车、电炉……）；已公布的年份写入 [scenario] {key}"
                ),
                format!(
                    "write what the plan electrifies as measures (heat pumps, electric boilers, new-energy vehicles, electric steel …), and shares published since under [scenario] {key}"
                ),
            ),
        ),
    };
    Some(Finding {
        code,
        doubt: Doubt::Medium,
        text,
        place: Place::Scenario,
        found: f64::from(last - year),
        yardstick: 0.0,
        basis: Text::new("最后一个公布的比重", "the last published share"),
        origins: origin.into_iter().collect(),
        advice,
    })
}
