//! Tables and paragraphs on the terminal: a line below the header, columns aligned with
//! Chinese (a Chinese character takes two columns), nothing wider than a stated width.
//!
//! A table that is too wide first wraps headers and columns of text; if that is not
//! enough, it goes on below in a second block that repeats the first column.

use std::fmt::{Display, Formatter};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns that the output of most commands takes at most.
pub const WIDE: usize = 120;
/// Columns that the output of `run` takes at most.
pub const NARROW: usize = 100;
/// Columns that [`indent`] adds.
const INDENT: usize = 2;
/// A column of text is not made narrower than this, nor the first one, which names rows.
const LEAST: [usize; 2] = [14, 18];

/// A cell of a table.
#[derive(Clone, Debug)]
pub struct Cell {
    text: String,
    is_number: bool,
}

/// A table being filled.
#[derive(Debug)]
pub struct Grid {
    header: Vec<String>,
    rows: Vec<Vec<Cell>>,
    /// Columns of the whole output, the indent included.
    width: usize,
}

impl Grid {
    /// An empty table with these headers.
    pub fn new<'h>(header: impl IntoIterator<Item = &'h str>) -> Self {
        Self {
            header: header.into_iter().map(str::to_string).collect(),
            rows: Vec::new(),
            width: WIDE,
        }
    }

    /// The same, with lines of at most `width` columns once it is indented.
    #[must_use]
    pub fn within(self, width: usize) -> Self {
        Self { width, ..self }
    }

    /// Adds a row of cells.
    pub fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// Adds a row of plain text.
    pub fn texts<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) {
        self.row(cells.into_iter().map(left).collect());
    }

    /// The cell at a place; a short row ends in empty ones.
    fn cell(&self, row: usize, column: usize) -> (&str, bool) {
        let cell = self.rows[row].get(column);
        cell.map_or(("", false), |cell| (cell.text.as_str(), cell.is_number))
    }

    /// What a column needs, and the least that it can be squeezed to.
    fn needs(&self, column: usize) -> Need {
        let widest = |text: &str| text.lines().map(UnicodeWidthStr::width).max().unwrap_or(0);
        let (mut numbers, mut texts, mut pieces) = (0, 0, 0);
        for row in 0..self.rows.len() {
            let (text, is_number) = self.cell(row, column);
            if is_number {
                numbers = numbers.max(widest(text));
            } else {
                texts = texts.max(widest(text));
                pieces = pieces.max(longest_piece(text));
            }
        }
        let header = &self.header[column];
        // A header may take two lines.
        let head = widest(header).div_ceil(2) + 1;
        let head = head.max(longest_piece(header)).min(widest(header));
        let natural = numbers.max(texts).max(widest(header));
        let least = LEAST[usize::from(column == 0)].max(pieces.min(24));
        Need {
            natural,
            least: numbers.max(head).max(texts.min(least)).min(natural),
            is_number: numbers > 0 && texts == 0,
        }
    }

    /// The columns of each block with their widths.
    fn blocks(&self) -> Vec<Vec<(usize, usize)>> {
        let room = self.width - INDENT;
        let needs: Vec<Need> = (0..self.header.len()).map(|c| self.needs(c)).collect();
        let mut blocks: Vec<Vec<usize>> = Vec::new();
        let mut used = 0;
        for (column, need) in needs.iter().enumerate() {
            let wide = need.least + 2;
            match blocks.last_mut() {
                Some(block) if used + wide <= room || block.len() < 2 => {
                    block.push(column);
                    used += wide;
                }
                Some(_) => {
                    blocks.push(vec![0, column]);
                    used = needs[0].least + 2 + wide;
                }
                None => {
                    blocks.push(vec![column]);
                    used = wide;
                }
            }
        }
        let mut sized: Vec<Vec<(usize, usize)>> = blocks
            .iter()
            .map(|block| {
                let own: Vec<Need> = block.iter().map(|c| needs[*c]).collect();
                let widths = squeeze(&own, room.saturating_sub(2 * block.len()));
                block.iter().copied().zip(widths).collect()
            })
            .collect();
        // The column that blocks repeat has one width.
        let first = sized.iter().map(|block| block[0].1).min();
        if let (Some(first), true) = (first, sized.len() > 1) {
            for block in &mut sized {
                block[0].1 = first;
            }
        }
        sized
    }

    /// One block as lines.
    fn block(&self, columns: &[(usize, usize)]) -> Vec<String> {
        let header = columns.iter().map(|(column, width)| {
            let numbers = (0..self.rows.len()).any(|row| self.cell(row, *column).1);
            (wrap(&self.header[*column], *width), numbers)
        });
        let mut lines = lay_out(&header.collect::<Vec<_>>(), columns);
        let total: usize = columns.iter().map(|(_, width)| width + 2).sum();
        lines.push("─".repeat(total));
        for row in 0..self.rows.len() {
            let cells = columns.iter().map(|(column, width)| {
                let (text, is_number) = self.cell(row, *column);
                (wrap(text, *width), is_number)
            });
            lines.extend(lay_out(&cells.collect::<Vec<_>>(), columns));
        }
        lines
    }
}

