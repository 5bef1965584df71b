//! All integration tests, one binary.

mod cli;
mod explain;
mod golden;
mod identities;
mod invalid;
mod laws;
mod support;
mod sweep;
mod tidy;
