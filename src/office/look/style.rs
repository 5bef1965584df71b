//! Formats of cells.

use jianpai_core::text::Lang;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// The ways in which cells look.
#[derive(Clone, Debug)]
pub(crate) struct Style {
    /// The language of the workbook.
    pub lang: Lang,
    /// A cell of no kind.
    pub plain: Format,
    /// The title of a sheet.
    pub title: Format,
    /// The title of a part of a sheet.
    pub part: Format,
    /// A remark.
    pub note: Format,
    /// A heading of a column.
    pub head: Format,
    /// Text.
    pub text: Format,
    /// A text that stands out: the total of a balance.
    pub strong: Format,
    /// A link.
    pub link: Format,
}

/// The colours, those of the charts.
pub(crate) const BLUE: Color = Color::RGB(0x001f_5a94);
pub(crate) const ORANGE: Color = Color::RGB(0x00d9_6b27);
pub(crate) const GREEN: Color = Color::RGB(0x001b_8a7a);
pub(crate) const GREY: Color = Color::RGB(0x006b_7785);
/// In the order of the series.
pub(crate) const SERIES: [Color; 8] = [
    BLUE,
    ORANGE,
    GREEN,
    Color::RGB(0x009c_2f52),
    Color::RGB(0x00a5_8bcb),
    Color::RGB(0x00d4_a72c),
    Color::RGB(0x007f_ae52),
    GREY,
];

impl Style {
    /// The formats of a workbook.
    pub(crate) fn of(lang: Lang) -> Self {
        let font = lang.pick("宋体", "Calibri");
        let plain = Format::new()
            .set_font_name(font)
            .set_font_size(11)
            .set_font_family(lang.pick(0, 2))
            .set_align(FormatAlign::VerticalCenter);
        let line = Color::RGB(0x00c9_d1d9);
        let cell = plain
            .clone()
            .set_border(FormatBorder::Thin)
            .set_border_color(line);
        Self {
            lang,
            title: plain
                .clone()
                .set_bold()
                .set_font_size(16)
                .set_font_color(BLUE),
            part: plain
                .clone()
                .set_bold()
                .set_font_size(12)
                .set_font_color(BLUE),
            note: plain
                .clone()
                .set_font_size(10)
                .set_font_color(GREY)
                .set_text_wrap()
                .set_align(FormatAlign::Top),
            head: cell
                .clone()
                .set_bold()
                .set_background_color(Color::RGB(0x00e6_edf5))
                .set_text_wrap()
                .set_align(FormatAlign::Center),
            strong: cell.clone().set_bold().set_text_wrap(),
            text: cell.set_text_wrap(),
            link: plain
                .clone()
                .set_font_color(BLUE)
                .set_underline(rust_xlsxwriter::FormatUnderline::Single),
            plain,
        }
    }

    /// A cell of numbers that are shown so.
    pub(crate) fn number(&self, shown: &str) -> Format {
        self.text
            .clone()
            .unset_text_wrap()
            .set_num_format(shown)
            .set_align(FormatAlign::Right)
    }

    /// A number of about this size, with three significant digits or so.
    pub(crate) fn amount(&self, size: f64) -> Format {
        self.number(digits(size))
    }

    /// A cell that the reader may change.
    pub(crate) fn input(&self, shown: &str) -> Format {
        self.number(shown)
            .set_background_color(Color::RGB(0x00ff_f4c2))
            .set_bold()
            .set_unlocked()
    }
}

/// How a number of about this size is shown.
pub(crate) fn digits(size: f64) -> &'static str {
    match size.abs() {
        s if s >= 999.5 => "#,##0",
        s if s >= 99.95 => "0.0",
        s if s >= 0.9995 || s == 0.0 => "0.00",
        s if s >= 0.09995 => "0.000",
        _ => "0.0000",
    }
}

/// A fraction in percent.
pub(crate) const PERCENT: &str = "0.0%";
/// A change in percent.
pub(crate) const CHANGE: &str = "+0.0%;-0.0%;0.0%";
