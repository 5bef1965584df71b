//! Why indices are above 1, or add up to more.

use super::analyse::Analysis;
use super::design::Shape;
use jianpai_core::text::Lang;
use jianpai_sweep::analysis::{Estimate, stats};

/// What an index may be above 1 before it is remarked on.
pub(super) const ABOVE: f64 = 1.0005;

/// Indices added up.
pub(super) struct Sum {
    pub value: f64,
    /// Half-width of their sum, as if they erred independently; `None` without intervals.
    pub half: Option<f64>,
}

impl Sum {
    pub(super) fn of(indices: impl Iterator<Item = Option<Estimate>>) -> Self {
        let (mut value, mut squares) = (0.0, Some(0.0));
        for index in indices.flatten() {
            value += index.value;
            squares = squares
                .zip(index.half_width)
                .map(|(sum, half)| sum + half * half);
        }
        Self {
            value,
            half: squares.map(f64::sqrt),
        }
    }

    /// Why first-order indices add up to more than 1.
    pub(super) fn above(&self, lang: Lang, why: &str) -> String {
        let sum = index(Some(self.value));
        let half = self
            .half
            .map_or(String::new(), |half| format!(" ±{half:.3}"));
        match lang {
            Lang::Zh => format!("  一阶之和 {sum}{half}，大于 1：{why}\n"),
            Lang::En => format!("  First-order indices sum to {sum}{half}, above 1: {why}\n"),
        }
    }
}

/// That chance made an index too great.
pub(super) fn by_chance(of: &Analysis<'_>, lang: Lang) -> String {
    let text = match of.sample.design.shape {
        Shape::Saltelli(_) => lang.pick(
            "抽样误差，增加基样本可减小",
            "sampling error, which more base samples narrow",
        ),
        _ => lang.pick(
            "抽样误差，增加行数可减小",
            "sampling error, which more rows narrow",
        ),
    };
    text.to_string()
}

/// Why single indices are above 1.
pub(super) fn single(names: &[&str], why: &str, lang: Lang) -> String {
    if names.is_empty() {
        return String::new();
    }
    match lang {
        Lang::Zh => format!("  {} 的指数大于 1：{why}\n", names.join("、")),
        Lang::En => format!("  Above 1 for {}: {why}\n", names.join(", ")),
    }
}

/// Why first-order indices of any rows are too great: the most correlated pair of inputs,
/// or chance.
pub(super) fn overlap(of: &Analysis<'_>, lang: Lang) -> String {
    let inputs = &of.sample.inputs;
    let ranks: Vec<Vec<f64>> = inputs
        .iter()
        .map(|input| standing(&stats::mid_ranks(&input.values)))
        .collect();
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let pairs = (0..inputs.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
    let strongest = pairs
        .map(|(a, b)| (a, b, product(&ranks[a], &ranks[b])))
        .max_by(|x, y| x.2.abs().total_cmp(&y.2.abs()));
    // Independent inputs are correlated by chance, too (Fisher's z).
    let rows = of.rows().max(4) as f64;
    let chance = (3.5 / (rows - 3.0).sqrt()).tanh();
    match strongest {
        Some((a, b, rank)) if rank.abs() > chance => {
            let (a, b, rank) = (&inputs[a].name, &inputs[b].name, index(Some(rank)));
            match lang {
                Lang::Zh => {
                    format!("输入相关（{a} 与 {b} 的秩相关 {rank}），各自的指数都含共同部分")
                }
                Lang::En => format!(
                    "inputs are correlated ({a} and {b}: rank correlation {rank}), and each index holds what they share"
                ),
            }
        }
        _ => by_chance(of, lang),
    }
}

/// Ranks about their mean, of length 1; nothing where they are all the same.
fn standing(ranks: &[f64]) -> Vec<f64> {
    let mean = ranks.iter().sum::<f64>() / ranks.len() as f64;
    let length = ranks
        .iter()
        .map(|r| (r - mean) * (r - mean))
        .sum::<f64>()
        .sqrt();
    let scale = if length > 0.0 { 1.0 / length } else { 0.0 };
    ranks.iter().map(|r| (r - mean) * scale).collect()
}

/// An index, to three decimals; a dash where it is not defined.
pub(super) fn index(value: Option<f64>) -> String {
    let value = value.filter(|value| value.is_finite());
    value.map_or("–".to_string(), |value| {
        let text = format!("{value:.3}");
        // No minus before nothing but noughts.
        let text = if text == "-0.000" {
            "0.000".to_string()
        } else {
            text
        };
        text.replace('-', "−")
    })
}