/// What a column needs.
#[derive(Clone, Copy)]
struct Need {
    /// To show everything in one line.
    natural: usize,
    /// To show it at all.
    least: usize,
    /// Only its header can be wrapped.
    is_number: bool,
}

/// Lines of one row: each cell's lines, and whether they stand at the right.
fn lay_out(cells: &[(Vec<String>, bool)], columns: &[(usize, usize)]) -> Vec<String> {
    let tall = cells.iter().map(|cell| cell.0.len()).max().unwrap_or(0);
    let line = |k: usize| {
        let pieces = cells
            .iter()
            .zip(columns)
            .map(|((cell, right), (_, width))| {
                let text = cell.get(k).map_or("", String::as_str);
                let gap = " ".repeat(width.saturating_sub(text.width()));
                if *right {
                    format!(" {gap}{text} ")
                } else {
                    format!(" {text}{gap} ")
                }
            });
        pieces.collect::<String>().trim_end().to_string()
    };
    (0..tall.max(1)).map(line).collect()
}

/// Widths of columns in `room`: what exceeds it is taken from headers over numbers first,
/// then from text, from the widest that can give.
fn squeeze(needs: &[Need], room: usize) -> Vec<usize> {
    let mut widths: Vec<usize> = needs.iter().map(|need| need.natural).collect();
    while widths.iter().sum::<usize>() > room {
        let givers = (0..needs.len()).filter(|c| widths[*c] > needs[*c].least);
        match givers.max_by_key(|c| (needs[*c].is_number, widths[*c], usize::MAX - c)) {
            Some(column) => widths[column] -= 1,
            None => break,
        }
    }
    widths
}

impl Display for Grid {
    fn fmt(&self, out: &mut Formatter<'_>) -> std::fmt::Result {
        for (i, block) in self.blocks().iter().enumerate() {
            if i > 0 {
                writeln!(out)?;
            }
            for line in self.block(block) {
                writeln!(out, "{line}")?;
            }
        }
        Ok(())
    }
}

/// A cell of text.
pub fn left(text: impl Display) -> Cell {
    Cell {
        text: text.to_string(),
        is_number: false,
    }
}

/// A cell of a number.
pub fn right(text: impl Display) -> Cell {
    Cell {
        text: text.to_string(),
        is_number: true,
    }
}

/// Sets a block of text two columns in.
pub fn indent(text: &str) -> String {
    let line = |line: &str| {
        format!("{}{line}", " ".repeat(INDENT))
            .trim_end()
            .to_string()
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Text as indented lines of at most `width` columns; those after the first stand `hang`
/// columns further in. Ends with a line feed.
pub fn paragraph(text: &str, width: usize, hang: usize) -> String {
    let inner = format!("{}{text}", " ".repeat(INDENT));
    let lines = wrap_hanging(&inner, width, INDENT + hang);
    lines.into_iter().map(|line| line + "\n").collect()
}

/// Text in lines of at most `width` columns. Leading blanks are kept and lines that
/// follow stand two further in. A piece without a place to break is cut.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let blanks = text.len() - text.trim_start_matches(' ').len();
    let hang = if blanks > 0 { blanks + 2 } else { 0 };
    text.lines()
        .flat_map(|line| wrap_hanging(line, width, hang))
        .collect()
}

fn wrap_hanging(text: &str, width: usize, hang: usize) -> Vec<String> {
    let width = width.max(2);
    if text.width() <= width {
        return vec![text.to_string()];
    }
    let hang = if hang * 2 < width { hang } else { 0 };
    let blanks = text.len() - text.trim_start_matches(' ').len();
    let mut lines = Vec::new();
    let mut line = " ".repeat(blanks);
    let mut is_empty = true;
    for piece in pieces(text.trim_start_matches(' ')) {
        let mut rest = piece;
        loop {
            let shown = rest.trim_end();
            if line.width() + shown.width() <= width {
                line += rest;
                is_empty = false;
                break;
            }
            if is_empty {
                // A piece longer than the line.
                let cut = fits(rest, width.saturating_sub(line.width()));
                line += &rest[..cut];
                rest = &rest[cut..];
            }
            lines.push(line.trim_end().to_string());
            line = " ".repeat(hang);
            is_empty = true;
        }
    }
    if !is_empty {
        lines.push(line.trim_end().to_string());
    }
    lines
}

/// How many bytes fit into `room` columns; at least one character.
fn fits(text: &str, room: usize) -> usize {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > room && at > 0 {
            return at;
        }
    }
    text.len()
}

