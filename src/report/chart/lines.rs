//! Lines over the years: records, scenarios, bands, targets and caps.

use crate::standing::Standing;
use jianpai_core::text::{Lang, Text};

use super::gutter::{self, EndLabel};
use super::look::Paper;
use super::notes::{self, STRIP, TargetMark};
use super::number;
use super::place::{Placer, Rect};
use super::scale::{self, Axis, usable};
use super::sheet::{
    Finished, KeyItem, MARGIN, Pen, Plot, Point, Sheet, Sign, Type, frame_height, tick_room,
    with_unit,
};
use super::text;
use super::theme::{self, GREY, INK, Rgb, SOFT, readable, size};

/// A line chart of amounts over the years.
#[derive(Clone, Debug, Default)]
pub struct LineChart {
    /// Headline.
    pub title: Text,
    /// What is drawn; the unit is added to it.
    pub subtitle: Text,
    /// Unit of the values.
    pub unit: Text,
    /// Years of [`Series::values`], ascending.
    pub years: Vec<i32>,
    /// The lines.
    pub series: Vec<Series>,
    /// Last recorded year: the ground up to it is shaded.
    pub history_until: Option<i32>,
    /// End labels also give the change from this year, in percent.
    pub change_from: Option<i32>,
    /// Targets.
    pub targets: Vec<TargetMark>,
    /// Upper limits that hold in all years.
    pub caps: Vec<Cap>,
    /// Years in which the statistical calibre breaks and the series are joined.
    pub splices: Vec<Splice>,
    /// Starts the axis at zero whatever the values.
    pub from_zero: bool,
    /// Source line.
    pub footnote: Text,
}

/// One line of a [`LineChart`].
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// Name, written at the end of the line.
    pub name: Text,
    /// Index into the palette.
    pub color: usize,
    /// Grey instead: a line that stands back, as the one without measures.
    pub muted: bool,
    /// One value a year; what is not finite is a gap.
    pub values: Vec<f64>,
    /// Recorded values, drawn dark with hollow markers.
    pub observed: Vec<(i32, f64)>,
    /// Uncertainty, the widest band first.
    pub bands: Vec<Band>,
}

/// A band around a line.
#[derive(Clone, Debug, Default)]
pub struct Band {
    /// Name for the key, as in 90%区间.
    pub name: Text,
    /// Lower bound, one value a year.
    pub lo: Vec<f64>,
    /// Upper bound, one value a year.
    pub hi: Vec<f64>,
}

/// A limit for all years.
#[derive(Clone, Debug, Default)]
pub struct Cap {
    /// The value.
    pub value: f64,
    /// Label on the line.
    pub label: Text,
    /// Kept, exceeded, or not judged.
    pub standing: Standing,
}

/// A break of the statistical calibre across which series are joined by a declared
/// splice.
#[derive(Clone, Debug, Default)]
pub struct Splice {
    /// The first year in the new calibre.
    pub year: i32,
    /// What was joined; the words 口径衔接 or splice are put in front.
    pub label: Text,
}

/// Height of the page.
const HEIGHT: f64 = 580.0;
/// Grid lines, about.
const ROWS: usize = 6;
/// Opacity of the widest band, and of those on top of it.
const BAND_ALPHA: [f64; 2] = [0.14, 0.24];
/// From the end of the lines to their labels.
const REACH: f64 = 26.0;

impl Series {
    /// Colour of the line.
    pub(super) fn rgb(&self) -> Rgb {
        if self.muted {
            GREY
        } else {
            theme::series(self.color)
        }
    }

    /// Recorded values in the order of the years.
    pub(super) fn records(&self) -> Vec<(f64, f64)> {
        let mut points: Vec<_> = self
            .observed
            .iter()
            .filter(|p| usable(p.1))
            .copied()
            .collect();
        points.sort_by_key(|point| point.0);
        points
            .into_iter()
            .map(|(year, value)| (f64::from(year), value))
            .collect()
    }

