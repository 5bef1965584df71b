//! jianpai-study

pub mod columns;
pub mod embedded;
pub mod prepare;
pub mod words;
