//! Styles and numbering. Chinese documents follow GB/T 9704—2012: 三号仿宋 on lines of 28 pt, 22
//! lines of 28 characters a page, headings 一、黑体 and （一）楷体; English ones are set in Times.

use jianpai_core::text::Lang;

/// A page of official papers: A4, 37 mm above, 28 mm left, a type area of 156 × 225 mm.
pub(super) const PAGE: &str = "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>\
    <w:pgMar w:top=\"2098\" w:right=\"1474\" w:bottom=\"1985\" w:left=\"1588\" w:header=\"851\" w:footer=\"1418\" w:gutter=\"0\"/>";

/// Fonts of a language: body, title, first and second headings, tables and notes.
struct Fonts {
    body: &'static str,
    title: &'static str,
    first: &'static str,
    second: &'static str,
    /// Half points of the body.
    size: u32,
    /// Line spacing of the body, with its rule.
    line: &'static str,
}

fn fonts(lang: Lang) -> Fonts {
    match lang {
        Lang::Zh => Fonts {
            body: "仿宋_GB2312",
            title: "方正小标宋简体",
            first: "黑体",
            second: "楷体_GB2312",
            size: 32,
            line: "w:line=\"560\" w:lineRule=\"exact\"",
        },
        Lang::En => Fonts {
            body: "仿宋_GB2312",
            title: "黑体",
            first: "黑体",
            second: "黑体",
            size: 24,
            line: "w:line=\"340\" w:lineRule=\"atLeast\"",
        },
    }
}

/// A style of paragraphs.
struct Style<'a> {
    id: &'a str,
    name: &'a str,
    based: &'a str,
    next: &'a str,
    paragraph: String,
    run: String,
    /// Whether the list of styles shows it first.
    quick: bool,
}

impl Style<'_> {
    fn xml(&self) -> String {
        let Style {
            id,
            name,
            based,
            next,
            paragraph,
            run,
            quick,
        } = self;
        let quick = if *quick { "<w:qFormat/>" } else { "" };
        format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/>\
             <w:basedOn w:val=\"{based}\"/><w:next w:val=\"{next}\"/>{quick}\
             <w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
        )
    }
}

/// Chinese characters in one font, Latin ones in another.
fn faces(latin: &str, chinese: &str) -> String {
    format!(
        "<w:rFonts w:ascii=\"{latin}\" w:hAnsi=\"{latin}\" w:cs=\"{latin}\" w:eastAsia=\"{chinese}\"/>"
    )
}

fn size(half_points: u32) -> String {
    format!("<w:sz w:val=\"{half_points}\"/><w:szCs w:val=\"{half_points}\"/>")
}

/// The font of Latin letters and digits.
const LATIN: &str = "Times New Roman";

/// Styles of running text: titles, paragraphs, items, headings.
fn text_styles(lang: Lang) -> Vec<Style<'static>> {
    let f = fonts(lang);
    let latin = LATIN;
    let heading_latin = lang.pick(LATIN, "Arial");
    let bold = lang.pick("", "<w:b/><w:bCs/>");
    let small = lang.pick(24, 20);
    let body = f.size;
    // Two characters.
    let indent = lang.pick("<w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/>", "");
    let after = lang.pick("0", "120");
    let head = |id: &'static str, level: u8, font: &str, size_of: u32, gap: &str| Style {
        id,
        name: match level {
            0 => "heading 1",
            1 => "heading 2",
            _ => "heading 3",
        },
        based: "Normal",
        next: "BodyText",
        paragraph: format!(
            "<w:keepNext/><w:keepLines/><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"1\"/></w:numPr>{gap}<w:jc w:val=\"left\"/><w:outlineLvl w:val=\"{level}\"/>"
        ),
        run: faces(heading_latin, font) + bold + &size(size_of),
        quick: true,
    };
    let gap = lang.pick(
        "",
        "<w:spacing w:before=\"280\" w:after=\"100\" w:line=\"240\" w:lineRule=\"auto\"/>",
    );
    vec![
        Style {
            id: "Title",
            name: "Title",
            based: "Normal",
            next: "Subtitle",
            paragraph: "<w:spacing w:before=\"240\" w:after=\"240\" w:line=\"700\" w:lineRule=\"atLeast\"/><w:jc w:val=\"center\"/>".into(),
            run: faces(heading_latin, f.title) + bold + &size(lang.pick(44, 40)),
            quick: true,
        },
        Style {
            id: "Subtitle",
            name: "Subtitle",
            based: "Normal",
            next: "BodyText",
            paragraph: "<w:spacing w:after=\"360\" w:line=\"360\" w:lineRule=\"atLeast\"/><w:jc w:val=\"center\"/>".into(),
            run: faces(latin, f.second) + &size(small),
            quick: true,
        },
        Style {
            id: "BodyText",
            name: "Body Text",
            based: "Normal",
            next: "BodyText",
            paragraph: format!("<w:spacing w:after=\"{after}\" {}/>{indent}", f.line),
            run: String::new(),
            quick: true,
        },
        Style {
            id: "Item",
            name: lang.pick("分项", "Item"),
            based: "BodyText",
            next: "Item",
            paragraph: String::new(),
            run: String::new(),
            quick: true,
        },
        head("Heading1", 0, f.first, lang.pick(body, 30), gap),
        head("Heading2", 1, f.second, lang.pick(body, 26), gap),
        head("Heading3", 2, f.body, lang.pick(body, 24), gap),
    ]
}

