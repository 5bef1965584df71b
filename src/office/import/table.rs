//! Sheets as tables: which row has the headings, which column is which, and the rows.

use super::cells;
use super::flaw::{Flaw, Place};
use crate::forms::{EXAMPLES, Form, Holds, MARK};
use crate::xlsx::{At, Cell, MOST_ROWS, Sheet, Value, address};
use jianpai_core::names::NameOf;
use jianpai_core::text::Text;
use jianpai_load::diag::nearest;
use jianpai_load::vocabulary::Vocabulary;
use std::collections::{BTreeMap, BTreeSet};

/// Rows in which headings may stand.
const HEADS: usize = 20;

/// A sheet whose headings have been found.
pub(super) struct Table<'w> {
    pub form: Form,
    pub number: usize,
    sheet: &'w Sheet,
    /// The row of the headings.
    pub head: u32,
    /// The columns by key.
    pub columns: BTreeMap<&'static str, u32>,
    /// Merged cells below the headings that have been told.
    told: BTreeSet<At>,
}

/// A row of a table.
#[derive(Clone, Copy)]
pub(super) struct Line {
    /// Its number, from 0.
    pub row: u32,
}

/// A name without what people add to it: spaces, `*`, units in brackets.
pub(super) fn bare(name: &str) -> String {
    let narrow = cells::narrow(name);
    let mut out = String::new();
    let mut depth = 0_usize;
    for c in narrow.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            c if depth > 0 || c.is_whitespace() || matches!(c, '*' | '_' | '-' | ':') => {}
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// The column that a heading names.
fn named(form: Form, heading: &str, vocabulary: &Vocabulary) -> Option<&'static str> {
    let wanted = bare(heading);
    let all = || std::iter::once(&MARK).chain(form.columns());
    // 起始年份 is 起始年.
    let short = wanted.strip_suffix('份').unwrap_or(&wanted);
    let own = all().find(|column| {
        let mut names = [column.key, column.zh, column.en].into_iter();
        names.any(|name| bare(name) == wanted || bare(name) == short)
    });
    let own = own.or_else(|| {
        // What files call a key.
        let fits = |id: &str| form.columns().iter().any(|column| column.key == id);
        match vocabulary.meaning(NameOf::Key, heading.trim(), &fits) {
            jianpai_load::vocabulary::Meaning::One(id) => all().find(|column| column.key == id),
            _ => None,
        }
    });
    own.map(|column| column.key)
}

/// Finds the headings of a sheet; what is wrong with them is said.
pub(super) fn table<'w>(
    form: Form,
    (number, sheet): (usize, &'w Sheet),
    vocabulary: &Vocabulary,
    flaws: &mut Vec<Flaw>,
) -> Option<Table<'w>> {
    let matches = |row: &crate::xlsx::Row| {
        let texts = row
            .cells
            .iter()
            .filter(|(_, cell)| matches!(cell.value, Value::Text(_)));
        texts
            .filter(|(_, cell)| named(form, &cells::text(cell), vocabulary).is_some())
            .count()
    };
    let rows = sheet.rows.iter().take(HEADS);
    let best = rows.map(|row| (matches(row), row)).fold(
        None,
        |best: Option<(usize, &crate::xlsx::Row)>, one| {
            if best.is_none_or(|best| one.0 > best.0) {
                Some(one)
            } else {
                best
            }
        },
    );
    let Some((_, head)) = best.filter(|(count, _)| *count >= 2) else {
        flaws.push(no_headings(form, &sheet.name, number));
        return None;
    };
    let mut columns: BTreeMap<&'static str, u32> = BTreeMap::new();
    let mut strange: Vec<(u32, String)> = Vec::new();
    for (column, cell) in &head.cells {
        let text = cells::text(cell);
        let place = Place::cell(number, (head.at, *column));
        match named(form, &text, vocabulary) {
            Some(key) => {
                if let Some(first) = columns.get(key) {
                    flaws.push(twice(&text, place, Place::cell(number, (head.at, *first))));
                } else {
                    columns.insert(key, *column);
                }
            }
            None => strange.push((*column, text)),
        }
    }
    for (column, text) in strange {
        let used = sheet.rows.iter().filter(|row| row.at > head.at);
        let used = used.flat_map(|row| &row.cells).any(|(at, _)| *at == column);
        if used {
            let place = Place::cell(number, (head.at, column));
            flaws.push(unknown_column(form, &text, place, &columns));
        }
    }
    for column in form.columns().iter().filter(|column| column.required) {
        if !columns.contains_key(column.key) {
            let (zh, en) = (column.zh, column.en);
            flaws.push(
                Flaw::error(
                    "missing-column",
                    Text::new(
                        format!("缺少“{zh}”列"),
                        format!("the column `{en}` is missing"),
                    ),
                )
                .at(
                    Place::cell(number, (head.at, head.cells[0].0)),
                    Text::new("表头在这一行", "the headings stand in this row"),
                )
                .help(Text::new(
                    format!("加上“{zh}”列：{}", column.note_zh),
                    format!("add it: {}", column.note_en),
                )),
            );
        }
    }
    Some(Table {
        form,
        number,
        sheet,
        head: head.at,
        columns,
        told: BTreeSet::new(),
    })
}

