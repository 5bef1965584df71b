//! What the inputs of a sweep are called, and how their values are written.

use jianpai_core::batch::Input;
use jianpai_core::catalogue::Catalogue;
use jianpai_core::plan::Plan;
use jianpai_core::text::Text;
use jianpai_report::case::{number, percent, signed_percent};
use jianpai_sweep::engine::Sampled;

/// The name of an input for people; its id where only the file knows what it is.
pub(super) fn name(catalogue: &Catalogue, plan: &Plan, input: &Sampled) -> Text {
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

/// A value of an input as people write it.
pub(super) fn value(input: &Sampled, value: f64) -> String {
    match input.input {
        Input::Level(_) | Input::Mix(_) | Input::Outside => percent(value),
        Input::Growth(_) => signed_percent(value),
        Input::Start(_) | Input::End(_) => format!("{value:.0}"),
        Input::Elasticity(_) | Input::Factor(_) => number(value),
    }
}
