//! What is wrong, as `ScenarioError` with its diagnostics, and what is to be doubted.

use crate::language::chosen;
use crate::written::Layer;
use jianpai_core::text::{Lang, Text};
use jianpai_load::diag::{Color, Diagnostic, Diagnostics, Severity};
use jianpai_study::{Error, Problems};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// The module that holds the exceptions.
fn module(py: Python<'_>) -> PyResult<Bound<'_, PyModule>> {
    py.import(intern!(py, "jianpai._errors"))
}

/// An exception for what a study says; places in `layers` are told as paths in a `dict`.
pub(crate) fn raise(py: Python<'_>, error: &Error, layers: &[Layer]) -> PyErr {
    let lang = chosen();
    let made = match error {
        Error::Input(problems) => told(py, problems, layers, lang),
        Error::Unknown(unknown) => alone(py, "unknown", &unknown.text(), lang),
        Error::Refused(text) => alone(py, "refused", text, lang),
    };
    made.and_then(|(text, all)| {
        let class = module(py)?.getattr(intern!(py, "ScenarioError"))?;
        Ok(PyErr::from_value(class.call1((text, all))?))
    })
    .unwrap_or_else(|broken| broken)
}

/// An exception with one sentence.
pub(crate) fn refuse(py: Python<'_>, zh: impl Into<String>, en: impl Into<String>) -> PyErr {
    raise(py, &Error::refused(zh, en), &[])
}

/// Warns of what was found that keeps nothing from running; the diagnostics.
pub(crate) fn warn<'py>(
    py: Python<'py>,
    problems: &Problems,
    layers: &[Layer],
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let (text, all) = told(py, problems, layers, chosen())?;
    if !all.is_empty() {
        let class = module(py)?.getattr(intern!(py, "ScenarioWarning"))?;
        let warnings = py.import(intern!(py, "warnings"))?;
        let named = PyDict::new(py);
        named.set_item("stacklevel", 1)?;
        warnings.call_method("warn", (text, class), Some(&named))?;
    }
    Ok(all)
}

/// A text and its diagnostics.
type Told<'py> = (String, Vec<Bound<'py, PyAny>>);

fn alone<'py>(py: Python<'py>, code: &str, text: &Text, lang: Lang) -> PyResult<Told<'py>> {
    let said = text.get(lang).to_string();
    let fields = PyDict::new(py);
    fields.set_item("code", code)?;
    fields.set_item("severity", Severity::Error.id())?;
    fields.set_item("message", &said)?;
    let class = module(py)?.getattr(intern!(py, "Diagnostic"))?;
    let one = class.call((), Some(&fields))?;
    Ok((said, vec![one]))
}

fn told<'py>(
    py: Python<'py>,
    problems: &Problems,
    layers: &[Layer],
    lang: Lang,
) -> PyResult<Told<'py>> {
    let class = module(py)?.getattr(intern!(py, "Diagnostic"))?;
    let files = problems.files();
    let (mut blocks, mut all) = (Vec::new(), Vec::new());
    for item in problems.diagnostics() {
        let fields = PyDict::new(py);
        let place = item.span();
        let path = place.and_then(|span| {
            let layer = layers
                .iter()
                .find(|layer| layer.path == files.path(span.file))?;
            Some(layer.path_of(span.start))
        });
        fields.set_item("code", item.code)?;
        fields.set_item("severity", item.severity.id())?;
        fields.set_item("message", item.message.get(lang))?;
        if let (Some(span), None) = (place, &path) {
            let (line, column) = files.position(span.file, span.start);
            fields.set_item("file", files.path(span.file))?;
            fields.set_item("line", line)?;
            fields.set_item("column", column)?;
        }
        fields.set_item("path", path.as_deref())?;
        let label = item.labels.first().map(|label| label.text.get(lang));
        fields.set_item("label", label.filter(|text| !text.is_empty()))?;
        let notes: Vec<&str> = item.notes.iter().map(|text| text.get(lang)).collect();
        fields.set_item("notes", pyo3::types::PyTuple::new(py, notes)?)?;
        let help = item.help.as_ref().map(|text| text.get(lang).to_string());
        let better = item
            .replace
            .as_ref()
            .map(|(span, by)| match files.slice(*span) {
                "" => by.clone(),
                old => format!("{old} → {by}"),
            });
        let help = match (help, better, &path) {
            (Some(help), Some(better), Some(_)) => {
                Some(format!("{help}{}{better}", lang.pick("：", ": ")))
            }
            (None, better, Some(_)) => better,
            (help, ..) => help,
        };
        fields.set_item("help", &help)?;
        blocks.push(match path {
            Some(path) => block(item, &path, help.as_deref(), lang),
            None => {
                let mut one = Diagnostics::default();
                one.push(item.clone());
                one.render(files, lang, Color::Never)
            }
        });
        all.push(class.call((), Some(&fields))?);
    }
    Ok((blocks.join("\n").trim_end().to_string(), all))
}

/// A diagnostic of a `dict`: its path stands where a file would have a line.
fn block(item: &Diagnostic, path: &str, help: Option<&str>, lang: Lang) -> String {
    let word = match item.severity {
        Severity::Error => lang.pick("错误", "error"),
        _ => lang.pick("警告", "warning"),
    };
    let mut text = format!(
        "{word}[{}]: {}\n  --> {path}\n",
        item.code,
        item.message.get(lang)
    );
    let labels = item.labels.iter().take(1).map(|label| label.text.get(lang));
    for said in labels.filter(|said| !said.is_empty()) {
        text += &format!("   | {said}\n");
    }
    for note in &item.notes {
        text += &format!("   = {}: {}\n", lang.pick("说明", "note"), note.get(lang));
    }
    if let Some(help) = help {
        text += &format!("   = {}: {help}\n", lang.pick("建议", "help"));
    }
    text
}
