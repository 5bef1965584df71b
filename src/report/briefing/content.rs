//! What a report consists of.

use super::finding::Finding;
use crate::figures::Plate;
use crate::view::Table;
use jianpai_core::text::Text;

/// A report.
pub struct Briefing {
    /// Its title.
    pub title: Text,
    /// What stands under the title: where the numbers come from.
    pub made: Text,
    /// Its sections, in order.
    pub sections: Vec<Section>,
    /// Figures that it does not show, for who wants them.
    pub more: Vec<Plate>,
}

/// A section: a heading and what stands under it.
pub struct Section {
    /// The heading, without its number.
    pub heading: Text,
    /// 1 for a section, 2 for a part of the one before.
    pub level: u8,
    /// What stands under it.
    pub blocks: Vec<Block>,
}

/// A piece of a section.
pub enum Block {
    /// A paragraph.
    Finding(Finding),
    /// One of a list.
    Item(Finding),
    /// A table, with its title as a caption.
    Table(Table),
    /// A figure.
    Figure(Plate),
    /// A remark in small type.
    Note(Text),
}

/// What a report is made with, printed under its title.
#[derive(Clone, Debug)]
pub struct Maker {
    /// The program and its version.
    pub program: String,
    /// The hash of data and inputs.
    pub hash: String,
}

impl Section {
    /// A section without anything in it.
    pub(super) fn new(level: u8, zh: &str, en: &str) -> Self {
        Self {
            heading: Text::new(zh, en),
            level,
            blocks: Vec::new(),
        }
    }

    /// Adds a paragraph.
    pub(super) fn say(&mut self, finding: Finding) {
        self.blocks.push(Block::Finding(finding));
    }

    /// Adds one of a list.
    pub(super) fn item(&mut self, finding: Finding) {
        self.blocks.push(Block::Item(finding));
    }

    /// Adds a table that has rows.
    pub(super) fn table(&mut self, table: Table) {
        if !table.rows.is_empty() {
            self.blocks.push(Block::Table(table));
        }
    }

    /// Adds a remark.
    pub(super) fn note(&mut self, zh: impl Into<String>, en: impl Into<String>) {
        self.blocks.push(Block::Note(Text::new(zh, en)));
    }
}

impl Briefing {
    /// The figures in their order.
    pub fn plates(&self) -> impl Iterator<Item = &Plate> {
        let blocks = self.sections.iter().flat_map(|section| &section.blocks);
        blocks.filter_map(|block| match block {
            Block::Figure(plate) => Some(plate),
            _ => None,
        })
    }

    /// The tables in their order.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        let blocks = self.sections.iter().flat_map(|section| &section.blocks);
        blocks.filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        })
    }
}

/// `通过 jianpai 0.1.0 测算，数据与输入 1a2b3c4d`.
pub(super) fn made(maker: &Maker) -> Text {
    let hash = maker.hash.get(..8).unwrap_or(&maker.hash);
    let program = &maker.program;
    Text::new(
        format!("由 {program} 测算；数据与输入文件的校验码 {hash}"),
        format!("Made by {program}; checksum of data and inputs {hash}"),
    )
}
