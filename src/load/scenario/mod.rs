//! Reads scenario files: inheritance, then every field, every problem in one pass.

mod aside;
mod base;
mod beyond;
mod called;
mod chained;
pub mod compare;
mod decode;
mod fields;
mod findings;
mod further;
mod growth;
mod head;
mod keys;
mod limits;
mod listed;
mod measures;
mod names;
mod observed;
mod on_call;
pub mod own;
mod own_cost;
mod percent;
mod places;
mod pollutants;
mod problems;
mod regional;
mod replace;
mod sentence;
pub mod solve;
mod spoken;
pub mod sweep;
mod targets;
mod timetable;
mod tracked;
mod worded;

use crate::diag::nearest;
use crate::diag::{Diagnostic, Diagnostics, FileId, Files, Span};
use crate::format::take_in;
use crate::input::{Refusal, why};
use crate::tree::{self, Node, TableNode, Value};
use crate::vocabulary::Vocabulary;
use jianpai_core::catalogue::Catalogue;
use jianpai_core::dims::RegionId;
use jianpai_core::scenario::Scenario;
use jianpai_core::text::Text;

use std::collections::HashSet;
use std::sync::Arc;

pub use findings::locate;
pub use limits::{Limits, Written};
pub use own::Grown;
pub use problems::explain;
pub use replace::{Replaced, replaced};
pub use spoken::in_own_words;

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
    /// Inherited entries that a file replaces because it says so.
    pub overrides: Vec<Replaced>,
    /// The data with what the scenario calls up of what is on call, if it does.
    pub called: Option<Arc<Catalogue>>,
    /// The data with the region and the zones that the scenario brings along; its own
    /// indices are of it.
    pub grown: Option<Arc<Grown>>,
}

/// A scenario as far as it could be read.
#[derive(Clone, Debug)]
struct Draft {
    /// What could be read, with something in place of the rest.
    scenario: Scenario,
    /// Every measure, those included that could not be read whole.
    reads: Vec<measures::Read>,
    /// Its region, if known.
    region: Option<RegionId>,
}

/// Files that may extend one another.
const DEEPEST: usize = 16;

/// The parts of a scenario whose entries `drop` can remove.
const DROPPABLE: [&str; 5] = ["measures", "targets", "tracked", "observed", "splice"];

/// Reads the scenario at `path`.
///
/// `region` replaces the region that the file names; the vocabulary is that of the
/// catalogue. Returns `None` if anything
/// is wrong; `diags` then says what.
pub fn read(
    path: &str,
    region: Option<RegionId>,
    (catalogue, vocabulary): (&Catalogue, &Vocabulary),
    fetch: &Fetch<'_>,
    files: &mut Files,
    diags: &mut Diagnostics,
) -> Option<Loaded> {
    let mut found = Diagnostics::default();
    let mut inputs = Vec::new();
    let mut overrides = Vec::new();
    let reading = (&mut inputs, &mut overrides);
    let mut tree = resolve(
        (path, None),
        (fetch, vocabulary),
        files,
        reading,
        &mut found,
    );
    let called = tree
        .as_ref()
        .and_then(|tree| catalogue.called(&on_call::named(catalogue, tree)));
    let called = {
        let data = (called.as_ref().unwrap_or(catalogue), fetch);
        let own = tree.as_mut();
        let own = own.and_then(|tree| pollutants::grow(tree, data, files, &mut inputs, &mut found));
        own.or(called)
    };
    let catalogue = called.as_ref().unwrap_or(catalogue);
    let grown = tree.as_ref().and_then(|tree| {
        let data = (catalogue, vocabulary, fetch);
        own::grow(tree, data, files, &mut inputs, &mut found)
    });
    let catalogue = grown.as_ref().map_or(catalogue, |grown| &grown.catalogue);
    let mut tree = tree.map(|mut tree| {
        if grown.is_some() {
            called::zones(catalogue, &mut tree);
        }
        tree
    });
    let elsewhere = tree.as_mut().map(|tree| {
        let region = region.or_else(|| regional::of_file(catalogue, tree));
        regional::settle(catalogue, tree, region, &mut found)
    });
    let draft = tree.as_ref().and_then(|tree| {
        let stem = stem(path);
        let mut ctx = decode::Decoder {
            catalogue,
            fetch,
            files,
            inputs: &mut inputs,
            stem: &stem,
            elsewhere: elsewhere.unwrap_or_default(),
            grown: grown.as_ref(),
        };
        ctx.scenario(tree, region, &mut found)
    });
    let failed = found.has_errors();
    if let (true, Some(draft), Some(tree)) = (failed, &draft, &tree) {
        found.extend(further::find(catalogue, draft, tree, &inputs));
    }
    diags.extend(found.iter().cloned());
    match (draft, tree) {
        (Some(draft), Some(tree)) if !failed => Some(Loaded {
            scenario: draft.scenario,
            tree,
            inputs,
            replaced: region.is_some(),
            overrides,
            called: called.clone().map(Arc::new),
            grown: grown.clone().map(Arc::new),
        }),
        _ => None,
    }
}