    /// Stretches of the line without gaps, joined to the last record.
    fn stretches(&self, years: &[i32]) -> Vec<Vec<(f64, f64)>> {
        let mut out: Vec<Vec<(f64, f64)>> = Vec::new();
        let mut open = false;
        for (&year, &value) in years.iter().zip(&self.values) {
            if usable(value) {
                if !open {
                    out.push(Vec::new());
                }
                if let Some(stretch) = out.last_mut() {
                    stretch.push((f64::from(year), value));
                }
            }
            open = usable(value);
        }
        let record = self.records().last().copied();
        if let (Some(first), Some(record)) = (out.first_mut(), record)
            && first[0].0 > record.0
        {
            first.insert(0, record);
        }
        out
    }

    /// Where the line ends.
    fn end(&self, years: &[i32]) -> Option<(f64, f64)> {
        let line = self.stretches(years).last().and_then(|s| s.last().copied());
        line.or_else(|| self.records().last().copied())
    }

    /// Name and bounds of the widest band at its end, to be written below the name.
    fn range_at_end(&self, lang: Lang) -> Vec<(String, Type)> {
        let Some(band) = self.bands.first() else {
            return Vec::new();
        };
        let bounds = band.lo.iter().zip(&band.hi);
        let mut known = bounds.filter(|(lo, hi)| usable(**lo) && usable(**hi));
        let kind = Type::plain(size::FOOT, SOFT);
        let Some((lo, hi)) = known.next_back() else {
            return Vec::new();
        };
        let decimals = number::amount_decimals(hi.abs().max(lo.abs()));
        let range = [*lo, *hi].map(|value| number::fixed(value, decimals));
        let name = text::fit(band.name.get(lang), kind.size, false, 130.0);
        let lines = [name, range.join("–")].into_iter();
        lines
            .filter(|line| !line.is_empty())
            .map(|line| (line, kind))
            .collect()
    }

    /// The value of a year, recorded or computed.
    fn value_of(&self, years: &[i32], year: i32) -> Option<f64> {
        let computed = years.iter().position(|&y| y == year);
        let computed = computed.and_then(|index| self.values.get(index).copied());
        let recorded = self.observed.iter().find(|p| p.0 == year).map(|p| p.1);
        recorded.or(computed).filter(|&value| usable(value))
    }
}

impl LineChart {
    /// The chart with the boxes of its texts.
    pub(super) fn layout(&self, lang: Lang, paper: Paper) -> Finished {
        let title = self.title.get(lang);
        let axis = self.values_extent().map(|range| scale::axis(range, ROWS));
        let subtitle = with_unit(&self.subtitle, &self.unit, lang);
        let subtitle = scale::noted(&subtitle, axis.as_ref().is_some_and(scale::is_cut), lang);
        let (key, footnote) = (self.key(lang), self.footnote.get(lang));
        let frame = || frame_height(paper, title, &subtitle, &key, footnote);
        let sheet = Sheet::new(paper, paper.with_plot(HEIGHT, frame));
        let top = sheet.header(title, &subtitle);
        let top = sheet.key_rows(&key, top);
        let bottom = sheet.footer(footnote) - 26.0;
        let area = Rect::new(MARGIN, top + self.strip(), sheet.width() - MARGIN, bottom);
        match (self.years_extent(), axis) {
            (Some(years), Some(axis)) => self.draw_plot(&sheet, area, years, &axis, lang),
            _ => sheet.no_data(area, lang),
        }
        sheet.finish(title)
    }

    /// Height of what stands over the plot.
    fn strip(&self) -> f64 {
        self.history_until.map_or(8.0, |_| STRIP)
    }

    /// First and last year of anything drawn.
    fn years_extent(&self) -> Option<(i32, i32)> {
        let ends = self.series.iter().flat_map(|series| {
            let computed = self
                .years
                .iter()
                .zip(&series.values)
                .filter(|p| usable(*p.1))
                .map(|p| *p.0);
            computed.chain(series.observed.iter().filter(|p| usable(p.1)).map(|p| p.0))
        });
        let all = ends.chain(
            self.targets
                .iter()
                .filter(|t| usable(t.value))
                .map(|t| t.year),
        );
        all.fold(None, |range, year| {
            let (lo, hi) = range.unwrap_or((year, year));
            Some((lo.min(year), hi.max(year)))
        })
    }

