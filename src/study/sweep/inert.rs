//! Inputs that cannot act in the years asked: named, and why.

use super::context::Context;
use jianpai_core::batch::Input;
use jianpai_core::plan::Plan;
use jianpai_core::text::Text;
use jianpai_load::diag::Diagnostic;
use jianpai_sweep::engine::Sweep;

impl Context<'_> {
    /// Warns of inputs that act on nothing that is reported.
    pub(super) fn inert(&mut self, plan: &Plan, sweep: &Sweep) {
        let cells = sweep.reported.cells.iter().map(|(_, t)| sweep.years[*t]);
        let targets = sweep.reported.targets.iter().map(|target| target.year);
        let Some(last) = cells.chain(targets).max() else {
            return;
        };
        for i in sweep.inert(self.catalogue) {
            let input = &self.spec.inputs[i];
            let name = &input.name;
            let message = Text::new(
                format!("输入 `{name}` 在所问年份（至 {last} 年）不起作用，敏感性指数为 0"),
                format!(
                    "the input `{name}` does nothing in the years asked (up to {last}): its index is 0"
                ),
            );
            let (why, help) = self.why(plan, sweep, &input.input, last);
            let label = Text::new("不起作用", "does nothing");
            let found = Diagnostic::warning("inert-input", message).label(input.span, label);
            self.diags.push(found.note(why).help(help));
        }
    }

    /// Why an input does nothing up to the year `last`, and what to do about it.
    fn why(&self, plan: &Plan, sweep: &Sweep, input: &Input, last: i32) -> (Text, Text) {
        let leave_out = Text::new("去掉这个输入", "leave this input out");
        match input {
            Input::Growth(d) => {
                let driver = &self.catalogue.drivers[d.at()].name;
                let recorded = plan.recorded_until[d.at()];
                if recorded < last {
                    let why = Text::new(
                        format!("本地区没有随“{}”变动的活动", driver.zh),
                        format!("nothing in the region follows {}", driver.en),
                    );
                    return (why, leave_out);
                }
                let from = recorded + 1;
                let why = Text::new(
                    format!(
                        "“{}”到 {recorded} 年为历史记录，偏离自 {from} 年起算",
                        driver.zh
                    ),
                    format!(
                        "{} is on record up to {recorded}; departures count from {from} on",
                        driver.en
                    ),
                );
                let help = Text::new(
                    format!("在 years 中加上 {from} 年或以后，或去掉这个输入"),
                    format!("ask for {from} or later in `years`, or leave this input out"),
                );
                (why, help)
            }
            Input::Level(m) | Input::Start(m) | Input::End(m) | Input::Mix(m) => {
                let measure = &plan.measures[*m];
                let acts = |t: &usize| {
                    let span = plan.span();
                    let mut terms = plan.terms.iter().filter(|term| term.measure == *m);
                    terms.any(|term| term.change.iter().skip(*t).step_by(span).any(|c| *c != 0.0))
                };
                match (0..plan.span()).find(acts).map(|t| sweep.years[t]) {
                    Some(from) if from > last => {
                        let why = Text::new(
                            format!("措施 `{}` 自 {from} 年起见效", measure.id),
                            format!("measure `{}` takes effect in {from}", measure.id),
                        );
                        let help = Text::new(
                            format!("在 years 中加上 {from} 年或以后，或去掉这个输入"),
                            format!("ask for {from} or later in `years`, or leave this input out"),
                        );
                        (why, help)
                    }
                    _ => {
                        let why = Text::new(
                            format!("措施 `{}` 在本地区没有改变任何量", measure.id),
                            format!("measure `{}` changes nothing in the region", measure.id),
                        );
                        (why, leave_out)
                    }
                }
            }
            Input::Elasticity(v) => {
                let service = &self.catalogue.services[v.at()].named.name;
                let why = Text::new(
                    format!("本地区没有“{}”，或其驱动因素没有变化", service.zh),
                    format!(
                        "the region has no {}, or its driver does not move",
                        service.en
                    ),
                );
                (why, leave_out)
            }
            Input::Factor(_) => {
                let why = Text::new(
                    "所列工艺在本地区不排放这些污染物",
                    "the technologies named emit none of these pollutants in the region",
                );
                (why, leave_out)
            }
            Input::Outside => {
                let why = Text::new("没有用到这个目标", "its target is not judged");
                (why, leave_out)
            }
        }
    }
}