/// The tables of a text that is no scenario by itself, such as a `[sweep]` to be put in
/// the place of a scenario's own, with ids in place of names. `None` where nothing of it
/// could be read; `diags` says what is wrong.
pub fn part(
    vocabulary: &Vocabulary,
    files: &Files,
    file: FileId,
    diags: &mut Diagnostics,
) -> Option<TableNode> {
    let mut tree = tree::parse(files, file, diags)?;
    called::in_ids(vocabulary, &mut tree, diags);
    Some(tree)
}

/// The name of a file without folder and extension: the scenario's id.
pub fn stem(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.strip_suffix(".toml").unwrap_or(name).to_string()
}

/// `name` as seen from the file at `from`, without `.` and needless `..`.
pub fn beside(from: &str, name: &str) -> String {
    let whole = match from.rfind(['/', '\\']) {
        Some(cut) if !name.starts_with('/') => format!("{}/{name}", &from[..cut]),
        _ => name.to_string(),
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match (part, parts.last()) {
            (".", _) | ("", Some(_)) => {}
            ("..", Some(last)) if !matches!(*last, "" | "..") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// The diagnostic of a file that cannot be read.
pub fn cannot_open(path: &str, error: &std::io::Error, named: Option<Span>) -> Diagnostic {
    let why = why(error);
    let message = Text::new(
        format!("打不开 `{path}`：{}", why.zh),
        format!("cannot open `{path}`: {}", why.en),
    );
    let diagnostic = Diagnostic::error("cannot-open", message);
    let refused = Refusal::of(error).map(Refusal::help);
    match named {
        Some(span) => diagnostic
            .label(span, Text::new("由此引用", "named here"))
            .help(refused.unwrap_or(Text::new(
                "路径相对于引用它的文件",
                "the path is relative to the file that names it",
            ))),
        None => diagnostic.help(refused.unwrap_or(Text::new(
            "请检查路径；现有情景见 jianpai list scenarios",
            "check the path; jianpai list scenarios shows what there is",
        ))),
    }
}

/// Reads a file and lays it over the files it extends.
fn resolve(
    (path, named): (&str, Option<Span>),
    (fetch, vocabulary): (&Fetch<'_>, &Vocabulary),
    files: &mut Files,
    (inputs, overrides): (&mut Vec<FileId>, &mut Vec<Replaced>),
    diags: &mut Diagnostics,
) -> Option<TableNode> {
    let again = inputs.iter().any(|file| files.path(*file) == path);
    if again || inputs.len() >= DEEPEST {
        let chain: Vec<&str> = inputs.iter().map(|file| files.path(*file)).collect();
        let chain = format!("{} → {path}", chain.join(" → "));
        // A link, or another spelling of a path, leads back to the same text.
        let mut texts = HashSet::new();
        let back = inputs.iter().any(|file| !texts.insert(files.text(*file)));
        let diagnostic = if again || back {
            circle(path, &chain, named)
        } else {
            too_deep(&chain, named)
        };
        diags.push(diagnostic);
        return None;
    }
    let bytes = match fetch(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            diags.push(cannot_open(path, &error, named));
            return None;
        }
    };
    let file = take_in(path, &bytes, files, diags)?;
    inputs.push(file);
    let mut own = tree::parse(files, file, diags)?;
    called::in_ids(vocabulary, &mut own, diags);
    let said = match head(&own).map(extends) {
        // What cannot be read may name a file.
        None if own.torn => Said::Something,
        None => Said::Nothing,
        Some(said) => said,
    };
    let named = match said {
        Said::Nothing => {
            nothing_to_drop_from(&own, diags);
            replace::settle(None, &mut own, overrides, diags);
            return Some(own);
        }
        Said::Something => None,
        Said::File(node) => node
            .string(diags)
            .map(|name| (beside(path, name), node.span)),
    };
    let reading = (inputs, &mut *overrides);
    let base = named.and_then(|(path, span)| {
        resolve(
            (&path, Some(span)),
            (fetch, vocabulary),
            files,
            reading,
            diags,
        )
    });
    let mut ignored = Diagnostics::default();
    let Some(mut base) = base else {
        // Nothing can be said to be missing: it may stand in the file that is not there.
        replace::settle(None, &mut own, overrides, &mut ignored);
        tree::tear(&mut own);
        return Some(own);
    };
    prepare_parent(&mut base, &own, diags);
    let diags = if base.torn { &mut ignored } else { diags };
    replace::settle(Some(&mut base), &mut own, overrides, diags);
    Some(tree::merge(base, own))
}

/// What a file says of the file it extends.
enum Said<'t> {
    Nothing,
    /// It could not be read.
    Something,
    File(&'t Node),
}

/// `[scenario]`, or what is probably meant for it.
fn head(tree: &TableNode) -> Option<&TableNode> {
    let node = tree.get("scenario").or_else(|| {
        let mut all = tree.entries.iter();
        let (_, node) = all.find(|(key, _)| nearest(&key.name, ["scenario"]).is_some())?;
        Some(node)
    })?;
    // A `scenario` that is no table is reported later.
    match &node.value {
        Value::Table(table) => Some(table),
        _ => None,
    }
}

/// The file that `[scenario]` extends.
fn extends(head: &TableNode) -> Said<'_> {
    let named = head.get("extends").or_else(|| {
        let strange = |name: &str| !decode::HEAD.contains(&name);
        let like = |name: &str| nearest(name, ["extends"]).is_some();
        let mut all = head.entries.iter();
        let (_, node) = all.find(|(key, _)| strange(&key.name) && like(&key.name))?;
        Some(node)
    });
    match named {
        Some(Node {
            value: Value::Unread,
            ..
        }) => Said::Something,
        Some(node) => Said::File(node),
        None if head.torn => Said::Something,
        None => Said::Nothing,
    }
}

/// A file that is extended again on the way down.
fn circle(path: &str, chain: &str, named: Option<Span>) -> Diagnostic {
    let message = Text::new(
        format!("`{path}` 绕了一圈又继承自己"),
        format!("`{path}` extends itself in a circle"),
    );
    let mut diagnostic = Diagnostic::error("extends-circle", message);
    if let Some(span) = named {
        diagnostic = diagnostic.label(span, Text::new("又回到该文件", "back to that file"));
    }
    diagnostic.help(Text::new(
        format!("{chain}：去掉其中一处 extends"),
        format!("{chain}: take one `extends` out"),
    ))
}

/// A chain of different files that is longer than is read.
fn too_deep(chain: &str, named: Option<Span>) -> Diagnostic {
    let message = Text::new(
        format!("extends 一环接一环，超过了 {DEEPEST} 个文件"),
        format!("the chain of `extends` is longer than {DEEPEST} files"),
    );
    let mut diagnostic = Diagnostic::error("extends-too-deep", message);
    if let Some(span) = named {
        let label = Text::new("到此为止", "not followed from here on");
        diagnostic = diagnostic.label(span, label);
    }
    diagnostic.help(Text::new(
        format!("把其中几个文件并为一个（{chain}）"),
        format!("put some of the files together ({chain})"),
    ))
}

/// Reports a `drop` in a file that extends none.
fn nothing_to_drop_from(tree: &TableNode, diags: &mut Diagnostics) {
    let Some(Value::Table(scenario)) = tree.get("scenario").map(|node| &node.value) else {
        return;
    };
    let (Some((key, _)), None) = (scenario.entry("drop"), scenario.get("extends")) else {
        return;
    };
    let message = Text::new(
        "没有 extends，drop 无从去掉",
        "there is nothing to drop from without `extends`",
    );
    diags.push(
        Diagnostic::error("nothing-to-drop", message)
            .label(
                key.span,
                Text::new("只用于继承", "for files that extend another"),
            )
            .help(Text::new(
                "删去 drop，或用 extends 写明继承的文件",
                "take `drop` out, or name the parent file with `extends`",
            )),
    );
}

/// Names and descriptions: who gives one of a pair gives the other.
const PAIRS: [[&str; 2]; 2] = [["name_zh", "name_en"], ["description_zh", "description_en"]];

/// Takes out of a parent what does not pass on: its own `extends` and `drop`, a name
/// of which the child gives the other language, and the entries that the child drops.
fn prepare_parent(base: &mut TableNode, child: &TableNode, diags: &mut Diagnostics) {
    if let Some(table) = table_mut(base, "scenario") {
        table
            .entries
            .retain(|(key, _)| key.name != "extends" && key.name != "drop");
        let own = head(child);
        let has = |key: &str| own.is_some_and(|own| own.get(key).is_some());
        for pair in PAIRS {
            if pair.into_iter().any(has) {
                table
                    .entries
                    .retain(|(key, _)| !pair.contains(&key.name.as_str()));
            }
        }
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
        if !hit && !base.torn {
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
                diagnostic = diagnostic
                    .suggest(node.span, format!("\"{near}\""))
                    .help(Text::new(
                        format!("是否指 `{near}`？"),
                        format!("did you mean `{near}`?"),
                    ));
            } else if !known.is_empty() {
                diagnostic = diagnostic.help(Text::new(
                    format!("可去掉：{}", known.join("、")),
                    format!("it has {}", known.join(", ")),
                ));
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
