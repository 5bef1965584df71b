//! The gallery of charts dot by dot: what `cargo test --test it gallery::` has drawn into
//! `target/gallery` against what `scenarios/gallery` holds. A picture that differs leaves
//! `NAME.difference.png` beside the new one, with what differs in red.

use jianpai_raster::{Error, Painter};
use std::path::Path;

/// Dots across.
const WIDTH: u32 = 1000;
/// What a colour of a dot may differ by (of 255): letters drawn a hair aside.
const ALLOWED: u8 = 96;
/// The part of all dots that may differ by more: elements moved by half a pixel.
const FEW: f64 = 2e-3;

#[test]
fn pictures_look_as_those_accepted() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (accepted, fresh) = (root.join("scenarios/gallery"), root.join("target/gallery"));
    let Ok(entries) = std::fs::read_dir(&fresh) else {
        println!("nothing is drawn yet: cargo test --test it gallery::");
        return;
    };
    let painter = Painter::system();
    let (mut wrong, mut compared) = (Vec::new(), 0);
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| Path::new(name).extension().is_some_and(|end| end == "svg"))
        .collect();
    names.sort();
    for name in names {
        let text = |folder: &Path| std::fs::read_to_string(folder.join(&name)).unwrap_or_default();
        let (before, after) = (text(&accepted), text(&fresh));
        let marks = fresh.join(name.replace(".svg", ".difference.png"));
        if before == after {
            let _ = std::fs::remove_file(marks);
            compared += 1;
            continue;
        }
        let found = match painter.difference((&before, &after), WIDTH, ALLOWED) {
            Ok(found) => found,
            Err(Error::Font(missing)) => {
                println!("no font has {missing}: not compared");
                return;
            }
            Err(error) => panic!("{name}: {error}"),
        };
        compared += 1;
        if found.dots as f64 > FEW * found.all as f64 {
            std::fs::write(&marks, &found.marked).unwrap();
            wrong.push(format!(
                "{name}: {} of {} dots, in red in {}",
                found.dots,
                found.all,
                marks.display()
            ));
        }
    }
    println!("{compared} pictures compared");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
