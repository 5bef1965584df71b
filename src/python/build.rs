//! Lists the scenario files of the project, so that all of them are compiled in.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let own = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let root = own.join("../../scenarios").canonicalize()?;
    println!("cargo:rerun-if-changed={}", root.display());
    let mut found = Vec::new();
    gather(&root, &mut found)?;
    found.sort();
    let mut text = String::from("&[\n");
    for path in found {
        let inside = path.strip_prefix(&root).map_err(io::Error::other)?;
        let name = inside.to_string_lossy().replace('\\', "/");
        let path = path.to_string_lossy();
        writeln!(text, "    ({name:?}, include_bytes!({path:?})),").map_err(io::Error::other)?;
    }
    text += "]\n";
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    fs::write(out.join("scenarios.rs"), text)
}

/// The files that scenarios are made of: scenarios, and the tables that they name.
fn gather(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo:rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, found)?;
        } else if path.extension().is_some_and(|e| e == "toml" || e == "csv") {
            println!("cargo:rerun-if-changed={}", path.display());
            found.push(path);
        }
    }
    Ok(())
}
