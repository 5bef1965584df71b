//! The state of reading a data folder, and what all its tables have in common.

use crate::diag::{Diagnostic, Diagnostics, FileId, Files, Span, beside, nearest};
use crate::format::take_in;
use crate::quantity;
use crate::table::{Cell, Column, Row, Table, decode};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::dims::SourceId;
use jianpai_core::provenance::{Origin, Sourced, Status};
use jianpai_core::text::Text;
use std::collections::{HashMap, HashSet};

/// The year of all activities and shares, and of the inventories that a scenario counts
/// from unless it names a later base.
pub const BASE_YEAR: i32 = 2015;

/// The years that a scenario may count from: the ends of the five-year plans on record. Of
/// 2025 no official total is published yet; the run comes to it from 2020 or 2015.
pub const BASES: [i32; 3] = [BASE_YEAR, 2020, 2025];

/// One file of a data folder: its name without the folder, and its bytes.
#[derive(Clone, Debug)]
pub struct DataFile {
    /// The name, e.g. `factors.csv`.
    pub name: String,
    /// The contents.
    pub bytes: Vec<u8>,
}

/// The state of reading: what has been read so far, and by which names it goes.
pub(super) struct Book<'a> {
    pub(super) folder: &'a str,
    pub(super) data: &'a [DataFile],
    pub(super) files: &'a mut Files,
    pub(super) diags: &'a mut Diagnostics,
    pub(super) catalogue: Catalogue,
    pub(super) sources: HashMap<String, SourceId>,
    /// What a source of the user's own counts as, in a file of the user's own.
    pub(super) own_source: Option<SourceId>,
    pub(super) ids: HashMap<&'static str, HashMap<String, u16>>,
    pub(super) seen: HashMap<String, Span>,
    /// The years that rows of inventories may be of.
    pub(super) inventories_of: Vec<i32>,
    /// The tables opened, as in [`Catalogue::files`].
    pub(super) tables: Vec<FileId>,
    /// Files that the program asks for.
    pub(super) asked: Vec<String>,
    /// The file being read, and how many problems there were before it.
    pub(super) open: Option<(String, usize)>,
    /// Problems not reported because they follow from another.
    pub(super) silenced: usize,
    /// Files with problems: what is missing in them may have been meant to be there.
    pub(super) broken: HashSet<String>,
    /// Files offered in place of missing ones.
    pub(super) offered: HashSet<String>,
}

/// A kind of id: the file that defines it, and its names.
struct IdKind {
    id: &'static str,
    file: &'static str,
    zh: &'static str,
}

const fn kind(id: &'static str, file: &'static str, zh: &'static str) -> IdKind {
    IdKind { id, file, zh }
}

const KINDS: [IdKind; 8] = [
    kind("region", "regions.csv", "地区"),
    kind("class", "classes.csv", "类别"),
    kind("pollutant", "pollutants.csv", "污染物"),
    kind("calibre", "calibres.csv", "口径"),
    kind("driver", "drivers.csv", "驱动因素"),
    kind("service", "services.csv", "活动"),
    kind("carrier", "carriers.csv", "燃料"),
    kind("technology", "technologies.csv", "工艺"),
];

/// Every table that is read.
const KNOWN_FILES: [&str; 39] = [
    "abatement_costs.csv",
    "accounting.csv",
    "activity.csv",
    "calibres.csv",
    "carrier_factors.csv",
    "carriers.csv",
    "class_seeds.csv",
    "classes.csv",
    "costs.csv",
    "driver_growth.csv",
    "drivers.csv",
    "energy_use.csv",
    "experience.csv",
    "factors.csv",
    "indicators.csv",
    "inventory.csv",
    "kappa_reasons.csv",
    "links.csv",
    "model_error.csv",
    "model_error_cases.csv",
    "names.csv",
    "outcomes.csv",
    "parameters.csv",
    "place_amounts.csv",
    "place_shares.csv",
    "places.csv",
    "pollutants.csv",
    "prices.csv",
    "proxies.csv",
    "recorded.csv",
    "regions.csv",
    "services.csv",
    "shares.csv",
    "shares_regional.csv",
    "sources.csv",
    "stocks.csv",
    "targets.csv",
    "technologies.csv",
    "zones.csv",
];

