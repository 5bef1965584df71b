//! The colours of a dark page: every colour of the light one has its own here, so that a
//! chart is drawn once and knows of no theme.

use super::look::Theme;
use super::theme::{
    ATTAINED, AXIS, BAD, GOOD, GREY, GRID, GROWTH, INK, NEAR, PAPER, POLICY, Rgb, SHADE, SOFT,
    TOTAL, contrast, from_oklch, series, to_oklch,
};

/// Dark paper.
pub(super) const NIGHT: Rgb = (0x15, 0x19, 0x1e);
/// The ground under the recorded years on it.
const DUSK: Rgb = (0x20, 0x26, 0x2d);
/// Contrast that text is raised to on [`DUSK`], a little above what is asked for.
const LEGIBLE: f64 = 4.6;

/// Grounds, lines and what has a meaning, light and dark. Text in these is made readable
/// by [`lettered`].
const NAMED: [(Rgb, Rgb); 13] = [
    (PAPER, NIGHT),
    (SHADE, DUSK),
    (GRID, (0x2f, 0x36, 0x3e)),
    (AXIS, (0x62, 0x6c, 0x77)),
    (GREY, (0x8d, 0x97, 0xa3)),
    (SOFT, (0xae, 0xb7, 0xc1)),
    (INK, (0xec, 0xef, 0xf2)),
    (GOOD, (0x35, 0xb3, 0x9d)),
    (BAD, (0xec, 0x71, 0x5c)),
    (NEAR, (0xd3, 0xa2, 0x3a)),
    (TOTAL, (0x8a, 0x9a, 0xab)),
    (POLICY, (0x5a, 0x7f, 0xa6)),
    (ATTAINED, (0x19, 0x2a, 0x28)),
];

/// The series on a dark page: the hues of the light one, at least ΔE (CIEDE2000) 12 apart
/// under deuteranopia and protanopia, and 3:1 or more against the paper.
const PALETTE: [Rgb; 8] = [
    (0x5b, 0x9a, 0xe8),
    (0xe2, 0x91, 0x3a),
    (0x2f, 0x9f, 0x9b),
    (0xe2, 0x57, 0x8f),
    (0xd3, 0xc5, 0xd8),
    (0xec, 0xdc, 0x4c),
    (0x84, 0xd4, 0x8c),
    (0xa5, 0x66, 0x4d),
];

/// A colour as it is drawn.
pub(super) fn shown(theme: Theme, color: Rgb) -> Rgb {
    match theme {
        Theme::Light => color,
        Theme::Dark => night(color),
    }
}

/// The colour of a text.
pub(super) fn lettered(theme: Theme, color: Rgb) -> Rgb {
    match theme {
        Theme::Light => color,
        Theme::Dark if color == PAPER => NIGHT,
        Theme::Dark => legible(night(color)),
    }
}

/// A colour of the light page on the dark one: by its name, else by turning its lightness
/// over, which keeps scales in order and steps apart.
fn night(color: Rgb) -> Rgb {
    if let Some((_, dark)) = NAMED.iter().find(|(light, _)| *light == color) {
        return *dark;
    }
    if color == GROWTH {
        return PALETTE[5];
    }
    if let Some(index) = (0..PALETTE.len()).find(|index| series(*index) == color) {
        return PALETTE[index];
    }
    let (lightness, chroma, hue) = to_oklch(color);
    from_oklch(0.21 + 0.87 * (1.0 - lightness), chroma, hue)
}

/// The colour, lightened until text in it can be read on a dark ground.
fn legible(color: Rgb) -> Rgb {
    let (mut lightness, chroma, hue) = to_oklch(color);
    let mut light = color;
    while contrast(light, DUSK) < LEGIBLE && lightness < 1.0 {
        lightness += 0.01;
        light = from_oklch(lightness, chroma, hue);
    }
    light
}

#[cfg(test)]
mod tests {
    use super::super::theme::readable;
    use super::*;

    #[test]
    fn text_on_a_dark_page_reaches_the_contrast_of_4_5() {
        let all = (0..PALETTE.len()).map(series).chain([
            INK, SOFT, GREY, GOOD, BAD, NEAR, TOTAL, GROWTH, POLICY, AXIS,
        ]);
        for color in all.flat_map(|color| [color, readable(color)]) {
            let text = lettered(Theme::Dark, color);
            for ground in [NIGHT, DUSK, night(ATTAINED)] {
                let reached = contrast(text, ground);
                assert!(reached >= 4.5, "{color:?} {text:?} {ground:?} {reached}");
            }
        }
    }

    #[test]
    fn lines_and_fills_stand_out_from_a_dark_page() {
        let all = (0..PALETTE.len()).map(series);
        for color in all.chain([GOOD, BAD, NEAR, TOTAL, GROWTH, POLICY, GREY]) {
            assert!(
                contrast(shown(Theme::Dark, color), NIGHT) >= 3.0,
                "{color:?}"
            );
        }
    }

    #[test]
    fn a_light_page_is_as_it_was() {
        for color in [INK, PAPER, GOOD, (1, 2, 3)] {
            assert_eq!(shown(Theme::Light, color), color);
            assert_eq!(lettered(Theme::Light, color), color);
        }
    }

    #[test]
    fn colours_that_differ_by_day_differ_by_night() {
        let all: Vec<Rgb> = (0..PALETTE.len())
            .map(series)
            .chain(NAMED.iter().map(|(light, _)| *light))
            .collect();
        for (i, one) in all.iter().enumerate() {
            for other in all[..i].iter().filter(|other| *other != one) {
                assert_ne!(night(*one), night(*other), "{one:?} {other:?}");
            }
        }
    }
}
