//! Ledgers of projects (重点工程减排量): CSV as Excel saves it, headers in Chinese or
//! English, one row a project and pollutant.
//!
//! | column | 表头 | holds |
//! |---|---|---|
//! | project | 项目名称 | name |
//! | source | 污染源 | the source in the base; that of the project if empty |
//! | type | 项目类型 | an id or name of [`jianpai_core::projects::TYPES`] |
//! | place | 地区 | where it is |
//! | pollutant | 污染物 | COD, NH3-N, SO2, NOx, VOCs |
//! | stable | 稳定运行年月 | 2021-06, 2021/6, 2021年6月 |
//! | before, after | 治理前, 治理后 | concentration, removal, factor or tonnes |
//! | measure | 治理前后单位 | mg/L, mg/m3, %, kg/t …, t |
//! | quantity, unit | 规模, 规模单位 | m3/d, m3/h, t, … |
//! | hours | 年运行小时 | with mg/m3 |
//! | sulphur | 含硫率 | %, with % |
//! | load | 负荷率 | mean load, %; 100 if empty |
//! | base | 基数排放量 | t of the source in the base; empty if it is not in it |
//! | offset | 区域削减量 | t pledged for new plants; none if empty |
//! | note | 备注 | anything |

mod month;
mod work;

use crate::diag::{Diagnostic, Diagnostics, FileId, Files, Span, nearest};
use crate::format::take_in;
use crate::table::{Cell, Column, Row, Table};
use jianpai_core::accounting::start_lag;
use jianpai_core::catalogue::Catalogue;
use jianpai_core::dims::PollutantId;
use jianpai_core::projects::{Ledger, Project, TYPES, type_of};
use jianpai_core::text::Text;
use std::collections::HashMap;

/// The columns: key, name in Chinese, whether it must be there.
const COLUMNS: [(&str, &str, bool); 17] = [
    ("project", "项目名称", true),
    ("source", "污染源", false),
    ("type", "项目类型", true),
    ("place", "地区", true),
    ("pollutant", "污染物", true),
    ("stable", "稳定运行年月", true),
    ("before", "治理前", true),
    ("after", "治理后", true),
    ("measure", "治理前后单位", true),
    ("quantity", "规模", false),
    ("unit", "规模单位", false),
    ("hours", "年运行小时", false),
    ("sulphur", "含硫率", false),
    ("load", "负荷率", false),
    ("base", "基数排放量", false),
    ("offset", "区域削减量", false),
    ("note", "备注", false),
];

/// A row, its cells by their English names whatever the header has.
struct Line<'t> {
    row: Row<'t>,
    chinese: bool,
}

impl<'t> Line<'t> {
    fn cell(&self, key: &str) -> Cell<'t> {
        let found = COLUMNS.iter().find(|(name, ..)| *name == key);
        let (name, zh, _) = found.copied().unwrap_or(("note", "备注", false));
        self.row.cell(if self.chinese { zh } else { name })
    }
}

/// Reads the ledger in `bytes`, which the messages call `path`. `None` if anything is
/// wrong with it; `diags` then says what, all of it. Beside it the file, for the list of
/// inputs.
pub fn read(
    catalogue: &Catalogue,
    path: &str,
    bytes: &[u8],
    files: &mut Files,
    diags: &mut Diagnostics,
) -> Option<(Ledger, FileId)> {
    let before = diags.errors();
    let file = take_in(path, bytes, files, diags)?;
    let header = files.text(file).lines().next().unwrap_or_default();
    let named = |name: &str| {
        let mut cells = header.split(',').map(|cell| cell.trim().trim_matches('"'));
        cells.any(|cell| cell == name)
    };
    let chinese = COLUMNS.iter().filter(|(_, zh, _)| named(zh)).count()
        > COLUMNS.iter().filter(|(key, ..)| named(key)).count();
    let columns = COLUMNS.map(|(key, zh, required)| {
        let name = if chinese { zh } else { key };
        if required {
            Column::required(name)
        } else {
            Column::optional(name)
        }
    });
    let table = Table::parse(files, file, &columns, diags)?;
    if table.is_empty() {
        let message = Text::new(
            format!("{path} 没有项目"),
            format!("{path} has no projects"),
        );
        let start = Span::new(file, 0, 0);
        diags.push(
            Diagnostic::error("no-rows", message)
                .label(start, Text::new("只有表头", "only a header"))
                .help(Text::new(
                    "每个项目、每种污染物一行",
                    "one row a project and pollutant",
                )),
        );
    }
    let mut ledger = Ledger {
        file: path.to_string(),
        lag: start_lag(catalogue),
        projects: Vec::new(),
    };
    let mut firsts: HashMap<(String, PollutantId), Span> = HashMap::new();
    for row in table.rows() {
        let line = Line { row, chinese };
        let found = project(catalogue, &line, diags);
        let Some((project, span)) = found else {
            continue;
        };
        let key = (project.source.clone(), project.pollutant);
        if let Some(first) = firsts.get(&key) {
            diags.push(twice(catalogue, &project, span, *first));
        } else {
            firsts.insert(key, span);
        }
        ledger.projects.push(project);
    }
    (diags.errors() == before).then_some((ledger, file))
}

