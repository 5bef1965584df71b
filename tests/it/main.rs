//! All integration tests, one binary.

mod cli;
mod decompose;
mod golden;
mod identities;
mod invalid;
mod laws;
mod shapley;
mod support;
mod sweep;
mod tidy;
