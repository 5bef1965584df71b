//! The program, called as a user calls it.

use assert_cmd::Command;

/// Exit code, standard output and standard error of a call in the root of the project.
pub fn run(args: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_jianpai"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(args)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let code = output.status.code().expect("no signal");
    (code, text(output.stdout), text(output.stderr))
}

/// The same in a language.
pub fn call(lang: &str, args: &[&str]) -> (i32, String, String) {
    run(&[&["--lang", lang], args].concat())
}
