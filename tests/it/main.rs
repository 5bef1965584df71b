//! All integration tests, one binary.

mod cli;
mod golden;
mod identities;
mod invalid;
mod laws;
mod sensitivity;
mod support;
mod sweep;
mod tidy;
