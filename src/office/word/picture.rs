//! Pictures in a document: the SVG for programs that draw it, and beside it the same in dots
//! for those that do not.

use super::xml::escaped;

/// A figure for a document.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The SVG.
    pub svg: String,
    /// The same in dots, as PNG; `None` where the program cannot make it.
    pub png: Option<Vec<u8>>,
}

/// English metric units in a millimetre.
const EMU: f64 = 36_000.0;
/// Largest width and height of a figure, in mm: the type area less a caption.
const MOST: (f64, f64) = (156.0, 190.0);

/// A PNG of one white dot: what stands for a picture where there are no dots of it.
pub(super) const BLANK: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a, 0x7e, 0x9b,
    0x55, 0x00, 0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0xf8, 0x0f, 0x00, 0x01,
    0x01, 0x01, 0x00, 0x1c, 0xb0, 0x8c, 0x99, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae,
    0x42, 0x60, 0x82,
];

impl Picture {
    /// Width over height, from the view box of the SVG.
    fn ratio(&self) -> f64 {
        let numbers = || {
            let from = self.svg.find("viewBox=\"")? + 9;
            let rest = &self.svg[from..];
            let inside = &rest[..rest.find('"')?];
            let numbers: Vec<f64> = inside
                .split([' ', ','])
                .filter_map(|text| text.parse().ok())
                .collect();
            match numbers.as_slice() {
                [_, _, width, height] if *width > 0.0 && *height > 0.0 => Some(width / height),
                _ => None,
            }
        };
        numbers().unwrap_or(16.0 / 9.0)
    }

    /// Width and height in a document, in English metric units.
    fn size(&self) -> (u64, u64) {
        let ratio = self.ratio();
        let (mut width, mut height) = (MOST.0, MOST.0 / ratio);
        if height > MOST.1 {
            (width, height) = (MOST.1 * ratio, MOST.1);
        }
        ((width * EMU) as u64, (height * EMU) as u64)
    }

    /// The run that shows it. `number` counts pictures from 1; its files are the relations
    /// `png…` and `svg…` of the document.
    pub(super) fn run(&self, number: usize, name: &str, alt: &str) -> String {
        let (width, height) = self.size();
        let (name, alt) = (escaped(name), escaped(alt));
        format!(
            "<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\">\
             <wp:extent cx=\"{width}\" cy=\"{height}\"/>\
             <wp:docPr id=\"{number}\" name=\"{name}\" descr=\"{alt}\"/>\
             <wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect=\"1\"/></wp:cNvGraphicFramePr>\
             <a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\">\
             <pic:pic><pic:nvPicPr><pic:cNvPr id=\"{number}\" name=\"{name}\" descr=\"{alt}\"/><pic:cNvPicPr/></pic:nvPicPr>\
             <pic:blipFill><a:blip r:embed=\"png{number}\"><a:extLst>\
             <a:ext uri=\"{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}\">\
             <asvg:svgBlip r:embed=\"svg{number}\"/></a:ext></a:extLst></a:blip>\
             <a:stretch><a:fillRect/></a:stretch></pic:blipFill>\
             <pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{width}\" cy=\"{height}\"/></a:xfrm>\
             <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>\
             </a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Picture;

    #[test]
    fn a_picture_fits_the_type_area() {
        let size = |view: &str| {
            let svg = format!("<svg viewBox=\"0 0 {view}\"></svg>");
            let (width, height) = Picture { svg, png: None }.size();
            (width / 36_000, height / 36_000)
        };
        assert_eq!(size("1000 500"), (156, 78));
        assert_eq!(size("500,1000"), (95, 190));
    }
}