/// Styles of tables, figures and notes, of the contents, and of what stands below a page.
fn other_styles(lang: Lang) -> Vec<Style<'static>> {
    let f = fonts(lang);
    let latin = LATIN;
    let heading_latin = lang.pick(LATIN, "Arial");
    let bold = lang.pick("", "<w:b/><w:bCs/>");
    let small = lang.pick(24, 20);
    let body = f.size;
    let note = lang.pick(21, 18);
    vec![
        Style {
            id: "Caption",
            name: "caption",
            based: "Normal",
            next: "BodyText",
            paragraph: "<w:spacing w:before=\"160\" w:after=\"80\" w:line=\"300\" w:lineRule=\"atLeast\"/><w:jc w:val=\"center\"/>".into(),
            run: faces(heading_latin, "黑体") + bold + &size(small),
            quick: true,
        },
        Style {
            id: "Picture",
            name: lang.pick("图", "Picture"),
            based: "Normal",
            next: "Caption",
            paragraph: "<w:keepNext/><w:spacing w:before=\"160\" w:line=\"240\" w:lineRule=\"auto\"/><w:jc w:val=\"center\"/>".into(),
            run: String::new(),
            quick: true,
        },
        Style {
            id: "TableText",
            name: lang.pick("表文", "Table text"),
            based: "Normal",
            next: "TableText",
            paragraph: "<w:spacing w:before=\"20\" w:after=\"20\" w:line=\"260\" w:lineRule=\"atLeast\"/><w:jc w:val=\"left\"/>".into(),
            run: faces(latin, "宋体") + &size(21),
            quick: true,
        },
        Style {
            id: "TableGap",
            name: lang.pick("表间", "Table gap"),
            based: "Normal",
            next: "BodyText",
            paragraph: "<w:spacing w:line=\"200\" w:lineRule=\"exact\"/>".into(),
            run: String::new(),
            quick: false,
        },
        Style {
            id: "Note",
            name: lang.pick("注", "Note"),
            based: "Normal",
            next: "BodyText",
            paragraph: "<w:spacing w:before=\"60\" w:after=\"160\" w:line=\"300\" w:lineRule=\"atLeast\"/><w:jc w:val=\"both\"/>".into(),
            run: faces(latin, "宋体") + &size(note),
            quick: true,
        },
        Style {
            id: "TOCHeading",
            name: "TOC Heading",
            based: "Normal",
            next: "BodyText",
            paragraph: "<w:spacing w:before=\"120\" w:after=\"120\" w:line=\"400\" w:lineRule=\"atLeast\"/><w:jc w:val=\"center\"/>".into(),
            run: faces(heading_latin, f.first) + bold + &size(lang.pick(body, 26)),
            quick: false,
        },
        toc("TOC1", "toc 1", "0", small),
        toc("TOC2", "toc 2", "420", small),
        Style {
            id: "Footer",
            name: "footer",
            based: "Normal",
            next: "Footer",
            paragraph: "<w:spacing w:line=\"240\" w:lineRule=\"auto\"/>".into(),
            run: faces(lang.pick("宋体", latin), "宋体") + &size(lang.pick(28, 20)),
            quick: false,
        },
    ]
}

/// `styles.xml`.
pub(super) fn styles(lang: Lang) -> String {
    let f = fonts(lang);
    let (latin, body) = (LATIN, f.size);
    let justify = lang.pick("both", "left");
    let mut all = text_styles(lang);
    all.extend(other_styles(lang));
    let all = all.iter().map(Style::xml).collect::<Vec<_>>().concat();
    let default = faces(latin, f.body) + &size(body);
    format!(
        "<w:styles {NAMES}><w:docDefaults><w:rPrDefault><w:rPr>{default}<w:lang w:val=\"en-GB\" w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/><w:pPr><w:widowControl w:val=\"0\"/><w:jc w:val=\"{justify}\"/></w:pPr></w:style>\
         <w:style w:type=\"character\" w:default=\"1\" w:styleId=\"DefaultParagraphFont\"><w:name w:val=\"Default Paragraph Font\"/></w:style>\
         <w:style w:type=\"character\" w:styleId=\"Hyperlink\"><w:name w:val=\"Hyperlink\"/></w:style>\
         <w:style w:type=\"numbering\" w:default=\"1\" w:styleId=\"NoList\"><w:name w:val=\"No List\"/></w:style>\
         <w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\"><w:name w:val=\"Normal Table\"/><w:tblPr><w:tblInd w:w=\"0\" w:type=\"dxa\"/><w:tblCellMar><w:top w:w=\"0\" w:type=\"dxa\"/><w:left w:w=\"108\" w:type=\"dxa\"/><w:bottom w:w=\"0\" w:type=\"dxa\"/><w:right w:w=\"108\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style>\
         {TABLE}{all}</w:styles>"
    )
}

