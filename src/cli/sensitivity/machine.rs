//! The report for machines: a long table, JSON, and the steps of every box.

use super::analyse::{Discovery, Found, Report};
use jianpai_core::plain::quoted as cell;
use jianpai_sweep::analysis::Estimate;
use jianpai_sweep::analysis::prim::Side;
use serde_json::{Value, json};

/// Lines of `output,input,index,value,half_width`. What is not defined is empty.
struct Long(String);

impl Long {
    fn line(
        &mut self,
        output: &str,
        input: &str,
        index: &str,
        value: Option<f64>,
        half_width: Option<f64>,
    ) {
        // What is no number is not defined.
        let number = |value: Option<f64>| {
            let value = value.filter(|value| value.is_finite());
            value.map_or(String::new(), |value| value.to_string())
        };
        let (output, input) = (cell(output), cell(input));
        self.0 += &format!(
            "{output},{input},{index},{},{}\n",
            number(value),
            number(half_width)
        );
    }

    fn estimate(&mut self, output: &str, input: &str, index: &str, found: Option<Estimate>) {
        let half_width = found.and_then(|found| found.half_width);
        self.line(
            output,
            input,
            index,
            found.map(|found| found.value),
            half_width,
        );
    }
}

/// Every index in one long table.
pub(super) fn csv(report: &Report<'_>) -> String {
    let names: Vec<&str> = report
        .sample
        .inputs
        .iter()
        .map(|input| input.name.as_str())
        .collect();
    let mut long = Long("output,input,index,value,half_width\n".to_string());
    for (output, found) in &report.outputs {
        indices(&mut long, output, &names, found);
        for name in &report.sample.fixed {
            long.line(output, name, "undefined", None, None);
        }
    }
    if let Some(found) = &report.discovery {
        conditions(&mut long, &names, found);
    }
    long.0
}

fn indices(long: &mut Long, output: &str, names: &[&str], found: &Found) {
    match found {
        Found::Constant(_) | Found::Not(_) => {
            for name in names {
                long.line(output, name, "undefined", None, None);
            }
        }
        Found::Sobol(found, linear) => {
            for (name, index) in names.iter().zip(&found.inputs) {
                long.estimate(output, name, "first", index.first);
                long.estimate(output, name, "total", index.total);
            }
            for pair in &found.pairs {
                let name = format!("{} × {}", names[pair.first_input], names[pair.second_input]);
                long.estimate(output, &name, "second", pair.interaction);
            }
            if let Ok(linear) = linear {
                for (name, value) in names.iter().zip(&linear.standardised) {
                    long.line(output, name, "src", *value, None);
                }
                long.line(output, "", "r_squared", Some(linear.r_squared), None);
            }
            long.line(output, "", "mean", Some(found.mean), None);
            long.line(output, "", "variance", Some(found.variance), None);
        }
        Found::Morris(found) => {
            for (name, effect) in names.iter().zip(&found.inputs) {
                long.line(output, name, "mu", Some(effect.mu), None);
                long.estimate(output, name, "mu_star", Some(effect.mu_star));
                long.line(output, name, "sigma", effect.sigma, None);
            }
        }
        Found::Given(found) => {
            for (i, (name, index)) in names.iter().zip(&found.inputs).enumerate() {
                long.estimate(output, name, "first", index.first);
                long.line(
                    output,
                    name,
                    "correlation_ratio",
                    index.correlation_ratio,
                    None,
                );
                long.line(output, name, "spearman", index.spearman, None);
                long.line(output, name, "pawn_median", index.pawn_median, None);
                long.line(output, name, "pawn_max", index.pawn_max, None);
                for (fit, src, pcc) in [
                    (&found.linear, "src", "pcc"),
                    (&found.ranks, "srrc", "prcc"),
                ] {
                    if let Ok(fit) = fit {
                        long.line(output, name, src, fit.standardised[i], None);
                        long.line(output, name, pcc, fit.partial[i], None);
                    }
                }
            }
            for (fit, index) in [
                (&found.linear, "r_squared"),
                (&found.ranks, "r_squared_ranks"),
            ] {
                if let Ok(fit) = fit {
                    long.line(output, "", index, Some(fit.r_squared), None);
                }
            }
        }
    }
}

