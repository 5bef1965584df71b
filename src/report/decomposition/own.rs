//! The decomposition of a table of the user's own.

use super::method::Method;
use crate::case::{number, percent};
use crate::chart::{Chart as _, Step, StepKind, Waterfall};
use crate::figures::{self, Figure};
use crate::grid::WIDE;
use crate::view::{Across, Cell, Column, Form, Table, Unit};
use crate::write::{self, AFTER};
use jianpai_core::lmdi::Split;
use jianpai_core::text::{Lang, Text};
use serde_json::{Value, json};

/// What the rows of all groups together are called; no group may be.
const ALL: &str = "total";

/// A table decomposed, with its names.
#[derive(Clone, Copy, Debug)]
pub struct Own<'a> {
    /// What it is called: the name of its file.
    pub name: &'a str,
    /// The groups.
    pub groups: &'a [String],
    /// The factors.
    pub factors: &'a [String],
    /// What came out: groups × factors.
    pub split: &'a Split,
    /// How effects are expressed.
    pub method: Method,
}

impl Own<'_> {
    /// The effect of factor `f` in group `g`; none where a ratio has no value.
    fn effect(&self, g: usize, f: usize) -> Option<f64> {
        let cell = g * self.factors.len() + f;
        match self.method {
            Method::Additive => Some(self.split.additive[cell]),
            Method::Multiplicative => Some(libm::exp(self.split.logs.as_ref()?[cell])),
        }
    }

    /// The effect of every factor over all groups.
    fn totals(&self) -> Vec<Option<f64>> {
        let found = match self.method {
            Method::Additive => Some(self.split.by_factor()),
            Method::Multiplicative => self.split.ratios(),
        };
        match found {
            Some(totals) => totals.into_iter().map(Some).collect(),
            None => vec![None; self.factors.len()],
        }
    }

    /// Every group, then the totals under [`ALL`]: effects in the unit of the table, or
    /// factors.
    pub fn table(&self) -> Table {
        let form = match self.method {
            Method::Additive => Form::Signed,
            Method::Multiplicative => Form::Times,
        };
        let columns = vec![
            Column::id("group", "组", "Group"),
            Column::id("factor", "因素", "Factor"),
            Column::number("effect", "效应", "Effect", Unit::None)
                .form(form)
                .absent("—"),
            Column::id("method", "方法", "Method"),
            Column::text("group_name", "LMDI 分解", "LMDI split").at(0),
            Column::number("together", "合计", "Together", Unit::None)
                .form(form)
                .absent("—")
                .at(AFTER),
        ];
        let title = Text::new("LMDI 分解", "LMDI split");
        let mut table = Table::new("decomposition", title, columns);
        table.across = Some(Across::of(&["group"], ("factor", "factor"), "effect"));
        let mut rows = |group: &str, name: Text, effects: Vec<Option<f64>>| {
            let together: Option<f64> = match self.method {
                Method::Additive => effects.iter().copied().sum(),
                Method::Multiplicative => effects.iter().copied().product(),
            };
            for (factor, effect) in self.factors.iter().zip(effects) {
                table.row(vec![
                    group.into(),
                    Cell::from(factor),
                    effect.into(),
                    self.method.id().into(),
                    Cell::from(&name),
                    together.into(),
                ]);
            }
        };
        let factors = 0..self.factors.len();
        for (g, group) in self.groups.iter().enumerate() {
            let effects = factors.clone().map(|f| self.effect(g, f)).collect();
            rows(group, Text::same(group), effects);
        }
        rows(ALL, Text::new("合计", "Total"), self.totals());
        table
    }

    /// The same for machines: effects by group, and the table.
    pub fn json(&self) -> Value {
        let row = |effects: Vec<Option<f64>>| -> Value {
            let pairs = self.factors.iter().zip(effects);
            Value::Object(
                pairs
                    .map(|(name, effect)| (name.clone(), json!(effect)))
                    .collect(),
            )
        };
        let factors = 0..self.factors.len();
        let groups = self
            .groups
            .iter()
            .enumerate()
            .map(|(g, name)| json!({ "group": name, "effects": row(factors.clone().map(|f| self.effect(g, f)).collect()) }));
        let mut document = write::document([&self.table()]);
        document["table"] = json!(self.name);
        document["method"] = json!(self.method.id());
        document["from"] = json!(self.split.from);
        document["to"] = json!(self.split.to);
        document["groups"] = groups.collect();
        document["total"] = row(self.totals());
        document
    }

    /// The table on the terminal.
    pub fn text(&self, lang: Lang) -> String {
        let table = write::terminal(&self.table(), lang, WIDE);
        let (from, to) = (number(self.split.from), number(self.split.to));
        let none = match (self.method, &self.split.logs) {
            (Method::Multiplicative, None) => lang.pick(
                "  总量为零时没有比值，请用 --method additive\n",
                "  a total of zero has no ratio: use --method additive\n",
            ),
            _ => "",
        };
        format!(
            "\n{table}\n  {}: {from} → {to}\n{none}",
            lang.pick("总量", "total")
        )
    }

    /// The waterfall of the additive effects, in both languages.
    pub fn charts(&self) -> Vec<Figure> {
        let level = |zh: &str, en: &str, value: f64| Step {
            label: Text::new(zh, en),
            value,
            kind: StepKind::Level,
        };
        let totals = self.split.by_factor();
        let mut steps = vec![level("期初", "Before", self.split.from)];
        steps.extend(self.factors.iter().zip(&totals).map(|(name, value)| Step {
            label: Text::same(name),
            value: *value,
            kind: StepKind::Change,
        }));
        steps.push(level("期末", "After", self.split.to));
        let named = self.factors.iter().map(Text::same).zip(totals);
        let groups = self.groups.len();
        let chart = Waterfall {
            title: title(
                &Text::new("总量", "The total"),
                self.split.to / self.split.from,
                &named.collect::<Vec<_>>(),
            ),
            subtitle: Text::new(
                format!("{}：LMDI 分解，{groups}组", self.name),
                format!("{} — LMDI split of {groups} groups", self.name),
            ),
            unit: Text::default(),
            steps,
            against: Text::new("较期初", "vs before"),
            target: None,
            full_axis: false,
            higher_is_better: false,
            footnote: Text::new(
                format!(
                    "LMDI-I 加法分解（Ang 2005），各因素之和等于总变化。jianpai {}",
                    env!("CARGO_PKG_VERSION")
                ),
                format!(
                    "Additive LMDI-I (Ang 2005): effects sum to the change. jianpai {}",
                    env!("CARGO_PKG_VERSION")
                ),
            ),
        };
        figures::both("decomposition", |lang| chart.render(lang)).to_vec()
    }
}

