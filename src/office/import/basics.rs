//! The sheet of basics: what the plan is, for which place and years.

use super::cells;
use super::flaw::{Flaw, Place};
use super::made::Made;
use super::table::bare;
use crate::forms::Form;
use crate::xlsx::{Cell, Sheet, Value};
use jianpai_core::text::Text;
use jianpai_load::diag::nearest;
use std::collections::BTreeMap;

/// What the sheet says, by key.
pub(super) struct Basics<'w> {
    /// The sheet, by its position.
    pub number: usize,
    values: BTreeMap<&'static str, (&'w Cell, Place)>,
    /// Where the items stand whose value is empty.
    items: BTreeMap<&'static str, Place>,
}

/// Rows in which items may stand.
const ROWS: usize = 60;

/// Reads the sheet: items in one column, values in the next.
pub(super) fn read<'w>((number, sheet): (usize, &'w Sheet), flaws: &mut Vec<Flaw>) -> Basics<'w> {
    let mut basics = Basics {
        number,
        values: BTreeMap::new(),
        items: BTreeMap::new(),
    };
    let columns = Form::Basics.columns();
    for row in sheet.rows.iter().take(ROWS) {
        let Some((column, item)) = row.cells.first() else {
            continue;
        };
        let text = cells::text(item);
        let wanted = bare(&text);
        let place = Place::cell(number, (row.at, *column));
        let known = columns.iter().find(|own| {
            [own.key, own.zh, own.en]
                .iter()
                .any(|name| bare(name) == wanted)
        });
        let value = sheet.cell((row.at, column + 1));
        let at = Place::cell(number, (row.at, column + 1));
        let Some(known) = known else {
            let names = columns.iter().flat_map(|own| [own.zh, own.en]);
            let near = nearest(&text, names).filter(|_| value.is_some());
            if let Some(near) = near {
                let mut flaw = Flaw::error(
                    "unknown-item",
                    Text::new(
                        format!("不认识的项目“{text}”"),
                        format!("there is no item `{text}`"),
                    ),
                )
                .at(place, Text::new("未知", "not known"))
                .help(Text::new(
                    format!("是否指“{near}”？"),
                    format!("did you mean `{near}`?"),
                ));
                flaw.replace = Some((place, None, near.to_string()));
                flaws.push(flaw);
            }
            continue;
        };
        basics.items.insert(known.key, at);
        let Some(value) = value else { continue };
        match &value.value {
            Value::Error(error) => flaws.push(Flaw::of_error(error, at).help(Text::new(
                "改正公式，或直接填写",
                "correct the formula, or write the value",
            ))),
            Value::Uncomputed => flaws.push(Flaw::uncomputed(at).help(Text::new(
                "用 Excel 或 WPS 打开，存盘后再导入",
                "open it in Excel or WPS and save it",
            ))),
            _ => {
                basics.values.insert(known.key, (value, at));
            }
        }
    }
    basics
}

