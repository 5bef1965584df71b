//! The part of the Python package that is Rust: scenarios, runs, plans and sweeps of
//! `jianpai_study` as Python objects. Nothing is computed here.
//!
//! | module | what it holds |
//! |---|---|
//! | [`language`] | the language of what is said |
//! | [`pool`] | threads, and long work that Ctrl-C stops |
//! | [`problems`] | what is wrong, as exceptions |
//! | [`written`] | a `dict` of Python as the TOML that the reader reads, with its places |
//! | [`source`] | where the texts of a scenario come from, and the same again from a pickle |
//! | [`table`] | tables and figures |
//! | [`scenario`], [`run`] | a scenario, and one that has run |
//! | [`ground`] | a scenario with what varies in it |
//! | [`plan`], [`evaluate`] | a compiled plan as a function of arrays |
//! | [`variable`] | what is drawn and what comes out: names, units, ranges |
//! | [`answer`] | explanations, plans found, options and scenarios compared |
//! | [`sweep`], [`parts`] | many draws, and parts of them that others run |
//! | [`arrow`], [`stream`] | tables, and draws as they are read, as streams of Arrow |

mod answer;
mod arrow;
mod evaluate;
mod ground;
mod language;
mod parts;
mod plan;
mod pool;
mod problems;
mod run;
mod scenario;
mod source;
mod stream;
mod sweep;
mod table;
mod variable;
mod written;

/// Rust below `jianpai`.
#[pyo3::pymodule(name = "_native")]
mod native {
    #[pymodule_export]
    use super::answer::{Answer, diff};
    #[pymodule_export]
    use super::language::{get_language, set_language};
    #[pymodule_export]
    use super::plan::{Plan, restore_plan};
    #[pymodule_export]
    use super::pool::{forked, set_threads};
    #[pymodule_export]
    use super::run::Run;
    #[pymodule_export]
    use super::scenario::{Scenario, builtin, builtins, command, load, restore_scenario, scenario};
    #[pymodule_export]
    use super::source::data_hash;
    #[pymodule_export]
    use super::stream::Draws;
    #[pymodule_export]
    use super::sweep::Sweep;
    #[pymodule_export]
    use super::table::{Figure, Table};
    #[pymodule_export]
    use super::variable::Variable;

    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
