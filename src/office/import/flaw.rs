//! What is wrong with a workbook, by sheet and cell.

use crate::xlsx::{At, Workbook, address};
use jianpai_core::text::{Lang, Text};
use jianpai_load::diag::{Diagnostic, Diagnostics, FileId, Files, Severity, Span};
use std::collections::BTreeMap;

/// A place in a workbook: a sheet, and a cell of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The sheet, by its position.
    pub sheet: usize,
    /// The cell; `None` for the sheet as a whole.
    pub at: Option<At>,
}

impl Place {
    /// A cell.
    pub(super) fn cell(sheet: usize, at: At) -> Self {
        Self {
            sheet,
            at: Some(at),
        }
    }
}

/// Something said of a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Where.
    pub place: Place,
    /// Which bytes of the cell's text; all of it if `None`.
    pub part: Option<(usize, usize)>,
    /// What.
    pub text: Text,
}

/// A place, the bytes of its text (all of it if `None`), and what could stand there.
pub type Better = (Place, Option<(usize, usize)>, String);

/// One thing that is wrong, or to be known.
#[derive(Clone, Debug, PartialEq)]
pub struct Flaw {
    /// The diagnostic, without places.
    pub said: Diagnostic,
    /// Where; the first is the one that counts. None for the workbook as a whole.
    pub points: Vec<Point>,
    /// What could stand in place of a part of a cell.
    pub replace: Option<Better>,
}

impl Flaw {
    /// A mistake.
    pub(super) fn error(code: &'static str, message: Text) -> Self {
        Self::of(Diagnostic::error(code, message))
    }

    /// Something to be known.
    pub(super) fn remark(code: &'static str, message: Text) -> Self {
        Self::of(Diagnostic::warning(code, message))
    }

    /// A cell with an error in it, such as `#REF!`.
    pub(super) fn of_error(error: &str, place: Place) -> Self {
        Self::error(
            "cell-error",
            Text::new(
                format!("单元格是错误值 {error}"),
                format!("the cell holds the error {error}"),
            ),
        )
        .at(place, Text::new("公式出错", "a formula went wrong"))
    }

    /// A cell with a formula that nobody has computed.
    pub(super) fn uncomputed(place: Place) -> Self {
        let text = Text::new("公式没有算出的值", "the formula has no value");
        let label = Text::new("只有公式，没有结果", "a formula without its result");
        Self::error("not-computed", text).at(place, label)
    }

    fn of(said: Diagnostic) -> Self {
        Self {
            said,
            points: Vec::new(),
            replace: None,
        }
    }

    /// Points at a place.
    pub(super) fn at(mut self, place: Place, text: Text) -> Self {
        self.points.push(Point {
            place,
            part: None,
            text,
        });
        self
    }

    /// Says what to do.
    pub(super) fn help(mut self, text: Text) -> Self {
        self.said = self.said.help(text);
        self
    }

    /// Whether nothing can be written for it.
    pub fn is_error(&self) -> bool {
        self.said.severity == Severity::Error
    }
}

/// How a place is called: `计划.xlsx 措施!C7`.
pub fn called(book: &str, workbook: &Workbook, place: Place) -> String {
    let sheet = workbook
        .sheets
        .get(place.sheet)
        .map_or("", |sheet| sheet.name.as_str());
    match place.at {
        Some(at) => format!("{book} {sheet}!{}", address(at)),
        None => format!("{book} {sheet}"),
    }
}

/// Diagnostics over cells: every cell that is spoken of is a text of its own.
pub struct Located {
    /// The diagnostics.
    pub diagnostics: Diagnostics,
    /// The texts that they point into.
    pub files: Files,
    /// How the cells are called.
    cells: Vec<String>,
}

impl Located {
    /// The text for a terminal, without the line and column of a cell, which has but one.
    #[must_use]
    pub fn tidy(&self, rendered: &str) -> String {
        let mut out = rendered.to_string();
        for name in &self.cells {
            let mut tidied = String::with_capacity(out.len());
            let mut rest = out.as_str();
            let long = format!("{name}:1:");
            while let Some(at) = rest.find(&long) {
                tidied += &rest[..at];
                tidied += name;
                rest = rest[at + long.len()..].trim_start_matches(|c: char| c.is_ascii_digit());
            }
            tidied += rest;
            out = tidied;
        }
        out
    }
}

/// Flaws as diagnostics, after `others` that point into `files` already.
pub fn located(
    (book, workbook): (&str, &Workbook),
    flaws: &[Flaw],
    (others, files): (Vec<Diagnostic>, &Files),
    lang: Lang,
) -> Located {
    let mut files = files.clone();
    let mut places: BTreeMap<Place, Option<FileId>> = BTreeMap::new();
    for flaw in flaws {
        for point in &flaw.points {
            places.insert(point.place, None);
        }
        if let Some((place, ..)) = &flaw.replace {
            places.insert(*place, None);
        }
    }
    let mut cells = Vec::new();
    for (place, file) in &mut places {
        let name = called(book, workbook, *place);
        let text = text_at(workbook, *place);
        let text = if text.is_empty() {
            lang.pick("（空）", "(empty)").to_string()
        } else {
            text
        };
        *file = Some(files.add(name.clone(), text));
        cells.push(name);
    }
    // The longest names first: `A1` begins `A12`.
    cells.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let span = |place: Place, part: Option<(usize, usize)>| {
        let file = places.get(&place).copied().flatten()?;
        let whole = (0, files.text(file).len());
        let (start, end) = part.unwrap_or(whole);
        Some(Span::new(file, start.min(whole.1), end.min(whole.1)))
    };
    let mut diagnostics = Diagnostics::default();
    diagnostics.extend(others);
    for flaw in flaws {
        let mut said = flaw.said.clone();
        for point in &flaw.points {
            if let Some(span) = span(point.place, point.part) {
                said = said.label(span, point.text.clone());
            }
        }
        if let Some((place, part, better)) = &flaw.replace
            && let Some(span) = span(*place, *part)
        {
            said = said.suggest(span, better.clone());
        }
        diagnostics.push(said);
    }
    Located {
        diagnostics,
        files,
        cells,
    }
}

/// The text of a cell as it is read, or the name of a sheet.
pub(super) fn text_at(workbook: &Workbook, place: Place) -> String {
    let Some(sheet) = workbook.sheets.get(place.sheet) else {
        return String::new();
    };
    match place.at {
        Some(at) => sheet.cell(at).map_or(String::new(), super::cells::text),
        None => sheet.name.clone(),
    }
}