/// Tables that hold no numbers, and so no provenance.
const NO_NUMBERS: [&str; 2] = ["names.csv", "sources.csv"];

/// The columns that end every row.
pub(super) const PROVENANCE: [Column; 3] = [
    Column::required("source"),
    Column::required("status"),
    Column::optional("note"),
];

impl<'a> Book<'a> {
    pub(super) fn new(
        folder: &'a str,
        data: &'a [DataFile],
        files: &'a mut Files,
        diags: &'a mut Diagnostics,
    ) -> Self {
        Self {
            folder,
            data,
            files,
            diags,
            catalogue: Catalogue {
                base_year: BASE_YEAR,
                bases: BASES.to_vec(),
                ..Catalogue::default()
            },
            sources: HashMap::new(),
            own_source: None,
            inventories_of: BASES.to_vec(),
            ids: HashMap::new(),
            seen: HashMap::new(),
            tables: Vec::new(),
            asked: Vec::new(),
            open: None,
            silenced: 0,
            broken: HashSet::new(),
            offered: HashSet::new(),
        }
    }

    /// A book that goes on from a finished catalogue.
    pub(super) fn resume(
        catalogue: &Catalogue,
        files: &'a mut Files,
        diags: &'a mut Diagnostics,
    ) -> Self {
        let mut book = Self::new("", &[], files, diags);
        book.catalogue = catalogue.clone();
        for (index, source) in catalogue.sources.iter().enumerate() {
            book.sources
                .insert(source.id.clone(), SourceId::from_usize(index));
        }
        book.own_source = book.sources.get("own-inventory").copied();
        let ids = |names: Vec<&str>| -> HashMap<String, u16> {
            let numbered = names.into_iter().zip(0_u16..);
            numbered
                .map(|(name, index)| (name.to_string(), index))
                .collect()
        };
        let named = catalogue
            .regions
            .iter()
            .map(|r| r.named.id.as_str())
            .collect();
        book.ids.insert("region", ids(named));
        let named = catalogue
            .classes
            .iter()
            .map(|c| c.named.id.as_str())
            .collect();
        book.ids.insert("class", ids(named));
        let named = catalogue
            .pollutants
            .iter()
            .map(|p| p.named.id.as_str())
            .collect();
        book.ids.insert("pollutant", ids(named));
        book.ids.insert(
            "calibre",
            ids(catalogue.calibres.iter().map(|c| c.id.as_str()).collect()),
        );
        book
    }

    /// Opens `name` with the given columns and, but for tables without numbers, those of
    /// provenance. A file that is missing is a diagnostic.
    pub(super) fn table(&mut self, name: &str, columns: &[Column]) -> Option<Table> {
        let path = format!("{}/{name}", self.folder);
        self.close();
        self.asked.push(name.to_string());
        self.open = Some((name.to_string(), self.problems()));
        let Some(file) = self.data.iter().find(|file| file.name == name) else {
            let message = Text::new(
                format!("缺少数据文件 {path}"),
                format!("the file {path} is missing"),
            );
            let mut diagnostic = Diagnostic::error("missing-file", message);
            let files = self.data.iter().map(|file| file.name.as_str());
            diagnostic = diagnostic.help(match nearest(name, files) {
                // Not every near name is a slip: `shares.csv` is near `stocks.csv`.
                Some(near) if !KNOWN_FILES.contains(&near) => {
                    self.offered.insert(near.to_string());
                    Text::new(
                        format!("目录中有 `{near}`，是它吗？"),
                        format!("there is `{near}`; is this it?"),
                    )
                }
                _ => Text::new(
                    "补上该文件；可从程序自带的 data 目录复制",
                    "add it; a copy is in the program's own data folder",
                ),
            });
            self.diags.push(diagnostic);
            return None;
        };
        let file = take_in(&path, &file.bytes, self.files, self.diags)?;
        self.catalogue.files.push(path);
        self.tables.push(file);
        self.seen.clear();
        let mut all = columns.to_vec();
        if !NO_NUMBERS.contains(&name) {
            all.extend(PROVENANCE);
        }
        Table::parse(self.files, file, &all, self.diags)
    }

