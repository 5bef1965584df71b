//! What a file may do to the entries that it inherits.
//!
//! A file that extends another may change fields of an inherited entry: the level of a
//! measure, the reduction of a target. That is what options are made of. It must say
//! `replace = true` where it does more:
//!
//! - where it touches a measure of current policy, which is part of the reference that
//!   new measures are laid out against and so moves the base of the plan,
//! - where it makes a new measure current policy, or the reverse,
//! - where it puts something else in its place under the same id: a measure of another
//!   type, a target, an observed value or a splice of another indicator.
//!
//! With `replace = true` an entry that states what it is (its `type`, its `indicator`)
//! stands alone: nothing of the inherited one is left, its policy neither. One that does
//! not changes the fields that it gives. `check` lists both.

use super::{DROPPABLE, Loaded};
use crate::diag::{Diagnostic, Diagnostics, Files, Span, nearest};
use crate::tree::{TableNode, Value};
use jianpai_core::plausible::{Doubt, Finding, Place};
use jianpai_core::text::Text;

/// An inherited entry that a file replaces or changes because it says so.
#[derive(Clone, Debug)]
pub struct Replaced {
    /// The part of the file: `measures`, `targets` …
    part: &'static str,
    /// The entry's id.
    id: String,
    /// Whether nothing of the inherited entry is left.
    whole: bool,
    /// Whether the inherited entry is a measure of current policy.
    current: bool,
    /// Where the inherited entry stands.
    old: Span,
}

/// The key that says what an entry of a part is.
fn identity(part: &str) -> &'static str {
    match part {
        "measures" => "type",
        "tracked" => "target",
        _ => "indicator",
    }
}

fn part_mut<'t>(tree: &'t mut TableNode, name: &str) -> Option<&'t mut TableNode> {
    let entry = tree.entries.iter_mut().find(|(key, _)| key.name == name)?;
    match &mut entry.1.value {
        Value::Table(table) => Some(table),
        _ => None,
    }
}

fn word<'t>(table: &'t TableNode, key: &str) -> Option<&'t str> {
    match &table.get(key)?.value {
        Value::String(word) => Some(word),
        _ => None,
    }
}

/// Takes `replace` out of the entries of `own`, does what it asks for to `base`, and
/// reports entries that do more to inherited ones than they may.
pub(super) fn settle(
    mut base: Option<&mut TableNode>,
    own: &mut TableNode,
    replaced: &mut Vec<Replaced>,
    diags: &mut Diagnostics,
) {
    for part in DROPPABLE {
        let Some(table) = part_mut(own, part) else {
            continue;
        };
        for (key, node) in &mut table.entries {
            let Value::Table(entry) = &mut node.value else {
                continue;
            };
            let asked = take_flag(entry, diags);
            let parent = base.as_deref_mut().and_then(|base| part_mut(base, part));
            let names = parent.as_deref().map(|table| {
                let names = table.entries.iter().map(|(key, _)| key.name.clone());
                names.collect::<Vec<_>>()
            });
            let old = parent.and_then(|table| {
                let found = table.entries.iter_mut();
                found.into_iter().find(|(old, _)| old.name == key.name)
            });
            let Some((old_key, old_node)) = old else {
                if let Some(span) = asked {
                    diags.push(nothing(&key.name, span, names.as_deref()));
                }
                continue;
            };
            let Value::Table(inherited) = &mut old_node.value else {
                continue;
            };
            let policy = word(inherited, "policy").unwrap_or("new");
            let current = part == "measures" && policy == "current";
            let states = entry.get(identity(part)).is_some();
            if asked.is_some() {
                replaced.push(Replaced {
                    part,
                    id: key.name.clone(),
                    whole: states,
                    current,
                    old: old_key.span,
                });
                if states {
                    inherited.entries.clear();
                }
            } else if let Some(why) = too_much(part, entry, inherited, current) {
                diags.push(refused(&key.name, key.span, old_key.span, &why));
            }
        }
    }
}

/// Takes the key `replace` out of an entry; its place if it is true.
fn take_flag(entry: &mut TableNode, diags: &mut Diagnostics) -> Option<Span> {
    let place = entry
        .entries
        .iter()
        .position(|(key, _)| key.name == "replace")?;
    let (key, node) = entry.entries.remove(place);
    node.bool(diags).filter(|flag| *flag).map(|_| key.span)
}

