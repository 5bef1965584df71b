//! Findings on a scenario as a table: what is to be doubted, where it stands, and against
//! which yardstick.

use crate::view::{Cell, Column, Table, Unit};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::plausible::{Doubt, Finding};
use jianpai_core::text::Text;

/// A finding and its place in a file.
#[derive(Clone, Copy, Debug)]
pub struct Located<'a> {
    /// What is to be doubted.
    pub finding: &'a Finding,
    /// What it says, with the region where one was asked for.
    pub message: &'a Text,
    /// The file and the line, from 1; `None` for the scenario as a whole.
    pub place: Option<(&'a str, usize)>,
}

/// A level of doubt in words.
fn level(doubt: Doubt) -> Text {
    match doubt {
        Doubt::High => Text::new("高", "high"),
        Doubt::Medium => Text::new("中", "medium"),
        Doubt::Low => Text::new("低", "low"),
    }
}

/// The findings in the order given. `found` and `yardstick` are pure numbers, rates and
/// shares as parts of 1.
pub fn table(catalogue: &Catalogue, all: &[Located<'_>]) -> Table {
    let columns = vec![
        Column::id("level", "程度", "Level"),
        Column::text("level_name", "程度", "Level").at(0),
        Column::id("code", "类别", "Code").at(1),
        Column::id("file", "文件", "File").at(2),
        Column::whole("line", "行", "Line").at(3),
        Column::text("message", "发现", "Finding").at(4),
        Column::number("found", "所见", "Found", Unit::Ratio),
        Column::number("yardstick", "标尺", "Yardstick", Unit::Ratio),
        Column::text("basis", "标尺的依据", "Basis"),
        Column::text("advice", "建议", "Advice"),
        Column::id("sources", "出处", "Sources"),
    ];
    let mut table = Table::new("findings", Text::new("发现", "Findings"), columns);
    for one in all {
        let finding = one.finding;
        let sources = finding.origins.iter().map(|origin| {
            let file = catalogue.file(*origin).unwrap_or_default();
            let source = &catalogue.sources[origin.source.at()].id;
            format!("{file}:{} {source} {}", origin.line, origin.status.id())
        });
        table.row(vec![
            finding.doubt.id().into(),
            level(finding.doubt).into(),
            finding.code.into(),
            one.place.map(|(file, _)| file).into(),
            one.place.map(|(_, line)| line).into(),
            one.message.into(),
            finding.found.into(),
            finding.yardstick.into(),
            Cell::from(&finding.basis),
            Cell::from(&finding.advice),
            sources.collect::<Vec<_>>().join("; ").into(),
        ]);
    }
    table
}
