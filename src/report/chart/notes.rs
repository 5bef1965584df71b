//! Notes on a plot over the years: its periods, its targets, and labels with room of
//! their own.

use crate::standing::Standing;
use jianpai_core::text::{Lang, Text};

use super::number;
use super::place::{Placer, Rect};
use super::scale::usable;
use super::sheet::{HPos, KeyItem, MARGIN, Pen, Plot, Point, Sheet, Sign, Type, VPos};
use super::text;
use super::theme::{PAPER, SOFT, readable, size, verdict};

/// A value to be reached in a year.
#[derive(Clone, Debug, Default)]
pub struct TargetMark {
    /// The year.
    pub year: i32,
    /// The value.
    pub value: f64,
    /// Label beside the mark.
    pub label: Text,
    /// Met, missed, or not judged.
    pub standing: Standing,
}

/// Height of the strip with the names of the periods over a plot.
pub(super) const STRIP: f64 = 22.0;

/// Shade and names of the periods up to a year on record and after it.
pub(super) fn history(sheet: &Sheet, plot: &Plot, until: f64, records: bool, lang: Lang) {
    if until < plot.x.0 {
        return;
    }
    let top = plot.rect.y0 - STRIP;
    let x = plot.shade_until(sheet, until, top);
    let kind = Type::plain(size::SMALL, SOFT);
    let y = top + STRIP / 2.0 - 3.0;
    let recorded = if records {
        lang.pick("历史", "recorded")
    } else {
        lang.pick(
            "增长有记录，排放为模拟",
            "growth on record, emissions modelled",
        )
    };
    let end = (x - 7.0).max(MARGIN + kind.width(recorded));
    sheet.text((end, y), HPos::Right, VPos::Center, recorded, kind);
    let projected = lang.pick("情景推算", "projected");
    let start = (x + 7.0).max(end + 10.0);
    if until < plot.x.1 && start + kind.width(projected) <= plot.rect.x1 + 10.0 {
        sheet.text((start, y), HPos::Left, VPos::Center, projected, kind);
    }
}

/// What the diamonds of some targets mean.
pub(super) fn target_key(targets: &[TargetMark], lang: Lang, key: &mut Vec<KeyItem>) {
    for standing in Standing::ALL {
        if targets.iter().any(|t| t.standing == standing) {
            let words = standing.of_target();
            let sign = Sign::Diamond(verdict(standing));
            key.push((sign, words.get(lang).to_owned()));
        }
    }
}

/// Targets: a diamond on a short tick, with a label; on a ground of paper where the plot
/// is filled.
pub(super) fn targets(
    sheet: &Sheet,
    plot: &Plot,
    placer: &mut Placer,
    (targets, filled): (&[TargetMark], bool),
    lang: Lang,
) {
    let drawn: Vec<_> = targets.iter().filter(|t| usable(t.value)).collect();
    for target in &drawn {
        let (x, y) = plot.at(f64::from(target.year), target.value);
        let color = verdict(target.standing);
        if filled {
            sheet.path(&[(x - 14.0, y), (x + 14.0, y)], Pen::solid(PAPER, 5.0));
        }
        sheet.path(&[(x - 13.0, y), (x + 13.0, y)], Pen::solid(color, 2.0));
        sheet.tip(format!(
            "{} {}: {}",
            target.label.get(lang),
            target.year,
            number::amount(target.value)
        ));
        sheet.diamond((x, y), 5.5, color);
        placer
            .marks
            .push(Rect::new(x - 14.0, y - 7.0, x + 14.0, y + 7.0));
    }
    for target in drawn {
        let at = plot.at(f64::from(target.year), target.value);
        let kind = Type::bold(size::TICK, readable(verdict(target.standing)));
        let words = target.label.get(lang);
        if filled {
            grounded(sheet, placer, &[at], words, kind);
        } else {
            label_near(sheet, placer, &[at], words, kind, 24.0);
        }
    }
}

/// Writes a label near one of some marks, wrapped if it must, with a leader when it had to go
/// farther than `far` px.
pub(super) fn label_near(
    sheet: &Sheet,
    placer: &mut Placer,
    marks: &[Point],
    words: &str,
    kind: Type,
    far: f64,
) {
    let room = placer.bounds.width();
    for share in [0.45, 0.3, 0.2] {
        let lines = text::lines(words, kind.size, kind.bold, room * share, 3);
        let wide = lines
            .iter()
            .map(|line| kind.width(line))
            .fold(0.0, f64::max);
        let tall = kind.pitch() * lines.len() as f64;
        if lines.is_empty() {
            return;
        }
        let Some((rect, mark)) = placer.place(marks, (wide, tall)) else {
            continue;
        };
        let near = rect.nearest(mark);
        if (near.0 - mark.0).hypot(near.1 - mark.1) > far {
            sheet.path(&[mark, near], Pen::solid(kind.color, 1.0));
        }
        sheet.texts((rect.x0, rect.y0), HPos::Left, &lines, kind);
        return;
    }
}

/// A label on a light ground near one of some marks.
pub(super) fn grounded(
    sheet: &Sheet,
    placer: &mut Placer,
    marks: &[Point],
    words: &str,
    kind: Type,
) {
    let far = if marks.len() > 1 { 14.0 } else { 22.0 };
    let room = placer.bounds.width() - 12.0;
    for share in [0.45, 0.3, 0.2] {
        let lines = text::lines(words, kind.size, kind.bold, room * share, 3);
        let widths = lines.iter().map(|line| kind.width(line));
        let wide = widths.fold(0.0, f64::max) + 12.0;
        let tall = kind.pitch() * lines.len() as f64 + 4.0;
        if lines.is_empty() || marks.is_empty() {
            return;
        }
        let Some((rect, mark)) = placer.place(marks, (wide, tall)) else {
            continue;
        };
        let near = rect.nearest(mark);
        if (near.0 - mark.0).hypot(near.1 - mark.1) > far {
            sheet.path(&[mark, near], Pen::solid(PAPER, 3.0));
            sheet.path(&[mark, near], Pen::solid(kind.color, 1.0));
        }
        sheet.rect(rect, PAPER, 0.92);
        sheet.texts((rect.x0 + 6.0, rect.y0 + 2.0), HPos::Left, &lines, kind);
        return;
    }
}