/// A sheet without headings.
fn no_headings(form: Form, name: &str, number: usize) -> Flaw {
    let whole = Place {
        sheet: number,
        at: None,
    };
    let need = form.columns().iter().filter(|column| column.required);
    let (zh, en): (Vec<&str>, Vec<&str>) = need.map(|column| (column.zh, column.en)).unzip();
    let message = Text::new(
        format!("“{name}”表找不到表头"),
        format!("the sheet `{name}` has no headings"),
    );
    let label = Text::new(
        "前 20 行里没有认识的列名",
        "no known heading in the first 20 rows",
    );
    Flaw::error("no-headings", message)
        .at(whole, label)
        .help(Text::new(
            format!(
                "表头须有：{}；可用 jianpai template 生成空表",
                zh.join("、")
            ),
            format!(
                "it needs {}; jianpai template writes an empty one",
                en.join(", ")
            ),
        ))
}

fn twice(text: &str, here: Place, first: Place) -> Flaw {
    Flaw::error(
        "column-twice",
        Text::new(
            format!("“{text}”列有两个"),
            format!("the column `{text}` stands there twice"),
        ),
    )
    .at(here, Text::new("第二个", "the second"))
    .at(first, Text::new("第一个", "the first"))
    .help(Text::new(
        "删去一个，或改名",
        "take one out, or give it another name",
    ))
}

/// A column that nobody reads: a mistake where it looks like one that is missing.
fn unknown_column(
    form: Form,
    text: &str,
    place: Place,
    found: &BTreeMap<&'static str, u32>,
) -> Flaw {
    let open = form
        .columns()
        .iter()
        .filter(|column| !found.contains_key(column.key));
    let names: Vec<&'static str> = open.flat_map(|column| [column.zh, column.en]).collect();
    let label = Text::new("不认识的列", "not known");
    let message = Text::new(
        format!("不认识的列“{text}”"),
        format!("there is no column `{text}`"),
    );
    match nearest(text.trim_end_matches('*').trim(), names) {
        Some(near) => {
            let mut flaw = Flaw::error("unknown-column", message)
                .at(place, label)
                .help(Text::new(
                    format!("是否指“{near}”？不需要的列请删去"),
                    format!("did you mean `{near}`? Take out what is not needed"),
                ));
            flaw.replace = Some((place, None, near.to_string()));
            flaw
        }
        None => Flaw::remark("unknown-column", message)
            .at(place, label)
            .help(Text::new("这一列不读入", "this column is not read")),
    }
}

impl<'w> Table<'w> {
    /// The rows that hold something, without examples.
    pub(super) fn lines(&self) -> Vec<Line> {
        let rows = self.sheet.rows.iter().filter(|row| row.at > self.head);
        let known: BTreeSet<u32> = self
            .columns
            .iter()
            .filter(|(key, _)| **key != MARK.key)
            .map(|(_, at)| *at)
            .collect();
        let mark = self.columns.get(MARK.key);
        let rows = rows.filter(|row| {
            let holds = row.cells.iter().any(|(at, _)| known.contains(at));
            let example = mark.is_some_and(|mark| {
                let cell = self.sheet.cell((row.at, *mark));
                let text = cell.map_or(String::new(), |cell| bare(&cells::text(cell)));
                EXAMPLES.iter().any(|word| bare(word) == text)
            });
            holds && !example
        });
        rows.map(|row| Line { row: row.at }).collect()
    }

    /// The place of a cell; of a column that is not there, the first cell of the row.
    pub(super) fn place(&self, line: Line, key: &str) -> Place {
        let column = self.columns.get(key).or(self.columns.values().min());
        Place::cell(self.number, (line.row, column.copied().unwrap_or(0)))
    }

    /// The cell of a row, with its place; `None` if it is empty or cannot be used, which is
    /// said. A merged text counts for each of its rows.
    pub(super) fn cell(
        &mut self,
        line: Line,
        key: &str,
        flaws: &mut Vec<Flaw>,
    ) -> Option<(&'w Cell, Place)> {
        let column = *self.columns.get(key)?;
        let at = (line.row, column);
        let found = self.sheet.cell(at).map(|cell| (cell, at));
        let (cell, at) = match found {
            Some(found) => found,
            None => self.merged(at, key, flaws)?,
        };
        let place = Place::cell(self.number, at);
        match &cell.value {
            Value::Error(error) => {
                flaws.push(Flaw::of_error(error, place).help(Text::new(
                    "改正公式，或直接填数",
                    "correct the formula, or put the number itself",
                )));
                None
            }
            Value::Uncomputed => {
                flaws.push(Flaw::uncomputed(place).help(Text::new(
                    "此文件由不计算的程序写出：用 Excel 或 WPS 打开，存盘后再导入；或直接填数",
                    "the file was written by a program that does not compute: open it in Excel or WPS and save it, or put the number itself",
                )));
                None
            }
            _ => Some((cell, place)),
        }
    }

