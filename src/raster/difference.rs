//! Two pictures held against each other dot by dot.

use super::{Error, Painter};
use resvg::tiny_skia::{Color, Pixmap, Transform};

/// How two pictures differ.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Dots that differ by more than was allowed.
    pub dots: usize,
    /// All dots of the larger picture.
    pub all: usize,
    /// The later picture, pale, with those dots in red: a PNG.
    pub marked: Vec<u8>,
}

impl Painter {
    /// Draws two SVGs `width` dots across and counts the dots of which a colour differs by
    /// more than `allowed` (of 255). Where only one picture has a dot, it differs.
    ///
    /// # Errors
    /// As [`Painter::png`].
    pub fn difference(
        &self,
        (before, after): (&str, &str),
        width: u32,
        allowed: u8,
    ) -> Result<Difference, Error> {
        let (before, after) = (self.dots(before, width)?, self.dots(after, width)?);
        let height = before.height().max(after.height());
        let mut marked =
            Pixmap::new(width, height).ok_or_else(|| Error::Svg(format!("{width} × {height}")))?;
        marked.fill(Color::WHITE);
        let at = |picture: &Pixmap, place: usize| -> Option<[u8; 4]> {
            picture.data().get(place..place + 4)?.try_into().ok()
        };
        let mut dots = 0;
        for place in (0..marked.data().len()).step_by(4) {
            let (old, new) = (at(&before, place), at(&after, place));
            let same = old.zip(new).is_some_and(|(old, new)| {
                old.iter().zip(new).all(|(a, b)| a.abs_diff(b) <= allowed)
            });
            let [red, green, blue, _] = new.unwrap_or([255; 4]);
            let pale = |part: u8| 255 - (255 - part) / 3;
            let paint = if same {
                [pale(red), pale(green), pale(blue), 255]
            } else {
                dots += 1;
                [220, 0, 0, 255]
            };
            marked.data_mut()[place..place + 4].copy_from_slice(&paint);
        }
        let all = marked.data().len() / 4;
        let marked = marked
            .encode_png()
            .map_err(|error| Error::Svg(error.to_string()))?;
        Ok(Difference { dots, all, marked })
    }

    /// The SVG in dots, `width` of them across.
    pub(super) fn dots(&self, svg: &str, width: u32) -> Result<Pixmap, Error> {
        let tree = self.tree(svg)?;
        let size = tree.size();
        let scale = width as f32 / size.width();
        let height = (size.height() * scale).ceil().max(1.0) as u32;
        let mut dots =
            Pixmap::new(width, height).ok_or_else(|| Error::Svg(format!("{width} × {height}")))?;
        let transform = Transform::from_scale(scale, scale);
        resvg::render(&tree, transform, &mut dots.as_mut());
        Ok(dots)
    }
}
