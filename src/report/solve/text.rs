//! The printed answer.

use super::answered::{Answered, Found};
use super::tables::tables;
use crate::case::{number, percent, signed_percent};
use crate::grid::{NARROW, paragraph, wrap};
use crate::view::Table;
use crate::write;
use jianpai_core::target::{Demand, required};
use jianpai_core::text::{Lang, Text};
use jianpai_solve::answer::{Price, Solution, more_is_stricter};
use jianpai_solve::conflict::Member;
use jianpai_solve::programme::Objective;

/// A price below this is nothing.
const FREE: f64 = 1e-9;

/// The whole printed answer.
pub fn text(answered: &Answered<'_>, lang: Lang) -> String {
    let mut out = answered.heading(lang);
    let all = tables(answered);
    match answered.found {
        Found::Plan(solution) => {
            out += &shown(&all, "solution", lang);
            out += &read(&answered.prices_in_words(solution), lang);
            out += &shown(&all, "prices", lang);
            let mut foot = vec![answered.certificate_in_words(solution)];
            foot.extend(answered.rests_on(solution));
            out += &read(&foot, lang);
        }
        Found::Infeasible(why) => {
            out += &read(&answered.why_not(why), lang);
            out += &shown(&all, "reach", lang);
            out += &shown(&all, "conflicts", lang);
        }
    }
    out
}

/// A table of those there are, unless it is empty.
fn shown(all: &[Table], id: &str, lang: Lang) -> String {
    let table = all.iter().find(|table| table.id == id);
    match table.filter(|table| !table.rows.is_empty()) {
        Some(table) => format!("\n{}\n", write::terminal(table, lang, NARROW)),
        None => String::new(),
    }
}

/// Sentences, a paragraph each.
fn read(texts: &[Text], lang: Lang) -> String {
    let all: String = texts.iter().map(|text| said(text, lang)).collect();
    format!("\n{all}")
}

/// A sentence as a paragraph.
fn said(text: &Text, lang: Lang) -> String {
    paragraph(text.get(lang), NARROW, 0)
}