    /// The cell whose merged range an empty one lies in.
    fn merged(&mut self, at: At, key: &str, flaws: &mut Vec<Flaw>) -> Option<(&'w Cell, At)> {
        let range = self.sheet.merged.iter().find(|((r0, c0), (r1, c1))| {
            (*r0..=*r1).contains(&at.0) && (*c0..=*c1).contains(&at.1) && *r0 > self.head
        });
        let (first, last) = *range?;
        // Cells beside the first one belong to other columns.
        if first.1 != at.1 {
            return None;
        }
        let cell = self.sheet.cell(first)?;
        let holds = self.form.columns().iter().find(|column| column.key == key);
        let is_amount = holds.is_some_and(|column| column.holds == Holds::Amount);
        let (place, range) = (
            Place::cell(self.number, first),
            format!("{}:{}", address(first), address(last)),
        );
        if self.told.insert(first) {
            flaws.push(if is_amount {
                Flaw::error(
                    "merged-amount",
                    Text::new(
                        format!("数量格 {range} 是合并的"),
                        format!("amounts in {range} are merged"),
                    ),
                )
                .at(
                    place,
                    Text::new("一个数占了几行", "one number over several rows"),
                )
                .help(Text::new(
                    "取消合并，在每一行写各自的数",
                    "take the merger apart and give each row its own",
                ))
            } else {
                Flaw::remark(
                    "merged-text",
                    Text::new(
                        format!("合并的 {range} 按每一行都是此值读"),
                        format!("{range} is merged: each of its rows has this text"),
                    ),
                )
                .at(place, Text::default())
            });
        }
        (!is_amount).then_some((cell, first))
    }

    /// The text of a cell.
    pub(super) fn text(
        &mut self,
        line: Line,
        key: &str,
        flaws: &mut Vec<Flaw>,
    ) -> Option<(String, Place)> {
        let (cell, place) = self.cell(line, key, flaws)?;
        Some((cells::text(cell), place))
    }

    /// Says that a cell must be filled in.
    pub(super) fn missing(&self, line: Line, key: &str, flaws: &mut Vec<Flaw>) {
        let column = self.form.columns().iter().find(|column| column.key == key);
        let Some((column, at)) = column.zip(self.columns.get(key)) else {
            return;
        };
        let place = Place::cell(self.number, (line.row, *at));
        if flaws
            .iter()
            .any(|flaw| flaw.points.iter().any(|point| point.place == place))
        {
            return;
        }
        flaws.push(
            Flaw::error(
                "empty-cell",
                Text::new(
                    format!("“{}”没有填", column.zh),
                    format!("`{}` is empty", column.en),
                ),
            )
            .at(place, Text::new("此格必填", "this cell must be filled in"))
            .help(Text::new(column.note_zh, column.note_en)),
        );
    }

    /// What is hidden, and rows that are not read for being too many.
    pub(super) fn remarks(&self, lines: &[Line], flaws: &mut Vec<Flaw>) {
        let whole = Place {
            sheet: self.number,
            at: None,
        };
        let name = &self.sheet.name;
        if self.sheet.cut {
            flaws.push(
                Flaw::error(
                    "too-many-rows",
                    Text::new(
                        format!("“{name}”表超过 {MOST_ROWS} 行"),
                        format!("the sheet `{name}` has more than {MOST_ROWS} rows"),
                    ),
                )
                .at(whole, Text::new("太多", "too many"))
                .help(Text::new("分成几个工作簿", "make several workbooks of it")),
            );
        }
        let hidden = self.sheet.rows.iter().filter(|row| row.hidden);
        let hidden = hidden.filter(|row| lines.iter().any(|line| line.row == row.at));
        let rows: Vec<String> = hidden.map(|row| (row.at + 1).to_string()).collect();
        let columns = self.columns.values().filter(|at| {
            self.sheet
                .hidden_columns
                .iter()
                .any(|(first, last)| (first..=last).contains(at))
        });
        let columns: Vec<String> = columns
            .map(|at| address((0, *at)).trim_end_matches('1').to_string())
            .collect();
        for (zh, en, all) in [("行", "rows", rows), ("列", "columns", columns)] {
            if all.is_empty() {
                continue;
            }
            let shown = all.iter().take(12).cloned().collect::<Vec<_>>().join(", ");
            let more = if all.len() > 12 { " …" } else { "" };
            flaws.push(
                Flaw::remark(
                    "hidden",
                    Text::new(
                        format!("“{name}”表隐藏的{zh} {shown}{more} 也已读入"),
                        format!("hidden {en} {shown}{more} of `{name}` are read, too"),
                    ),
                )
                .at(whole, Text::default()),
            );
        }
    }
}