/// One row: a project with its span; all that is wrong with it is said.
fn project(
    catalogue: &Catalogue,
    line: &Line<'_>,
    diags: &mut Diagnostics,
) -> Option<(Project, Span)> {
    let name = line.cell("project").text_required(diags);
    let place = line.cell("place").text_required(diags);
    let kind = kind(&line.cell("type"), diags);
    let pollutant = pollutant(catalogue, &line.cell("pollutant"), diags);
    let stable = month::read(&line.cell("stable"), diags);
    let load = percent(&line.cell("load"), 1.5, diags);
    let base = amount(&line.cell("base"), diags);
    let offset = amount(&line.cell("offset"), diags);
    let work = work::read(line, diags);
    let source = line.cell("source");
    let source = if source.is_empty() {
        name
    } else {
        Some(source.text)
    };
    let project = Project {
        name: name?.to_string(),
        source: source?.to_string(),
        kind: kind?,
        place: place?.to_string(),
        pollutant: pollutant?,
        stable: stable?,
        work: work?,
        load: load?.unwrap_or(1.0),
        base: base?,
        offset: offset?.unwrap_or(0.0),
        line: line.row.line(),
    };
    beyond_base(&project, line, diags);
    let cell = if line.cell("source").is_empty() {
        line.cell("project")
    } else {
        line.cell("source")
    };
    Some((project, cell.span))
}

/// A reduction above what the source had in the base.
fn beyond_base(project: &Project, line: &Line<'_>, diags: &mut Diagnostics) {
    let credit = project.credit(0);
    let Some(base) = project.base else {
        return;
    };
    if credit.beyond_base <= 1e-9 * credit.capability {
        return;
    }
    let shown = |tonnes: f64| (tonnes * 1e3).round() / 1e3;
    let (cut, base) = (shown(credit.capability), shown(base));
    let message = Text::new(
        format!("减排量 {cut} t 超过该源的基数排放量 {base} t"),
        format!("the reduction of {cut} t is above the {base} t of the source in the base"),
    );
    diags.push(
        Diagnostic::error("beyond-base", message)
            .label(line.cell("base").span, Text::new("基数", "the base"))
            .label(line.cell("before").span, Text::new("由此算得", "follows from here"))
            .help(Text::new(
                "核对规模、浓度和单位；基数有误则改正基数。核算不认超过基数的减排量",
                "check amount, concentrations and units, or correct the base: no more than it is ever credited",
            )),
    );
}

/// A source that earns twice.
fn twice(catalogue: &Catalogue, project: &Project, here: Span, first: Span) -> Diagnostic {
    let id = &catalogue.pollutants[project.pollutant.at()].named.id;
    let source = &project.source;
    let message = Text::new(
        format!("污染源 `{source}` 的 {id} 已有一个项目"),
        format!("the source `{source}` has a project for {id} already"),
    );
    Diagnostic::error("source-twice", message)
        .label(here, Text::new("重复", "the second"))
        .label(first, Text::new("先前的项目", "the first"))
        .help(Text::new(
            "同一污染源不得重复计算：并为一行（治理前写最初，治理后写最终），或写明各自的污染源",
            "no source counts twice: make one row of them, from the first state to the last, or name the sources apart",
        ))
}

