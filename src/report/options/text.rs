//! The printed comparison.

use super::compared::Compared;
use super::tables::tables;
use crate::case::percent;
use crate::grid::{WIDE, paragraph, wrap};
use crate::view::Table;
use crate::write;
use jianpai_core::text::{Lang, Text};

/// The whole printed comparison.
pub fn text(compared: &Compared<'_>, lang: Lang) -> String {
    let all = tables(compared);
    let mut out = compared.heading(lang);
    for id in ["options", "robust"] {
        let table = all.iter().find(|table| table.id == id);
        let shown = |table: &&Table| table.rows.iter().any(|row| !row.aside);
        if let Some(table) = table.filter(shown) {
            out += &format!("\n{}\n", write::terminal(table, lang, WIDE));
        }
    }
    out += "\n";
    for text in compared.foot() {
        out += &paragraph(text.get(lang), WIDE, 0);
    }
    out
}

impl Compared<'_> {
    fn heading(&self, lang: Lang) -> String {
        let region = &self.catalogue.regions[self.scenario.region.at()].named.name;
        let Text { zh, en } = &self.scenario.name;
        let count = self.options.len();
        let within = self.options.iter().filter(|o| o.plan().is_some()).count();
        let line = Text::new(
            format!("{zh}（{}）：目标方案比选", region.zh),
            format!("{en} ({}): target options compared", region.en),
        );
        let verdict = match within {
            0 => Text::new(
                format!("{count} 个方案都做不到"),
                format!("None of {count} options can be met"),
            ),
            all if all == count => Text::new(
                format!("{count} 个方案都做得到"),
                format!("All {count} options can be met"),
            ),
            some => Text::new(
                format!("{count} 个方案中 {some} 个做得到"),
                format!("{some} of {count} options can be met"),
            ),
        };
        format!(
            "\n{}\n{}",
            wrap(line.get(lang), WIDE).join("\n"),
            paragraph(verdict.get(lang), WIDE, 0)
        )
    }

    /// What the columns mean, and what the numbers rest on.
    fn foot(&self) -> Vec<Text> {
        let mut all = Vec::new();
        if let Some(option) = self.options.first() {
            let (objective, unit) = option.answered.objective();
            all.push(Text::new(
                format!(
                    "求解：{}（{}），各方案由模型重算证实",
                    objective.zh, unit.unit.zh
                ),
                format!(
                    "Sought: {} ({}); every plan is run again by the model",
                    objective.en, unit.unit.en
                ),
            ));
        }
        all.push(self.tried());
        if self.has_regret() {
            all.push(Text::new(
                "后悔值：按一种增长定的方案，遇到另一种增长时比那时的最低成本多花的钱；不达标的没有后悔值（–），差多少见 --table regret；做不到的情形不计",
                "Regret: what a plan made for one growth costs above the least cost under another; one that misses has none (–), --table regret says by how much; cases out of reach do not count",
            ));
        }
        let shares = self.options.iter().filter_map(|option| {
            let plan = option.plan()?;
            option.assumed(plan)
        });
        let shares: Vec<f64> = shares.collect();
        if let (Some(low), Some(high)) = (
            shares.iter().copied().reduce(f64::min),
            shares.iter().copied().reduce(f64::max),
        ) {
            let range = if percent(low) == percent(high) {
                percent(low)
            } else {
                format!("{}—{}", percent(low), percent(high))
            };
            all.push(Text::new(
                format!("成本所依据的数中，{range} 为假设（data/costs.csv）：金额只供比较"),
                format!(
                    "Of the numbers that the costs rest on, {range} are assumed (data/costs.csv): money is for comparison"
                ),
            ));
        }
        all
    }

    /// On what plans were tried.
    pub(super) fn tried(&self) -> Text {
        let draws = &self.draws;
        let count = crate::case::count(draws.count);
        let mut zh = format!(
            "达标概率：同一批 {count} 次抽样（种子 {}）里各方案全部目标达到的比例，",
            draws.seed
        );
        let mut en = format!(
            "Probability: the part of the same {count} draws (seed {}) in which a plan meets all targets, ",
            draws.seed
        );
        let (zh_in, en_in) = (draws.inputs.join("、"), draws.inputs.join(", "));
        match (draws.model_error, draws.inputs.is_empty()) {
            (true, true) => {
                zh += "抽取模型自身的误差";
                en += "the model's own error being drawn";
            }
            (true, false) => {
                zh += &format!("抽取模型自身的误差和 {zh_in}");
                en += &format!("the model's own error and {en_in} being drawn");
            }
            (false, true) => {
                zh += "没有抽取任何不确定性";
                en += "nothing being uncertain";
            }
            (false, false) => {
                zh += &format!("抽取 {zh_in}，不计模型误差");
                en += &format!("{en_in} being drawn, without the model's error");
            }
        }
        if !draws.decided.is_empty() {
            zh += &format!("；{} 是求解所定，不抽", draws.decided.join("、"));
            en += &format!(
                "; {} are what is decided here and not drawn",
                draws.decided.join(", ")
            );
        }
        Text::new(zh, en)
    }
}
