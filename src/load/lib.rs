//! jianpai-load

pub mod bounds;
pub mod catalogue;
pub mod diag;
pub mod factors;
pub mod input;
pub mod number;
pub mod numbers;
pub mod quantity;
pub mod scenario;
pub mod schema;
pub mod table;
pub mod tree;
