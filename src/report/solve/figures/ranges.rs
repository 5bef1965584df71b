//! How differently plans could look that cost little more.

use super::common::computed;
use crate::case::percent;
use crate::chart::{LevelRanges, LevelRow};
use crate::solve::answered::Answered;
use jianpai_core::text::Text;
use jianpai_solve::answer::Solution;
use jianpai_solve::nearby::Range;

/// How far each level can move at so much more cost; `None` where that was not asked.
pub fn ranges(
    answered: &Answered<'_>,
    solution: &Solution,
    found: &[Range],
) -> Option<LevelRanges> {
    let mut parts: Vec<f64> = found.iter().map(|range| range.part).collect();
    parts.sort_by(f64::total_cmp);
    parts.dedup();
    let widest = *parts.last()?;
    let programme = answered.programme;
    let (mut always, mut never, mut open) = (0, 0, 0);
    let rows = (0..programme.spec.free.len()).map(|j| {
        let of = |part: &f64| {
            let mut own = found.iter().filter(|range| range.variable == j);
            own.find(|range| (range.part - part).abs() < 1e-12)
        };
        let ends = parts.iter().filter_map(of);
        let ends = ends.map(|range| (range.low * 100.0, range.high * 100.0));
        let wide = of(&widest);
        let word = match wide {
            Some(range) if range.low > 1e-6 => {
                always += 1;
                Text::new("每个方案都有", "in every plan")
            }
            Some(range) if range.high < 1e-6 => {
                never += 1;
                Text::new("哪个方案都没有", "in none")
            }
            Some(_) => {
                open += 1;
                Text::new("可不做", "can be left out")
            }
            None => Text::default(),
        };
        LevelRow {
            name: answered.measure(j).clone(),
            ranges: ends.collect(),
            best: solution.point.x[j] * 100.0,
            stated: programme.stated[programme.spec.free[j].measure] * 100.0,
            word,
        }
    });
    let rows: Vec<LevelRow> = rows.collect();
    let count = rows.len();
    let most = percent(widest);
    let (objective, _) = answered.objective();
    let source = computed(answered);
    let more = |part: &f64| {
        let part = percent(*part);
        Text::new(format!("多{part}以内"), format!("up to {part} more"))
    };
    let unused = if never > 0 {
        Text::new(format!("，{never}项用不上"), format!(", {never} of no use"))
    } else {
        Text::default()
    };
    Some(LevelRanges {
        title: Text::new(
            format!(
                "多花{most}以内：{count}项措施中{always}项少不了，{open}项单独看都可不做{}",
                unused.zh
            ),
            format!(
                "Within {most} more: of {count} measures {always} are in every plan, each of {open} can be left out{}",
                unused.en
            ),
        ),
        subtitle: Text::new(
            format!(
                "{}；同样达到全部目标时各措施执行程度的范围（100%为计划量）",
                objective.zh
            ),
            format!(
                "{}; the range of each level over all plans that meet the targets (100% is as planned)",
                objective.en
            ),
        ),
        parts: parts.iter().map(more).collect(),
        rows,
        footnote: Text::new(
            format!(
                "每条只说一项：其余措施随之调整。各项不能同时取到端点。“多{most}”按目标函数计。{}",
                source.zh
            ),
            format!(
                "Each bar is about one measure, the others follow; ends cannot be taken together. “More” is of \
                 what is sought. {}",
                source.en
            ),
        ),
    })
}