impl Basics<'_> {
    /// Whether nothing is filled in.
    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// What an item says, and where.
    pub(super) fn text(&self, key: &str) -> Option<(String, Place)> {
        let (cell, place) = self.values.get(key)?;
        let text = cells::text(cell);
        (!text.is_empty()).then_some((text, *place))
    }

    /// The place of an item.
    pub(super) fn place(&self, key: &str) -> Place {
        let whole = Place {
            sheet: self.number,
            at: None,
        };
        self.items.get(key).copied().unwrap_or(whole)
    }

    fn year(&self, made: &mut Made, from: &str, to: &str) {
        if let Some((cell, place)) = self.values.get(from) {
            match cells::year(cell) {
                Ok(year) => made.code(*place, to, &year.to_string()),
                Err(text) => made.string(*place, to, &text),
            }
        }
    }

    /// The number of the five-year plan and its last year; what is wrong with it is said.
    pub(super) fn plan(&self, flaws: &mut Vec<Flaw>) -> Option<(&'static str, i32)> {
        let (text, place) = self.text("plan")?;
        let narrow = bare(&text);
        let found = [
            ("13", 2020, ["13fyp", "13", "十三五"]),
            ("14", 2025, ["14fyp", "14", "十四五"]),
            ("15", 2030, ["15fyp", "15", "十五五"]),
        ];
        let found = found.into_iter().find(|(.., names)| {
            names
                .iter()
                .any(|name| narrow.trim_matches(['“', '”', '"']) == *name)
        });
        if found.is_none() {
            flaws.push(
                Flaw::error(
                    "plan",
                    Text::new(
                        format!("没有规划“{text}”"),
                        format!("there is no plan `{text}`"),
                    ),
                )
                .at(place, Text::new("未知", "not known"))
                .help(Text::new(
                    "可用：十三五、十四五、十五五",
                    "known: 13fyp, 14fyp, 15fyp",
                )),
            );
        }
        found.map(|(number, last, _)| (number, last))
    }

    /// `[scenario]`, with what else stands beside the scenario.
    pub(super) fn write(&self, made: &mut Made, bases: &str, flaws: &mut Vec<Flaw>) {
        let plan = self.plan(flaws);
        made.from(self.place("name"), "[scenario]");
        made.push("\n");
        if let Some((name, place)) = self.text("name") {
            made.string(
                place,
                if name.is_ascii() {
                    "name_en"
                } else {
                    "name_zh"
                },
                &name,
            );
        } else {
            self.missing("name", flaws);
        }
        for (from, to) in [("name_en", "name_en"), ("document", "document")] {
            let twice =
                from == "name_en" && self.text("name").is_some_and(|(name, _)| name.is_ascii());
            if let Some((text, place)) = self.text(from).filter(|_| !twice) {
                made.string(place, to, &text);
            }
        }
        if let Some((text, place)) = self.text("description") {
            made.string(
                place,
                if text.is_ascii() {
                    "description_en"
                } else {
                    "description_zh"
                },
                &text,
            );
        }
        match (self.text("extends"), plan) {
            (Some((file, place)), _) => made.string(place, "extends", &file),
            (None, Some((number, _))) => {
                made.string(
                    self.place("plan"),
                    "extends",
                    &format!("{bases}/current-policy-{number}fyp.toml"),
                );
            }
            (None, None) if self.text("plan").is_none() => self.missing("plan", flaws),
            _ => {}
        }
        if self.text("end_year").is_some() {
            self.year(made, "end_year", "end_year");
        } else if let Some((_, last)) = plan {
            made.code(self.place("plan"), "end_year", &last.to_string());
        }
        self.year(made, "base", "base");
        self.year(made, "price_year", "price_year");
        if let Some((text, place)) = self.text("official") {
            match (bare(&text).as_str(), plan) {
                ("是" | "yes" | "true" | "y", Some((number, _))) => {
                    made.string(place, "targets_from", &format!("{number}fyp"));
                }
                ("是" | "yes" | "true" | "y", None) => self.missing("plan", flaws),
                ("否" | "no" | "false" | "n", _) => {}
                _ => flaws.push(
                    Flaw::error(
                        "yes-no",
                        Text::new(
                            format!("“{text}”应为 是 或 否"),
                            format!("`{text}` is neither yes nor no"),
                        ),
                    )
                    .at(place, Text::new("看不懂", "cannot be read")),
                ),
            }
        }
    }

    /// Says that an item must be filled in.
    pub(super) fn missing(&self, key: &str, flaws: &mut Vec<Flaw>) {
        let Some(column) = Form::Basics.columns().iter().find(|own| own.key == key) else {
            return;
        };
        flaws.push(
            Flaw::error(
                "empty-cell",
                Text::new(
                    format!("“{}”没有填", column.zh),
                    format!("`{}` is empty", column.en),
                ),
            )
            .at(
                self.place(key),
                Text::new("此格必填", "this cell must be filled in"),
            )
            .help(Text::new(column.note_zh, column.note_en)),
        );
    }
}
