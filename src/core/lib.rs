//! jianpai-core
pub mod text;
