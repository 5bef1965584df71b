//! What each input explains of the variance of a result, as a chart: Sobol indices.

use super::drawn::{footnote, region};
use super::names;
use super::sensitivity::is_noise;
use super::spread::Spread;
use crate::case::short_name;
use crate::chart::{VarianceRow, VarianceShare, VarianceShares};
use jianpai_core::text::Text;
use jianpai_sweep::analysis::Estimate;
use jianpai_sweep::findings::{Importance, IndexKind, OutputFindings};

/// Inputs that are drawn, at most.
const ROWS: usize = 12;

/// An index as it is drawn.
fn share(found: Option<Estimate>) -> Option<VarianceShare> {
    found.map(|found| VarianceShare {
        value: found.value,
        half_width: found.half_width,
    })
}

/// What an input explains: in total where that is known, else by itself.
fn most(importance: &Importance) -> Option<Estimate> {
    importance.total.or(importance.first)
}

/// The parts of the variance of one output; `None` where indices are no parts (Morris) or
/// nothing is explained.
pub fn variance(spread: &Spread<'_>, output: &OutputFindings) -> Option<VarianceShares> {
    let kind = spread.findings?.kind;
    if kind == IndexKind::Morris {
        return None;
    }
    let mut inputs: Vec<(usize, &Importance, Estimate)> = output
        .inputs
        .iter()
        .enumerate()
        .filter_map(|(i, one)| Some((i, one, most(one)?)))
        .collect();
    let known = inputs.len();
    inputs.retain(|(.., most)| !is_noise(*most));
    let small = known - inputs.len();
    // The largest first; of equals the first of the file.
    inputs.sort_by(|a, b| b.2.value.total_cmp(&a.2.value));
    inputs.truncate(ROWS);
    let correlated = spread.sweep.correlated();
    let rows: Vec<VarianceRow> = inputs
        .iter()
        .map(|(i, one, _)| VarianceRow {
            name: names::name(spread.catalogue, spread.plan, &spread.sweep.inputs[*i]),
            first: share(one.first),
            total: share(one.total),
            is_marked: correlated.contains(i),
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let indicator = &spread.catalogue.indicators[output.indicator.at()];
    let name = short_name(spread.catalogue, indicator);
    let year = spread.plan.years[output.year];
    let mut subtitle = Text::new(
        format!("{year}年，各输入占方差的份额（按模型自身结果，不计模型误差）"),
        format!("{year}; parts of the variance of what the model gives, without its error"),
    );
    let left = known - small - rows.len();
    if small > 0 {
        subtitle.zh += &format!("；另有 {small} 个输入不足 0.5%");
        subtitle.en += &format!("; {small} more inputs explain less than 0.5%");
    }
    if left > 0 {
        subtitle.zh += &format!("；{left} 个较小的未画");
        subtitle.en += &format!("; {left} smaller ones are not drawn");
    }
    if rows.iter().any(|row| row.is_marked) {
        subtitle.zh += "；* 与其他输入相关，份额含共有的部分";
        subtitle.en += "; * correlated with others: holds what they share";
    }
    Some(VarianceShares {
        title: title(spread, &rows, &name),
        subtitle,
        rows,
        footnote: footnote(spread, &[output.indicator.at()]),
    })
}

/// What the chart says: how much the first input explains, where no other comes near it.
fn title(spread: &Spread<'_>, rows: &[VarianceRow], name: &Text) -> Text {
    let region = region(spread);
    let ends = |row: &VarianceRow| {
        let share = row.first?;
        let half = share.half_width.unwrap_or(0.0);
        Some((share.value - half, share.value + half))
    };
    let first = rows
        .first()
        .and_then(|row| Some((row, row.first?, ends(row)?)));
    let others = rows.iter().skip(1).filter_map(ends);
    let next = others.map(|(_, high)| high).fold(0.0, f64::max);
    match first {
        Some((row, share, (low, _))) if low > next && !row.is_marked => {
            // As the figure beside the bar.
            let percent = format!("{:.1}", 100.0 * share.value);
            let what = &row.name;
            Text::new(
                format!(
                    "{}{}：{}单独解释{percent}%的方差",
                    region.zh, name.zh, what.zh
                ),
                format!(
                    "{}, {}: {} alone explains {percent}% of the variance",
                    region.en, name.en, what.en
                ),
            )
        }
        _ => Text::new(
            format!("{}{}：各输入占方差的份额", region.zh, name.zh),
            format!(
                "{}, {}: what inputs explain of the variance",
                region.en, name.en
            ),
        ),
    }
}
