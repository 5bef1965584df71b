//! Reads scenario files: inheritance, then every field, every problem in one pass.

mod decode;
mod measures;
mod problems;

use crate::diag::{Diagnostic, Diagnostics, FileId, Files, Span};
use crate::table::decode as decode_text;
use crate::tree::{self, Node, TableNode, Value};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::dims::RegionId;
use jianpai_core::scenario::Scenario;
use jianpai_core::text::Text;

pub use problems::explain;

/// Fetches the bytes of a file that a scenario names.
pub type Fetch<'a> = dyn Fn(&str) -> std::io::Result<Vec<u8>> + 'a;

/// A scenario with the text it came from, so that later problems can point at it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The checked scenario.
    pub scenario: Scenario,
    /// The merged file: its own keys over those of the files it extends.
    pub tree: TableNode,
    /// Whether the region was given by the caller, not by the file.
    pub replaced: bool,
    /// The file itself and the files it extends or names, in the order read.
    pub inputs: Vec<FileId>,
}

/// The parts of a scenario whose entries `drop` can remove.
const DROPPABLE: [&str; 4] = ["measures", "targets", "tracked", "observed"];

/// Reads the scenario at `path`.
///
/// `region` replaces the region that the file names. Returns `None` if anything
/// is wrong; `diags` then says what.
pub fn read(
    path: &str,
    region: Option<RegionId>,
    catalogue: &Catalogue,
    fetch: &Fetch<'_>,
    files: &mut Files,
    diags: &mut Diagnostics,
) -> Option<Loaded> {
    let mut found = Diagnostics::default();
    let mut inputs = Vec::new();
    let tree = resolve(path, None, fetch, files, &mut inputs, &mut found);
    let scenario = tree.as_ref().and_then(|tree| {
        let stem = stem(path);
        let mut ctx = decode::Decoder {
            catalogue,
            fetch,
            files,
            inputs: &mut inputs,
            stem: &stem,
        };
        ctx.scenario(tree, region, &mut found)
    });
    let failed = found.has_errors();
    diags.extend(found.iter().cloned());
    match (scenario, tree) {
        (Some(scenario), Some(tree)) if !failed => Some(Loaded {
            scenario,
            tree,
            inputs,
            replaced: region.is_some(),
        }),
        _ => None,
    }
}

/// The name of a file without folder and extension: the scenario's id.
pub fn stem(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.strip_suffix(".toml").unwrap_or(name).to_string()
}

/// `name` as seen from the file at `from`.
pub(crate) fn beside(from: &str, name: &str) -> String {
    if name.starts_with('/') {
        return name.to_string();
    }
    match from.rfind(['/', '\\']) {
        Some(cut) => format!("{}/{name}", &from[..cut]),
        None => name.to_string(),
    }
}

/// Reads a file and lays it over the files it extends.
fn resolve(
    path: &str,
    named: Option<Span>,
    fetch: &Fetch<'_>,
    files: &mut Files,
    inputs: &mut Vec<FileId>,
    diags: &mut Diagnostics,
) -> Option<TableNode> {
    if inputs.iter().any(|file| files.path(*file) == path) {
        let message = Text::new(
            format!("`{path}` 绕了一圈又继承自己"),
            format!("`{path}` extends itself in a circle"),
        );
        let mut diagnostic = Diagnostic::error("extends-circle", message);
        if let Some(span) = named {
            diagnostic = diagnostic.label(span, Text::new("在此", "here"));
        }
        diags.push(diagnostic);
        return None;
    }
    let bytes = match fetch(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = Text::new(
                format!("打不开 `{path}`：{error}"),
                format!("cannot open `{path}`: {error}"),
            );
            let mut diagnostic = Diagnostic::error("cannot-open", message);
            if let Some(span) = named {
                diagnostic = diagnostic.label(span, Text::new("由此引用", "named here"));
            }
            diags.push(diagnostic);
            return None;
        }
    };
    let file = files.add(path, decode_text(&bytes));
    inputs.push(file);
    let own = tree::parse(files, file, diags)?;
    let extends = parent(&own, diags);
    let Some((name, span)) = extends else {
        return Some(own);
    };
    let mut base = resolve(
        &beside(path, &name),
        Some(span),
        fetch,
        files,
        inputs,
        diags,
    )?;
    prepare_parent(&mut base, &own, diags);
    Some(tree::merge(base, own))
}

/// The file that a tree extends.
fn parent(tree: &TableNode, diags: &mut Diagnostics) -> Option<(String, Span)> {
    let scenario = tree.get("scenario")?.table(diags)?;
    let node = scenario.get("extends")?;
    Some((node.string(diags)?.to_string(), node.span))
}

/// Takes out of a parent what does not pass on: its own `extends` and `drop`,
/// and the entries that the child drops.
fn prepare_parent(base: &mut TableNode, child: &TableNode, diags: &mut Diagnostics) {
    if let Some(table) = table_mut(base, "scenario") {
        table
            .entries
            .retain(|(key, _)| key.name != "extends" && key.name != "drop");
    }
    let mut ignored = Diagnostics::default();
    let drops = child
        .get("scenario")
        .and_then(|node| node.table(&mut ignored)?.get("drop"));
    let Some(drops) = drops.and_then(|node| node.array(diags)) else {
        return;
    };
    for node in drops {
        let Some(name) = node.string(diags) else {
            continue;
        };
        let mut hit = false;
        for part in DROPPABLE {
            if let Some(table) = table_mut(base, part) {
                let before = table.entries.len();
                table.entries.retain(|(key, _)| key.name != name);
                hit |= table.entries.len() < before;
            }
        }
        if !hit {
            let known: Vec<String> = DROPPABLE
                .iter()
                .filter_map(|part| table_mut(base, part).map(|table| table.entries.clone()))
                .flatten()
                .map(|(key, _)| key.name)
                .collect();
            let message = Text::new(
                format!("继承的文件里没有 `{name}` 可去掉"),
                format!("the extended file has no `{name}` to drop"),
            );
            let mut diagnostic = Diagnostic::error("nothing-to-drop", message)
                .label(node.span, Text::new("没有这一项", "no such entry"));
            if let Some(near) = crate::diag::nearest(name, known.iter().map(String::as_str)) {
                diagnostic = diagnostic.suggest(node.span, format!("\"{near}\""));
            }
            diags.push(diagnostic);
        }
    }
}

fn table_mut<'t>(tree: &'t mut TableNode, name: &str) -> Option<&'t mut TableNode> {
    let entry = tree.entries.iter_mut().find(|(key, _)| key.name == name)?;
    match &mut entry.1 {
        Node {
            value: Value::Table(table),
            ..
        } => Some(table),
        Node { .. } => None,
    }
}
