//! The tables of a solve: `solution`, `targets`, `prices`, `certificate`; of one without a
//! plan `reach` and `conflicts`; `ranges` where asked.

use super::answered::{Answered, Found};
use crate::view::{Cell, Column, Form, Table, Unit, Value};
use jianpai_core::provenance::Status;
use jianpai_core::target::required;
use jianpai_core::text::Text;
use jianpai_solve::answer::{Price, Solution, more_is_stricter};
use jianpai_solve::conflict::{Explanation, Member};
use jianpai_solve::nearby::Range;
use jianpai_solve::programme::{MONEY, MOST};

/// All tables of an answer.
pub fn tables(answered: &Answered<'_>) -> Vec<Table> {
    match answered.found {
        Found::Plan(solution) => {
            let mut all = vec![
                answered.solution(solution),
                answered.targets(solution),
                answered.prices(solution),
                answered.certificate(solution),
            ];
            if !answered.programme.paced.is_empty() {
                all.insert(1, answered.years(solution));
            }
            all
        }
        Found::Infeasible(why) => vec![answered.reach(why), answered.conflicts(why)],
    }
}

/// A level as part of what is planned.
fn level(key: &'static str, zh: &str, en: &str) -> Column {
    Column::number(key, zh, en, Unit::Fraction).form(Form::Percent)
}

/// A level near a bound.
fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= jianpai_solve::dual::TIGHT
}

