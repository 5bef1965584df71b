//! Why it cannot be done, in sentences to be read aloud.

use super::answered::Answered;
use crate::case::{number, percent};
use jianpai_core::target::Demand;
use jianpai_core::text::{Lang, Text};
use jianpai_solve::answer::more_is_stricter;
use jianpai_solve::conflict::{Blocker, Conflict, Explanation, Member, Reach};

/// What a target wants its indicator to do.
fn down(demand: Demand) -> &'static str {
    match demand {
        Demand::Floor(_) => "升",
        Demand::Reduction { .. } | Demand::Cap(_) | Demand::Cumulative { .. } => "降",
        Demand::Project { .. } => "减",
    }
}

/// Members that are named one by one.
const NAMED: usize = 4;
/// Members whose gain is told.
const TOLD: usize = 3;

impl Answered<'_> {
    /// Why there is no plan: each conflict, a text each.
    pub fn why_not(&self, why: &Explanation) -> Vec<Text> {
        let conflicts = why.conflicts.iter();
        let mut all: Vec<Text> = conflicts.map(|one| self.conflict(why, one)).collect();
        if why.more {
            all.push(Text::new(
                "冲突不止这些，以上是涉及目标最少的几组",
                "There may be more conflicts: these are the ones with the fewest targets",
            ));
        }
        all
    }

    /// Why there is no plan, in one short sentence: what the first conflict cannot do and how
    /// near it comes.
    pub fn in_short(&self, why: &Explanation) -> Text {
        let first = why.conflicts.first();
        let text = first.map(|conflict| self.cannot(why, conflict));
        text.unwrap_or_else(|| Text::new("做不到", "it cannot be done"))
    }

    /// One conflict: what cannot be done, how near it comes, what stands in the way, and
    /// what giving way brings.
    pub fn conflict(&self, why: &Explanation, conflict: &Conflict) -> Text {
        let Text { mut zh, mut en } = self.cannot(why, conflict);
        let blocked = self.blocked(conflict);
        zh += &format!("；{}", blocked.zh);
        en += &format!("; {}", blocked.en);
        let gains = self.gains(conflict);
        if !gains.zh.is_empty() {
            zh += &format!("；{}", gains.zh);
            en += &format!("; {}", gains.en);
        }
        Text::new(zh, en)
    }

    /// What cannot be done, and how near it comes.
    fn cannot(&self, why: &Explanation, conflict: &Conflict) -> Text {
        let targets: Vec<usize> = conflict.targets().collect();
        let names: Vec<Text> = targets
            .iter()
            .map(|i| self.target(&self.scenario.targets[*i]))
            .collect();
        let zh: Vec<&str> = names.iter().map(|name| name.zh.as_str()).collect();
        let en: Vec<&str> = names.iter().map(|name| name.en.as_str()).collect();
        let reach = |i: &usize| why.reach.iter().find(|reach| reach.target == *i);
        let (zh, en) = match targets.as_slice() {
            [] => (
                "不论目标，各项限制本身就互相矛盾".to_string(),
                "The limits contradict each other, whatever the targets".to_string(),
            ),
            [one] => {
                let near = reach(one).map(|reach| self.at_best(reach));
                let near = near.unwrap_or_default();
                (
                    format!("{}做不到：{}", zh[0], near.zh),
                    format!("{} cannot be done: {}", en[0], near.en),
                )
            }
            several => {
                let near = |i: &usize| reach(i).map(|reach| self.value(*i, reach.least_sum));
                let near: Vec<Text> = several.iter().filter_map(near).collect();
                let list = |pick: &dyn Fn(&Text) -> String, by: &str| {
                    near.iter().map(pick).collect::<Vec<_>>().join(by)
                };
                (
                    format!(
                        "{}不能同时做到：合计缺口最小时依次为 {}",
                        zh.join("与"),
                        list(&|text| text.zh.clone(), "、")
                    ),
                    format!(
                        "{} cannot be met together: where they lack least in sum, they reach {}",
                        en.join(" and "),
                        list(&|text| text.en.clone(), ", ")
                    ),
                )
            }
        };
        Text::new(zh, en)
    }

    /// The best that can be reached alone, with as many digits as tell it from what is
    /// required.
    fn at_best(&self, reach: &Reach) -> Text {
        let target = &self.scenario.targets[reach.target];
        let is_reduction = matches!(target.demand, Demand::Reduction { .. });
        if is_reduction && reach.alone < 0.0 {
            let more = percent(-reach.alone);
            return Text::new(
                format!("做足也仍增 {more}"),
                format!("at best it still grows by {more}"),
            );
        }
        let shown = self.value(reach.target, reach.alone);
        let same = shown == self.value(reach.target, reach.required);
        let each = self.each(target);
        let fine = |decimals: usize| {
            let sign = if is_reduction { "−" } else { "" };
            let amount = reach.alone / each.scale;
            let text = format!("{sign}{amount:.decimals$}");
            let unit = if each.points {
                Text::same("%")
            } else {
                let Text { zh, en } = &each.unit;
                Text::new(format!(" {zh}"), format!(" {en}"))
            };
            Text::new(format!("{text}{}", unit.zh), format!("{text}{}", unit.en))
        };
        let shown = if same { fine(4) } else { shown };
        let word = if more_is_stricter(target.demand) {
            "最多"
        } else {
            "最低"
        };
        Text::new(
            format!("{word} {}", shown.zh),
            format!("at best {}", shown.en),
        )
    }

    /// What stands in the way.
    fn blocked(&self, conflict: &Conflict) -> Text {
        let mut parts: Vec<(String, String)> = Vec::new();
        let ceilings: Vec<&Text> = conflict
            .members
            .iter()
            .filter_map(|blocker| match blocker.member {
                Member::Ceiling(j) => Some(self.measure(j)),
                _ => None,
            })
            .collect();
        let names = |lang: Lang| -> String {
            let first = ceilings.iter().take(NAMED).map(|name| name.get(lang));
            first.collect::<Vec<_>>().join(lang.pick("、", ", "))
        };
        match ceilings.len() {
            0 => {}
            count if count > NAMED => parts.push((
                format!("{}等 {count} 项措施都已到规划上限", names(Lang::Zh)),
                format!(
                    "{} and {} more measures are at their ceilings",
                    names(Lang::En),
                    count - NAMED
                ),
            )),
            _ => parts.push((
                format!("{}已到规划上限", names(Lang::Zh)),
                format!("at the ceiling: {}", names(Lang::En)),
            )),
        }
        for blocker in &conflict.members {
            let name = self.name(blocker.member);
            match blocker.member {
                Member::Stock(_) => parts.push((
                    format!("{}已用尽", name.zh),
                    format!("{} is used up", name.en),
                )),
                Member::Limit(_)
                | Member::Least(_)
                | Member::Group(_)
                | Member::Pace(_)
                | Member::Order(_) => parts.push((
                    format!("受{}所限", name.zh),
                    format!("{} stands in the way", name.en),
                )),
                Member::Target(_) | Member::Ceiling(_) => {}
            }
        }
        if parts.is_empty() {
            return Text::new("没有措施能再起作用", "no measure can do more");
        }
        let (zh, en): (Vec<String>, Vec<String>) = parts.into_iter().unzip();
        Text::new(zh.join("，"), en.join(", "))
    }

    /// What giving way brings, of those that bring most.
    fn gains(&self, conflict: &Conflict) -> Text {
        let gain = |blocker: &Blocker| {
            let each = self.each_in_words(blocker.member);
            let scale = self.unit_in_rows(blocker.member, each.0);
            (blocker.gain.unwrap_or(0.0) * scale, each.1)
        };
        let mut all: Vec<(f64, Text)> = conflict.members.iter().map(gain).collect();
        all.retain(|(gain, _)| *gain > 1e-9);
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        let targets: Vec<usize> = conflict.targets().collect();
        let single = match targets.as_slice() {
            [one] => self.programme.wanted.iter().find(|(i, _)| i == one),
            _ => None,
        };
        let parts = all.into_iter().take(TOLD).map(|(gain, each)| {
            let Some((_, wanted)) = single else {
                let points = number(gain * 100.0);
                return (
                    format!("{}，合计缺口少 {points} 个百分点", each.zh),
                    format!("{} closes {points} points of what is lacking", each.en),
                );
            };
            // A row counts in parts of the base, or of what is required.
            let unit = self.each(&wanted.target);
            let amount = if wanted.asked.base.is_some() {
                gain / unit.scale
            } else {
                gain * wanted.scale / unit.scale
            };
            let amount = number(amount);
            (
                format!(
                    "{}，可多{} {amount} {}",
                    each.zh,
                    down(wanted.target.demand),
                    unit.unit.zh
                ),
                format!("{} brings it {amount} {} nearer", each.en, unit.unit.en),
            )
        });
        let (zh, en): (Vec<String>, Vec<String>) = parts.unzip();
        Text::new(zh.join("；"), en.join("; "))
    }

    /// One unit more of a member: how much, and in words.
    fn each_in_words(&self, member: Member) -> (f64, Text) {
        let plain = |scale: f64, unit: &Text| {
            let name = self.name(member);
            let text = Text::new(
                format!("{}放宽 1 {}", name.zh, unit.zh),
                format!("one {} more of {}", unit.en, name.en),
            );
            (scale, text)
        };
        let Member::Ceiling(j) = member else {
            let each = self.unit_of(member);
            return plain(each.scale, &each.unit);
        };
        let Text { zh, en } = self.measure(j);
        // A measure of one service is told in points of it.
        let shifts = &self.plan.measures[self.programme.spec.free[j].measure].shifts;
        let last = self.plan.laid_out_from() + self.plan.span() - 1;
        let service = shifts.first().map(|shift| shift.service);
        let alike = shifts.iter().all(|shift| Some(shift.service) == service);
        let moved: f64 = shifts.iter().map(|shift| shift.amount[last]).sum();
        if let Some(service) = service.filter(|_| alike && moved > 0.005) {
            let service = &self.catalogue.services[service.at()].named.name;
            let text = Text::new(
                format!("“{zh}”每多覆盖{}的 1 个百分点", service.zh),
                format!("every further point of {} under “{en}”", service.en),
            );
            return (0.01 / moved, text);
        }
        let text = Text::new(
            format!("“{zh}”比规划多做一成"),
            format!("a tenth more of “{en}” than planned"),
        );
        (0.1, text)
    }
}
