//! What is said of a margin of safety.

use super::answered::Answered;
use crate::case::{count, number, percent, probability_range};
use crate::claims::Claim;
use crate::view::{Cell, Column, Form, Table, Unit, With};
use jianpai_core::text::Text;
use jianpai_solve::answer::Solution;
use jianpai_sweep::analysis::summary::Probability;
use jianpai_sweep::engine::attained::{Attained, Met};

/// A plan with a margin of safety, as reports see it.
#[derive(Clone, Copy)]
pub struct Safe<'a> {
    /// The plan.
    pub plan: &'a Solution,
    /// How it does on fresh draws.
    pub attained: &'a Attained,
    /// The targets that draws judge, as indices into the scenario's.
    pub targets: &'a [usize],
    /// The plan without a margin.
    pub plain: &'a Solution,
    /// How that does on the same draws.
    pub plain_attained: &'a Attained,
    /// The part of the draws that was asked for.
    pub asked: f64,
    /// Part of the sample asked for, part kept, and how fresh draws went, a try each.
    pub tries: &'a [(f64, f64, Probability)],
    /// Draws that the plan was made on.
    pub sample: u64,
    /// Whether fresh draws confirm what was asked.
    pub reached: bool,
    /// Whether the sample itself could not be kept so far.
    pub out_of_reach: bool,
    /// Whether the model's error is drawn.
    pub model_error: bool,
    /// Inputs of the `[sweep]` that are drawn.
    pub inputs: &'a [String],
    /// Inputs of it that are decisions here.
    pub decided: &'a [String],
}

/// The tables `margin` and `margin-tries`.
pub fn margin(answered: &Answered<'_>, safe: &Safe<'_>) -> [Table; 2] {
    [answered.margin(safe), tries(safe)]
}

/// A column of shares, with its bounds behind it.
fn shares(key: &'static str, zh: &str, en: &str, bounds: [&'static str; 2]) -> [Column; 3] {
    let [below, above] = bounds;
    [
        Column::number(key, zh, en, Unit::Fraction)
            .form(Form::Probability)
            .with(With::Bound(below, above)),
        Column::number(below, "低于", "Below", Unit::Fraction),
        Column::number(above, "高于", "Above", Unit::Fraction),
    ]
}

impl Answered<'_> {
    fn margin(&self, safe: &Safe<'_>) -> Table {
        let [share, below, above] =
            shares("share", "留余量后", "With the margin", ["below", "above"]);
        let [plain, plain_below, plain_above] = shares(
            "plain",
            "不留余量",
            "Without",
            ["plain_below", "plain_above"],
        );
        let columns = vec![
            Column::id("target", "目标", "Target").absent("all"),
            Column::text("name", "目标", "Target").at(0),
            share.at(1),
            below,
            above,
            Column::number("low", "区间下限", "From", Unit::Fraction)
                .form(Form::Percent)
                .at(2),
            Column::number("high", "区间上限", "To", Unit::Fraction)
                .form(Form::Percent)
                .at(3),
            plain.at(4),
            plain_below,
            plain_above,
            Column::whole("cases", "误差案例数", "Cases of the error").at(5),
        ];
        let title = Text::new(
            "另抽的样本里达标的比例",
            "Part of fresh draws in which targets are met",
        );
        let mut table = Table::new("margin", title, columns);
        let mut row = |target: Cell, name: Text, own: &Met, plain: &Met, claims: [Claim; 2]| {
            let interval = own.said.interval(0.95);
            table.row(vec![
                target,
                name.into(),
                own.said.share().into(),
                claims[0].below.into(),
                claims[0].above.into(),
                interval.0.into(),
                interval.1.into(),
                plain.said.share().into(),
                claims[1].below.into(),
                claims[1].above.into(),
                own.cases.into(),
            ]);
        };
        let each = safe.attained.each.iter().zip(&safe.plain_attained.each);
        for (i, (own, plain)) in safe.targets.iter().zip(each) {
            let target = &self.scenario.targets[*i];
            let id = Cell::from(&target.id);
            row(
                id,
                self.target(target),
                own,
                plain,
                [claim_of(own), claim_of(plain)],
            );
        }
        let name = Text::new("全部目标", "All targets");
        let (own, plain) = (&safe.attained.all, &safe.plain_attained.all);
        let claims = [
            claim_of_all(safe.attained),
            claim_of_all(safe.plain_attained),
        ];
        row(Cell::absent(), name, own, plain, claims);
        table
    }

    /// What the margin is worth and what it costs.
    pub fn margin_in_words(&self, safe: &Safe<'_>) -> Vec<Text> {
        let mut all = vec![self.reached_in_words(safe)];
        all.extend(record(safe));
        let (_, unit) = self.objective();
        let more = safe.plan.point.cost - safe.plain.point.cost;
        let part = if safe.plain.point.cost > 0.0 {
            let part = percent(more / safe.plain.point.cost);
            [format!("（多 {part}）"), format!(" ({part} more)")]
        } else {
            [String::new(), String::new()]
        };
        let plain = claim_of_all(safe.plain_attained);
        let plain = plain.text(safe.plain_attained.all.said.share().unwrap_or(0.0));
        let (more, least) = (
            number(more / unit.scale),
            number(safe.plain.point.cost / unit.scale),
        );
        all.push(Text::new(
            format!(
                "余量的代价：比不留余量的最低成本 {least} {} 多 {more} {}{}；不留余量的方案在同一批抽样里只有 {plain} 全部达标",
                unit.unit.zh, unit.unit.zh, part[0]
            ),
            format!(
                "The margin costs {more} {} on top of the {least} without one{}; that plan meets all targets in {plain} of the same draws",
                unit.unit.en, part[1]
            ),
        ));
        all.push(drawn(safe));
        all
    }

    fn reached_in_words(&self, safe: &Safe<'_>) -> Text {
        let asked = percent(safe.asked);
        let met = &safe.attained.all;
        let share = percent(met.said.share().unwrap_or(0.0));
        let range = probability_range(met.said.interval(0.95));
        let draws = count(met.said.count);
        if safe.reached {
            return Text::new(
                format!(
                    "把握：另抽的 {draws} 次里 {share} 全部达标（95% 区间 {range}），不低于所要求的 {asked}"
                ),
                format!(
                    "Margin: all targets are met in {share} of {draws} fresh draws (95% interval {range}), no less than the {asked} asked for"
                ),
            );
        }
        let each = safe.attained.each.iter().zip(safe.targets);
        let worst = each.min_by_key(|(met, i)| (met.said.met, **i));
        let (zh, en) = worst.map_or((String::new(), String::new()), |(met, i)| {
            let name = self.target(&self.scenario.targets[*i]);
            let own = percent(met.said.share().unwrap_or(0.0));
            (
                format!("；最难的是{}，只在 {own} 的抽样里达到", name.zh),
                format!("; hardest is {}, met in {own} of them", name.en),
            )
        });
        let (why_zh, why_en) = if safe.out_of_reach {
            (
                "措施做足也只能如此，",
                "with all that the measures can do, ",
            )
        } else {
            ("", "")
        };
        Text::new(
            format!(
                "把握：达不到所要求的 {asked}。{why_zh}找到的最高是另抽的 {draws} 次里 {share} 全部达标（95% 区间 {range}）{zh}"
            ),
            format!(
                "Margin: the {asked} asked for is not reached. The highest found, {why_en}is all targets met in {share} of {draws} fresh draws (95% interval {range}){en}"
            ),
        )
    }
}

