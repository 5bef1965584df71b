//! Charts as pictures of dots, from the same SVG that the charts are.
//!
//! Text is drawn with the fonts of the system. A character that no installed font has is an
//! error that says what to install: a picture never shows boxes in place of words.

mod difference;

pub use difference::Difference;

use jianpai_core::text::Text;
use resvg::usvg::fontdb::{Database, Family, ID, Query, Stretch, Style, Weight};
use resvg::usvg::{Font, FontResolver, Options, Tree};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Families with Chinese characters, the first that is installed is taken.
const FAMILIES: [&str; 14] = [
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "思源黑体",
    "Microsoft YaHei",
    "微软雅黑",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "黑体",
    "DengXian",
    "SimSun",
    "Droid Sans Fallback",
];

/// Why a picture cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// No installed font has these characters.
    Font(String),
    /// It is no SVG that can be drawn.
    Svg(String),
}

impl Error {
    /// What is wrong and what helps.
    pub fn text(&self) -> Text {
        match self {
            Error::Font(missing) => Text::new(
                format!(
                    "系统中没有能显示“{missing}”的字体，不能画成位图；请安装 Noto Sans CJK（Debian、Ubuntu：apt install fonts-noto-cjk）、思源黑体、微软雅黑或文泉驿"
                ),
                format!(
                    "no installed font has “{missing}”, which a picture needs; install Noto Sans CJK (Debian, Ubuntu: apt install fonts-noto-cjk), Source Han Sans, Microsoft YaHei or WenQuanYi"
                ),
            ),
            Error::Svg(why) => Text::new(
                format!("SVG 不能画成位图：{why}"),
                format!("the SVG cannot be drawn: {why}"),
            ),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().en)
    }
}

impl std::error::Error for Error {}

/// Draws with a set of fonts; it can be shared between threads.
#[derive(Clone, Debug)]
pub struct Painter {
    fonts: Arc<Database>,
}

impl Painter {
    /// A painter with the fonts of the system.
    pub fn system() -> Self {
        let mut fonts = Database::new();
        fonts.load_system_fonts();
        Self::with(fonts)
    }

    /// A painter with these fonts alone.
    pub fn with(mut fonts: Database) -> Self {
        let found = FAMILIES.iter().find(|family| {
            let families = [Family::Name(family)];
            let query = query(&families, Weight::NORMAL);
            fonts.query(&query).is_some()
        });
        if let Some(family) = found {
            fonts.set_sans_serif_family(*family);
            fonts.set_serif_family(*family);
            fonts.set_monospace_family(*family);
        }
        Self {
            fonts: Arc::new(fonts),
        }
    }

    /// The SVG as a PNG of `width` dots across.
    ///
    /// # Errors
    /// A character that no font has; a text that is no SVG.
    pub fn png(&self, svg: &str, width: u32) -> Result<Vec<u8>, Error> {
        let dots = self.dots(svg, width)?;
        dots.encode_png()
            .map_err(|error| Error::Svg(error.to_string()))
    }

    /// SVGs as the pages of one PDF, each as large as its SVG says, with text that can be
    /// searched and copied.
    ///
    /// # Errors
    /// As [`Self::png`].
    #[cfg(feature = "pdf")]
    pub fn pdf(&self, svgs: &[&str]) -> Result<Vec<u8>, Error> {
        use krilla::geom::Size;
        use krilla::page::PageSettings;
        use krilla_svg::{SurfaceExt, SvgSettings};
        let wrong = |what: &str| Error::Svg(what.to_string());
        let mut document = krilla::Document::new();
        for svg in svgs {
            let tree = self.tree(svg)?;
            // CSS pixels, of which there are 96 to the inch; a PDF counts 72.
            let (width, height) = (tree.size().width() * 0.75, tree.size().height() * 0.75);
            let size = Size::from_wh(width, height).ok_or_else(|| wrong("size"))?;
            let settings = PageSettings::from_wh(width, height).ok_or_else(|| wrong("size"))?;
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            surface
                .draw_svg(&tree, size, SvgSettings::default())
                .ok_or_else(|| wrong("drawing"))?;
            surface.finish();
            page.finish();
        }
        document
            .finish()
            .map_err(|error| wrong(&format!("{error:?}")))
    }

    /// The SVG as a tree of shapes, all its characters in some font.
    fn tree(&self, svg: &str) -> Result<Tree, Error> {
        let missing: Mutex<BTreeSet<char>> = Mutex::new(BTreeSet::new());
        let fallback = FontResolver::default_fallback_selector();
        let options = Options {
            fontdb: Arc::clone(&self.fonts),
            font_resolver: FontResolver {
                select_font: Box::new(select),
                select_fallback: Box::new(|c, used, fonts| {
                    let found = fallback(c, used, fonts);
                    if found.is_none() && !c.is_whitespace() && !c.is_control() {
                        let mut missing = missing.lock().unwrap_or_else(PoisonError::into_inner);
                        missing.insert(c);
                    }
                    found
                }),
            },
            ..Options::default()
        };
        if self.fonts.is_empty() {
            return Err(Error::Font("A".to_string()));
        }
        let tree = Tree::from_str(svg, &options).map_err(|error| Error::Svg(error.to_string()))?;
        drop(options);
        let missing = missing.into_inner().unwrap_or_else(PoisonError::into_inner);
        if !missing.is_empty() {
            return Err(Error::Font(missing.into_iter().collect()));
        }
        Ok(tree)
    }
}

