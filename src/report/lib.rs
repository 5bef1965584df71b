//! From results to bytes: terminal text, tables, machine output and charts.
//! Nothing here touches a disk.

pub mod calibration;
pub mod case;
pub mod cells;
pub mod chart;
pub mod comparison;
pub mod compiled;
pub mod decomposition;
pub mod diff;
pub mod doubts;
pub mod explain;
pub mod figures;
pub mod grid;
pub mod iamc;
pub mod ledger;
pub mod listing;
pub mod own_table;
pub mod scorecard;
pub mod summary;
pub mod sweep;
pub mod tables;
pub mod units;
pub mod view;
pub mod write;
