//! All integration tests, one binary.

mod cli;
mod golden;
mod hindcast;
mod identities;
mod invalid;
mod laws;
mod support;
mod sweep;
mod tidy;
