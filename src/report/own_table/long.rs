//! Every index of an analysis in one long table: a row an output, an input and an index.

use super::analyse::{Analysis, Discovery, Found};
use super::tables::{estimate, half, names, number, output};
use crate::view::{Column, Form, Table};
use jianpai_core::text::Text;
use jianpai_sweep::analysis::Estimate;
use jianpai_sweep::analysis::given_data::GivenData;
use jianpai_sweep::analysis::regression::{NoFit, Regression};
use jianpai_sweep::analysis::sobol::SobolIndices;

/// Every index in one long table. What is not defined has no value.
pub fn indices(of: &Analysis<'_>) -> Table {
    let columns = vec![
        output().at(0),
        Column::id("input", "输入", "Input").at(1),
        Column::id("index", "指数", "Index").at(2),
        number("value", "值", "Value").absent("–").at(3),
        half(of, "half_width").form(Form::PlusMinus).at(4),
    ];
    let title = Text::new("全部指数", "All indices");
    let mut long = Long {
        table: Table::new("indices", title, columns),
        names: names(of),
    };
    for (output, found) in &of.outputs {
        long.indices(output, found);
        for name in &of.sample.fixed {
            long.number(output, name, "undefined", None);
        }
    }
    if let Some(found) = &of.discovery {
        long.conditions(found);
    }
    long.table
}

/// A long table that grows.
struct Long<'n> {
    table: Table,
    names: Vec<&'n str>,
}

impl Long<'_> {
    fn estimate(&mut self, output: &str, input: &str, index: &str, found: Option<Estimate>) {
        let [value, half_width] = estimate(found);
        self.table.row(vec![
            output.into(),
            input.into(),
            index.into(),
            value,
            half_width,
        ]);
    }

    fn number(&mut self, output: &str, input: &str, index: &str, value: Option<f64>) {
        let found = value.map(|value| Estimate {
            value,
            half_width: None,
        });
        self.estimate(output, input, index, found);
    }

    fn indices(&mut self, output: &str, found: &Found) {
        let names = self.names.clone();
        match found {
            Found::Constant(_) | Found::Not(_) => {
                for name in names {
                    self.number(output, name, "undefined", None);
                }
            }
            Found::Sobol(found, linear) => self.sobol(output, found, linear),
            Found::Morris(found) => {
                for (name, effect) in names.iter().zip(&found.inputs) {
                    self.number(output, name, "mu", Some(effect.mu));
                    self.estimate(output, name, "mu_star", Some(effect.mu_star));
                    self.number(output, name, "sigma", effect.sigma);
                }
            }
            Found::Given(found) => self.given(output, found),
        }
    }

    fn sobol(&mut self, output: &str, found: &SobolIndices, linear: &Result<Regression, NoFit>) {
        let names = self.names.clone();
        for (name, index) in names.iter().zip(&found.inputs) {
            self.estimate(output, name, "first", index.first);
            self.estimate(output, name, "total", index.total);
        }
        for pair in &found.pairs {
            let name = format!("{} × {}", names[pair.first_input], names[pair.second_input]);
            self.estimate(output, &name, "second", pair.interaction);
        }
        if let Ok(linear) = linear {
            for (name, value) in names.iter().zip(&linear.standardised) {
                self.number(output, name, "src", *value);
            }
            self.number(output, "", "r_squared", Some(linear.r_squared));
        }
        self.number(output, "", "mean", Some(found.mean));
        self.number(output, "", "variance", Some(found.variance));
    }

    fn given(&mut self, output: &str, found: &GivenData) {
        let names = self.names.clone();
        for (i, (name, index)) in names.iter().zip(&found.inputs).enumerate() {
            self.estimate(output, name, "first", index.first);
            self.number(output, name, "correlation_ratio", index.correlation_ratio);
            self.number(output, name, "spearman", index.spearman);
            self.number(output, name, "pawn_median", index.pawn_median);
            self.number(output, name, "pawn_max", index.pawn_max);
            for (fit, src, pcc) in [
                (&found.linear, "src", "pcc"),
                (&found.ranks, "srrc", "prcc"),
            ] {
                if let Ok(fit) = fit {
                    self.number(output, name, src, fit.standardised[i]);
                    self.number(output, name, pcc, fit.partial[i]);
                }
            }
        }
        for (fit, index) in [
            (&found.linear, "r_squared"),
            (&found.ranks, "r_squared_ranks"),
        ] {
            if let Ok(fit) = fit {
                self.number(output, "", index, Some(fit.r_squared));
            }
        }
    }

    fn conditions(&mut self, found: &Discovery<'_>) {
        let (names, output) = (self.names.clone(), &found.condition.text);
        let share = found.positives as f64 / found.condition.rows.len() as f64;
        self.number(output, "", "share", Some(share));
        for (i, each) in found.boxes.iter().enumerate() {
            let index = |word: &str| format!("box{}_{word}", i + 1);
            for limit in &each.prim.restrictions {
                for (bound, word) in [(limit.lower, "lower"), (limit.upper, "upper")] {
                    if let Some(bound) = bound {
                        let name = names[limit.input];
                        self.number(output, name, &index(word), Some(bound.value));
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
                    self.number(output, "", &index(word), value);
                }
            }
        }
    }
}
