//! The terms behind a result, for people and for machines.

mod answer;
mod json;
mod numbers;
mod tables;
mod text;
mod tree;

pub use answer::{Answer, Detail, Places, Question, Sums};
pub use json::json;
pub use tables::tables;
