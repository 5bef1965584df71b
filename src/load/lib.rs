//! jianpai-load

pub mod catalogue;
pub mod diag;
pub mod factors;
pub mod number;
pub mod quantity;
pub mod scenario;
pub mod schema;
pub mod table;
pub mod tree;
