//! A `dict` of Python written as TOML, which the reader of scenarios reads: one reader, one
//! set of diagnostics. Where each key and value came to stand is remembered, so that what is
//! wrong can be told by its path in the `dict`.

use crate::language::chosen;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyString};
use std::fmt::Write as _;

/// What a file of TOML can hold.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tree {
    Text(String),
    Whole(i64),
    Number(f64),
    Flag(bool),
    List(Vec<Tree>),
    Table(Vec<(String, Tree)>),
}

/// A text made from a `dict`, that lies over a scenario.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    /// What its file is called.
    pub(crate) path: String,
    /// The TOML.
    pub(crate) text: String,
    /// What was given; `None` where only its text is left.
    pub(crate) tree: Option<Tree>,
    /// Where each part stands: first byte, the byte after the last, path.
    places: Vec<(usize, usize, String)>,
}

impl Layer {
    /// A layer of a tree, whose head comes first; its first key is the table `[scenario]`.
    pub(crate) fn new(path: String, tree: Tree) -> Self {
        let mut writer = Writer::default();
        writer.file(&tree);
        Self {
            path,
            text: writer.text,
            tree: Some(tree),
            places: writer.places,
        }
    }

    /// A layer of which only the text is left.
    pub(crate) fn of_text(path: String, text: String) -> Self {
        Self {
            path,
            text,
            tree: None,
            places: Vec::new(),
        }
    }

    /// The path of what stands at a byte: that of the smallest part around it.
    pub(crate) fn path_of(&self, at: usize) -> String {
        let around = self.places.iter();
        let around = around.filter(|(start, end, _)| (*start..*end).contains(&at));
        let least = around.min_by_key(|(start, end, _)| end - start);
        match least {
            Some((.., path)) => path.clone(),
            None => {
                let line = self.text[..at.min(self.text.len())].matches('\n').count() + 1;
                format!("{}:{line}", self.path)
            }
        }
    }
}

/// A path in a `dict`, for people.
fn below(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_string()
    } else {
        format!("{path}.{key}")
    }
}

impl Tree {
    /// What a value of Python is. Numbers of NumPy are numbers, its arrays lists.
    pub(crate) fn of(value: &Bound<'_, PyAny>, path: &str) -> PyResult<Self> {
        let lang = chosen();
        if let Ok(text) = value.cast::<PyString>() {
            return Ok(Self::Text(text.to_str()?.to_string()));
        }
        if value.is_instance_of::<PyBool>() {
            return Ok(Self::Flag(value.extract()?));
        }
        if value.is_instance_of::<PyInt>() {
            return Ok(Self::Whole(value.extract()?));
        }
        if value.is_instance_of::<PyFloat>() {
            let number: f64 = value.extract()?;
            if !number.is_finite() {
                return Err(PyValueError::new_err(format!(
                    "{path}: {number}{}",
                    lang.pick("不是有限的数", " is no finite number")
                )));
            }
            return Ok(Self::Number(number));
        }
        if let Ok(table) = value.cast::<PyDict>() {
            let mut entries = Vec::with_capacity(table.len());
            for (key, value) in table {
                let Ok(key) = key.cast::<PyString>() else {
                    return Err(PyTypeError::new_err(format!(
                        "{path}: {}{}",
                        lang.pick("键应为字符串，却是 ", "keys are texts, not "),
                        key.repr()?
                    )));
                };
                let key = key.to_str()?.to_string();
                let value = Self::of(&value, &below(path, &key))?;
                entries.push((key, value));
            }
            return Ok(Self::Table(entries));
        }
        // Scalars of NumPy, then lists, tuples and arrays.
        let is_scalar = value.hasattr("item")?
            && value
                .getattr("ndim")
                .is_ok_and(|n| n.extract::<usize>().is_ok_and(|n| n == 0));
        if is_scalar {
            return Self::of(&value.call_method0("item")?, path);
        }
        let listed =
            !value.is_none() && value.hasattr("__len__")? && value.hasattr("__getitem__")?;
        if listed && let Ok(items) = value.try_iter() {
            let items = items.enumerate();
            let items = items.map(|(i, item)| Self::of(&item?, &format!("{path}[{i}]")));
            return Ok(Self::List(items.collect::<PyResult<_>>()?));
        }
        let kind = value.get_type();
        Err(PyTypeError::new_err(format!(
            "{path}: {}{}",
            lang.pick(
                "应为字符串、数、布尔值、列表或 dict，却是 ",
                "a text, a number, a truth value, a list or a dict is wanted, not "
            ),
            kind.name()?
        )))
    }

