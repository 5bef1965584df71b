//! The text of a document: headings, contents, paragraphs, tables and figures with captions
//! that count themselves and are referred to by fields.

use super::picture::Picture;
use super::xml::{bookmark, escaped, field, paragraph, run};
use super::{styles, table};
use jianpai_core::text::{Lang, Text};
use jianpai_report::briefing::{Block, Briefing, Section};
use jianpai_report::figures::Plate;

/// The body, and what it refers to.
pub(super) struct Body {
    /// `document.xml`.
    pub xml: String,
    /// The pictures, in order.
    pub pictures: Vec<Picture>,
    /// How many lists there are.
    pub lists: usize,
}

/// The body under construction.
struct Writer<'a> {
    lang: Lang,
    draw: &'a mut dyn FnMut(&Plate) -> Picture,
    out: String,
    pictures: Vec<Picture>,
    lists: usize,
    /// Tables and figures so far.
    tables: usize,
    bookmarks: usize,
}

/// The body of a report.
pub(super) fn of(briefing: &Briefing, lang: Lang, draw: &mut dyn FnMut(&Plate) -> Picture) -> Body {
    let mut writer = Writer {
        lang,
        draw,
        out: String::new(),
        pictures: Vec::new(),
        lists: 0,
        tables: 0,
        bookmarks: 0,
    };
    let title = |style: &str, text: &Text| paragraph(style, "", &run(text.get(lang), ""));
    writer.out += &title("Title", &briefing.title);
    writer.out += &title("Subtitle", &briefing.made);
    writer.contents(&briefing.sections);
    for (s, section) in briefing.sections.iter().enumerate() {
        writer.section(s, section);
    }
    let odd = "<w:footerReference w:type=\"default\" r:id=\"footer1\"/>";
    let even = "<w:footerReference w:type=\"even\" r:id=\"footer2\"/>";
    let page = styles::PAGE;
    let xml = format!(
        "<w:document {NAMES}><w:body>{}<w:sectPr>{odd}{even}{page}</w:sectPr></w:body></w:document>",
        writer.out
    );
    Body {
        xml,
        pictures: writer.pictures,
        lists: writer.lists,
    }
}

/// Namespaces of the document.
const NAMES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
    xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\" \
    xmlns:asvg=\"http://schemas.microsoft.com/office/drawing/2016/SVG/main\"";

/// Chinese numerals for the headings shown in the contents until they are updated.
const NUMERALS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];

/// The numbers of headings as the numbering prints them.
fn numbers(sections: &[Section], lang: Lang) -> Vec<String> {
    let (mut first, mut second) = (0_usize, 0_usize);
    let numeral = |n: usize| match n {
        1..=10 => NUMERALS[n - 1].to_string(),
        n => format!("十{}", NUMERALS[(n - 11) % 10]),
    };
    let number = |section: &Section| {
        if section.level == 1 {
            (first, second) = (first + 1, 0);
        } else {
            second += 1;
        }
        match (section.level, lang) {
            (1, Lang::Zh) => format!("{}、", numeral(first)),
            (_, Lang::Zh) => format!("（{}）", numeral(second)),
            (1, Lang::En) => format!("{first} "),
            (_, Lang::En) => format!("{first}.{second} "),
        }
    };
    sections.iter().map(number).collect()
}

