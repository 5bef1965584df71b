//! All integration tests, one binary.

mod cli;
mod explain;
mod explain_cli;
mod golden;
mod identities;
mod invalid;
mod laws;
mod support;
mod sweep;
mod tidy;