/// What the record of past errors allows to be said, where that is less than the draws say.
fn record(safe: &Safe<'_>) -> Option<Text> {
    let claim = claim_of_all(safe.attained);
    let share = safe.attained.all.said.share()?;
    let (end, cases) = (claim.above?, claim.cases?);
    Some(Text::new(
        format!(
            "但模型误差最少只有 {cases} 个历史案例，抽样再多也只能说“{}”，不能说更高",
            claim.text(share)
        ),
        format!(
            "But of the model's error there are as few as {cases} cases on record: whatever the draws say, no more can be stated than {} (1/(n + 1) from certain)",
            crate::case::above(end)
        ),
    ))
}

/// On what it was made and tried.
fn drawn(safe: &Safe<'_>) -> Text {
    let sample = count(safe.sample);
    let tries = safe.tries.len();
    let (zh_in, en_in) = (safe.inputs.join("、"), safe.inputs.join(", "));
    let (zh, en) = match (safe.model_error, safe.inputs.is_empty()) {
        (true, true) => (
            "模型自身的误差".to_string(),
            "the model's own error".to_string(),
        ),
        (true, false) => (
            format!("模型自身的误差和 {zh_in}"),
            format!("the model's own error and {en_in}"),
        ),
        (false, true) => ("无".to_string(), "nothing".to_string()),
        (false, false) => (zh_in, en_in),
    };
    let (zh_out, en_out) = if safe.decided.is_empty() {
        (String::new(), String::new())
    } else {
        (
            format!("；{} 是求解所定，不抽", safe.decided.join("、")),
            format!(
                "; {} are what is decided here and not drawn",
                safe.decided.join(", ")
            ),
        )
    };
    Text::new(
        format!("抽取：{zh}{zh_out}。方案在 {sample} 次抽样上求得，试了 {tries} 次，每次另抽检验"),
        format!(
            "Drawn: {en}{en_out}. The plan is made on {sample} draws and tried on others, {tries} times"
        ),
    )
}

/// What may be stated of a target.
fn claim_of(met: &Met) -> Claim {
    let share = met.said.share().unwrap_or(0.0);
    Claim::of_one(share, Some(met.said.interval(0.95)), met.cases)
}

/// What may be stated of all targets.
fn claim_of_all(attained: &Attained) -> Claim {
    let met = &attained.all;
    let share = met.said.share().unwrap_or(0.0);
    let cases: Vec<Option<usize>> = attained.each.iter().map(|met| met.cases).collect();
    let own = |i: usize| attained.each[i].said.share();
    Claim::of_all(share, Some(met.said.interval(0.95)), (&cases, &own))
}

fn tries(safe: &Safe<'_>) -> Table {
    let part = |key: &'static str, zh: &str, en: &str| {
        Column::number(key, zh, en, Unit::Fraction).form(Form::Percent)
    };
    let columns = vec![
        Column::whole("try", "次序", "Try").at(0),
        part("asked", "样本中要求", "Asked of the sample").at(1),
        part("kept", "样本中保住", "Kept of the sample").at(2),
        part("fresh", "另抽达标", "Met in fresh draws").at(3),
        part("low", "区间下限", "From").at(4),
        part("high", "区间上限", "To").at(5),
        Column::whole("met", "达标次数", "Draws met"),
        Column::whole("draws", "抽样数", "Draws"),
    ];
    let title = Text::new("求余量的各次尝试", "Tries for the margin");
    let mut table = Table::new("margin-tries", title, columns);
    for (k, (asked, kept, fresh)) in safe.tries.iter().enumerate() {
        let interval = fresh.interval(0.95);
        table.row(vec![
            (k + 1).into(),
            (*asked).into(),
            (*kept).into(),
            fresh.share().into(),
            interval.0.into(),
            interval.1.into(),
            fresh.met.into(),
            fresh.count.into(),
        ]);
    }
    table
}
