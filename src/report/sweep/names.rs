//! What the inputs and the targets of a sweep are called, and how their values are written.

use super::spread::Spread;
use crate::case::{demand_text, percent};
use crate::view::Form;
use jianpai_core::batch::Input;
use jianpai_core::catalogue::Catalogue;
use jianpai_core::plan::Plan;
use jianpai_core::target::{Demand, Target};
use jianpai_core::text::{Lang, Text};
use jianpai_sweep::engine::Sampled;

/// The name of an input for people; its id where only the file knows what it is.
pub fn name(catalogue: &Catalogue, plan: &Plan, input: &Sampled) -> Text {
    if let Some(label) = &input.label {
        return label.clone();
    }
    let measure = |m: usize, zh: &str, en: &str| {
        let name = &plan.measures[m].name;
        Text::new(format!("{}{zh}", name.zh), format!("{}{en}", name.en))
    };
    match &input.input {
        Input::Level(m) => measure(*m, "", ""),
        Input::Start(m) => measure(*m, "：开始年份", ": start"),
        Input::End(m) => measure(*m, "：完成年份", ": end"),
        Input::Mix(m) => {
            let id = &input.name;
            measure(*m, &format!("：{id}"), &format!(": {id}"))
        }
        Input::Growth(d) => {
            let name = &catalogue.drivers[d.at()].name;
            Text::new(
                format!("{}增速偏离", name.zh),
                format!("deviation of {} growth", name.en),
            )
        }
        Input::Elasticity(v) => {
            let name = &catalogue.services[v.at()].named.name;
            Text::new(
                format!("{}弹性", name.zh),
                format!("elasticity of {}", name.en),
            )
        }
        Input::Factor(_) => Text::new(
            format!("排放因子倍数 {}", input.name),
            format!("factor {}", input.name),
        ),
        Input::Outside => Text::new(
            format!("目标值 {}", input.name),
            format!("target {}", input.name),
        ),
    }
}

/// How people read a value of an input.
pub(super) fn form(input: &Sampled) -> Form {
    match input.input {
        Input::Level(_) | Input::Mix(_) | Input::Outside => Form::Percent,
        Input::Growth(_) => Form::SignedPercent,
        Input::Start(_) | Input::End(_) => Form::Fixed(0),
        Input::Elasticity(_) | Input::Factor(_) => Form::Amount,
    }
}

/// A value of an input as people write it.
pub(super) fn value(input: &Sampled, value: f64) -> String {
    form(input).show(value, 1.0, Lang::En)
}

/// A target as the draws have it, and what it demands in words. Where its level is an
/// input, the target is that at the median of the input, and the words say from where to
/// where it varies.
pub(super) fn target(spread: &Spread<'_>, i: usize) -> (Target, Text) {
    let sweep = spread.sweep;
    let mut target = sweep.reported.targets[i].clone();
    let input = sweep.judged.get(i).and_then(|judged| judged.input);
    if let (Some(input), Demand::Reduction { wanted, base_year }) = (input, &mut target.demand) {
        *wanted = sweep.value_at(input, 0.5);
        let (low, high) = range(spread, input);
        let [low, high] = [low, high].map(percent);
        let text = Text::new(
            format!("较{base_year}年下降{low}至{high}（随抽样而变）"),
            format!("−{low} to −{high} on {base_year} (varies by draw)"),
        );
        return (target, text);
    }
    let indicator = &spread.catalogue.indicators[target.indicator.at()];
    let text = demand_text(indicator, &target);
    (target, text)
}

/// The ends of an input; the 5 % and the 95 % quantile where it has none.
fn range(spread: &Spread<'_>, input: usize) -> (f64, f64) {
    let at = |u: f64| spread.sweep.value_at(input, u);
    let (low, high) = (at(0.0), at(1.0));
    if low.is_finite() && high.is_finite() {
        (low, high)
    } else {
        (at(0.05), at(0.95))
    }
}
