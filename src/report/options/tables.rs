//! The tables of a comparison of options: `options`, `option-targets`, `option-measures`,
//! `regret`, `robust`, `robust-levels`.

use super::compared::{Compared, Judged, Judgement};
use crate::view::{Cell, Column, Form, Table, Unit, Value, With};
use jianpai_core::target::required;
use jianpai_core::text::{Lang, Text};
use jianpai_solve::answer::more_is_stricter;
use jianpai_solve::conflict::Member;
use jianpai_solve::programme::{MONEY, Objective};

/// Binding measures that are named in one cell.
const NAMED: usize = 3;

/// All tables.
pub fn tables(compared: &Compared<'_>) -> Vec<Table> {
    let mut all = vec![compared.options(), compared.targets(), compared.measures()];
    if compared.has_regret() {
        all.extend([
            compared.regret(),
            compared.robust(),
            compared.robust_levels(),
        ]);
    }
    all
}

impl Compared<'_> {
    /// What the objective counts in: base units of a column in one unit of it.
    fn unit(&self) -> (Unit, f64) {
        let objective = self.options.first();
        let objective = objective.map(|option| option.answered.programme.spec.objective);
        match objective {
            Some(Objective::Cost(_)) => (Unit::Yuan, MONEY),
            Some(Objective::Even) => (Unit::Fraction, 1.0),
            _ => (Unit::None, 1.0),
        }
    }

    /// A column in units of the objective.
    fn worth(&self, key: &'static str, zh: &str, en: &str) -> Column {
        let (unit, _) = self.unit();
        let form = match unit {
            Unit::Fraction => Form::Percent,
            Unit::Yuan => Form::Signed,
            _ => Form::Amount,
        };
        Column::number(key, zh, en, unit).form(form)
    }

    fn options(&self) -> Table {
        let (_, scale) = self.unit();
        let mut columns = vec![
            Column::whole("option", "序号", "No").at(0),
            Column::text("name", "方案", "Option").at(1),
            Column::text("growth", "增长情形", "Growth"),
            Column::flag("feasible", "可行", "Feasible", ["no", "yes"]).at(2),
            self.worth("cost", "最低成本", "Least cost").at(3),
            Column::number("probability", "达标概率", "All met in", Unit::Fraction)
                .form(Form::Probability)
                .with(With::Bound("below", "above"))
                .at(4),
            Column::number("below", "低于", "Below", Unit::Fraction),
            Column::number("above", "高于", "Above", Unit::Fraction),
            Column::number("low", "区间下限", "Interval from", Unit::Fraction),
            Column::number("high", "区间上限", "Interval to", Unit::Fraction),
            Column::number("by_model", "仅按模型", "By the model alone", Unit::Fraction),
            Column::whole("cases", "误差案例数", "Cases of the error"),
            Column::whole("draws", "抽样数", "Draws"),
        ];
        let has_regret = self.has_regret();
        if has_regret {
            columns.push(
                self.worth("worst_regret", "最大后悔值", "Worst regret")
                    .at(5)
                    .absent("–"),
            );
            columns.push(Column::text(
                "misses_under",
                "不达标的增长情形",
                "Misses under",
            ));
        }
        columns.push(
            Column::text(
                "note",
                "到上限的措施，或为何做不到",
                "At the ceiling, or why not",
            )
            .at(6),
        );
        columns.push(Column::number(
            "assumed",
            "假设成本占比",
            "Assumed part of costs",
            Unit::Fraction,
        ));
        let title = Text::new("目标方案比选表", "Target options compared");
        let mut table = Table::new("options", title, columns);
        for (i, option) in self.options.iter().enumerate() {
            let plan = option.plan();
            let all = option.all();
            let claim = all.as_ref().map(|all| all.claim);
            let mut cells: Vec<Cell> = vec![
                (i + 1).into(),
                option.name.into(),
                (&self.cases[option.case]).into(),
                plan.is_some().into(),
                plan.map(|plan| plan.point.cost * scale).into(),
                all.as_ref().map(|all| all.share).into(),
                claim.and_then(|claim| claim.below).into(),
                claim.and_then(|claim| claim.above).into(),
                all.as_ref().map(|all| all.interval.0).into(),
                all.as_ref().map(|all| all.interval.1).into(),
                all.as_ref().map(|all| all.by_model).into(),
                claim.and_then(|claim| claim.cases).into(),
                plan.map(|_| self.draws.count).into(),
            ];
            if has_regret {
                let worst = self.worst(i).map(|worst| worst * scale);
                cells.push(worst.into());
                cells.push(self.misses(i).into());
            }
            cells.push(self.note(i, option).into());
            let assumed = plan.and_then(|plan| option.assumed(plan));
            cells.push(assumed.into());
            table.row(cells);
        }
        table
    }

    /// The cases of growth within reach in which an option's plan misses.
    pub(super) fn misses(&self, option: usize) -> Option<Text> {
        let under = self.regrets(option).filter(|judged| {
            let regret = judged.regret;
            regret.is_some_and(f64::is_infinite)
        });
        let names: Vec<&Text> = under
            .map(|judged| &self.cases[self.options[judged.under].case])
            .collect();
        (!names.is_empty()).then(|| list(&names))
    }

    /// What is to be said of an option in its row.
    fn note(&self, i: usize, option: &Judged<'_>) -> Text {
        if let Some(why) = option.why() {
            return option.answered.in_short(why);
        }
        let binding = option.binding();
        let names: Vec<Text> = binding
            .iter()
            .take(NAMED)
            .map(|(member, _)| match member {
                Member::Ceiling(j) => option.answered.measure(*j).clone(),
                other => option.answered.name(*other),
            })
            .collect();
        let names: Vec<&Text> = names.iter().collect();
        let mut text = list(&names);
        if binding.len() > NAMED {
            text.zh += &format!("等 {} 项", binding.len());
            text.en += &format!(" and {} more", binding.len() - NAMED);
        }
        if let Some(misses) = self.misses(i) {
            let apart = if names.is_empty() {
                ["", ""]
            } else {
                ["；", "; "]
            };
            text.zh += &format!("{}若{}则不达标", apart[0], misses.zh);
            text.en += &format!("{}misses under {}", apart[1], misses.en);
        }
        text
    }

    fn targets(&self) -> Table {
        let columns = vec![
            Column::whole("option", "序号", "No").at(0).once("option"),
            Column::text("option_name", "方案", "Option"),
            Column::id("target", "目标", "Target"),
            Column::text("name", "目标", "Target").at(1),
            Column::flag("restated", "本方案所改", "Of the option", ["no", "yes"]),
            Column::number("required", "要求", "Required", Unit::None),
            Column::number("reached", "达到", "Reached", Unit::None).at(2),
            Column::unit("unit", "单位", "Unit").at(3),
            Column::flag("met", "达标", "Met", ["no", "yes"]).at(4),
            Column::number(
                "next",
                "再严一个单位多花",
                "One more unit costs",
                Unit::None,
            )
            .at(5),
            Column::number("last", "最后一个单位花了", "The last unit cost", Unit::None),
            Column::unit("price_unit", "价格单位", "Unit of the price").at(6),
            Column::number("probability", "达标概率", "Met in", Unit::Fraction)
                .form(Form::Probability)
                .with(With::Bound("below", "above"))
                .at(7),
            Column::number("below", "低于", "Below", Unit::Fraction),
            Column::number("above", "高于", "Above", Unit::Fraction),
        ];
        let title = Text::new(
            "各方案的目标与影子价格",
            "Targets of the options and their prices",
        );
        let mut table = Table::new("option-targets", title, columns);
        for (i, option) in self.options.iter().enumerate() {
            option.targets(i, &mut table);
        }
        table
    }

    fn measures(&self) -> Table {
        let columns = vec![
            Column::whole("option", "序号", "No").at(0).once("option"),
            Column::text("option_name", "方案", "Option"),
            Column::id("measure", "措施", "Measure"),
            Column::text("name", "措施", "Measure").at(1),
            Column::number("level", "执行程度", "Level", Unit::Fraction)
                .form(Form::Percent)
                .at(2),
            self.worth("cost", "成本", "Cost").at(3),
            Column::flag("binding", "到上限", "At the ceiling", ["no", "yes"]).at(4),
            self.worth("saves", "上限再放宽一成可省", "A tenth more saves")
                .at(5),
        ];
        let title = Text::new("各方案的措施力度", "Levels of the options");
        let mut table = Table::new("option-measures", title, columns);
        let (_, scale) = self.unit();
        for (i, option) in self.options.iter().enumerate() {
            let Some(plan) = option.plan() else { continue };
            let programme = option.answered.programme;
            let binding = option.binding();
            for j in 0..programme.spec.free.len() {
                let price = binding.iter().find(|(m, _)| *m == Member::Ceiling(j));
                let x = plan.point.x[j];
                table.row(vec![
                    (i + 1).into(),
                    option.name.into(),
                    Cell::from(option.answered.measure_id(j)),
                    option.answered.measure(j).into(),
                    x.into(),
                    money(
                        programme.spec.objective,
                        programme.money_of(j, &plan.point.x) * MONEY,
                    )
                    .into(),
                    price.is_some().into(),
                    price.map(|(_, saves)| saves * scale).into(),
                ]);
            }
        }
        table
    }

    fn regret(&self) -> Table {
        let columns = vec![
            Column::text("set", "目标", "Targets")
                .at(0)
                .once("set_number"),
            Column::whole("set_number", "组", "Set"),
            Column::whole("option", "方案", "Option"),
            Column::text("made_for", "为哪种增长而定", "Made for")
                .at(1)
                .once("option"),
            Column::whole("under", "情形序号", "Under option"),
            Column::text("growth", "遇到的增长", "Judged under").at(2),
            self.worth("cost", "该情形下成本", "Costs there").at(3),
            self.worth("least", "该情形最低成本", "Least there")
                .at(4)
                .absent("–"),
            self.worth("regret", "后悔值", "Regret").at(5).absent("–"),
            Column::flag("met", "达标", "Met", ["no", "yes"]).at(6),
            Column::text("missed", "差多少", "Lacks").at(7),
        ];
        let title = Text::new(
            "后悔值：按一种增长定的方案遇到另一种增长",
            "Regret: a plan made for one growth under another",
        );
        let mut table = Table::new("regret", title, columns);
        let (_, scale) = self.unit();
        for (s, set) in self.sets.iter().enumerate() {
            if set.options.len() < 2 {
                continue;
            }
            for judged in &set.judged {
                table.row(vec![
                    set.name.into(),
                    (s + 1).into(),
                    (judged.plan + 1).into(),
                    (&self.cases[self.options[judged.plan].case]).into(),
                    (judged.under + 1).into(),
                    (&self.cases[self.options[judged.under].case]).into(),
                    (judged.cost * scale).into(),
                    judged.least.map(|least| least * scale).into(),
                    judged.regret.map(|regret| regret * scale).into(),
                    (judged.missed.is_empty() && judged.broken.is_none()).into(),
                    self.lacking(judged).into(),
                ]);
            }
        }
        table
    }

    /// What a plan misses in a case, and by how much.
    fn lacking(&self, judged: &Judgement<'_>) -> Option<Text> {
        let answered = &self.options[judged.under].answered;
        let mut parts: Vec<Text> = Vec::new();
        for (t, lack) in judged.missed {
            let target = &answered.scenario.targets[*t];
            let each = answered.each(target);
            let indicator = &self.catalogue.indicators[target.indicator.at()];
            let name = crate::case::short_name(self.catalogue, indicator);
            let amount = crate::case::number(lack / each.scale);
            let (zh, en) = (&each.unit.zh, &each.unit.en);
            parts.push(Text::new(
                format!("{}差 {amount} {zh}", name.zh),
                format!("{} {amount} {en}", name.en),
            ));
        }
        if let Some(limit) = judged.broken {
            parts.push(Text::new(
                format!("超过上限 `{limit}`"),
                format!("over the limit `{limit}`"),
            ));
        }
        let parts: Vec<&Text> = parts.iter().collect();
        (!parts.is_empty()).then(|| list(&parts))
    }

    fn robust(&self) -> Table {
        let columns = vec![
            Column::whole("set_number", "组", "Set"),
            Column::text("set", "目标", "Targets")
                .at(0)
                .once("set_number"),
            Column::whole("option", "情形序号", "Under option"),
            Column::text("growth", "增长情形", "Growth").at(1),
            self.worth("cost", "稳健方案成本", "The robust plan costs")
                .at(2),
            self.worth("least", "该情形最低成本", "Least there").at(3),
            self.worth("regret", "后悔值", "Regret").at(4),
            self.worth("worst", "最大后悔值", "Worst regret").at(5),
            Column::text("note", "说明", "Note").at(6),
        ];
        let title = Text::new(
            "稳健方案：各增长情形下最大后悔值最小",
            "Robust plans: the worst regret over growth is least",
        );
        let mut table = Table::new("robust", title, columns);
        let (_, scale) = self.unit();
        for (s, set) in self.sets.iter().enumerate() {
            if set.options.len() < 2 {
                continue;
            }
            let reach: Vec<usize> = set
                .options
                .iter()
                .copied()
                .filter(|i| self.options[*i].plan().is_some())
                .collect();
            for option in set.options {
                let growth = &self.cases[self.options[*option].case];
                let own = set.robust.as_ref().and_then(|robust| {
                    let mut cases = robust.cases.iter();
                    cases.find(|(i, _, _)| i == option).copied()
                });
                let note = match (own, reach.contains(option), reach.len()) {
                    (Some(_), _, _) => Text::default(),
                    (None, false, _) => Text::new("做不到，不计后悔", "out of reach: no regret"),
                    (None, true, 1) => {
                        Text::new("只有这一种情形做得到", "the one case within reach")
                    }
                    (None, true, _) => Text::new(
                        "没有一个方案在各情形下都达标",
                        "no one plan meets the targets in all cases",
                    ),
                };
                let least = self.options[*option]
                    .plan()
                    .map(|plan| plan.point.cost * scale);
                let cells = vec![
                    (s + 1).into(),
                    set.name.into(),
                    (option + 1).into(),
                    growth.into(),
                    own.map(|(_, cost, _)| cost * scale).into(),
                    least.into(),
                    own.map(|(_, _, regret)| regret * scale).into(),
                    set.robust
                        .as_ref()
                        .filter(|_| own.is_some())
                        .map(|r| r.worst * scale)
                        .into(),
                    note.into(),
                ];
                // Sets of which no two cases are within reach have no robust plan.
                if reach.len() > 1 {
                    table.row(cells);
                } else {
                    table.row_aside(cells);
                }
            }
        }
        table
    }

    fn robust_levels(&self) -> Table {
        let columns = vec![
            Column::whole("set_number", "组", "Set"),
            Column::text("set", "目标", "Targets")
                .at(0)
                .once("set_number"),
            Column::id("measure", "措施", "Measure"),
            Column::text("name", "措施", "Measure").at(1),
            Column::number("level", "执行程度", "Level", Unit::Fraction)
                .form(Form::Percent)
                .at(2),
        ];
        let title = Text::new("稳健方案的措施力度", "Levels of the robust plans");
        let mut table = Table::new("robust-levels", title, columns);
        for (s, set) in self.sets.iter().enumerate() {
            let Some(robust) = &set.robust else { continue };
            let answered = &self.options[set.options[0]].answered;
            let free = answered.programme.spec.free.len();
            for (j, level) in robust.levels.iter().take(free).enumerate() {
                table.row(vec![
                    (s + 1).into(),
                    set.name.into(),
                    Cell::from(answered.measure_id(j)),
                    answered.measure(j).into(),
                    (*level).into(),
                ]);
            }
        }
        table
    }
}

