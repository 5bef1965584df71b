//! The `jianpai` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    jianpai::cli::main()
}