/// Why an entry does more to the inherited one than change fields of it.
fn too_much(part: &str, own: &TableNode, inherited: &TableNode, current: bool) -> Option<Text> {
    if current {
        return Some(Text::new(
            "它属现行政策，新措施以它为参照：改动它会移动基数",
            "it is current policy, which new measures are laid out against: changing it moves the base",
        ));
    }
    if part == "measures" && word(own, "policy") == Some("current") {
        return Some(Text::new(
            "这会把新增措施变成现行政策，从而移动基数",
            "this makes a new measure current policy and moves the base",
        ));
    }
    let key = identity(part);
    let (was, is) = (word(inherited, key)?, word(own, key)?);
    (was != is).then(|| {
        Text::new(
            format!("它的 {key} 是 `{was}`，这里是 `{is}`"),
            format!("its `{key}` is `{was}`, here it is `{is}`"),
        )
    })
}

fn refused(id: &str, here: Span, old: Span, why: &Text) -> Diagnostic {
    let message = Text::new(
        format!("继承的文件里已有 `{id}`：{}", why.zh),
        format!("the extended file has a `{id}` already: {}", why.en),
    );
    Diagnostic::error("inherited-id", message)
        .label(here, Text::new("同一 id", "the same id"))
        .label(old, Text::new("继承自此", "inherited from here"))
        .help(Text::new(
            format!("换一个 id（如 {id}-2）在其上另加；确要替换，在此写 replace = true"),
            format!("choose another id (such as {id}-2) to add to it; to replace it, write replace = true here"),
        ))
}

fn nothing(id: &str, span: Span, known: Option<&[String]>) -> Diagnostic {
    let message = Text::new(
        format!("没有继承到 `{id}`，replace 无从替换"),
        format!("there is no inherited `{id}` to replace"),
    );
    let near = known.and_then(|known| nearest(id, known.iter().map(String::as_str)));
    let help = match near {
        Some(near) => Text::new(
            format!("是否指 `{near}`？"),
            format!("did you mean `{near}`?"),
        ),
        None => Text::new("删去 replace", "take `replace` out"),
    };
    Diagnostic::error("nothing-to-replace", message)
        .label(span, Text::new("无可替换", "nothing to replace"))
        .help(help)
}

/// What the files of a scenario replaced, as findings.
pub fn replaced(loaded: &Loaded, files: &Files) -> Vec<Finding> {
    let all = loaded.overrides.iter();
    all.map(|found| finding(found, files)).collect()
}

fn finding(found: &Replaced, files: &Files) -> Finding {
    let Replaced { part, id, .. } = found;
    let place = match *part {
        "measures" => Place::Measure(id.clone(), ""),
        "targets" => Place::Target(id.clone()),
        _ => Place::Scenario,
    };
    let (line, _) = files.position(found.old.file, found.old.start);
    let from = files.path(found.old.file);
    let (zh, en) = if found.whole {
        ("替换了", "replaces")
    } else {
        ("改动了", "changes")
    };
    let (of_zh, of_en) = if found.current {
        ("现行政策措施", "measure of current policy")
    } else {
        ("同名项", "entry of that name")
    };
    Finding {
        code: "replaces-inherited",
        doubt: if found.current {
            Doubt::Medium
        } else {
            Doubt::Low
        },
        text: Text::new(
            format!("[{part}.{id}] {zh}继承的{of_zh}"),
            format!("[{part}.{id}] {en} the inherited {of_en}"),
        ),
        place,
        found: 1.0,
        yardstick: 0.0,
        basis: Text::new(
            format!("原项在 {from}:{line}"),
            format!("the inherited entry stands in {from}:{line}"),
        ),
        origins: Vec::new(),
        advice: if found.current {
            Text::new(
                "现行政策随之改变，各年基数也随之移动：核对是否有意如此",
                "current policy changes with it, and so do the bases of all years: see whether that is meant",
            )
        } else {
            Text::new("核对是否有意如此", "see whether that is meant")
        },
    }
}