fn toc(id: &'static str, name: &'static str, left: &str, half_points: u32) -> Style<'static> {
    Style {
        id,
        name,
        based: "Normal",
        next: "Normal",
        paragraph: format!(
            "<w:tabs><w:tab w:val=\"right\" w:leader=\"dot\" w:pos=\"8834\"/></w:tabs><w:spacing w:line=\"400\" w:lineRule=\"atLeast\"/><w:ind w:left=\"{left}\"/><w:jc w:val=\"left\"/>"
        ),
        run: size(half_points),
        quick: false,
    }
}

/// Three rules: above, below the header row, below; hairlines between rows.
const TABLE: &str = "<w:style w:type=\"table\" w:styleId=\"Figures\"><w:name w:val=\"Figures\"/><w:basedOn w:val=\"TableNormal\"/>\
    <w:tblPr><w:tblBorders><w:top w:val=\"single\" w:sz=\"12\" w:space=\"0\" w:color=\"1F2933\"/>\
    <w:bottom w:val=\"single\" w:sz=\"12\" w:space=\"0\" w:color=\"1F2933\"/>\
    <w:insideH w:val=\"single\" w:sz=\"2\" w:space=\"0\" w:color=\"C9D0D7\"/></w:tblBorders>\
    <w:tblCellMar><w:left w:w=\"70\" w:type=\"dxa\"/><w:right w:w=\"70\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr>\
    <w:tblStylePr w:type=\"firstRow\"><w:tcPr><w:tcBorders><w:bottom w:val=\"single\" w:sz=\"6\" w:space=\"0\" w:color=\"1F2933\"/></w:tcBorders></w:tcPr></w:tblStylePr></w:style>";

/// The namespace of styles and numbering.
const NAMES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

/// `numbering.xml`: the headings' levels, and `lists` lists of items, each from 1.
pub(super) fn numbering(lang: Lang, lists: usize) -> String {
    let level = |at: u8, format: &str, text: &str, style: &str, indent: &str| {
        let style = match style {
            "" => String::new(),
            style => format!("<w:pStyle w:val=\"{style}\"/>"),
        };
        let suffix = lang.pick("nothing", "space");
        format!(
            "<w:lvl w:ilvl=\"{at}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/>{style}<w:suff w:val=\"{suffix}\"/>\
             <w:lvlText w:val=\"{text}\"/><w:lvlJc w:val=\"left\"/><w:pPr>{indent}</w:pPr></w:lvl>"
        )
    };
    let two = "<w:ind w:left=\"0\" w:firstLineChars=\"200\" w:firstLine=\"640\"/>";
    let hanging = "<w:ind w:left=\"340\" w:hanging=\"340\"/>";
    let none = "<w:ind w:left=\"0\" w:firstLine=\"0\"/>";
    let (headings, items) = match lang {
        Lang::Zh => (
            [
                level(0, "chineseCountingThousand", "%1、", "Heading1", two),
                level(1, "chineseCountingThousand", "（%2）", "Heading2", two),
                level(2, "decimal", "%3．", "Heading3", two),
            ]
            .concat(),
            level(0, "decimal", "%1．", "", two),
        ),
        Lang::En => (
            [
                level(0, "decimal", "%1", "Heading1", none),
                level(1, "decimal", "%1.%2", "Heading2", none),
                level(2, "decimal", "%1.%2.%3", "Heading3", none),
            ]
            .concat(),
            level(0, "decimal", "%1.", "", hanging),
        ),
    };
    let nums: Vec<String> = (0..lists)
        .map(|list| {
            format!(
                "<w:num w:numId=\"{}\"><w:abstractNumId w:val=\"2\"/><w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"1\"/></w:lvlOverride></w:num>",
                list + 2
            )
        })
        .collect();
    format!(
        "<w:numbering {NAMES}><w:abstractNum w:abstractNumId=\"1\"><w:multiLevelType w:val=\"multilevel\"/>{headings}</w:abstractNum>\
         <w:abstractNum w:abstractNumId=\"2\"><w:multiLevelType w:val=\"singleLevel\"/>{items}</w:abstractNum>\
         <w:num w:numId=\"1\"><w:abstractNumId w:val=\"1\"/></w:num>{}</w:numbering>",
        nums.concat()
    )
}

/// `fontTable.xml`: what stands in where a font of official papers is not installed.
pub(super) fn font_table() -> String {
    let font = |name: &str, other: &str| {
        format!(
            "<w:font w:name=\"{name}\"><w:altName w:val=\"{other}\"/><w:charset w:val=\"86\"/><w:family w:val=\"auto\"/><w:pitch w:val=\"variable\"/></w:font>"
        )
    };
    format!(
        "<w:fonts {NAMES}>{}{}{}</w:fonts>",
        font("仿宋_GB2312", "仿宋"),
        font("楷体_GB2312", "楷体"),
        font("方正小标宋简体", "宋体")
    )
}
