//! Non-fossil supply outside the technologies after the last published share.

use super::{Context, Doubt, Finding, Place, percent};
use crate::scenario::NON_FOSSIL;
use crate::text::Text;

/// Says from when on the supply that no technology stands for is held as it was.
pub(super) fn find(ctx: Context<'_>, found: &mut Vec<Finding>) {
    let shares = ctx.scenario.non_fossil_shares();
    let (Some((year, share, stated)), false) = (shares.last(), ctx.plan.outside.is_empty()) else {
        return;
    };
    let last = ctx.scenario.end_year;
    if *year >= last {
        return;
    }
    let row = ctx
        .scenario
        .world
        .recorded
        .get(&(NON_FOSSIL.to_string(), *year));
    let origin = row.map(|level| level.value.origin).filter(|_| !*stated);
    found.push(Finding {
        code: "non-fossil-held",
        doubt: Doubt::Medium,
        text: Text::new(
            format!(
                "非化石能源比重只公布到 {year} 年（{}）：此后措施以外的水电、核电、风电和光伏按该年数不变",
                percent(*share)
            ),
            format!(
                "the non-fossil share is published up to {year} ({}): water, nuclear, wind and solar power outside the measures stays at that year's amount from then on",
                percent(*share)
            ),
        ),
        place: Place::Scenario,
        found: f64::from(last - *year),
        yardstick: 0.0,
        basis: Text::new("最后一个公布的比重", "the last published share"),
        origins: origin.into_iter().collect(),
        advice: Text::new(
            "规划期内新增的非化石电力写成 non-fossil-power 措施；已公布的年份写入 [scenario] non_fossil",
            "write what the plan adds as measures of kind `non-fossil-power`, and shares published since under [scenario] non_fossil",
        ),
    });
}