    /// How many problems there are so far.
    pub(super) fn problems(&self) -> usize {
        self.diags.len() + self.silenced
    }

    /// Ends the reading of a file: one with problems is broken.
    pub(super) fn close(&mut self) {
        if let Some((name, before)) = self.open.take()
            && self.problems() > before
        {
            self.broken.insert(name);
        }
    }

    /// Reports tables that nothing reads, as those with a misspelt name.
    pub(super) fn unknown_files(&mut self) {
        self.close();
        for file in self.data {
            if self.asked.contains(&file.name) || self.offered.contains(&file.name) {
                continue;
            }
            let path = format!("{}/{}", self.folder, file.name);
            let id = self
                .files
                .add_decoded(path.clone(), decode(&file.bytes), &file.bytes);
            let message = Text::new(
                format!("程序不读 {path}"),
                format!("the program does not read {path}"),
            );
            let absent = self.asked.iter().map(String::as_str);
            let absent = absent.filter(|name| !self.has(name));
            let help = match nearest(&file.name, absent) {
                Some(near) => Text::new(
                    format!("是否应改名为 `{near}`？"),
                    format!("should it be called `{near}`?"),
                ),
                None => Text::new(
                    "移出数据目录，以免误以为它起作用",
                    "move it out of the data folder, lest it be taken to count",
                ),
            };
            self.diags.push(
                Diagnostic::error("unknown-file", message)
                    .label(
                        self.files.line(id, 1),
                        Text::new("未知的表", "unknown table"),
                    )
                    .help(help),
            );
        }
    }

    /// Whether a file is there at all.
    pub(super) fn has(&self, name: &str) -> bool {
        self.data.iter().any(|file| file.name == name)
    }

    /// Registers an id of `kind`, refusing it the second time.
    pub(super) fn register(&mut self, kind: &'static str, id: &str, index: usize) {
        let index = u16::try_from(index).unwrap_or(u16::MAX);
        self.ids
            .entry(kind)
            .or_default()
            .insert(id.to_string(), index);
    }

    /// Refuses a row whose key columns an earlier row of the same file has.
    pub(super) fn unique(&mut self, row: &Row<'_>, columns: &[&str]) -> bool {
        let cells: Vec<&str> = columns.iter().map(|column| row.cell(column).text).collect();
        let Some(&first) = self.seen.get(&cells.join("\0")) else {
            self.seen.insert(cells.join("\0"), row.span());
            return true;
        };
        let key = cells.join(" / ");
        let message = Text::new(
            format!("`{key}` 已有一行"),
            format!("there is a row for `{key}` already"),
        );
        self.diags.push(
            Diagnostic::error("duplicate-row", message)
                .label(row.span(), Text::new("重复", "the second"))
                .label(first, Text::new("先前的一行", "the first"))
                .help(Text::new(
                    format!("每个 {} 只留一行", columns.join("、")),
                    format!("keep one row for each {}", columns.join(", ")),
                )),
        );
        false
    }

    /// The index of the `kind` that `cell` names, or a diagnostic with a suggestion.
    pub(super) fn find(&mut self, kind: &'static str, cell: &Cell<'_>) -> Option<usize> {
        let text = cell.text_required(self.diags)?;
        let known = self.ids.get(kind);
        if let Some(index) = known.and_then(|ids| ids.get(text)) {
            return Some(usize::from(*index));
        }
        let vocabulary = KINDS.iter().find(|known| known.id == kind);
        let (file, zh) = vocabulary.map_or(("", kind), |known| (known.file, known.zh));
        if self.broken.contains(file) {
            self.silenced += 1;
            return None;
        }
        let message = Text::new(
            format!("没有名为 `{text}` 的{zh}"),
            format!("there is no {kind} `{text}`"),
        );
        let mut diagnostic = Diagnostic::error("unknown-id", message)
            .label(cell.span, Text::new("未知", "not known"));
        let near = known.and_then(|ids| nearest(text, ids.keys().map(String::as_str)));
        if let Some(near) = near {
            diagnostic = diagnostic.suggest(cell.span, near).help(Text::new(
                format!("是否指 `{near}`？"),
                format!("did you mean `{near}`?"),
            ));
        } else {
            diagnostic = diagnostic.help(self.choices(file, known));
        }
        self.diags.push(diagnostic);
        None
    }