impl Writer<'_> {
    /// The contents: a field, with the headings until somebody updates it, which sets the
    /// page numbers as well.
    fn contents(&mut self, sections: &[Section]) {
        let lang = self.lang;
        self.out += &paragraph("TOCHeading", "", &run(lang.pick("目　录", "Contents"), ""));
        let part = |kind: &str| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
        let code = "<w:r><w:instrText xml:space=\"preserve\"> TOC \\o &quot;1-2&quot; \\h \\z \\u </w:instrText></w:r>";
        let last = sections.len().saturating_sub(1);
        let numbers = numbers(sections, lang);
        for (s, section) in sections.iter().enumerate() {
            let text = format!("{}{}", numbers[s], section.heading.get(lang));
            let link = format!(
                "<w:hyperlink w:anchor=\"_Toc{s}\" w:history=\"1\">{}</w:hyperlink>",
                run(&text, "")
            );
            let before = if s == 0 {
                format!("{}{code}{}", part("begin"), part("separate"))
            } else {
                String::new()
            };
            let after = if s == last {
                part("end")
            } else {
                String::new()
            };
            let style = if section.level == 1 { "TOC1" } else { "TOC2" };
            self.out += &paragraph(style, "", &format!("{before}{link}{after}"));
        }
    }

    fn section(&mut self, number: usize, section: &Section) {
        let lang = self.lang;
        let style = if section.level == 1 {
            "Heading1"
        } else {
            "Heading2"
        };
        let heading = run(section.heading.get(lang), "");
        let heading = self.marked(&format!("_Toc{number}"), &heading);
        self.out += &paragraph(style, "", &heading);
        let mut list = None;
        let mut referred = false;
        for (b, block) in section.blocks.iter().enumerate() {
            let shown = matches!(block, Block::Table(_) | Block::Figure(_));
            if shown && !referred {
                referred = true;
                self.refer(&section.blocks[b..]);
            }
            match block {
                Block::Finding(finding) => {
                    list = None;
                    let text = finding.text();
                    self.out += &paragraph("BodyText", "", &run(text.get(lang), ""));
                }
                Block::Item(finding) => {
                    let id = *list.get_or_insert_with(|| {
                        self.lists += 1;
                        self.lists + 1
                    });
                    let text = finding.text();
                    let number = format!(
                        "<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"{id}\"/></w:numPr>"
                    );
                    self.out += &paragraph("Item", &number, &run(text.get(lang), ""));
                }
                Block::Note(text) => {
                    let note = format!("{}{}", lang.pick("注：", "Note: "), text.get(lang));
                    self.out += &paragraph("Note", "", &run(&note, ""));
                }
                Block::Table(content) => {
                    self.tables += 1;
                    let number = self.tables;
                    let caption = self.caption(Kind::Table, number, &content.title);
                    self.out += &paragraph("Caption", "<w:keepNext/>", &caption);
                    self.out += &table::of(content, lang);
                    self.out += "<w:p><w:pPr><w:pStyle w:val=\"TableGap\"/></w:pPr></w:p>";
                }
                Block::Figure(plate) => self.figure(plate),
            }
        }
    }

    fn figure(&mut self, plate: &Plate) {
        let picture = (self.draw)(plate);
        let number = self.pictures.len() + 1;
        let name = format!("{} {number}", Kind::Figure.word(self.lang));
        let drawn = picture.run(number, &name, plate.alt.get(self.lang));
        self.pictures.push(picture);
        self.out += &paragraph("Picture", "", &drawn);
        let caption = self.caption(Kind::Figure, number, &plate.caption);
        self.out += &paragraph("Caption", "", &caption);
    }

    /// `表 1　目标与判定`: the word and its number are what references repeat.
    fn caption(&mut self, kind: Kind, number: usize, title: &Text) -> String {
        let word = kind.word(self.lang);
        let sequence = field(&format!("SEQ {word} \\* ARABIC"), &number.to_string(), "");
        let label = format!("{}{sequence}", run(&format!("{word} "), ""));
        let label = self.marked(&kind.bookmark(number), &label);
        let gap = self.lang.pick("　", "  ");
        label + &run(&format!("{gap}{}", title.get(self.lang)), "")
    }

    /// Says which tables and figures follow, by references that follow their numbers.
    fn refer(&mut self, blocks: &[Block]) {
        let lang = self.lang;
        let of = |kind: Kind, from: usize| -> Vec<String> {
            let own = blocks.iter().filter(|block| {
                matches!(
                    (kind, block),
                    (Kind::Table, Block::Table(_)) | (Kind::Figure, Block::Figure(_))
                )
            });
            let numbers = own.enumerate().map(|(i, _)| from + i + 1);
            numbers
                .map(|number| {
                    let shown = format!("{} {number}", kind.word(lang));
                    field(&format!("REF {} \\h", kind.bookmark(number)), &shown, "")
                })
                .collect()
        };
        let mut all = of(Kind::Table, self.tables);
        all.extend(of(Kind::Figure, self.pictures.len()));
        let comma = run(lang.pick("、", ", "), "");
        let text = format!(
            "{}{}{}",
            run(lang.pick("详见", "See "), ""),
            all.join(&comma),
            run(lang.pick("。", "."), "")
        );
        self.out += &paragraph("BodyText", "", &text);
    }

    fn marked(&mut self, name: &str, runs: &str) -> String {
        self.bookmarks += 1;
        bookmark(self.bookmarks, name, runs)
    }
}

/// What a caption counts.
#[derive(Clone, Copy)]
enum Kind {
    Table,
    Figure,
}

impl Kind {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Kind::Table => lang.pick("表", "Table"),
            Kind::Figure => lang.pick("图", "Figure"),
        }
    }

    fn bookmark(self, number: usize) -> String {
        match self {
            Kind::Table => format!("_RefTable{number}"),
            Kind::Figure => format!("_RefFigure{number}"),
        }
    }
}

/// A footer with the page's number: `— 1 —`, outside on both sides of a sheet.
pub(super) fn footer(lang: Lang, even: bool) -> String {
    let side = if even { "left" } else { "right" };
    let indent = if even {
        "<w:ind w:leftChars=\"100\" w:left=\"280\"/>"
    } else {
        "<w:ind w:rightChars=\"100\" w:right=\"280\"/>"
    };
    let (before, after) = lang.pick(("— ", " —"), ("", ""));
    let number = field("PAGE", "1", "");
    let text = format!("{}{number}{}", run(before, ""), run(after, ""));
    let text = paragraph(
        "Footer",
        &format!("{indent}<w:jc w:val=\"{side}\"/>"),
        &text,
    );
    format!(
        "<w:ftr xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">{text}</w:ftr>"
    )
}

/// `core.xml`: the title, and what made it.
pub(super) fn core(briefing: &Briefing, lang: Lang) -> String {
    format!(
        "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title><dc:creator>jianpai</dc:creator><dc:language>{}</dc:language></cp:coreProperties>",
        escaped(briefing.title.get(lang)),
        lang.pick("zh-CN", "en-GB")
    )
}