/// A headline computed from the numbers drawn: the change, and what drives it most in
/// either direction.
pub(super) fn title(name: &Text, ratio: f64, effects: &[(Text, f64)]) -> Text {
    let most = |sign: f64| {
        let same = effects.iter().filter(|(_, value)| value * sign > 0.0);
        same.max_by(|a, b| (a.1 * sign).total_cmp(&(b.1 * sign)))
    };
    let (up, down) = (most(1.0), most(-1.0));
    let (mut zh, mut en) = if ratio.is_finite() {
        let change = percent((ratio - 1.0).abs());
        let (way_zh, way_en) = if ratio <= 1.0 {
            ("下降", "down")
        } else {
            ("上升", "up")
        };
        (
            format!("{}{way_zh}{change}", name.zh),
            format!("{} {way_en} {change}", name.en),
        )
    } else {
        (name.zh.clone(), name.en.clone())
    };
    if let Some((cause, _)) = down {
        zh += &format!("，{}减得最多", cause.zh);
        en += &format!("; most is cut by {}", lower(&cause.en));
    }
    if let Some((cause, _)) = up {
        zh += &format!("，{}增得最多", cause.zh);
        en += &format!(
            "{} added by {}",
            if down.is_some() {
                ", most is"
            } else {
                "; most is"
            },
            lower(&cause.en)
        );
    }
    Text::new(zh, en)
}

/// A name within a sentence; one that begins with a symbol (GDP, CO2) stays.
fn lower(name: &str) -> String {
    let mut chars = name.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().collect::<String>() + &name[first.len_utf8()..]
        }
        _ => name.to_string(),
    }
}
