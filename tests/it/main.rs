//! All integration tests, one binary.

mod calibre;
mod cli;
mod columns;
mod decompose;
mod diff;
mod explain;
mod explain_cli;
mod findings;
mod golden;
mod hindcast;
mod identities;
mod invalid;
mod laws;
mod record;
mod results;
mod sensitivity;
mod shapley;
mod support;
mod sweep;
mod sweep_bounds;
mod sweep_summary;
mod tidy;
mod told;
mod units;
mod written;
