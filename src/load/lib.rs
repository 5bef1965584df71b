//! jianpai-load

pub mod bounds;
pub mod catalogue;
pub(crate) mod cut;
pub mod diag;
pub mod digest;
pub mod encoding;
pub mod factors;
pub mod format;
pub mod input;
pub mod number;
pub mod numbers;
pub mod quantity;
pub mod scenario;
pub mod schema;
pub mod table;
pub mod tree;
