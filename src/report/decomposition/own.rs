//! The decomposition of a table of the user's own.

use super::Method;
use crate::case::{number, percent};
use crate::cells::Csv;
use crate::chart::{Step, StepKind, Waterfall};
use crate::figures::{self, Figure};
use crate::grid::{Grid, indent, left, right};
use jianpai_core::lmdi::Split;
use jianpai_core::text::{Lang, Text};
use serde_json::{Value, json};

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

    /// `group,factor,effect`: every group, then the totals under `all`.
    pub fn csv(&self, all: &str) -> Vec<u8> {
        let mut writer = Csv::new();
        writer.row(["group", "factor", "effect"]);
        let text = |value: Option<f64>| value.map_or(String::new(), |value| format!("{value}"));
        for (g, group) in self.groups.iter().enumerate() {
            for (f, factor) in self.factors.iter().enumerate() {
                writer.row([group, factor, &text(self.effect(g, f))]);
            }
        }
        for (factor, total) in self.factors.iter().zip(self.totals()) {
            writer.row([all, factor, &text(total)]);
        }
        writer.into_bytes()
    }

    /// The same as an object.
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
        json!({
            "table": self.name,
            "method": self.method.id(),
            "from": self.split.from,
            "to": self.split.to,
            "groups": groups.collect::<Vec<_>>(),
            "total": row(self.totals()),
        })
    }

    /// The table on the terminal.
    pub fn text(&self, lang: Lang) -> String {
        let mut header = vec![lang.pick("LMDI 分解", "LMDI split").to_string()];
        header.extend(self.factors.iter().cloned());
        header.push(lang.pick("合计", "Together").to_string());
        let mut grid = Grid::new(header.iter().map(String::as_str));
        let mut line = |name: &str, effects: Vec<Option<f64>>| {
            let together: Option<f64> = match self.method {
                Method::Additive => effects.iter().copied().sum(),
                Method::Multiplicative => effects.iter().copied().product(),
            };
            let mut row = vec![left(name)];
            row.extend(
                effects
                    .into_iter()
                    .chain([together])
                    .map(|value| right(self.shown(value))),
            );
            grid.row(row);
        };
        let factors = 0..self.factors.len();
        for (g, group) in self.groups.iter().enumerate() {
            line(group, factors.clone().map(|f| self.effect(g, f)).collect());
        }
        let all = lang.pick("合计", "Total");
        line(all, self.totals());
        let (from, to) = (number(self.split.from), number(self.split.to));
        let none = match (self.method, &self.split.logs) {
            (Method::Multiplicative, None) => lang.pick(
                "  总量为零时没有比值，请用 --method additive\n",
                "  a total of zero has no ratio: use --method additive\n",
            ),
            _ => "",
        };
        format!(
            "\n{}\n  {}: {from} → {to}\n{none}",
            indent(&grid.to_string()),
            lang.pick("总量", "total")
        )
    }

    fn shown(&self, value: Option<f64>) -> String {
        match (value, self.method) {
            (None, _) => "—".to_string(),
            (Some(value), Method::Additive) if value > 0.0 => format!("+{}", number(value)),
            (Some(value), Method::Additive) => number(value),
            (Some(value), Method::Multiplicative) => format!("×{value:.4}"),
        }
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