    /// Lays another tree over this one: tables key by key, all else is replaced.
    pub(crate) fn lay(&mut self, over: Tree) {
        match (self, over) {
            (Self::Table(own), Self::Table(over)) => {
                for (key, value) in over {
                    match own.iter_mut().find(|(name, _)| *name == key) {
                        Some((_, old)) => old.lay(value),
                        None => own.push((key, value)),
                    }
                }
            }
            (own, over) => *own = over,
        }
    }

    /// Whether it only states values by ids: nothing is dropped or replaced, and no name
    /// stands for an id.
    pub(crate) fn is_plain(&self) -> bool {
        match self {
            Self::Table(entries) => entries.iter().all(|(key, value)| {
                key.is_ascii() && !matches!(key.as_str(), "drop" | "replace") && value.is_plain()
            }),
            Self::List(items) => items.iter().all(Self::is_plain),
            _ => true,
        }
    }
}

/// Writes a tree and remembers where its parts stand.
#[derive(Default)]
struct Writer {
    text: String,
    places: Vec<(usize, usize, String)>,
}

impl Writer {
    fn place(&mut self, start: usize, path: &str) {
        self.places.push((start, self.text.len(), path.to_string()));
    }

    /// A whole file: plain values first, then a section for each table and each entry in it.
    fn file(&mut self, tree: &Tree) {
        let Tree::Table(entries) = tree else {
            return;
        };
        self.lines(
            "",
            entries.iter().filter(|(_, v)| !matches!(v, Tree::Table(_))),
        );
        for (key, value) in entries {
            if let Tree::Table(own) = value {
                self.section(&[key], own);
            }
        }
    }

    fn section(&mut self, keys: &[&String], entries: &[(String, Tree)]) {
        let path = keys
            .iter()
            .fold(String::new(), |path, key| below(&path, key));
        let from = self.text.len();
        self.text.push('[');
        for (i, key) in keys.iter().enumerate() {
            if i > 0 {
                self.text.push('.');
            }
            self.string(key);
        }
        self.text += "]\n";
        let deeper = keys.len() < 3;
        let is_section = |value: &Tree| deeper && matches!(value, Tree::Table(_));
        self.lines(&path, entries.iter().filter(|(_, v)| !is_section(v)));
        for (key, value) in entries {
            if let (Tree::Table(own), true) = (value, is_section(value)) {
                let keys: Vec<&String> = keys.iter().copied().chain([key]).collect();
                self.section(&keys, own);
            }
        }
        self.place(from, &path);
    }

    fn lines<'e>(&mut self, path: &str, entries: impl Iterator<Item = &'e (String, Tree)>) {
        for (key, value) in entries {
            self.entry(&below(path, key), key, value);
            self.text.push('\n');
        }
    }

    fn entry(&mut self, path: &str, key: &str, value: &Tree) {
        let from = self.text.len();
        self.string(key);
        self.text += " = ";
        self.value(path, value);
        self.place(from, path);
    }

    fn value(&mut self, path: &str, value: &Tree) {
        match value {
            Tree::Text(text) => self.string(text),
            Tree::Whole(value) => {
                let _ = write!(self.text, "{value}");
            }
            // With a point or an exponent, which tell it from a whole number.
            Tree::Number(value) => {
                let _ = write!(self.text, "{value:?}");
            }
            Tree::Flag(value) => {
                let _ = write!(self.text, "{value}");
            }
            Tree::List(items) => {
                self.text.push('[');
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        self.text += ", ";
                    }
                    let (from, path) = (self.text.len(), format!("{path}[{i}]"));
                    self.value(&path, item);
                    self.place(from, &path);
                }
                self.text.push(']');
            }
            Tree::Table(entries) => {
                self.text += "{ ";
                for (i, (key, value)) in entries.iter().enumerate() {
                    if i > 0 {
                        self.text += ", ";
                    }
                    self.entry(&below(path, key), key, value);
                }
                self.text += " }";
            }
        }
    }

    /// A basic string of TOML.
    fn string(&mut self, text: &str) {
        self.text.push('"');
        for c in text.chars() {
            match c {
                '"' => self.text += "\\\"",
                '\\' => self.text += "\\\\",
                c if c.is_control() => {
                    let _ = write!(self.text, "\\u{:04X}", u32::from(c));
                }
                c => self.text.push(c),
            }
        }
        self.text.push('"');
    }
}
