//! Colours and type sizes, and the contrast rule that keeps text readable.

use crate::standing::Standing;

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
/// Met, but within the model's error.
pub(super) const NEAR: Rgb = (0xa9, 0x7a, 0x10);
/// Totals of a waterfall.
pub(super) const TOTAL: Rgb = (0x4a, 0x58, 0x68);

/// Growth of activity in a waterfall, up or down.
pub(super) const GROWTH: Rgb = (0xd4, 0xa7, 0x2c);
/// What is in place already in a waterfall: current policy and natural renewal.
pub(super) const POLICY: Rgb = (0x6f, 0x97, 0xbf);
/// The ground of the side of a target where it is attained.
pub(super) const ATTAINED: Rgb = (0xea, 0xf4, 0xf1);
/// The ground of a tile whose value went the wrong way.
pub(super) const ADVERSE: Rgb = (0xf4, 0xd4, 0xcb);

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
    /// The smallest: 8 pt on every page.
    pub const LEAST: f64 = 11.0;
}

/// The series colour of an index; indices wrap around.
pub(super) fn series(index: usize) -> Rgb {
    PALETTE[index % PALETTE.len()]
}

/// Ends of the sequential scale in OKLCH: lightness, chroma, hue in degrees.
const SEQUENTIAL: [[f64; 3]; 2] = [[0.965, 0.03, 118.0], [0.43, 0.09, 228.0]];

/// A colour of the sequential scale, pale at 0 and dark at 1. Lightness falls evenly,
/// so that steps look alike and survive any colour blindness and a copying machine.
pub(super) fn sequential(share: f64) -> Rgb {
    let share = share.clamp(0.0, 1.0);
    let [[l0, c0, h0], [l1, c1, h1]] = SEQUENTIAL;
    let mix = |from: f64, to: f64| from + (to - from) * share;
    from_oklch(mix(l0, l1), mix(c0, c1), mix(h0, h1))
}

/// OKLCH to sRGB (Ottosson, 2020), clipped to the gamut.
pub(super) fn from_oklch(lightness: f64, chroma: f64, hue: f64) -> Rgb {
    let (a, b) = (
        chroma * hue.to_radians().cos(),
        chroma * hue.to_radians().sin(),
    );
    let cube = |value: f64| value * value * value;
    let l = cube(lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b);
    let m = cube(lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b);
    let s = cube(lightness - 0.089_484_177_5 * a - 1.291_485_548 * b);
    let byte = |linear: f64| {
        let linear = linear.clamp(0.0, 1.0);
        let value = if linear <= 0.003_130_8 {
            12.92 * linear
        } else {
            1.055 * linear.powf(1.0 / 2.4) - 0.055
        };
        (value * 255.0).round() as u8
    };
    (
        byte(4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s),
        byte(-1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s),
        byte(-0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s),
    )
}

/// sRGB to OKLCH, the way back: lightness, chroma, hue in degrees.
pub(super) fn to_oklch((r, g, b): Rgb) -> (f64, f64, f64) {
    let [r, g, b] = [r, g, b].map(linear);
    let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
    let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
    let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
    let lightness = 0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s;
    let one = 1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s;
    let two = 0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s;
    (lightness, one.hypot(two), two.atan2(one).to_degrees())
}

/// A channel of sRGB as light.
fn linear(byte: u8) -> f64 {
    let value = f64::from(byte) / 255.0;
    if value <= 0.040_45 {
        value / 12.92
    } else {
        ((value + 0.055) / 1.055).powf(2.4)
    }
}

/// Green when met, ochre when met within the model's error, red when missed, ink when not
/// judged.
pub(super) fn verdict(standing: Standing) -> Rgb {
    match standing {
        Standing::Met => GOOD,
        Standing::Within => NEAR,
        Standing::Missed => BAD,
        Standing::Open => INK,
    }
}

/// Relative luminance of WCAG 2.
fn luminance(color: Rgb) -> f64 {
    0.2126 * linear(color.0) + 0.7152 * linear(color.1) + 0.0722 * linear(color.2)
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
    fn the_sequential_scale_darkens_in_even_steps() {
        // L* of CIELAB from the luminance.
        let light = |share: f64| 116.0 * luminance(sequential(share)).cbrt() - 16.0;
        let steps: Vec<f64> = (0..12)
            .map(|k| light(f64::from(k) / 12.0) - light(f64::from(k + 1) / 12.0))
            .collect();
        let mean = steps.iter().sum::<f64>() / 12.0;
        assert!(mean > 4.0, "{mean}");
        for step in &steps {
            assert!((step - mean).abs() < 0.25 * mean, "{steps:?}");
        }
    }

    #[test]
    fn oklch_of_white_and_black() {
        assert_eq!(from_oklch(1.0, 0.0, 0.0), PAPER);
        assert_eq!(from_oklch(0.0, 0.0, 0.0), (0, 0, 0));
    }

    #[test]
    fn oklch_and_back() {
        for color in (0..PALETTE.len()).map(series).chain([GOOD, BAD, SHADE]) {
            let (lightness, chroma, hue) = to_oklch(color);
            assert_eq!(from_oklch(lightness, chroma, hue), color);
        }
    }

    #[test]
    fn contrast_of_black_on_white_is_21() {
        assert!((contrast((0, 0, 0), PAPER) - 21.0).abs() < 1e-9);
    }
}