/// The widest piece that cannot be broken.
fn longest_piece(text: &str) -> usize {
    let lines = text.lines().flat_map(pieces);
    lines
        .map(|piece| piece.trim_end().width())
        .max()
        .unwrap_or(0)
}

/// Pieces between which a line may break: words with the blanks after them, and Chinese
/// characters, with the punctuation that must not begin or end a line.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut chars = rest.char_indices().peekable();
        let mut end = rest.len();
        while let Some((_, c)) = chars.next() {
            let Some(&(at, next)) = chars.peek() else {
                break;
            };
            if may_break(c, next) {
                end = at;
                break;
            }
        }
        let (piece, tail) = rest.split_at(end);
        rest = tail;
        Some(piece)
    })
}

fn may_break(before: char, after: char) -> bool {
    const NOT_FIRST: &str = "，。、；：？！）》”’」】％%/·…—)]},.;:!?";
    const NOT_LAST: &str = "（《“‘「【([{≥≤<>=+−-±";
    let wide = |c: char| c.width() == Some(2);
    if after == ' ' || NOT_FIRST.contains(after) || NOT_LAST.contains(before) {
        return false;
    }
    before == ' ' || before == '/' || wide(before) || wide(after) || "”’…—".contains(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn width(text: &str) -> usize {
        text.lines().map(UnicodeWidthStr::width).max().unwrap_or(0)
    }

    #[test]
    fn a_chinese_character_takes_two_columns() {
        let mut grid = Grid::new(["指标", "2020"]);
        grid.row(vec![left("二氧化硫"), right("33.74")]);
        grid.row(vec![left("NOx"), right("4")]);
        let text = grid.to_string();
        let ends: Vec<usize> = text.lines().map(UnicodeWidthStr::width).collect();
        assert_eq!(ends, [16, 17, 16, 16], "{text}");
    }

    #[test]
    fn a_wide_table_wraps_its_text_and_keeps_its_numbers() {
        let mut grid = Grid::new(["Measure", "SO2", "NOx"]).within(48);
        grid.row(vec![
            left("  关中平原基本完成生活和冬季取暖散煤替代（不含陕北）"),
            right("−7.32"),
            right("−1,234.56"),
        ]);
        let text = indent(&grid.to_string());
        assert!(width(&text) <= 48, "{text}");
        assert!(text.contains("−7.32  −1,234.56"), "{text}");
        let whole: String = text.chars().filter(|c| *c > '\u{3000}').collect();
        assert_eq!(
            whole, "关中平原基本完成生活和冬季取暖散煤替代（不含陕北）",
            "no character is lost"
        );
    }

    #[test]
    fn what_still_does_not_fit_goes_on_in_a_second_block() {
        let header: Vec<String> = (0..9).map(|i| format!("column{i}")).collect();
        let mut grid = Grid::new(header.iter().map(String::as_str)).within(50);
        let mut cells = vec![left("name")];
        cells.extend((1..9).map(|i| right(format!("1234567.{i}"))));
        grid.row(cells);
        let text = grid.to_string();
        assert!(width(&text) <= 48, "{text}");
        assert_eq!(text.matches("name").count(), 3, "{text}");
        for i in 1..9 {
            assert_eq!(text.matches(&format!("1234567.{i}")).count(), 1, "{text}");
        }
    }

    #[test]
    fn lines_do_not_begin_with_punctuation() {
        let text = "引用：期末值按权重依据原文引用数，或其计算数的部分；详见 jianpai explain";
        for room in 8..40 {
            for line in wrap(text, room) {
                assert!(line.width() <= room, "{room}: {line}");
                assert!(!line.starts_with(['，', '；', '：']), "{room}: {line}");
            }
        }
        let whole: String = wrap(text, 11).concat();
        let blank = |text: &str| text.replace(' ', "");
        assert_eq!(blank(&whole), blank(text));
    }

    #[test]
    fn a_word_longer_than_the_line_is_cut() {
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(paragraph("a bc de", 8, 1), "  a bc\n   de\n");
    }
}
