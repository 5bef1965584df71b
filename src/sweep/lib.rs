//! Batches of scenarios: designs, draws, sweeps, sensitivity, discovery.
//!
//! `Draw = f(seed, index)`: any slice of a design can be computed anywhere.

pub mod analysis;
pub mod design;
pub mod engine;
pub mod findings;
