//! jianpai-report

pub mod chart;
