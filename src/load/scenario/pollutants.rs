//! Pollutants that a scenario brings along: `[pollutants.TP]`.
//!
//! A file of factors with the columns of `data/factors.csv` says what each technology
//! emits; official amounts stand in the file that `[scenario] inventory` names. The
//! pollutant and the indicator of its emission stand behind those of the data, and what
//! comes after knows no difference.

use super::problems::sub_table;
use super::{Fetch, beside, cannot_open};
use crate::catalogue::{OwnPollutant, add_pollutant};
use crate::diag::{Diagnostic, Diagnostics, FileId, Files, Span};
use crate::tree::{Key, Node, Reader, TableNode, Value};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::text::Text;

/// The keys of an own pollutant.
const KEYS: [&str; 6] = ["name_zh", "name_en", "medium", "unit", "factors", "source"];

/// The data with the pollutants that the file brings along; `None` if it brings none, or
/// none that are new.
pub(super) fn grow(
    tree: &mut TableNode,
    (catalogue, fetch): (&Catalogue, &Fetch<'_>),
    files: &mut Files,
    inputs: &mut Vec<FileId>,
    diags: &mut Diagnostics,
) -> Option<Catalogue> {
    let table = sub_table(tree, "pollutants")?;
    let mut grown: Option<Catalogue> = None;
    let mut names: Vec<(String, Text)> = Vec::new();
    for (key, node) in &table.entries {
        let Some(own) = read(key, node, diags) else {
            continue;
        };
        let path = beside(files.path(own.span.file), &own.file);
        let known = grown.as_ref().unwrap_or(catalogue);
        names.push((own.id.clone(), own.name.clone()));
        match taken(known, &own, &path, key.span) {
            Ok(true) => {}
            Ok(false) => continue,
            Err(problem) => {
                diags.push(*problem);
                continue;
            }
        }
        let bytes = match fetch(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                diags.push(cannot_open(&path, &error, Some(own.span)));
                continue;
            }
        };
        let new = OwnPollutant {
            id: own.id,
            name: own.name,
            medium: own.medium,
            unit: own.unit,
        };
        let next = grown.get_or_insert_with(|| catalogue.clone());
        inputs.extend(add_pollutant(next, new, (&path, &bytes), files, diags));
    }
    in_ids(tree, &names);
    grown
}

/// An own pollutant as its table says.
struct Own {
    id: String,
    name: Text,
    medium: String,
    unit: String,
    file: String,
    span: Span,
}

fn read(key: &Key, node: &Node, diags: &mut Diagnostics) -> Option<Own> {
    let table = node.table(diags)?;
    let mut reader = Reader::new(table, Text::same(format!("[pollutants.{}]", key.name)));
    reader.expect(KEYS);
    let name = super::fields::name(&mut reader, Some(&key.name));
    let medium = reader.opt_string("medium").unwrap_or("water");
    let unit = reader.opt_string("unit").unwrap_or("1e4 t");
    let units = reader.optional("unit").map(|node| node.span);
    reader.opt_string("source");
    let file = reader.required_like("factors", "factors = \"factors.csv\"");
    let named = file.and_then(|node| Some((node.string(reader.diags())?, node.span)));
    let unit = match unit {
        "t" | "吨" => Some("t"),
        "1e4 t" | "万t" | "万吨" => Some("1e4 t"),
        other => {
            let message = Text::new(
                format!("不能以 `{other}` 显示排放量"),
                format!("emissions cannot be shown in `{other}`"),
            );
            if let Some(span) = units {
                reader.push(
                    Diagnostic::error("pollutant-unit", message)
                        .label(span, Text::new("应为 t 或 1e4 t", "expected t or 1e4 t"))
                        .help(Text::new("写 unit = \"t\"", "write unit = \"t\"")),
                );
            }
            None
        }
    };
    reader.finish(diags);
    let (file, span) = named?;
    Some(Own {
        id: key.name.clone(),
        name: name?,
        medium: medium.to_string(),
        unit: unit?.to_string(),
        file: file.to_string(),
        span,
    })
}

/// Whether the id is free; it is not where the same pollutant is there already.
fn taken(catalogue: &Catalogue, own: &Own, path: &str, at: Span) -> Result<bool, Box<Diagnostic>> {
    let all = catalogue.pollutants.iter();
    let same = all.clone().find(|p| p.named.id == own.id);
    if same.is_some_and(|p| p.own.as_deref() == Some(path)) {
        return Ok(false);
    }
    let words = ["coal", "energy", "cost", "non-fossil"];
    let word = words.contains(&own.id.as_str());
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let odd = own.id.is_empty() || !own.id.chars().all(plain);
    let listed = catalogue.indicator(&own.id).is_some();
    let on_call = catalogue.callable().any(|i| i.named.id == own.id);
    if same.is_none() && !word && !odd && !listed && !on_call {
        return Ok(true);
    }
    let (zh, en) = if odd {
        (
            "编号只用字母、数字、- 和 _",
            "ids have letters, digits, - and _ only",
        )
    } else {
        (
            "已有同名的污染物或指标",
            "a pollutant or an indicator has this name already",
        )
    };
    let message = Text::new(
        format!("`{}` 不能作为自有污染物的编号", own.id),
        format!("`{}` cannot be the id of a pollutant of one's own", own.id),
    );
    let found = Diagnostic::error("pollutant-id", message)
        .label(at, Text::new(zh, en))
        .help(Text::new(
            "换一个编号，如 [pollutants.TP]",
            "take another id, such as [pollutants.TP]",
        ));
    Err(Box::new(found))
}

/// Puts ids in place of the pollutants' names where the file names indicators.
fn in_ids(tree: &mut TableNode, names: &[(String, Text)]) {
    let settle = |node: &mut Node| {
        if let Value::String(text) = &mut node.value {
            let fits = |name: &Text| {
                let emission = |zh: &str| text.strip_suffix("排放量") == Some(zh);
                *text == name.zh || *text == name.en || emission(&name.zh)
            };
            if let Some((id, _)) = names.iter().find(|(_, name)| fits(name)) {
                text.clone_from(id);
            }
        }
    };
    for (part, node) in &mut tree.entries {
        let Value::Table(table) = &mut node.value else {
            continue;
        };
        match part.name.as_str() {
            "targets" | "observed" | "splice" => {
                for (_, entry) in &mut table.entries {
                    let Value::Table(own) = &mut entry.value else {
                        continue;
                    };
                    let named = own.entries.iter_mut().find(|(k, _)| k.name == "indicator");
                    if let Some((_, node)) = named {
                        settle(node);
                    }
                }
            }
            "scenario" => {
                let named = table
                    .entries
                    .iter_mut()
                    .find(|(k, _)| k.name == "indicators");
                if let Some((
                    _,
                    Node {
                        value: Value::Array(items),
                        ..
                    },
                )) = named
                {
                    items.iter_mut().for_each(settle);
                }
            }
            _ => {}
        }
    }
}
