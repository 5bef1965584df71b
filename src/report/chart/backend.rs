//! An SVG backend for `plotters` on a virtual canvas of 1/16 px, so that lines are
//! not kinked. Text stays text; what it covers is recorded.

use std::cell::RefCell;
use std::convert::Infallible;
use std::fmt::Write;
use std::rc::Rc;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    FontStyle,
};

use super::dark::{lettered, shown};
use super::look::{Format, Paper};
use super::place::Rect;
use super::text::{self, FONTS, SUB_DROP, SUB_SIZE};
use super::theme::{PAPER, Rgb};

/// Virtual units per px.
pub(super) const FINE: f64 = 16.0;

/// Height of the letters above the base line, in em.
const ASCENT: f64 = 0.86;
/// Depth below the base line, in em.
const DESCENT: f64 = 0.2;
/// From the middle of figures and Chinese characters down to the base line, in em.
const MIDDLE: f64 = 0.36;

/// The page under the pen: what was drawn, and how the next shape is drawn.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Width and height in px.
    pub size: (f64, f64),
    /// What the page is for.
    paper: Paper,
    /// SVG elements so far.
    body: String,
    /// Dash pattern of the next strokes.
    pub dash: Option<&'static str>,
    /// Tooltip of the next shape.
    pub tooltip: Option<String>,
    /// Every text drawn, with the box it covers in px.
    pub boxes: Vec<(Rect, String)>,
}

impl Page {
    /// An empty page.
    pub fn new(paper: Paper, height: f64) -> Self {
        Self {
            size: (paper.width, height),
            paper,
            ..Self::default()
        }
    }

    /// The whole document. A chart taller than a page of its shape is centred on one that
    /// holds it.
    pub fn document(&self, name: &str) -> String {
        let name = text::escape(name);
        let look = self.paper.look;
        let (width, height) = self.size;
        let page = (look.format.ratio()).map_or(width, |ratio| width.max(height * ratio));
        let (size, view, ground) = if look.format == Format::Auto {
            let size = format!("width=\"{width}\" height=\"{height}\"");
            (size, format!("0 0 {width} {height}"), String::new())
        } else {
            let (wide, tall) = self.paper.printed((page, height));
            let left = (width - page) / 2.0;
            let left = number(left);
            let (page, height) = (number(page), number(height));
            let ground = format!(
                "<rect x=\"{left}\" y=\"0\" width=\"{page}\" height=\"{height}\" {}/>\n",
                self.fill(BackendColor {
                    rgb: PAPER,
                    alpha: 1.0
                })
            );
            (
                format!("width=\"{}mm\" height=\"{}mm\"", number(wide), number(tall)),
                format!("{left} 0 {page} {height}"),
                ground,
            )
        };
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" {size} \
             viewBox=\"{view}\" font-family=\"{FONTS}\" role=\"img\" \
             aria-label=\"{name}\">\n{ground}{}</svg>\n",
            self.body
        )
    }

    /// Attributes of a fill.
    fn fill(&self, color: BackendColor) -> String {
        paint(shown(self.paper.look.theme, color.rgb), color.alpha)
    }

    /// Writes one shape, with its tooltip if one waits.
    fn shape(&mut self, tag: &str, attributes: &str) {
        let body = &mut self.body;
        match self.tooltip.take() {
            Some(tip) => {
                let tip = text::escape(&tip);
                let _ = writeln!(body, "<{tag} {attributes}><title>{tip}</title></{tag}>");
            }
            None => {
                let _ = writeln!(body, "<{tag} {attributes}/>");
            }
        }
    }

    /// One shape of several closed outlines; what lies inside an odd number is filled.
    pub fn regions(&mut self, outlines: &[Vec<(f64, f64)>], color: Rgb) {
        let mut path = String::new();
        for outline in outlines {
            path.push_str(&tenths(outline));
            path.push('Z');
        }
        let color = hex(shown(self.paper.look.theme, color));
        let attributes = format!("d=\"{path}\" fill=\"{color}\" fill-rule=\"evenodd\"");
        self.shape("path", &attributes);
    }

    /// Many thin strokes as one shape.
    pub fn strokes(&mut self, lines: &[[(f64, f64); 2]], color: Rgb, style: (f64, f64)) {
        let path: String = lines.iter().map(|line| tenths(line)).collect();
        let (width, alpha) = style;
        let color = hex(shown(self.paper.look.theme, color));
        let attributes = format!(
            "d=\"{path}\" fill=\"none\" stroke=\"{color}\" \
             stroke-width=\"{}\" stroke-opacity=\"{}\"",
            number(width),
            number(alpha)
        );
        self.shape("path", &attributes);
    }

    /// Attributes of a stroke.
    fn stroke(&self, color: BackendColor, width: u32) -> String {
        let mut out = format!(
            "fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"",
            hex(shown(self.paper.look.theme, color.rgb)),
            number(f64::from(width) / FINE)
        );
        if color.alpha < 1.0 {
            let _ = write!(out, " stroke-opacity=\"{}\"", number(color.alpha));
        }
        if let Some(dash) = self.dash {
            let _ = write!(out, " stroke-dasharray=\"{dash}\"");
        }
        out
    }
}