    /// The ids to choose from, or the file that has them.
    pub(super) fn choices(&self, file: &str, known: Option<&HashMap<String, u16>>) -> Text {
        let mut ids: Vec<&str> = known
            .into_iter()
            .flat_map(HashMap::keys)
            .map(String::as_str)
            .collect();
        ids.sort_unstable();
        if (1..=30).contains(&ids.len()) {
            return Text::new(
                format!("可用：{}", ids.join("、")),
                format!("known: {}", ids.join(", ")),
            );
        }
        let folder = if self.folder.is_empty() {
            "data"
        } else {
            self.folder
        };
        Text::new(
            format!("可用的名称见 {folder}/{file}"),
            format!("{folder}/{file} lists them"),
        )
    }

    /// The origin of a row: its source and status, both required.
    pub(super) fn origin(&mut self, row: &Row<'_>) -> Option<Origin> {
        let source_cell = row.cell("source");
        let status_cell = row.cell("status");
        let source = source_cell.text_required(self.diags).map(str::to_string);
        let status = status_cell.text_required(self.diags).map(str::to_string);
        let (source, status) = (source?, status?);
        let source = self.source(&source, source_cell.span);
        let status = self.status(&status, status_cell.span);
        let (source, status) = (source?, status?);
        let position = Status::ALL.iter().position(|s| *s == status).unwrap_or(0);
        self.catalogue.status_counts[position] += 1;
        let last = u16::try_from(self.catalogue.files.len() - 1).unwrap_or(u16::MAX);
        // A file of the user's own is none of the catalogue, however far that grows.
        let file = if self.own_source.is_some() {
            u16::MAX
        } else {
            last
        };
        let line = u32::try_from(row.line()).unwrap_or(u32::MAX);
        Some(Origin {
            source,
            status,
            file,
            line,
        })
    }

    pub(super) fn source(&mut self, id: &str, span: Span) -> Option<SourceId> {
        if let Some(found) = self.sources.get(id).or(self.own_source.as_ref()) {
            return Some(*found);
        }
        if self.broken.contains("sources.csv") {
            self.silenced += 1;
            return None;
        }
        let message = Text::new(
            format!("sources.csv 中没有来源 `{id}`"),
            format!("no source `{id}` in sources.csv"),
        );
        let mut diagnostic = Diagnostic::error("unknown-source", message)
            .label(span, Text::new("未知来源", "unknown source"));
        if let Some(near) = nearest(id, self.sources.keys().map(String::as_str)) {
            diagnostic = diagnostic.suggest(span, near).help(Text::new(
                format!("是否指 `{near}`？"),
                format!("did you mean `{near}`?"),
            ));
        } else {
            diagnostic = diagnostic.help(Text::new(
                "新来源先在 sources.csv 登记一行",
                "give a new source a row in sources.csv first",
            ));
        }
        self.diags.push(diagnostic);
        None
    }

    pub(super) fn status(&mut self, word: &str, span: Span) -> Option<Status> {
        let found = Status::parse(word);
        if found.is_none() {
            let known = Status::ALL.map(Status::id);
            let message = Text::new(
                format!("没有名为 `{word}` 的状态"),
                format!("there is no status `{word}`"),
            );
            let mut diagnostic = Diagnostic::error("unknown-status", message)
                .label(span, Text::new("未知状态", "unknown status"));
            if let Some(near) = nearest(word, known) {
                diagnostic = diagnostic.suggest(span, near).help(Text::new(
                    format!("是否指 `{near}`？"),
                    format!("did you mean `{near}`?"),
                ));
            } else {
                let named = Status::ALL.map(|status| beside(status.id(), &status.name().zh));
                diagnostic = diagnostic.help(Text::new(
                    format!("可用：{}", named.join("、")),
                    format!("known: {}", known.join(", ")),
                ));
            }
            self.diags.push(diagnostic);
        }
        found
    }

