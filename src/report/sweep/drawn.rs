//! What the draws of a sweep are called: how many, of which design, with which intervals;
//! and where the numbers of charts come from.

use super::spread::Spread;
use crate::base;
use crate::case::count;
use crate::figures::rests_on;
use jianpai_core::dims::IndicatorId;
use jianpai_core::text::Text;
use jianpai_sweep::design::Design;

/// How many draws there are, from where, and how many of them have no results.
pub(super) fn drawn(spread: &Spread<'_>) -> Text {
    let points = &spread.sweep.points;
    let (draws, seed) = (count(spread.totals.draws), points.seed());
    let Text { zh, en } = design(points.design());
    let mut text = Text::new(
        format!("{draws} 次抽样（{zh}，种子 {seed}）"),
        format!("{draws} draws ({en}, seed {seed})"),
    );
    let without = spread.infeasible();
    if without > 0 {
        let without = count(without);
        text.zh += &format!("，其中 {without} 次不可行，不计入指标分布");
        text.en += &format!(", of which {without} are not feasible and in no distribution");
    }
    text
}

/// Where the numbers come from, and what those of the `shown` indicators rest on in
/// the scenario itself.
pub(super) fn footnote(spread: &Spread<'_>, shown: &[usize]) -> Text {
    let drawn = drawn(spread);
    let scenario = &spread.scenario.name;
    let support = std::iter::once(spread.support);
    let rests = rests_on(support, shown, spread.scenario.end_year);
    let shown = shown.iter().map(|i| IndicatorId::from_usize(*i));
    let base = base::projected(spread.catalogue, &[spread.scenario], shown);
    Text::new(
        format!(
            "测算：jianpai {}；情景：{}；{}{}。{}",
            env!("CARGO_PKG_VERSION"),
            scenario.zh,
            drawn.zh,
            base.zh,
            rests.zh
        ),
        format!(
            "Projection: jianpai {}; scenario: {}; {}{}.{}",
            env!("CARGO_PKG_VERSION"),
            scenario.en,
            drawn.en,
            base.en,
            rests.en
        ),
    )
}

/// The region, by its name.
pub(super) fn region<'a>(spread: &'a Spread<'_>) -> &'a Text {
    &spread.catalogue.regions[spread.plan.region.at()].named.name
}

/// What a design is called.
fn design(design: &Design) -> Text {
    let (zh, en) = match design {
        Design::Random => ("随机抽样", "random"),
        Design::LatinHypercube => ("拉丁超立方", "Latin hypercube"),
        Design::Sobol => ("加扰 Sobol 序列", "scrambled Sobol"),
        Design::PlainSobol => ("Sobol 序列", "Sobol"),
        Design::Saltelli { .. } => ("Saltelli 设计", "Saltelli"),
        Design::Morris { .. } => ("Morris 设计", "Morris"),
        Design::Grid { .. } => ("全网格", "full grid"),
        Design::List { .. } | Design::Values { .. } => ("清单", "list"),
    };
    Text::new(zh, en)
}

/// Why shares of the draws have no interval, or what their intervals count; nothing for
/// independent draws.
pub(super) fn on_intervals(spread: &Spread<'_>) -> Option<Text> {
    let points = &spread.sweep.points;
    let (zh, en) = match points.design() {
        Design::Grid { .. } => ("网格", "a grid"),
        Design::List { .. } | Design::Values { .. } => ("清单", "a list"),
        Design::Morris { .. } => ("Morris 轨迹（取固定水平）", "a set of Morris trajectories"),
        Design::Saltelli { .. } => {
            let group = points.design().group(spread.sweep.inputs.len());
            let bases = spread.totals.draws / group;
            return Some(Text::new(
                format!("区间按 {bases} 个基样本计：同一基样本的 {group} 行共用输入"),
                format!(
                    "intervals count {bases} base samples: the {group} rows of each share inputs"
                ),
            ));
        }
        _ => return None,
    };
    Some(Text::new(
        format!("{zh}不是抽样：所列为其各行中的占比，没有置信区间"),
        format!("{en} is no sample: shares are of its rows, and have no confidence interval"),
    ))
}

/// What the share of draws that meet a target is called.
pub(super) fn share_name(spread: &Spread<'_>) -> Text {
    if spread.sweep.points.is_sample() {
        Text::new("达标概率", "Met in")
    } else {
        Text::new("达标占比", "Share of rows")
    }
}
