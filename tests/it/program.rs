//! The program, called as a user calls it.

use assert_cmd::Command;

/// Exit code, standard output and standard error of a call.
pub type Said = (i32, String, String);

/// A call of the program in the root of the project, in English.
pub fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jianpai"));
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env("LANG", "C.UTF-8")
        .args(args);
    command
}

/// What a call says; it has to end by itself.
pub fn said(command: &mut Command) -> Said {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let code = output.status.code().expect("ends by itself");
    (code, text(output.stdout), text(output.stderr))
}

/// What a call in the root of the project says.
pub fn run(args: &[&str]) -> Said {
    said(&mut command(args))
}

/// The same in a language.
pub fn call(lang: &str, args: &[&str]) -> Said {
    run(&[&["--lang", lang], args].concat())
}
