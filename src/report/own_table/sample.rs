//! What is analysed, and how: a table in the order of its design, and the settings.

use super::design::Known;
use jianpai_core::text::Text;

/// A table in the order of its design.
#[derive(Clone, Debug)]
pub struct Sample {
    /// What the file is called.
    pub path: String,
    /// The inputs that take part in the design, all of the same length.
    pub inputs: Vec<Named>,
    /// The outputs, of that length too.
    pub outputs: Vec<Named>,
    /// The design of the rows.
    pub design: Known,
    /// The condition of the scenario discovery, if there is one.
    pub condition: Option<Met>,
    /// Inputs of one value that take no part in the design.
    pub fixed: Vec<String>,
    /// What was done to the table before the analysis.
    pub notes: Vec<Text>,
}

/// A column and its name.
#[derive(Clone, Debug)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// Its values, one a row.
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
    pub outcome: Option<Named>,
}

/// How an analysis is made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Confidence level of the intervals, between 0 and 1.
    pub confidence: f64,
    /// Bootstrap replicates of Sobol indices and Morris effects; 0 for no intervals.
    pub replicates: usize,
    /// Seed of the bootstrap.
    pub seed: u64,
    /// Boxes to look for, at most.
    pub boxes: usize,
}
