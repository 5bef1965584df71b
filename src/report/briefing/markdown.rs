//! A report as Markdown: what is pasted into a message or a document of one's own.

use super::content::{Block, Briefing};
use crate::figures::Plate;
use crate::view::Table;
use crate::write::blocks;
use jianpai_core::text::{Lang, Text};

/// The report as Markdown. `path` gives where the file of a figure lies, as the text links it.
pub fn markdown(briefing: &Briefing, lang: Lang, path: &dyn Fn(&Plate) -> String) -> String {
    let mut out = format!(
        "# {}\n\n{}\n",
        escaped(briefing.title.get(lang)),
        escaped(briefing.made.get(lang))
    );
    let (mut tables, mut figures) = (0, 0);
    for section in &briefing.sections {
        let marks = "#".repeat(usize::from(section.level) + 1);
        out += &format!("\n{marks} {}\n", escaped(section.heading.get(lang)));
        let mut listed = false;
        for block in &section.blocks {
            let item = matches!(block, Block::Item(_));
            if !(item && listed) {
                out.push('\n');
            }
            listed = item;
            out += &match block {
                Block::Finding(finding) => format!("{}\n", escaped(finding.text().get(lang))),
                Block::Item(finding) => format!("- {}\n", escaped(finding.text().get(lang))),
                Block::Note(text) => {
                    let word = lang.pick("注：", "Note: ");
                    format!("{word}{}\n", escaped(text.get(lang)))
                }
                Block::Table(content) => {
                    tables += 1;
                    let caption = caption(lang.pick("表", "Table"), tables, &content.title, lang);
                    format!("{caption}\n\n{}", rows(content, lang))
                }
                Block::Figure(plate) => {
                    figures += 1;
                    let caption = caption(lang.pick("图", "Figure"), figures, &plate.caption, lang);
                    let alt = escaped(plate.alt.get(lang)).replace('\n', " ");
                    format!("![{alt}]({})\n\n{caption}\n", path(plate))
                }
            };
        }
    }
    out
}

/// `**表 1**　目标与判定`.
fn caption(word: &str, number: usize, title: &Text, lang: Lang) -> String {
    let gap = lang.pick("　", " ");
    format!("**{word} {number}**{gap}{}", escaped(title.get(lang)))
}

/// A table with bars.
fn rows(table: &Table, lang: Lang) -> String {
    let mut out = String::new();
    for block in blocks(table, lang) {
        let right = |c: usize| {
            let mut lines = block.lines.iter();
            lines.any(|line| line[c].right)
        };
        let cell = |text: &str| escaped(text).replace('|', "\\|").replace('\n', " ");
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        out += &line(block.header.iter().map(|text| cell(text)).collect());
        let rule = (0..block.header.len()).map(|c| if right(c) { "---:" } else { "---" });
        out += &line(rule.map(str::to_string).collect());
        for shown in &block.lines {
            out += &line(shown.iter().map(|shown| cell(&shown.text)).collect());
        }
        out.push('\n');
    }
    out.pop();
    out
}

/// A text whose characters Markdown would take for marks of its own.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '*' | '_' | '`' | '<' | '>' | '\\' | '#') {
            out.push('\\');
        }
        if !c.is_control() || c == '\n' {
            out.push(c);
        }
    }
    out
}