    /// Lowest and highest value of anything drawn.
    fn values_extent(&self) -> Option<(f64, f64)> {
        let lines = self.series.iter().flat_map(|series| {
            let bands = series
                .bands
                .iter()
                .flat_map(|band| band.lo.iter().chain(&band.hi));
            let observed = series.observed.iter().map(|point| &point.1);
            series.values.iter().chain(observed).chain(bands).copied()
        });
        let marks = self.targets.iter().map(|target| target.value);
        let range = scale::extent(
            lines
                .chain(marks)
                .chain(self.caps.iter().map(|cap| cap.value)),
        )?;
        Some(if self.from_zero {
            (range.0.min(0.0), range.1.max(0.0))
        } else {
            scale::toward_zero(range)
        })
    }

    /// Signs that need a word.
    fn key(&self, lang: Lang) -> Vec<KeyItem> {
        let mut key = Vec::new();
        if self.series.iter().any(|series| !series.observed.is_empty()) {
            key.push((
                Sign::Ring(INK),
                lang.pick("历史数据", "recorded").to_owned(),
            ));
        }
        notes::target_key(&self.targets, lang, &mut key);
        for series in &self.series {
            for (index, band) in series.bands.iter().enumerate() {
                let name = band.name.get(lang);
                if !name.is_empty() && !key.iter().any(|(_, known)| known == name) {
                    let layers = &BAND_ALPHA[..=index.min(1)];
                    let clear: f64 = layers.iter().map(|alpha| 1.0 - alpha).product();
                    key.push((Sign::Fill(series.rgb(), 1.0 - clear), name.to_owned()));
                }
            }
        }
        key
    }

    /// Everything inside the frame.
    fn draw_plot(
        &self,
        sheet: &Sheet,
        area: Rect,
        (first, last): (i32, i32),
        axis: &Axis,
        lang: Lang,
    ) {
        let left = area.x0 + tick_room(axis) + 8.0;
        let strip = self.strip();
        let labels = self.end_labels(area.height() + strip, lang);
        let column = gutter::width(&labels.iter().map(|l| l.1.clone()).collect::<Vec<_>>());
        let right = if labels.is_empty() {
            area.x1 - 16.0
        } else {
            area.x1 - column - REACH
        };
        let rect = Rect::new(left, area.y0, right, area.y1);
        let pad = if first == last { 1.0 } else { 0.0 };
        let x = (f64::from(first) - pad, f64::from(last) + pad);
        let plot = Plot::new(sheet, rect, x, (axis.lo(), axis.hi()));
        if let Some(until) = self.history_until.map(f64::from) {
            let records = self.series.iter().any(|s| !s.observed.is_empty());
            notes::history(sheet, &plot, until, records, lang);
        }
        sheet.y_grid(&plot, axis);
        let mut placer = Placer {
            bounds: Rect {
                x1: rect.x1 + 10.0,
                ..rect
            },
            ..Placer::default()
        };
        self.draw_bands(sheet, &plot, &mut placer, lang);
        self.draw_splices(sheet, &plot);
        self.draw_caps(sheet, &plot);
        self.draw_lines(sheet, &plot, &mut placer, lang);
        sheet.years(&plot, first, last);
        self.label_splices(sheet, &plot, &mut placer, lang);
        self.draw_targets(sheet, &plot, &mut placer, lang);
        self.label_caps(sheet, &plot, &mut placer, lang);
        let labels: Vec<EndLabel> = labels
            .into_iter()
            .map(|((x, y), label)| EndLabel {
                at: plot.at(x, y),
                ..label
            })
            .collect();
        gutter::draw(
            sheet,
            &labels,
            right + REACH,
            (area.y0 - strip + 4.0, area.y1 + 4.0),
        );
    }

    /// Names and last values, as large as the column allows.
    fn end_labels(&self, room: f64, lang: Lang) -> Vec<(Point, EndLabel)> {
        let tries = [
            (size::LABEL, 150.0, false),
            (size::LABEL, 210.0, false),
            (13.0, 270.0, false),
            (12.0, 330.0, true),
            (11.0, 330.0, true),
        ];
        let banded = self.series.iter().any(|series| !series.bands.is_empty());
        let most = if banded { 5 } else { 3 };
        let mut labels = Vec::new();
        for (size, wide, one_line) in tries {
            labels = self.end_labels_at(size, wide, one_line, lang);
            let plain: Vec<EndLabel> = labels.iter().map(|l| l.1.clone()).collect();
            if gutter::fit_in(&plain, room - 10.0) && plain.iter().all(|l| l.lines.len() <= most) {
                break;
            }
        }
        labels
    }