impl Judged<'_> {
    /// Adds the rows of its targets.
    fn targets(&self, i: usize, table: &mut Table) {
        let answered = &self.answered;
        let (_, money) = answered.objective();
        for (t, wanted) in &answered.programme.wanted {
            let target = &wanted.target;
            let each = answered.each(target);
            let (required, _) = required(target.demand);
            let price = self.plan().and_then(|plan| {
                let mut prices = plan.prices.iter();
                prices.find(|price| price.member == Member::Target(*t))
            });
            let (reached, met) = self.reached(*t);
            let stated = self.one(*t);
            let unit = Text::new(
                format!("{}/{}", money.unit.zh, each.unit.zh),
                format!("{} per {}", money.unit.en, each.unit.en),
            );
            let shown = |price: f64| price * each.scale / money.scale;
            table.row(vec![
                (i + 1).into(),
                self.name.into(),
                Cell::from(&target.id),
                answered.target(target).into(),
                self.restated.contains(t).into(),
                (required / each.scale).into(),
                reached.map(|reached| reached / each.scale).into(),
                Value::Named(each.unit.clone()).into(),
                met.into(),
                price.and_then(|p| p.tighter).map(shown).into(),
                price.map(|p| shown(p.looser)).into(),
                Value::Named(unit).into(),
                stated.as_ref().map(|s| s.share).into(),
                stated.as_ref().and_then(|s| s.claim.below).into(),
                stated.as_ref().and_then(|s| s.claim.above).into(),
            ]);
        }
    }

    /// What a target reaches, and whether that meets it: of the plan, or where there is
    /// none, of the levels at which all targets together lack least.
    pub(super) fn reached(&self, target: usize) -> (Option<f64>, Option<bool>) {
        let mut wanted = self.answered.programme.wanted.iter();
        let Some((_, wanted)) = wanted.find(|(own, _)| *own == target) else {
            return (None, None);
        };
        if let Some(plan) = self.plan() {
            return (Some(wanted.asked.reached(&plan.levels)), Some(true));
        }
        let mut reach = self.why().into_iter().flat_map(|why| &why.reach);
        let Some(reach) = reach.find(|reach| reach.target == target) else {
            return (None, None);
        };
        let demand = wanted.target.demand;
        let over = reach.least_sum - reach.required;
        let margin = if more_is_stricter(demand) {
            over
        } else {
            -over
        };
        let met = margin >= -1e-7 * reach.required.abs().max(1e-3);
        (Some(reach.least_sum), Some(met))
    }
}

/// Money, where the objective is.
fn money(objective: Objective, yuan: f64) -> Option<f64> {
    matches!(objective, Objective::Cost(_)).then_some(yuan)
}

/// Names, one after the other.
fn list(names: &[&Text]) -> Text {
    let all = |lang: Lang, by: &str| {
        let names: Vec<&str> = names.iter().map(|name| name.get(lang)).collect();
        names.join(by)
    };
    Text::new(all(Lang::Zh, "、"), all(Lang::En, ", "))
}