/// Attributes of a fill in a colour as it is.
fn paint(color: Rgb, alpha: f64) -> String {
    let mut out = format!("fill=\"{}\"", hex(color));
    if alpha < 1.0 {
        let _ = write!(out, " fill-opacity=\"{}\"", number(alpha));
    }
    out
}

/// `#rrggbb`.
fn hex((r, g, b): Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// At most two decimals, no trailing zeros, never anything but a number.
fn number(value: f64) -> String {
    let value = if value.is_finite() { value } else { 0.0 };
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

/// A path through points, to a tenth of a px.
fn tenths(points: &[(f64, f64)]) -> String {
    let mut out = String::new();
    for (index, (x, y)) in points.iter().enumerate() {
        let tenth = |value: f64| number((value * 10.0).round() / 10.0);
        let lead = if index == 0 { "M" } else { " " };
        let _ = write!(out, "{lead}{},{}", tenth(*x), tenth(*y));
    }
    out
}

/// A virtual coordinate in px.
fn px(units: i32) -> String {
    number(f64::from(units) / FINE)
}

/// Points as an SVG list.
fn points(path: impl IntoIterator<Item = BackendCoord>) -> String {
    path.into_iter()
        .map(|(x, y)| format!("{},{}", px(x), px(y)))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The backend: a handle on the page.
#[derive(Clone, Debug)]
pub(super) struct Svg(pub Rc<RefCell<Page>>);

/// Writing to memory cannot fail.
type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for Svg {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        let (width, height) = self.0.borrow().size;
        ((width * FINE) as u32, (height * FINE) as u32)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        self.draw_rect((x, y), (x + FINE as i32, y + FINE as i32), &color, true)
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn {
        let mut page = self.0.borrow_mut();
        let attributes = format!(
            "x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" {}",
            px(from.0),
            px(from.1),
            px(to.0),
            px(to.1),
            page.stroke(style.color(), style.stroke_width())
        );
        page.shape("line", &attributes);
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
        filled: bool,
    ) -> Drawn {
        let mut page = self.0.borrow_mut();
        let paint = if filled {
            page.fill(style.color())
        } else {
            page.stroke(style.color(), style.stroke_width())
        };
        let attributes = format!(
            "x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" {paint}",
            px(from.0.min(to.0)),
            px(from.1.min(to.1)),
            px((to.0 - from.0).abs()),
            px((to.1 - from.1).abs()),
        );
        page.shape("rect", &attributes);
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        let path: Vec<_> = path.into_iter().collect();
        if let [from, to] = path[..] {
            return self.draw_line(from, to, style);
        }
        let mut page = self.0.borrow_mut();
        let attributes = format!(
            "points=\"{}\" stroke-linejoin=\"round\" stroke-linecap=\"round\" {}",
            points(path),
            page.stroke(style.color(), style.stroke_width())
        );
        page.shape("polyline", &attributes);
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        filled: bool,
    ) -> Drawn {
        let mut page = self.0.borrow_mut();
        let paint = if filled {
            page.fill(style.color())
        } else {
            page.stroke(style.color(), style.stroke_width())
        };
        let attributes = format!(
            "cx=\"{}\" cy=\"{}\" r=\"{}\" {paint}",
            px(center.0),
            px(center.1),
            number(f64::from(radius) / FINE)
        );
        page.shape("circle", &attributes);
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        vert: I,
        style: &S,
    ) -> Drawn {
        let mut page = self.0.borrow_mut();
        let attributes = format!("points=\"{}\" {}", points(vert), page.fill(style.color()));
        page.shape("polygon", &attributes);
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &T,
        pos: BackendCoord,
    ) -> Drawn {
        if text.is_empty() {
            return Ok(());
        }
        let size = style.size() / FINE;
        let bold = matches!(style.style(), FontStyle::Bold);
        let (x, y) = (f64::from(pos.0) / FINE, f64::from(pos.1) / FINE);
        let base = match style.anchor().v_pos {
            VPos::Top => y + ASCENT * size,
            VPos::Center => y + MIDDLE * size,
            VPos::Bottom => y - DESCENT * size,
        };
        let wide = text::width(text, size, bold);
        let (left, anchor) = match style.anchor().h_pos {
            HPos::Left => (x, ""),
            HPos::Center => (x - wide / 2.0, " text-anchor=\"middle\""),
            HPos::Right => (x - wide, " text-anchor=\"end\""),
        };
        let keep = if out_of_line(text) {
            " xml:space=\"preserve\""
        } else {
            ""
        };
        let weight = if bold { " font-weight=\"bold\"" } else { "" };
        let mut page = self.0.borrow_mut();
        let ink = paint(
            lettered(page.paper.look.theme, style.color().rgb),
            style.color().alpha,
        );
        let covered = Rect::new(
            left,
            base - ASCENT * size,
            left + wide,
            base + DESCENT * size,
        );
        page.boxes.push((covered, text.to_owned()));
        let _ = writeln!(
            page.body,
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\"{weight}{anchor}{keep} {}>{}</text>",
            number(x),
            number(base),
            number(size),
            ink,
            spans(text, size)
        );
        Ok(())
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let bold = matches!(style.style(), FontStyle::Bold);
        let height = style.size() * (ASCENT + DESCENT);
        Ok((
            text::width(text, style.size(), bold).ceil() as u32,
            height.ceil() as u32,
        ))
    }
}

/// Whether a text has subscripts; the space after one must not be swallowed.
fn out_of_line(text: &str) -> bool {
    text::runs(text).iter().any(|run| run.sub)
}

/// The inside of a text element: subscripts as lowered spans; the way back up is on
/// the next span.
fn spans(text: &str, size: f64) -> String {
    let mut out = String::new();
    let mut low = false;
    for run in text::runs(text) {
        let content = text::escape(&run.text);
        let drop = number(size * SUB_DROP);
        let _ = match (run.sub, low) {
            (true, false) => write!(
                out,
                "<tspan dy=\"{drop}\" font-size=\"{}\">{content}</tspan>",
                number(size * SUB_SIZE)
            ),
            (false, true) => write!(out, "<tspan dy=\"-{drop}\">{content}</tspan>"),
            _ => write!(out, "{content}"),
        };
        low = run.sub;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subscripts_go_down_and_come_back() {
        assert_eq!(
            spans("SO₂排放", 10.0),
            "SO<tspan dy=\"1.8\" font-size=\"7.2\">2</tspan><tspan dy=\"-1.8\">排放</tspan>"
        );
        assert_eq!(spans("a<b", 10.0), "a&lt;b");
    }

    #[test]
    fn numbers_are_short_and_never_nan() {
        assert_eq!(number(1.0), "1");
        assert_eq!(number(0.0625), "0.06");
        assert_eq!(number(-0.001), "0");
        assert_eq!(number(f64::NAN), "0");
    }
}