impl Answered<'_> {
    fn solution(&self, solution: &Solution) -> Table {
        let columns = vec![
            Column::id("measure", "措施", "Measure"),
            Column::text("name", "措施", "Measure").at(0),
            level("level", "执行程度", "Level").at(1),
            level("stated", "情景所述", "Stated").at(2),
            level("low", "下限", "Low"),
            level("high", "上限", "High").absent("stock"),
            Column::id("at", "所在", "At"),
            Column::text("why", "说明", "Note").at(4),
            Column::number("cost", "成本", "Cost", Unit::Yuan)
                .form(Form::Signed)
                .at(3),
        ];
        let title = Text::new("求得的措施与力度", "Measures and levels found");
        let mut table = Table::new("solution", title, columns);
        let measures = &self.plan.measures;
        for (m, measure) in measures.iter().enumerate() {
            let free = self.programme.spec.free.iter();
            let place = free.clone().position(|free| free.measure == m);
            let (low, high, at, note, cost) = if let Some(j) = place {
                let free = &self.programme.spec.free[j];
                let x = solution.levels[m];
                let (at, note) = if near(x, 0.0) && free.low <= 0.0 {
                    ("none", Text::new("不用", "not used"))
                } else if near(x, free.high) {
                    ("high", Text::new("到上限", "at its ceiling"))
                } else if near(x, free.low) {
                    ("low", Text::new("在下限", "at its least"))
                } else if near(x, self.programme.potential[j]) {
                    ("stock", Text::new("存量用尽", "all there is"))
                } else {
                    ("between", Text::default())
                };
                let high = (free.high < MOST).then_some(free.high);
                let cost = self.programme.money_of(j, &solution.point.x) * MONEY;
                (Some(free.low), high, at, note, Some(cost))
            } else if measure.policy == jianpai_core::measure::Policy::Current {
                let note = Text::new("现行政策", "current policy");
                (None, None, "current", note, None)
            } else if self.held.contains(&m) {
                let note = Text::new("成本不明，按情景所述", "cost not known: as stated");
                (None, None, "unpriced", note, None)
            } else {
                let note = Text::new("按情景所述", "as stated");
                (None, None, "fixed", note, None)
            };
            let cells = vec![
                Cell::from(&measure.id),
                Cell::from(&measure.name),
                solution.levels[m].into(),
                self.programme.stated[m].into(),
                low.into(),
                high.into(),
                at.into(),
                note.into(),
                cost.into(),
            ];
            if at == "current" {
                table.row_aside(cells);
            } else {
                table.row(cells);
            }
        }
        table
    }

    /// The levels of paced measures year by year.
    fn years(&self, solution: &Solution) -> Table {
        let paced = &self.programme.paced;
        let mut years: Vec<i32> = paced
            .iter()
            .flat_map(|(_, one, _)| one.years.iter().copied())
            .collect();
        years.sort_unstable();
        years.dedup();
        let mut columns = vec![
            Column::id("measure", "措施", "Measure"),
            Column::text("name", "措施", "Measure").at(0),
            Column::text("at", "时点", "At").at(1),
            level("pace", "每年至多", "A year at most").at(2),
        ];
        columns.extend(years.iter().enumerate().map(|(i, year)| {
            let text = year.to_string();
            Column::number(text.clone(), &text, &text, Unit::Fraction)
                .form(Form::Percent)
                .at(3 + i as u8)
        }));
        let title = Text::new("各年的执行程度", "Levels year by year");
        let mut table = Table::new("years", title, columns);
        for (place, one, own) in paced {
            let at = if one.at_end {
                Text::new("年末", "end of year")
            } else {
                Text::new("年均", "mean of year")
            };
            let mut cells = vec![
                self.measure_id(*place).into(),
                Cell::from(self.measure(*place)),
                at.into(),
                one.most.into(),
            ];
            cells.extend(years.iter().map(|year| {
                let within = one.years.partition_point(|own| own <= year);
                let level = within
                    .checked_sub(1)
                    .map_or(0.0, |j| solution.point.x[own[j]]);
                Cell::from(level)
            }));
            table.row(cells);
        }
        table
    }

    fn targets(&self, solution: &Solution) -> Table {
        let columns = vec![
            Column::id("target", "目标", "Target"),
            Column::text("name", "目标", "Target").at(0),
            Column::number("required", "要求", "Required", Unit::None),
            Column::number("reached", "达到", "Reached", Unit::None),
            Column::text("state", "状态", "State").at(1),
            Column::flag("binding", "紧", "Binding", ["no", "yes"]),
            Column::number(
                "next",
                "再严一个单位多花",
                "One more unit costs",
                Unit::None,
            )
            .at(2),
            Column::number("next_to", "可用到", "Holds to", Unit::None).at(3),
            Column::number("last", "最后一个单位花了", "The last unit cost", Unit::None).at(4),
            Column::number("last_to", "可用到", "Holds to", Unit::None).at(5),
            Column::unit("unit", "单位", "Unit").at(6),
        ];
        let title = Text::new("目标的价格", "What targets cost");
        let mut table = Table::new("prices-of-targets", title, columns);
        let (_, money) = self.objective();
        for (i, wanted) in &self.programme.wanted {
            let target = &wanted.target;
            let each = self.each(target);
            let (required, _) = required(target.demand);
            let price = solution.prices.iter();
            let price = price.clone().find(|p| p.member == Member::Target(*i));
            let reached = wanted.asked.reached(&solution.levels);
            let state = match price {
                Some(Price { tighter: None, .. }) => {
                    Text::new("到头，再严做不到", "at the end: no stricter one can be met")
                }
                Some(_) => Text::new("紧", "binding"),
                None => Text::new("有余", "met with room"),
            };
            let sign = if more_is_stricter(target.demand) {
                1.0
            } else {
                -1.0
            };
            let to = |distance: Option<f64>, sign: f64| {
                distance.map(|distance| (required + sign * distance) / each.scale)
            };
            let unit = Text::new(
                format!("{}/{}", money.unit.zh, each.unit.zh),
                format!("{} per {}", money.unit.en, each.unit.en),
            );
            table.row(vec![
                Cell::from(&target.id),
                self.target(target).into(),
                (required / each.scale).into(),
                (reached / each.scale).into(),
                state.into(),
                price.is_some().into(),
                price
                    .and_then(|p| p.tighter)
                    .map(|p| p * each.scale / money.scale)
                    .into(),
                price.and_then(|p| to(p.tighter_to, sign)).into(),
                price.map(|p| p.looser * each.scale / money.scale).into(),
                price.and_then(|p| to(p.looser_to, -sign)).into(),
                Value::Named(unit).into(),
            ]);
        }
        table
    }

    /// What one unit more room of everything else that binds saves.
    fn prices(&self, solution: &Solution) -> Table {
        let columns = vec![
            Column::id("kind", "种类", "Kind"),
            Column::id("id", "id", "Id"),
            Column::text("name", "限制", "What binds").at(0),
            Column::number("saves", "放宽一个单位省", "One unit more saves", Unit::None).at(1),
            Column::unit("unit", "单位", "Unit").at(2),
        ];
        let title = Text::new("其他限制的价格", "What other limits cost");
        let mut table = Table::new("prices", title, columns);
        let (_, money) = self.objective();
        let mut all: Vec<(&Price, f64)> = Vec::new();
        for price in &solution.prices {
            if !matches!(price.member, Member::Target(_)) && price.looser > 0.0 {
                all.push((
                    price,
                    price.looser * self.unit_of(price.member).scale / money.scale,
                ));
            }
        }
        all.sort_by(|a, b| b.1.total_cmp(&a.1));
        for (price, saves) in all {
            let each = self.unit_of(price.member).unit;
            let unit = Text::new(
                format!("{}/{}", money.unit.zh, each.zh),
                format!("{} per {}", money.unit.en, each.en),
            );
            table.row(vec![
                Self::kind(price.member).into(),
                self.id(price.member).into(),
                self.name(price.member).into(),
                saves.into(),
                Value::Named(unit).into(),
            ]);
        }
        table
    }

    fn certificate(&self, solution: &Solution) -> Table {
        let columns = vec![
            Column::id("key", "项", "Item"),
            Column::text("name", "项", "Item").at(0),
            Column::number("value", "值", "Value", Unit::None)
                .form(Form::Plain)
                .at(1),
            Column::unit("unit", "单位", "Unit").at(2),
        ];
        let title = Text::new("最优性凭证", "Certificate");
        let mut table = Table::new("certificate", title, columns);
        let (_, unit) = self.objective();
        let mut row = |key: &str, zh: &str, en: &str, value: f64, unit: &Text| {
            table.row(vec![
                key.into(),
                Text::new(zh, en).into(),
                value.into(),
                Value::Named(unit.clone()).into(),
            ]);
        };
        let none = Text::default();
        let (unit, scale) = (unit.unit, unit.scale);
        let primal = solution.point.cost / scale;
        row("primal", "原问题", "primal", primal, &unit);
        row("dual", "对偶问题", "dual", solution.dual / scale, &unit);
        row("gap", "差", "gap", solution.gap() / scale, &unit);
        let money = Text::new("亿元", "10⁸ CNY");
        row(
            "money",
            "求解措施的成本",
            "cost of the measures sought",
            solution.money,
            &money,
        );
        let fixed = self.programme.money_fixed;
        row(
            "money-fixed",
            "按情景所述的新增措施成本",
            "cost of new measures as stated",
            fixed,
            &money,
        );
        for (status, part) in Status::ALL.into_iter().zip(self.support(solution)) {
            let key = format!("cost-{}", status.id());
            let Text { zh, en } = status.name();
            let zh = format!("成本中依据“{zh}”数字的部分");
            let en = format!("part of the cost that rests on {en} numbers");
            row(&key, &zh, &en, part, &none);
        }
        table
    }

    fn reach(&self, why: &Explanation) -> Table {
        let columns = vec![
            Column::id("target", "目标", "Target"),
            Column::text("name", "目标", "Target").at(0),
            Column::number("required", "要求", "Required", Unit::None).at(1),
            Column::number("alone", "只管它，最多", "Alone, at best", Unit::None).at(2),
            Column::number(
                "least_sum",
                "合计缺口最小时",
                "Least sum lacking",
                Unit::None,
            )
            .at(3),
            Column::number(
                "least_most",
                "最大缺口最小时",
                "Least largest lack",
                Unit::None,
            )
            .at(4),
            Column::unit("unit", "单位", "Unit").at(5),
        ];
        let title = Text::new("够得着的最近值", "What is within reach");
        let mut table = Table::new("reach", title, columns);
        for reach in &why.reach {
            let target = &self.scenario.targets[reach.target];
            let each = self.each(target);
            let shown = |value: f64| value / each.scale;
            table.row(vec![
                Cell::from(&target.id),
                self.target(target).into(),
                shown(reach.required).into(),
                shown(reach.alone).into(),
                shown(reach.least_sum).into(),
                shown(reach.least_most).into(),
                Value::Named(each.unit).into(),
            ]);
        }
        table
    }

    fn conflicts(&self, why: &Explanation) -> Table {
        let columns = vec![
            Column::whole("conflict", "冲突", "Conflict")
                .at(0)
                .once("conflict"),
            Column::id("kind", "种类", "Kind"),
            Column::id("id", "id", "Id"),
            Column::text("name", "成员", "Member").at(1),
            Column::number(
                "gain",
                "放宽一个单位，缺口少",
                "One unit more closes",
                Unit::Points,
            )
            .at(2),
            Column::unit("unit", "每", "Per").at(3),
        ];
        let title = Text::new("最小冲突", "Minimal conflicts");
        let mut table = Table::new("conflicts", title, columns);
        for (c, conflict) in why.conflicts.iter().enumerate() {
            for blocker in &conflict.members {
                let each = self.unit_of(blocker.member);
                let scale = self.unit_in_rows(blocker.member, each.scale);
                table.row(vec![
                    (c + 1).into(),
                    Self::kind(blocker.member).into(),
                    self.id(blocker.member).into(),
                    self.name(blocker.member).into(),
                    blocker.gain.map(|gain| gain * scale).into(),
                    Value::Named(each.unit).into(),
                ]);
            }
        }
        table
    }

    /// One unit of a member for people, in units of its row.
    pub(super) fn unit_in_rows(&self, member: Member, each: f64) -> f64 {
        let Member::Limit(i) = member else {
            return each;
        };
        let limit = jianpai_solve::programme::What::Limit(i);
        let mut rows = self.programme.rows.iter();
        let row = rows.find(|named| named.what == limit);
        row.map_or(each, |named| each / named.scale)
    }
}

/// How far each level can move at so much more cost.
pub fn ranges(answered: &Answered<'_>, found: &[Range]) -> Table {
    let columns = vec![
        Column::number("part", "多花", "More spent", Unit::Fraction)
            .form(Form::Percent)
            .at(0)
            .once("part"),
        Column::id("measure", "措施", "Measure"),
        Column::text("name", "措施", "Measure").at(1),
        level("low", "最低", "Least").at(2),
        level("high", "最高", "Most").at(3),
        Column::text("word", "说明", "Note").at(4),
    ];
    let title = Text::new(
        "同样办成，力度可在多大范围内变动",
        "How differently it could look",
    );
    let mut table = Table::new("ranges", title, columns);
    for range in found {
        let word = if range.low > 1e-6 {
            Text::new("每个方案都有", "in every plan")
        } else if range.high < 1e-6 {
            Text::new("哪个方案都没有", "in none")
        } else {
            Text::default()
        };
        table.row(vec![
            range.part.into(),
            answered.measure_id(range.variable).into(),
            Cell::from(answered.measure(range.variable)),
            range.low.into(),
            range.high.into(),
            word.into(),
        ]);
    }
    table
}
