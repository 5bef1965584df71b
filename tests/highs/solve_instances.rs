//! Solves programmes as `jianpai solve --export` writes them, one line each: `best COST
//! GAP`, `infeasible`, `unbounded` or `failed WHY`. For `tests/highs/compare.py`.

use jianpai::solve::dual::Face;
use jianpai::solve::linear::{Column, Linear, Row};
use jianpai::solve::solver::{Answer, solve};
use serde_json::Value;

fn linear(programme: &Value) -> Linear {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let number = |value: &Value, absent: f64| value.as_f64().unwrap_or(absent);
    let mut linear = Linear::default();
    for column in list(&programme["columns"]) {
        linear.column(Column {
            cost: number(&column["cost"], 0.0),
            low: number(&column["low"], f64::NEG_INFINITY),
            high: number(&column["high"], f64::INFINITY),
            whole: column["integer"] == true,
        });
    }
    for row in list(&programme["rows"]) {
        let columns = list(&row["columns"]);
        let terms = columns.iter().zip(list(&row["coefficients"]));
        let terms = terms.map(|(j, a)| (j.as_u64().unwrap_or(0) as usize, number(&a, 0.0)));
        linear.row(Row::at_least(terms.collect(), number(&row["limit"], 0.0)));
    }
    linear
}

fn main() {
    let path = std::env::args().nth(1).expect("a file of programmes");
    let text = std::fs::read_to_string(path).expect("a file that can be read");
    let all: Value = serde_json::from_str(&text).expect("JSON");
    for programme in all.as_array().expect("a list of programmes") {
        let linear = linear(programme);
        match solve(&linear) {
            Ok(Answer::Best(point)) => {
                let settled = linear.settled(&point.x);
                match Face::of(&settled, &point.x).any() {
                    Ok(dual) => println!("best {:e} {:e}", point.cost, point.cost - dual.value),
                    Err(failure) => println!("failed {}", failure.0),
                }
            }
            Ok(Answer::Infeasible) => println!("infeasible"),
            Ok(Answer::Unbounded) => println!("unbounded"),
            Err(failure) => println!("failed {}", failure.0),
        }
    }
}
