//! A programme as JSON, so that anyone can solve it with other tools.

use super::answered::Answered;
use jianpai_solve::conflict::Member;
use jianpai_solve::linear::Sense;
use jianpai_solve::programme::What;
use serde_json::{Value, json};

/// What the documents say they are.
pub const FORMAT: &str = "jianpai-solve/1";

/// The programme: `minimise c·x`, `low ≤ x ≤ high`, rows `a·x ≥ limit`. A bound of `null`
/// is none.
pub fn export(answered: &Answered<'_>) -> Value {
    let linear = answered.programme.linear();
    let free = answered.programme.spec.free.len();
    let bound = |value: f64| value.is_finite().then_some(value);
    let columns = linear.columns.iter().enumerate().map(|(j, column)| {
        let name = if j < free {
            answered.measure_id(j).to_string()
        } else {
            let year = |(place, paced, own): &(usize, _, Vec<usize>)| {
                let paced: &jianpai_solve::affine::Paced = paced;
                let at = own.iter().position(|column| *column == j)?;
                Some(format!(
                    "{}@{}",
                    answered.measure_id(*place),
                    paced.years[at]
                ))
            };
            let named = answered.programme.paced.iter().find_map(year);
            named.unwrap_or_else(|| format!("#{j}"))
        };
        json!({
            "name": name,
            "cost": column.cost,
            "low": bound(column.low),
            "high": bound(column.high),
            "integer": column.whole,
        })
    });
    let rows = linear.rows.iter().zip(&answered.programme.rows);
    let rows = rows.map(|(row, named)| {
        let (kind, id) = match named.what {
            What::Target(i) => ("target", answered.id(Member::Target(i))),
            What::Stock(stock) => ("stock", answered.id(Member::Stock(stock))),
            What::Limit(i) => ("limit", answered.id(Member::Limit(i))),
            What::Group(i) => ("group", answered.id(Member::Group(i))),
            What::Pace(j) => ("pace", answered.id(Member::Pace(j))),
            What::Order(i) => ("order", answered.id(Member::Order(i))),
            What::Path => ("path", String::new()),
            What::Peak => ("peak", String::new()),
        };
        let sense = match row.sense {
            Sense::AtLeast => ">=",
            Sense::AtMost => "<=",
            Sense::Equal => "=",
        };
        json!({
            "kind": kind,
            "id": id,
            "scale": named.scale,
            "columns": row.terms.iter().map(|(j, _)| j).collect::<Vec<_>>(),
            "coefficients": row.terms.iter().map(|(_, a)| a).collect::<Vec<_>>(),
            "sense": sense,
            "limit": row.limit,
        })
    });
    let (objective, unit) = answered.objective();
    json!({
        "format": FORMAT,
        "objective": { "zh": objective.zh, "en": objective.en, "unit": unit.unit.en, "scale": unit.scale },
        "columns": columns.collect::<Vec<_>>(),
        "rows": rows.collect::<Vec<_>>(),
    })
}
