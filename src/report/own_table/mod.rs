//! What a table of the user's own says: which inputs matter for its outputs, and under
//! which conditions an outcome comes about.

mod analyse;
mod json;
mod sums;
mod tables;
mod text;
mod words;

pub use analyse::analyse;
pub use json::json;
pub use tables::{boxes, indices, tables};
pub use text::text;
pub use words::not_analysed;

use jianpai_core::text::Text;
use jianpai_sweep::analysis::AnalysisError;
use jianpai_sweep::analysis::given_data::GivenData;
use jianpai_sweep::analysis::morris::MorrisEffects;
use jianpai_sweep::analysis::prim::Prim;
use jianpai_sweep::analysis::regression::{NoFit, Regression};
use jianpai_sweep::analysis::sobol::SobolIndices;
use jianpai_sweep::design::recognise::Scheme;

/// A table in the order of its design. Its units are the user's.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The file.
    pub path: String,
    /// The inputs, a value a row.
    pub inputs: Vec<NamedColumn>,
    /// The outputs, a value a row.
    pub outputs: Vec<NamedColumn>,
    /// The design that the rows follow.
    pub shape: Shape,
    /// The rows that meet the condition asked for.
    pub condition: Option<Met>,
    /// Inputs of one value that take no part in the design.
    pub fixed: Vec<String>,
    /// What was done to the table before the analysis.
    pub notes: Vec<Text>,
}

/// A column and its name.
#[derive(Clone, Debug)]
pub struct NamedColumn {
    /// The name.
    pub name: String,
    /// The values, one a row.
    pub values: Vec<f64>,
}

/// The rows that meet a condition.
#[derive(Clone, Debug)]
pub struct Met {
    /// The condition as written.
    pub text: String,
    /// Whether each row meets it.
    pub rows: Vec<bool>,
    /// The column that the condition compares with a number, if it is one.
    pub outcome: Option<NamedColumn>,
}

/// Designs that an analysis makes a difference of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// A, AB_1 … AB_D, B and so on.
    Saltelli(Scheme),
    /// The step in parts of the range of an input; `None` for the steps found.
    Morris(Option<f64>),
    /// Every combination of some values of each input.
    Grid,
    /// Any rows.
    Any,
}

impl Shape {
    /// Its name in messages.
    pub fn name(self) -> Text {
        match self {
            Self::Saltelli(Scheme::First) => {
                Text::new("Saltelli（一阶）", "Saltelli (first order)")
            }
            Self::Saltelli(Scheme::Second) => {
                Text::new("Saltelli（二阶）", "Saltelli (second order)")
            }
            Self::Morris(_) => Text::same("Morris"),
            Self::Grid => Text::new("全网格", "full grid"),
            Self::Any => Text::new("任意样本", "any sample"),
        }
    }

    /// Its id in machine output.
    pub fn id(self) -> &'static str {
        match self {
            Self::Saltelli(Scheme::First) => "saltelli",
            Self::Saltelli(Scheme::Second) => "saltelli-second",
            Self::Morris(_) => "morris",
            Self::Grid => "grid",
            Self::Any => "any",
        }
    }

    /// Rows of a base sample or trajectory.
    pub fn group(self, inputs: usize) -> usize {
        match self {
            Self::Saltelli(scheme) => scheme.rows(inputs),
            Self::Morris(_) => inputs + 1,
            Self::Grid | Self::Any => 1,
        }
    }
}

/// How a table is analysed.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The confidence level of intervals (part of 1).
    pub confidence: f64,
    /// Bootstrap replicates; 0 for no intervals.
    pub replicates: usize,
    /// The seed of the bootstrap.
    pub seed: u64,
    /// Boxes looked for, at most.
    pub boxes: usize,
}

/// A finished analysis.
#[derive(Debug)]
pub struct Report<'a> {
    /// What was analysed.
    pub sample: &'a Sample,
    /// The confidence level of intervals (part of 1).
    pub confidence: f64,
    /// What is known of each output.
    pub outputs: Vec<(&'a str, Found)>,
    /// The boxes in which the condition is met, if one was asked for.
    pub discovery: Option<Discovery<'a>>,
}

/// What is known of one output.
#[derive(Debug)]
pub enum Found {
    /// It has one value: no index is defined.
    Constant(f64),
    /// Sobol indices, and the linear fit of the rows of A and B.
    Sobol(SobolIndices, Result<Regression, NoFit>),
    /// Morris effects.
    Morris(MorrisEffects),
    /// Indices of any rows.
    Given(GivenData),
    /// It cannot be analysed.
    Not(AnalysisError),
}

/// Boxes in which the condition is met.
#[derive(Debug)]
pub struct Discovery<'a> {
    /// The condition and the rows that meet it.
    pub condition: &'a Met,
    /// Rows that meet the condition.
    pub positives: usize,
    /// Mean of the outcome over all rows, if the condition compares one.
    pub mean: Option<f64>,
    /// The boxes, one after the other.
    pub boxes: Vec<Boxed>,
}

/// One box. It was sought among the rows outside the boxes before it.
#[derive(Debug)]
pub struct Boxed {
    /// The search.
    pub prim: Prim,
    /// Share of all positive rows.
    pub coverage: f64,
    /// Share of all rows.
    pub mass: f64,
    /// Mean of the outcome in the box.
    pub mean: Option<f64>,
}

impl<'a> Report<'a> {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.sample
            .inputs
            .first()
            .map_or(0, |input| input.values.len())
    }

    /// The names of the inputs.
    pub fn names(&self) -> Vec<&'a str> {
        let inputs = self.sample.inputs.iter();
        inputs.map(|input| input.name.as_str()).collect()
    }
}

/// Whether a column has one value only.
pub fn is_constant(values: &[f64]) -> bool {
    values
        .windows(2)
        .all(|pair| pair[0].to_bits() == pair[1].to_bits())
}
