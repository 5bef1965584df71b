//! Target options side by side: which targets each meets, what it costs, how sure it is.

use jianpai_core::text::{Lang, Text};

use super::look::Paper;
use super::number;
use super::place::Rect;
use super::scale::usable;
use super::sheet::{Finished, HPos, KeyItem, MARGIN, Pen, Sheet, Sign, Type, VPos, frame_height};
use super::text;
use super::theme::{BAD, GOOD, GREY, GRID, INK, SHADE, SOFT, TOTAL, readable, series, size};

/// A scorecard of options.
#[derive(Clone, Debug, Default)]
pub struct OptionCard {
    /// Headline.
    pub title: Text,
    /// What is drawn.
    pub subtitle: Text,
    /// Names of the targets.
    pub targets: Vec<Text>,
    /// The heading of the cost, with its unit.
    pub cost: Text,
    /// The heading of regret; none where there is none.
    pub regret: Option<Text>,
    /// The options.
    pub rows: Vec<OptionRow>,
    /// Source line.
    pub footnote: Text,
}

/// One option of an [`OptionCard`].
#[derive(Clone, Debug, Default)]
pub struct OptionRow {
    /// Its name.
    pub name: Text,
    /// One cell a target.
    pub cells: Vec<OptionCell>,
    /// What it costs, in the unit of the heading; none where it cannot be met.
    pub cost: Option<f64>,
    /// The probability that all targets are met, 0 to 1.
    pub probability: Option<f64>,
    /// What is stated in its place.
    pub stated: Option<String>,
    /// The worst regret, as written.
    pub regret: Option<Text>,
    /// Whether it is the first of a set of options, set apart from those above.
    pub begins: bool,
}

/// How an option stands with one target.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OptionCell {
    /// Whether it is met; none where it cannot be judged.
    pub met: Option<bool>,
    /// What stands beside the sign: a probability, or what is reached.
    pub words: String,
}

/// Widest column of names.
const NAMES: f64 = 262.0;
/// Columns of cost and probability, and of regret.
const BARS: (f64, f64) = (112.0, 84.0);
/// Widest and narrowest column of a target; a narrower one has signs alone.
const CELLS: (f64, f64) = (84.0, 46.0);
/// Height of a row of one line.
const ROW: f64 = 26.0;
/// Height of a bar.
const BAR: f64 = 8.0;

/// A name in two lines at most: what is asked, and under which growth.
fn parts(name: &str, room: f64) -> Vec<String> {
    let apart = ["；", "; "]
        .into_iter()
        .find_map(|mark| name.split_once(mark));
    match apart {
        Some((asked, growth)) if text::width(name, size::TICK, false) > room => [asked, growth]
            .into_iter()
            .map(|part| text::fit(part, size::TICK, false, room))
            .collect(),
        _ => text::lines(name, size::TICK, false, room, 2),
    }
}

/// Where the columns stand.
struct Columns {
    /// The right end of names.
    names: f64,
    /// The left end of the cell of each target, and their width.
    cells: Vec<f64>,
    cell: f64,
    cost: f64,
    probability: f64,
    regret: Option<f64>,
}

impl OptionCard {
    /// The chart with the boxes of its texts.
    pub(super) fn layout(&self, lang: Lang, paper: Paper) -> Finished {
        let (title, footnote) = (self.title.get(lang), self.footnote.get(lang));
        let subtitle = self.subtitle.get(lang);
        let key = Self::key(lang);
        let columns = self.columns(paper);
        let heads = self.heads(&columns, lang);
        let small = Type::plain(size::SMALL, SOFT);
        let head = heads
            .iter()
            .map(|(_, lines)| lines.len())
            .max()
            .unwrap_or(0);
        let head = small.pitch() * head as f64 + 8.0;
        let room = columns.names - MARGIN;
        let rows = self.rows.iter();
        let names: Vec<Vec<String>> = rows.map(|row| parts(row.name.get(lang), room)).collect();
        let pitch = Type::plain(size::TICK, INK).pitch();
        let tall = |lines: &Vec<String>| ROW.max(pitch * lines.len() as f64 + 8.0);
        let body: f64 = names.iter().map(tall).sum();
        let frame = frame_height(paper, title, subtitle, &key, footnote);
        let sheet = Sheet::new(paper, (frame + head + body.max(60.0) + 28.0).ceil());
        let top = sheet.key_rows(&key, sheet.header(title, subtitle)) + 6.0;
        sheet.footer(footnote);
        if self.rows.is_empty() {
            sheet.no_data(
                Rect::new(MARGIN, top, sheet.width() - MARGIN, top + 60.0),
                lang,
            );
            return sheet.finish(title);
        }
        for (x, lines) in &heads {
            let tall = small.pitch() * lines.len() as f64;
            sheet.texts((*x, top + head - 6.0 - tall), HPos::Left, lines, small);
        }
        let mut y = top + head;
        let most = self.rows.iter().filter_map(|row| row.cost);
        let most = most
            .filter(|cost| usable(*cost))
            .map(f64::abs)
            .fold(0.0, f64::max);
        for (row, name) in self.rows.iter().zip(&names) {
            let height = tall(name);
            let color = if row.begins { GREY } else { GRID };
            sheet.path(
                &[(MARGIN, y), (sheet.width() - MARGIN, y)],
                Pen::solid(color, 1.0),
            );
            let middle = y + height / 2.0;
            self.row(&sheet, (row, name), &columns, (middle, most), lang);
            y += height;
        }
        sheet.path(
            &[(MARGIN, y), (sheet.width() - MARGIN, y)],
            Pen::solid(GREY, 1.0),
        );
        sheet.finish(title)
    }