    /// Labels in one size; `at` is filled in once the plot is known.
    fn end_labels_at(
        &self,
        size: f64,
        wide: f64,
        one_line: bool,
        lang: Lang,
    ) -> Vec<(Point, EndLabel)> {
        let ended = self
            .series
            .iter()
            .filter_map(|s| Some((s, s.end(&self.years)?)));
        let labelled = ended.map(|(series, end)| {
            let color = readable(series.rgb());
            let mut value = number::amount(end.1);
            let base = self
                .change_from
                .and_then(|year| series.value_of(&self.years, year));
            if let Some(base) = base.filter(|&base| base > 0.0) {
                value = format!(
                    "{value} ({})",
                    number::percent((end.1 / base - 1.0) * 100.0, 1)
                );
            }
            let (name, figures) = (
                Type::bold(size, color),
                Type::plain((size - 1.0).min(13.0), SOFT),
            );
            let text = series.name.get(lang);
            let lines = if one_line {
                let room = wide - name.width(&format!(" {value}"));
                vec![(
                    format!("{} {value}", text::fit(text, size, true, room)),
                    name,
                )]
            } else {
                let names = text::wrap_even(text, size, true, wide);
                let names = names.into_iter().map(|line| (line, name));
                let lines = names.chain([(value, figures)]);
                lines.chain(series.range_at_end(lang)).collect()
            };
            (end, EndLabel { at: end, lines })
        });
        labelled.collect()
    }

    /// Bands under the lines.
    fn draw_bands(&self, sheet: &Sheet, plot: &Plot, placer: &mut Placer, lang: Lang) {
        for series in &self.series {
            for (index, band) in series.bands.iter().enumerate() {
                let bounds = self.years.iter().zip(band.lo.iter().zip(&band.hi));
                let usable: Vec<_> = bounds
                    .filter(|(_, (lo, hi))| usable(**lo) && usable(**hi))
                    .collect();
                let upper = usable
                    .iter()
                    .map(|(year, (_, hi))| (f64::from(**year), **hi));
                let lower = usable
                    .iter()
                    .rev()
                    .map(|(year, (lo, _))| (f64::from(**year), **lo));
                let corners: Vec<_> = upper.chain(lower).collect();
                if usable.len() > 1 {
                    sheet.tip(band.name.get(lang));
                    plot.fill(corners, series.rgb(), BAND_ALPHA[index.min(1)]);
                    for share in [0.0, 0.17, 0.33, 0.5, 0.67, 0.83, 1.0] {
                        let inner = usable.iter().map(|(year, (lo, hi))| {
                            plot.at(f64::from(**year), **lo + share * (**hi - **lo))
                        });
                        placer.avoid_line(&inner.collect::<Vec<_>>());
                    }
                }
            }
        }
    }

    /// The lines, muted ones below, with their markers.
    fn draw_lines(&self, sheet: &Sheet, plot: &Plot, placer: &mut Placer, lang: Lang) {
        let (back, front): (Vec<_>, Vec<_>) = self.series.iter().partition(|series| series.muted);
        for series in back.into_iter().chain(front) {
            let width = if series.muted { 2.0 } else { 2.75 };
            for stretch in series.stretches(&self.years) {
                sheet.tip(series.name.get(lang));
                plot.line(&stretch, Pen::solid(series.rgb(), width));
                let path: Vec<Point> = stretch.iter().map(|&(x, y)| plot.at(x, y)).collect();
                placer.avoid_line(&path);
            }
            if let Some((year, value)) = series.end(&self.years) {
                let at = plot.at(year, value);
                sheet.dot(at, 5.25, theme::PAPER);
                sheet.tip(format!(
                    "{} {year}: {}",
                    series.name.get(lang),
                    number::amount(value)
                ));
                sheet.dot(at, 4.0, series.rgb());
            }
        }
        self.draw_records(sheet, plot, placer, lang);
    }
}
