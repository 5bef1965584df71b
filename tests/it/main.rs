//! All integration tests, one binary.

mod cli;
mod diff;
mod findings;
mod golden;
mod identities;
mod invalid;
mod laws;
mod support;
mod sweep;
mod tidy;