fn query<'a>(families: &'a [Family<'a>], weight: Weight) -> Query<'a> {
    Query {
        families,
        weight,
        stretch: Stretch::Normal,
        style: Style::Normal,
    }
}

/// The first family of a text that is installed, or whatever has Chinese characters.
fn select(font: &Font, fonts: &mut Arc<Database>) -> Option<ID> {
    use resvg::usvg::FontFamily;
    let mut families: Vec<Family<'_>> = font
        .families()
        .iter()
        .map(|family| match family {
            FontFamily::Named(name) => Family::Name(name),
            FontFamily::Serif => Family::Serif,
            FontFamily::Monospace => Family::Monospace,
            _ => Family::SansSerif,
        })
        .collect();
    families.push(Family::SansSerif);
    let wanted = query(&families, Weight(font.weight()));
    let found = fonts.query(&wanted);
    found.or_else(|| fonts.faces().next().map(|face| face.id))
}

#[cfg(test)]
mod tests {
    use super::{Error, Painter};
    use resvg::usvg::fontdb::Database;

    const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 50\" width=\"100\" height=\"50\"><rect width=\"100\" height=\"50\" fill=\"#fff\"/><text x=\"5\" y=\"30\" font-size=\"20\" font-family=\"Nowhere, sans-serif\">TEXT</text></svg>";

    #[test]
    fn without_fonts_there_is_no_picture_but_an_error() {
        let painter = Painter::with(Database::new());
        let error = painter.png(SVG, 200).unwrap_err();
        assert!(matches!(error, Error::Font(_)));
        assert!(error.text().zh.contains("Noto Sans CJK"));
        let painter = Painter::system();
        assert!(painter.png("<svg", 10).is_err());
    }

    /// A square of 10 dots moved by 3: two strips of 3 by 10 differ, wherever they are; a
    /// taller page differs where the other has none, and a colour that is nearly the same
    /// does not.
    #[test]
    fn what_differs_is_counted_and_marked() {
        let page = |tall: u32, x: u32, fill: &str| {
            format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"{tall}\">\
                 <rect width=\"40\" height=\"{tall}\" fill=\"#ffffff\"/>\
                 <rect x=\"{x}\" y=\"5\" width=\"10\" height=\"10\" fill=\"{fill}\"/></svg>"
            )
        };
        let painter = Painter::system();
        let Ok(_) = painter.png(&page(20, 5, "#000000"), 40) else {
            return;
        };
        let of = |a: &str, b: &str| painter.difference((a, b), 40, 8).unwrap();
        let old = page(20, 5, "#000000");
        assert_eq!(of(&old, &old).dots, 0);
        let moved = of(&old, &page(20, 8, "#000000"));
        assert_eq!((moved.dots, moved.all), (60, 800));
        assert_eq!(of(&old, &page(22, 5, "#000000")).dots, 80);
        assert_eq!(of(&old, &page(20, 5, "#070707")).dots, 0);
        assert_eq!(of(&old, &page(20, 5, "#0a0000")).dots, 100);
        let red = resvg::tiny_skia::Pixmap::decode_png(&moved.marked).unwrap();
        let is_red = |x: u32, y: u32| {
            let dot = red.pixel(x, y).unwrap();
            (dot.red(), dot.green(), dot.blue()) == (220, 0, 0)
        };
        assert!(is_red(5, 5) && is_red(17, 14) && !is_red(8, 5) && !is_red(5, 4));
    }

    #[test]
    fn a_picture_has_dots_where_text_is() {
        let painter = Painter::system();
        let png = match painter.png(&SVG.replace("TEXT", "减排 CO2"), 400) {
            Ok(png) => png,
            // Where no font with Chinese is installed, that is what is said.
            Err(error) => {
                assert!(matches!(error, Error::Font(_)), "{error}");
                return;
            }
        };
        assert_eq!(&png[1..4], b"PNG");
        let dots = resvg::tiny_skia::Pixmap::decode_png(&png).unwrap();
        assert_eq!((dots.width(), dots.height()), (400, 200));
        let dark = dots.pixels().iter().filter(|dot| dot.red() < 100).count();
        assert!(dark > 500, "{dark}");
        // A character of a private area is in no font.
        let error = painter.png(&SVG.replace("TEXT", "\u{e7c1}\u{f8123}"), 40);
        assert!(matches!(error, Err(Error::Font(_))), "{error:?}");
    }

    #[cfg(feature = "pdf")]
    #[test]
    fn a_pdf_has_a_page_for_each_and_its_text() {
        let painter = Painter::system();
        let two = painter.pdf(&[&SVG.replace("TEXT", "One"), &SVG.replace("TEXT", "Two")]);
        let pdf = match two {
            Ok(pdf) => pdf,
            Err(error) => {
                assert!(matches!(error, Error::Font(_)), "{error}");
                return;
            }
        };
        assert!(pdf.starts_with(b"%PDF"));
        let text = String::from_utf8_lossy(&pdf);
        assert_eq!(
            text.matches("/Type /Page\n").count() + text.matches("/Type/Page/").count(),
            2
        );
        let again = painter.pdf(&[&SVG.replace("TEXT", "One"), &SVG.replace("TEXT", "Two")]);
        assert_eq!(again.ok(), Some(pdf));
    }

    #[test]
    fn the_same_picture_has_the_same_bytes() {
        let painter = Painter::system();
        assert_eq!(painter.png(SVG, 300).ok(), painter.png(SVG, 300).ok());
    }
}