    /// The value of a row without a range.
    pub(super) fn value(&mut self, row: &Row<'_>) -> Option<Sourced> {
        let value = row.cell("value").number(self.diags);
        let origin = self.origin(row);
        Some(Sourced::exact(value?, origin?))
    }

    /// The value of a row with `low,central,high`, in the row's unit; none below zero.
    pub(super) fn range(&mut self, row: &Row<'_>) -> Option<Sourced> {
        let found = self.signed_range(row)?;
        if found.low < 0.0 {
            self.negative(&row.cell("low"));
            return None;
        }
        Some(found)
    }

    /// The same, where less than zero has a meaning.
    pub(super) fn signed_range(&mut self, row: &Row<'_>) -> Option<Sourced> {
        let central = row.cell("central").number(self.diags);
        let low = row.cell("low").number(self.diags);
        let high = row.cell("high").number(self.diags);
        let origin = self.origin(row);
        let (central, low, high) = (central?, low?, high?);
        if !(low <= central && central <= high) {
            let message = Text::new(
                format!("应有 low ≤ central ≤ high，却是 {low}、{central}、{high}"),
                format!("expected low ≤ central ≤ high, found {low}, {central}, {high}"),
            );
            self.diags.push(
                Diagnostic::error("range-order", message)
                    .label(
                        row.cell("central").span,
                        Text::new("次序不对", "out of order"),
                    )
                    .help(Text::new(
                        "没有范围时三格写同一个数",
                        "without a range write the same number three times",
                    )),
            );
            return None;
        }
        Some(Sourced {
            value: central,
            low,
            high,
            origin: origin?,
        })
    }

    /// Reports a number below zero where there cannot be one.
    pub(super) fn negative(&mut self, cell: &Cell<'_>) {
        let message = Text::new(
            format!("`{}` 不能为负：{}", cell.column, cell.text),
            format!("`{}` cannot be negative: {}", cell.column, cell.text),
        );
        self.diags.push(
            Diagnostic::error("negative", message)
                .label(cell.span, Text::new("负值", "negative"))
                .help(Text::new("去掉负号", "leave the sign out")),
        );
    }

    /// Growth by which a driver would fall to zero or below.
    pub(super) fn nothing_left(&mut self, cell: &Cell<'_>) {
        let message = Text::new(
            format!("增长 {} 以后什么也不剩", cell.text),
            format!("growth of {} leaves nothing", cell.text),
        );
        self.diags.push(
            Diagnostic::error("nothing-left", message)
                .label(
                    cell.span,
                    Text::new("应大于 −100 %", "has to be above −100 %"),
                )
                .help(Text::new(
                    "检查数值与 unit 列",
                    "check the value and the column `unit`",
                )),
        );
    }

    /// How many `wanted` one `unit` is, if it fits; an empty `wanted` is a fraction.
    pub(super) fn scale(&mut self, row: &Row<'_>, column: &str, wanted: &str) -> Option<f64> {
        let cell = row.cell(column);
        let text = cell.text_required(self.diags)?;
        let parsed = quantity::parse_unit(text).and_then(|(scale, dim)| {
            let (unit, expected) = match wanted {
                "" => (1.0, quantity::Dim::NONE),
                _ => quantity::parse_unit(wanted)?,
            };
            Ok((scale / unit, dim == expected))
        });
        let message = match parsed {
            Ok((scale, true)) => return Some(scale),
            Ok((_, false)) => Text::new(
                format!("单位 `{text}` 与此处的量不合"),
                format!("the unit `{text}` does not fit what is measured here"),
            ),
            Err(error) => error.message(),
        };
        let like = if wanted.is_empty() { "%" } else { wanted };
        self.diags.push(
            Diagnostic::error("unit", message)
                .label(cell.span, Text::new("单位不合", "does not fit"))
                .help(Text::new(
                    format!("写 `{like}` 或能换算成它的单位"),
                    format!("write `{like}` or a unit that converts to it"),
                )),
        );
        None
    }
}

/// `cells` as owned text: id and both names.
pub(super) fn names_of(row: &Row<'_>) -> Text {
    Text::new(row.cell("name_zh").text, row.cell("name_en").text)
}