fn conditions(long: &mut Long, names: &[&str], found: &Discovery<'_>) {
    let output = &found.condition.text;
    let share = found.positives as f64 / found.condition.rows.len() as f64;
    long.line(output, "", "share", Some(share), None);
    for (i, each) in found.boxes.iter().enumerate() {
        let index = |word: &str| format!("box{}_{word}", i + 1);
        for limit in &each.prim.restrictions {
            for (bound, word) in [(limit.lower, "lower"), (limit.upper, "upper")] {
                if let Some(bound) = bound {
                    long.line(
                        output,
                        names[limit.input],
                        &index(word),
                        Some(bound.value),
                        None,
                    );
                }
            }
        }
        let density = each.prim.count.density;
        for (word, value) in [
            ("density", Some(density)),
            ("coverage", Some(each.coverage)),
            ("mass", Some(each.mass)),
            ("mean", each.mean),
        ] {
            if value.is_some() {
                long.line(output, "", &index(word), value, None);
            }
        }
    }
}

/// Every step of the search for every box: the trade-off of coverage and density.
pub(super) fn boxes(report: &Report<'_>, found: &Discovery<'_>) -> String {
    let mut out = "box,step,phase,input,side,limit,rows,coverage,density,mass,restricted,chosen\n"
        .to_string();
    for (b, each) in found.boxes.iter().enumerate() {
        for (s, step) in each.prim.trajectory.iter().enumerate() {
            let phase = format!("{:?}", step.phase).to_lowercase();
            let (input, side, limit) =
                step.moved
                    .map_or((String::new(), String::new(), None), |(input, side)| {
                        let limit = step.region.limits[input];
                        let (word, limit) = match side {
                            Side::Lower => ("lower", limit.lower),
                            Side::Upper => ("upper", limit.upper),
                        };
                        (
                            cell(&report.sample.inputs[input].name).into_owned(),
                            word.to_string(),
                            limit,
                        )
                    });
            let limit = limit.map_or(String::new(), |limit| limit.to_string());
            let count = &step.count;
            out += &format!(
                "{},{s},{phase},{input},{side},{limit},{},{},{},{},{},{}\n",
                b + 1,
                count.rows,
                count.coverage,
                count.density,
                count.mass,
                step.region.restricted().count(),
                u8::from(s == each.prim.chosen),
            );
        }
    }
    out
}

/// Everything.
pub(super) fn json(report: &Report<'_>) -> String {
    let sample = report.sample;
    let names: Vec<&str> = sample
        .inputs
        .iter()
        .map(|input| input.name.as_str())
        .collect();
    let outputs: Vec<Value> = report
        .outputs
        .iter()
        .map(|(name, found)| output(name, found))
        .collect();
    let discovery = report.discovery.as_ref().map(|found| {
        let boxes = found.boxes.iter().map(|each| {
            json!({
                "coverage": each.coverage,
                "density": each.prim.count.density,
                "mass": each.mass,
                "mean": each.mean,
                "search": each.prim,
            })
        });
        json!({
            "condition": found.condition.text,
            "rows": found.condition.rows.len(),
            "positives": found.positives,
            "mean": found.mean,
            "boxes": boxes.collect::<Vec<_>>(),
        })
    });
    let notes = sample
        .notes
        .iter()
        .map(|note| json!({ "zh": note.zh, "en": note.en }));
    let value = json!({
        "program": "jianpai",
        "version": env!("CARGO_PKG_VERSION"),
        "file": sample.path,
        "rows": report.rows(),
        "design": sample.design.shape.id(),
        "confidence": report.confidence,
        "inputs": names,
        "fixed": sample.fixed,
        "notes": notes.collect::<Vec<_>>(),
        "outputs": outputs,
        "discovery": discovery,
    });
    format!("{value:#}\n")
}

fn output(name: &str, found: &Found) -> Value {
    match found {
        Found::Constant(value) => {
            json!({ "output": name, "undefined": "constant", "value": value })
        }
        Found::Not(error) => json!({ "output": name, "undefined": error.to_string() }),
        Found::Sobol(indices, linear) => {
            json!({ "output": name, "sobol": indices, "linear": linear })
        }
        Found::Morris(effects) => json!({ "output": name, "morris": effects }),
        Found::Given(found) => json!({ "output": name, "given_data": found }),
    }
}
