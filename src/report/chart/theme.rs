//! Colours and type sizes, and the contrast rule that keeps text readable.

/// An sRGB colour.
pub(super) type Rgb = (u8, u8, u8);

/// Headlines, first-rank labels.
pub(super) const INK: Rgb = (0x1f, 0x29, 0x33);
/// Subtitles, axis labels.
pub(super) const SOFT: Rgb = (0x56, 0x61, 0x6d);
/// The without-measures line and other lines that stand back.
pub(super) const GREY: Rgb = (0x8d, 0x97, 0xa3);
/// Grid lines.
pub(super) const GRID: Rgb = (0xe6, 0xea, 0xee);
/// Axis lines, leaders, connectors.
pub(super) const AXIS: Rgb = (0xa9, 0xb1, 0xba);
/// The ground under the recorded years.
pub(super) const SHADE: Rgb = (0xf1, 0xf3, 0xf6);
/// Paper.
pub(super) const PAPER: Rgb = (0xff, 0xff, 0xff);
/// A target met, a decrease.
pub(super) const GOOD: Rgb = (0x1b, 0x8a, 0x7a);
/// A target missed, an increase.
pub(super) const BAD: Rgb = (0xc8, 0x4b, 0x38);
/// Totals of a waterfall.
pub(super) const TOTAL: Rgb = (0x4a, 0x58, 0x68);

/// Series colours, at least ΔE 13 apart under deuteranopia and 16 under protanopia.
const PALETTE: [Rgb; 8] = [
    (0x1f, 0x5a, 0x94),
    (0xd9, 0x6b, 0x27),
    (0x1b, 0x8a, 0x7a),
    (0x9c, 0x2f, 0x52),
    (0xa5, 0x8b, 0xcb),
    (0xd4, 0xa7, 0x2c),
    (0x7f, 0xae, 0x52),
    (0x7a, 0x4b, 0x1f),
];

/// Sizes of type in px.
pub(super) mod size {
    /// Headline.
    pub const TITLE: f64 = 22.0;
    /// Line under the headline.
    pub const SUBTITLE: f64 = 14.0;
    /// Names of series and panels.
    pub const LABEL: f64 = 14.0;
    /// Axis labels and values.
    pub const TICK: f64 = 12.5;
    /// Key and small remarks.
    pub const SMALL: f64 = 12.0;
    /// Source line.
    pub const FOOT: f64 = 11.5;
}

/// The series colour of an index; indices wrap around.
pub(super) fn series(index: usize) -> Rgb {
    PALETTE[index % PALETTE.len()]
}

/// Green when met, red when missed, ink when not judged.
pub(super) fn verdict(met: Option<bool>) -> Rgb {
    match met {
        Some(true) => GOOD,
        Some(false) => BAD,
        None => INK,
    }
}

/// Relative luminance of WCAG 2.
fn luminance(color: Rgb) -> f64 {
    let channel = |byte: u8| {
        let value = f64::from(byte) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(color.0) + 0.7152 * channel(color.1) + 0.0722 * channel(color.2)
}

/// Contrast ratio of WCAG 2, from 1 to 21.
pub(super) fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The colour, darkened until text in it reaches 4.5:1 on paper and on shade.
pub(super) fn readable(color: Rgb) -> Rgb {
    let mut dark = color;
    while contrast(dark, SHADE) < 4.6 && dark != (0, 0, 0) {
        let less = |byte: u8| (f64::from(byte) * 0.96).floor() as u8;
        dark = (less(dark.0), less(dark.1), less(dark.2));
    }
    dark
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_text_colours_reach_the_contrast_of_4_5() {
        for index in 0..PALETTE.len() {
            assert!(contrast(readable(series(index)), SHADE) >= 4.5);
        }
        for color in [INK, SOFT, readable(GREY), readable(GOOD), readable(BAD)] {
            assert!(contrast(color, SHADE) >= 4.5, "{color:?}");
            assert!(contrast(color, PAPER) >= 4.5, "{color:?}");
        }
    }

    #[test]
    fn contrast_of_black_on_white_is_21() {
        assert!((contrast((0, 0, 0), PAPER) - 21.0).abs() < 1e-9);
    }
}