    fn columns(&self, paper: Paper) -> Columns {
        let (wide, names) = (paper.width, paper.column(NAMES));
        let has_regret = self.regret.is_some();
        let right = 2.0 * BARS.0 + if has_regret { BARS.1 } else { 0.0 };
        let count = self.targets.len().max(1) as f64;
        let room = wide - 2.0 * MARGIN - right - names - 16.0;
        let cell = (room / count).min(CELLS.0);
        let first = wide - MARGIN - right - cell * self.targets.len() as f64;
        let targets = 0..self.targets.len();
        let cost = wide - MARGIN - right;
        Columns {
            names: (first - 16.0).min(MARGIN + 2.0 * names),
            cells: targets.map(|i| first + i as f64 * cell).collect(),
            cell,
            cost: cost + 10.0,
            probability: cost + BARS.0 + 10.0,
            regret: has_regret.then_some(wide - MARGIN),
        }
    }

    /// Headings: where they begin, and their lines.
    fn heads(&self, columns: &Columns, lang: Lang) -> Vec<(f64, Vec<String>)> {
        let lines = |text: &str, room: f64| text::lines(text, size::SMALL, false, room, 3);
        let mut all: Vec<(f64, Vec<String>)> = columns
            .cells
            .iter()
            .zip(&self.targets)
            .map(|(x, name)| (*x, lines(name.get(lang), columns.cell - 6.0)))
            .collect();
        let bars = BARS.0 - 16.0;
        all.push((columns.cost, lines(self.cost.get(lang), bars)));
        let words = lang.pick("全部目标达标概率", "all targets met in");
        all.push((columns.probability, lines(words, bars)));
        if let (Some(x), Some(regret)) = (columns.regret, &self.regret) {
            all.push((x - BARS.1 + 14.0, lines(regret.get(lang), BARS.1 - 14.0)));
        }
        all
    }

    /// Signs and their meaning.
    fn key(lang: Lang) -> Vec<KeyItem> {
        let met = lang.pick(
            "达标，旁为该目标达标概率",
            "met; beside it the probability of that target",
        );
        let missed = lang.pick(
            "达不到，旁为合计缺口最小时所达到",
            "out of reach; beside it what is reached where all lack least",
        );
        vec![
            (Sign::Dot(GOOD), met.to_owned()),
            (Sign::Hollow(BAD), missed.to_owned()),
        ]
    }

    fn row(
        &self,
        sheet: &Sheet,
        (row, name): (&OptionRow, &[String]),
        columns: &Columns,
        (middle, most): (f64, f64),
        lang: Lang,
    ) {
        let kind = Type::plain(size::TICK, INK);
        let small = Type::plain(size::SMALL, INK);
        let top = middle - kind.pitch() * name.len() as f64 / 2.0;
        sheet.texts((MARGIN, top), HPos::Left, name, kind);
        for ((x, cell), target) in columns.cells.iter().zip(&row.cells).zip(&self.targets) {
            let at = (x + 6.0, middle);
            let (color, words) = match cell.met {
                Some(true) => (GOOD, lang.pick("达标", "met")),
                Some(false) => (BAD, lang.pick("达不到", "out of reach")),
                None => (GREY, lang.pick("未判定", "not judged")),
            };
            sheet.tip(format!(
                "{} {}: {words} {}",
                row.name.get(lang),
                target.get(lang),
                cell.words
            ));
            match cell.met {
                Some(true) => sheet.dot(at, 4.5, color),
                Some(false) => sheet.ring(at, 4.0, color),
                None => sheet.path(
                    &[(x + 3.0, middle), (x + 9.0, middle)],
                    Pen::solid(GREY, 2.0),
                ),
            }
            if columns.cell >= CELLS.1 {
                let kind = Type::plain(size::SMALL, readable(color));
                let words = text::fit(&cell.words, kind.size, false, columns.cell - 16.0);
                sheet.text((x + 14.0, middle), HPos::Left, VPos::Center, &words, kind);
            }
        }
        let wide = BARS.0 - 64.0;
        let bar = |x: f64, part: f64| {
            let (a, b) = (middle - BAR / 2.0, middle + BAR / 2.0);
            Rect::new(x, a, x + wide * part.clamp(0.0, 1.0), b)
        };
        let Some(cost) = row.cost.filter(|cost| usable(*cost)) else {
            let kind = Type::bold(size::SMALL, readable(BAD));
            let words = lang.pick("做不到", "cannot be met");
            sheet.text(
                (columns.cost, middle),
                HPos::Left,
                VPos::Center,
                words,
                kind,
            );
            return;
        };
        if most > 0.0 {
            sheet.rect(bar(columns.cost, 1.0), SHADE, 1.0);
            let color = if cost < 0.0 { GOOD } else { TOTAL };
            sheet.rect(bar(columns.cost, cost.abs() / most), color, 1.0);
        }
        let words = number::amount(cost);
        let x = columns.cost + wide + 6.0;
        sheet.text((x, middle), HPos::Left, VPos::Center, &words, small);
        if let Some(share) = row.probability.filter(|share| usable(*share)) {
            sheet.rect(bar(columns.probability, 1.0), SHADE, 1.0);
            sheet.rect(bar(columns.probability, share), series(0), 1.0);
            let words = row.stated.clone();
            let words = words.unwrap_or_else(|| crate::case::probability(share));
            let x = columns.probability + wide + 6.0;
            sheet.text((x, middle), HPos::Left, VPos::Center, &words, small);
        }
        if let (Some(x), Some(regret)) = (columns.regret, &row.regret) {
            let words = text::fit(regret.get(lang), small.size, false, BARS.1 - 16.0);
            let x = x - BARS.1 + 14.0;
            sheet.text((x, middle), HPos::Left, VPos::Center, &words, small);
        }
    }
}