fn kind(cell: &Cell<'_>, diags: &mut Diagnostics) -> Option<&'static str> {
    let text = cell.text_required(diags)?;
    if let Some(found) = type_of(text) {
        return Some(found.id);
    }
    let message = Text::new(
        format!("没有名为 `{text}` 的项目类型"),
        format!("there is no type of project `{text}`"),
    );
    let diagnostic =
        Diagnostic::error("unknown-name", message).label(cell.span, Text::new("未知", "not known"));
    let names = TYPES.iter().flat_map(|t| [t.id, t.zh, t.en]);
    diags.push(if let Some(near) = nearest(text, names) {
        diagnostic.suggest(cell.span, near).help(Text::new(
            format!("是否指 `{near}`？"),
            format!("did you mean `{near}`?"),
        ))
    } else {
        let zh: Vec<&str> = TYPES.iter().map(|t| t.zh).collect();
        let en: Vec<&str> = TYPES.iter().map(|t| t.id).collect();
        diagnostic.help(Text::new(
            format!("可用：{}", zh.join("、")),
            format!("known: {}", en.join(", ")),
        ))
    });
    None
}

fn pollutant(
    catalogue: &Catalogue,
    cell: &Cell<'_>,
    diags: &mut Diagnostics,
) -> Option<PollutantId> {
    let text = cell.text_required(diags)?;
    let all = &catalogue.pollutants;
    let found = all
        .iter()
        .position(|p| p.named.id == text || p.named.name.zh == text || p.named.name.en == text);
    if let Some(found) = found {
        return Some(PollutantId::from_usize(found));
    }
    let message = Text::new(
        format!("没有名为 `{text}` 的污染物"),
        format!("there is no pollutant `{text}`"),
    );
    let diagnostic =
        Diagnostic::error("unknown-name", message).label(cell.span, Text::new("未知", "not known"));
    let names = all
        .iter()
        .flat_map(|p| [p.named.id.as_str(), &p.named.name.zh]);
    diags.push(if let Some(near) = nearest(text, names) {
        diagnostic.suggest(cell.span, near).help(Text::new(
            format!("是否指 `{near}`？"),
            format!("did you mean `{near}`?"),
        ))
    } else {
        let ids: Vec<&str> = all.iter().map(|p| p.named.id.as_str()).collect();
        diagnostic.help(Text::new(
            format!("可用：{}", ids.join("、")),
            format!("known: {}", ids.join(", ")),
        ))
    });
    None
}

/// An amount of zero or more, if there is one; `None` if it cannot be read.
#[allow(clippy::option_option)] // Nothing written is no mistake.
fn amount(cell: &Cell<'_>, diags: &mut Diagnostics) -> Option<Option<f64>> {
    if cell.is_empty() {
        return Some(None);
    }
    let value = cell.number(diags)?;
    if value >= 0.0 {
        return Some(Some(value));
    }
    diags.push(negative(cell));
    None
}

/// A percentage as a fraction, at most `most`.
#[allow(clippy::option_option)] // Nothing written is no mistake.
fn percent(cell: &Cell<'_>, most: f64, diags: &mut Diagnostics) -> Option<Option<f64>> {
    if cell.is_empty() {
        return Some(None);
    }
    let text = cell.text.trim_end_matches(['%', '％']).trim();
    let value = match crate::number::parse(text) {
        Ok(value) => value / 100.0,
        Err(_) => cell.number(diags)? / 100.0,
    };
    if value < 0.0 {
        diags.push(negative(cell));
        return None;
    }
    if value > most {
        let limit = most * 100.0;
        let message = Text::new(
            format!("`{}` 超过 {limit} %", cell.text),
            format!("`{}` is above {limit} %", cell.text),
        );
        diags.push(
            Diagnostic::error("out-of-range", message)
                .label(cell.span, Text::new("超出范围", "out of range"))
                .help(Text::new(
                    "此列写百分数，如 85",
                    "write percent here, like 85",
                )),
        );
        return None;
    }
    Some(Some(value))
}

fn negative(cell: &Cell<'_>) -> Diagnostic {
    let message = Text::new(
        format!("`{}` 不能为负：{}", cell.column, cell.text),
        format!("`{}` cannot be negative: {}", cell.column, cell.text),
    );
    Diagnostic::error("negative", message)
        .label(cell.span, Text::new("负值", "negative"))
        .help(Text::new("去掉负号", "leave the sign out"))
}
