//! What a chart is drawn for: a page of some shape, light or dark.

use jianpai_core::text::Lang;

/// A chart: plain data that can be drawn in either language.
pub trait Chart: Send + Sync {
    /// The chart as an SVG document, in one language, made for `look`.
    fn draw(&self, lang: Lang, look: Look) -> String;

    /// The chart as an SVG document in the default look.
    fn render(&self, lang: Lang) -> String {
        self.draw(lang, Look::default())
    }
}

/// What a chart is drawn for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Look {
    /// The page.
    pub format: Format,
    /// Its colours.
    pub theme: Theme,
}

/// The page of a chart. Everything but [`Format::Auto`] states its size in millimetres, so
/// that type has its true size when the picture is placed unscaled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// 1,000 px wide and as tall as the chart wants.
    #[default]
    Auto,
    /// A slide, 16:9.
    Wide,
    /// The column of an A4 page, 16 cm wide and as tall as the chart wants.
    Column,
    /// A2 across.
    Poster,
}

/// The colours of a chart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Theme {
    /// On white paper.
    #[default]
    Light,
    /// On a dark screen.
    Dark,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Wide, Self::Column, Self::Poster];

    /// Width over height, where the format fixes it.
    pub fn ratio(self) -> Option<f64> {
        match self {
            Self::Auto | Self::Column => None,
            Self::Wide => Some(16.0 / 9.0),
            Self::Poster => Some(std::f64::consts::SQRT_2),
        }
    }

    /// Width of the page in px before a chart asks for more room. Type has the same size
    /// in px everywhere; the fewer px a page is wide, the larger its type is in print.
    fn width(self) -> f64 {
        match self {
            Self::Auto => 1000.0,
            Self::Wide => 960.0,
            Self::Column => 620.0,
            Self::Poster => 860.0,
        }
    }

    /// Width of the printed page in mm.
    fn printed(self) -> f64 {
        match self {
            Self::Auto => 1000.0 * MM_PER_CSS_PX,
            Self::Wide => 338.667,
            Self::Column => 160.0,
            Self::Poster => 594.0,
        }
    }
}

impl Theme {
    /// Every theme.
    pub const ALL: [Self; 2] = [Self::Light, Self::Dark];
}

impl Look {
    /// Every look: each format in each theme.
    pub fn all() -> impl Iterator<Item = Self> {
        let of = |format| Theme::ALL.map(|theme| Self { format, theme });
        Format::ALL.into_iter().flat_map(of)
    }
}

/// A CSS px: 1/96 inch.
const MM_PER_CSS_PX: f64 = 25.4 / 96.0;
/// Least printed size of a px, in mm: the smallest type is then 8 pt. A page with more on
/// it than its format holds grows, in its own shape, rather than print smaller than this.
const LEAST_MM_PER_PX: f64 = 160.0 / 620.0;

/// The page under a chart: its look and its width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Paper {
    /// The look.
    pub look: Look,
    /// Width in px.
    pub width: f64,
}

impl Default for Paper {
    fn default() -> Self {
        Self::of(Look::default())
    }
}

impl Paper {
    /// The page of a look.
    pub fn of(look: Look) -> Self {
        let width = look.format.width();
        Self { look, width }
    }

    /// Width of a column that may be `px` wide on the page that charts are made for: less on
    /// a narrow one.
    pub fn column(self, px: f64) -> f64 {
        px * ((self.width - 200.0) / 800.0).clamp(0.5, 1.0)
    }

    /// Height of a page whose contents are `height` px tall.
    pub fn tall(self, height: f64) -> f64 {
        let least = self
            .look
            .format
            .ratio()
            .map_or(0.0, |ratio| self.width / ratio);
        height.max(least)
    }

    /// Height of a page with one plot on it: `natural` where nothing else is asked for;
    /// otherwise what the page gives, but never less than what stands around the plot
    /// (`frame` px) and a plot that can still be read.
    pub fn with_plot(self, natural: f64, frame: impl FnOnce() -> f64) -> f64 {
        let given = match self.look.format {
            Format::Auto => return natural,
            Format::Column => 0.8 * natural,
            Format::Wide | Format::Poster => 0.0,
        };
        self.tall(given.max(frame() + 0.42 * natural))
    }

    /// Width and height of the printed page in mm, for a page of `size` px.
    pub fn printed(self, size: (f64, f64)) -> (f64, f64) {
        let format = self.look.format;
        let wide = format.printed().max(size.0 * LEAST_MM_PER_PX);
        (wide, wide * size.1 / size.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Type of 11 px, the smallest, is 8 pt or more on every page, however full.
    #[test]
    fn no_page_prints_smaller_than_8_points() {
        for look in Look::all() {
            for width in [1.0, 1.7, 3.0] {
                let paper = Paper {
                    width: look.format.width()
                        * if look.format.ratio().is_some() {
                            width
                        } else {
                            1.0
                        },
                    look,
                };
                let (wide, tall) = paper.printed((paper.width, 500.0));
                let points = 11.0 * wide / paper.width / 25.4 * 72.0;
                assert!(points >= 8.0, "{look:?} {points}");
                assert!((wide / tall - paper.width / 500.0).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn pages_have_the_shape_of_their_format() {
        let of = |format| {
            Paper::of(Look {
                format,
                theme: Theme::Light,
            })
        };
        assert!((of(Format::Auto).tall(123.0) - 123.0).abs() < 1e-12);
        assert!((of(Format::Wide).tall(123.0) * 16.0 - of(Format::Wide).width * 9.0).abs() < 1e-9);
        assert!((of(Format::Wide).tall(2_000.0) - 2_000.0).abs() < 1e-12);
        let plot = |format: Format, frame: f64| of(format).with_plot(580.0, || frame);
        assert!((plot(Format::Auto, 900.0) - 580.0).abs() < 1e-12);
        assert!((plot(Format::Column, 100.0) - 464.0).abs() < 1e-9);
        assert!(plot(Format::Column, 400.0) > 400.0 + 200.0);
    }
}