impl Answered<'_> {
    fn heading(&self, lang: Lang) -> String {
        let region = &self.catalogue.regions[self.plan.region.at()].named.name;
        let name = self.scenario.name.get(lang);
        let line = match lang {
            Lang::Zh => format!("{name}（{}）：由目标反推措施", region.zh),
            Lang::En => format!("{name} ({}): from targets to measures", region.en),
        };
        format!(
            "\n{}\n{}",
            wrap(&line, NARROW).join("\n"),
            said(&self.verdict(), lang)
        )
    }

    /// Whether it can be done, and what that takes.
    pub fn verdict(&self) -> Text {
        let (objective, unit) = self.objective();
        match self.found {
            Found::Plan(solution) => {
                let count = self.programme.wanted.len();
                let amount = number(solution.point.cost / unit.scale);
                let unit = &unit.unit;
                Text::new(
                    format!(
                        "{count} 项目标可以全部达到。求解：{}，为 {amount} {}",
                        objective.zh, unit.zh
                    ),
                    format!(
                        "All {count} targets can be met. Sought: {}: {amount} {}",
                        objective.en, unit.en
                    ),
                )
            }
            Found::Infeasible(_) => Text::new(
                "做不到：没有一种力度能同时满足所有目标和限制",
                "It cannot be done: no levels meet all targets and limits together",
            ),
        }
    }

    /// What each target costs, a sentence each.
    pub fn prices_in_words(&self, solution: &Solution) -> Vec<Text> {
        let mut out = Vec::new();
        for (i, wanted) in &self.programme.wanted {
            let price = solution
                .prices
                .iter()
                .find(|p| p.member == Member::Target(*i));
            let name = self.target(&wanted.target);
            let text = match price {
                None => {
                    let reached = wanted.asked.reached(&solution.levels);
                    let reached = self.value(*i, reached);
                    Text::new(
                        format!("{}：达到 {}，有余，再严一点不多花", name.zh, reached.zh),
                        format!(
                            "{}: reached {}, with room: a little more costs nothing",
                            name.en, reached.en
                        ),
                    )
                }
                Some(price) => self.price_in_words(*i, price, &name),
            };
            out.push(text);
        }
        if solution.settled {
            let text = Text::new(
                "以上价格按已作出的选择（用哪几项）计，换一种选择不在其内",
                "These prices hold the choices made (which measures are used); another choice is not in them",
            );
            out.push(text);
        }
        out
    }

    /// A value of a target's requirement, with its unit.
    pub(crate) fn value(&self, target: usize, value: f64) -> Text {
        let target = &self.scenario.targets[target];
        let each = self.each(target);
        match target.demand {
            Demand::Reduction { .. } => Text::same(signed_percent(-value)),
            _ if each.points => Text::same(percent(value)),
            _ => {
                let amount = number(value / each.scale);
                Text::new(
                    format!("{amount} {}", each.unit.zh),
                    format!("{amount} {}", each.unit.en),
                )
            }
        }
    }

    fn price_in_words(&self, i: usize, price: &Price, name: &Text) -> Text {
        let target = &self.scenario.targets[i];
        let each = self.each(target);
        let (_, money) = self.objective();
        let (required, _) = required(target.demand);
        let sign = if more_is_stricter(target.demand) {
            1.0
        } else {
            -1.0
        };
        let to = |distance: Option<f64>, sign: f64| {
            let distance = distance.filter(|distance| distance.is_finite())?;
            Some(self.value(i, required + sign * distance))
        };
        let (mut zh, mut en) = (format!("{}：", name.zh), format!("{}: ", name.en));
        let nothing = |price: f64| price.abs() <= FREE;
        match price.tighter {
            None => {
                zh += "已到头，再严就做不到";
                en += "at the end, nothing stricter can be met";
            }
            Some(next) if nothing(next) => {
                zh += "正好达到，再严一点也不多花";
                en += "met exactly, a little more costs nothing";
                if let Some(end) = to(price.tighter_to, sign) {
                    zh += &format!("（到 {} 为止）", end.zh);
                    en += &format!(" (up to {})", end.en);
                }
            }
            Some(next) => {
                let amount = number(next * each.scale / money.scale);
                zh += &format!("再严 1 {}多花 {amount} {}", each.unit.zh, money.unit.zh);
                en += &format!("one {} more costs {amount} {}", each.unit.en, money.unit.en);
                if let Some(end) = to(price.tighter_to, sign) {
                    zh += &format!("（可用到 {}）", end.zh);
                    en += &format!(" (holds to {})", end.en);
                }
            }
        }
        if !nothing(price.looser) {
            let amount = number(price.looser * each.scale / money.scale);
            zh += &format!("；放宽 1 {}省 {amount} {}", each.unit.zh, money.unit.zh);
            en += &format!(
                "; one {} less saves {amount} {}",
                each.unit.en, money.unit.en
            );
            if let Some(end) = to(price.looser_to, -sign) {
                zh += &format!("（可用到 {}）", end.zh);
                en += &format!(" (holds to {})", end.en);
            }
        }
        Text::new(zh, en)
    }

    /// That nothing does better.
    fn certificate_in_words(&self, solution: &Solution) -> Text {
        let (_, unit) = self.objective();
        let scale = unit.scale;
        let (primal, dual) = (solution.point.cost / scale, solution.dual / scale);
        let gap = solution.gap() / scale;
        Text::new(
            format!(
                "凭证：原问题 {primal:.9}，对偶 {dual:.9} {}，差 {gap:.1e}；已由模型重算证实，目标全部达到",
                unit.unit.zh
            ),
            format!(
                "Certificate: primal {primal:.9}, dual {dual:.9} {}, gap {gap:.1e}; run again by the model, every target met",
                unit.unit.en
            ),
        )
    }

    /// What the costs of a plan rest on.
    pub fn rests_on(&self, solution: &Solution) -> Vec<Text> {
        let mut out = Vec::new();
        let assumed = self.assumed(solution);
        let weak = percent(assumed);
        let text = Text::new(
            format!("成本所依据的数中，{weak} 为假设（data/costs.csv）：金额只供比较"),
            format!(
                "Of the numbers that the costs rest on, {weak} are assumed (data/costs.csv): money is for comparison"
            ),
        );
        out.push(text);
        if !self.held.is_empty() {
            let names = |lang: Lang| -> String {
                let held = self.held.iter();
                let names: Vec<&str> = held
                    .map(|m| self.plan.measures[*m].name.get(lang))
                    .collect();
                names.join(lang.pick("、", ", "))
            };
            let text = Text::new(
                format!(
                    "成本不明、按情景所述不求解：{}（写入 [solve.bounds] 则求解，按无成本计）",
                    names(Lang::Zh)
                ),
                format!(
                    "As stated, because what they cost is not known: {} (named in [solve.bounds] they are sought, at no cost)",
                    names(Lang::En)
                ),
            );
            out.push(text);
        }
        if matches!(
            self.programme.spec.objective,
            Objective::Effort | Objective::Even
        ) {
            let amount = number(solution.money);
            let text = Text::new(
                format!("该方案成本 {amount} 亿元/年"),
                format!("The plan costs {amount} × 10⁸ CNY a year"),
            );
            out.push(text);
        }
        out
    }
}
