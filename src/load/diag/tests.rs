//! How diagnostics are drawn.

use proptest::prelude::*;

use super::*;

/// One file, and the span of the first `part` in it.
fn file_and(text: &str, part: &str) -> (Files, Span) {
    let mut files = Files::new();
    let file = files.add("情景.toml", text);
    let start = text.find(part).expect("part in text");
    (files, Span::new(file, start, start + part.len()))
}

fn shown(files: &Files, item: Diagnostic, lang: Lang) -> String {
    let mut diags = Diagnostics::default();
    diags.push(item);
    diags.render(files, lang, Color::Never)
}

fn unknown_region(span: Span) -> Diagnostic {
    Diagnostic::error(
        "unknown-region",
        Text::new("没有地区 `陕溪`", "no region `陕溪`"),
    )
    .label(span, Text::new("未知的地区", "unknown region"))
}

#[test]
fn carets_stand_under_chinese() {
    let (files, span) = file_and("名 = 1\r\nregion = \"煤炭 陕溪\"\r\nyear = 2\r\n", "陕溪");
    let item = unknown_region(span).suggest(span, "陕西");
    insta::assert_snapshot!(shown(&files, item.clone(), Lang::En), @r##"
    error[unknown-region]: no region `陕溪`
     --> 情景.toml:2:14
      |
    2 | region = "煤炭 陕溪"
      |                ^^^^ unknown region
      |
    help: write `陕西`
      |
    2 - region = "煤炭 陕溪"
    2 + region = "煤炭 陕西"
      |
    "##);
    insta::assert_snapshot!(shown(&files, item, Lang::Zh), @r##"
    错误[unknown-region]: 没有地区 `陕溪`
     --> 情景.toml:2:14
      |
    2 | region = "煤炭 陕溪"
      |                ^^^^ 未知的地区
      |
    建议: 改写为 `陕西`
      |
    2 - region = "煤炭 陕溪"
    2 + region = "煤炭 陕西"
      |
    "##);
}

#[test]
fn labels_may_stand_in_two_files() {
    let (mut files, span) = file_and("region = \"DEU2\"\n", "DEU2");
    let text = "id,name\nCHN,中国\nDEU,德国\n";
    let csv = files.add("data/regions.csv", text);
    let start = text.find("DEU").expect("DEU");
    let item = Diagnostic::error("unknown-region", Text::same("no region `DEU2`"))
        .label(span, Text::same("did you mean `DEU`?"))
        .label(Span::new(csv, start, start + 3), Text::same("defined here"))
        .note(Text::same("regions are in data/regions.csv"))
        .help(Text::same("add a row, or use one that exists"));
    insta::assert_snapshot!(shown(&files, item, Lang::En), @r##"
    error[unknown-region]: no region `DEU2`
     --> 情景.toml:1:11
      |
    1 | region = "DEU2"
      |           ^^^^ did you mean `DEU`?
      |
     ::: data/regions.csv:3:1
      |
    3 | DEU,德国
      | --- defined here
      |
      = note: regions are in data/regions.csv
      = help: add a row, or use one that exists
    "##);
}

#[test]
fn two_labels_in_one_file() {
    let (files, span) = file_and("a = 1\nb = 2\nc = 3\nd = 4\ne = 5\nf = 6\na = 7\n", "a = 7");
    let first = Span::new(span.file, 0, 1);
    let again = Span::new(span.file, span.start, span.start + 1);
    let item = Diagnostic::warning("twice", Text::same("`a` is set twice"))
        .label(again, Text::same("again here"))
        .label(first, Text::same("first here"));
    insta::assert_snapshot!(shown(&files, item, Lang::En), @r##"
    warning[twice]: `a` is set twice
     --> 情景.toml:7:1
      |
    1 | a = 1
      | - first here
    ...
    7 | a = 7
      | ^ again here
    "##);
}

#[test]
fn long_lines_are_cut_around_the_place() {
    let text = format!("{}八百,{}\n", "电力行业,".repeat(40), "x,".repeat(100));
    let (files, span) = file_and(&text, "八百");
    let item = Diagnostic::error("not-a-number", Text::same("not a number"))
        .label(span, Text::same("write it in digits"))
        .suggest(span, "800");
    insta::assert_snapshot!(shown(&files, item, Lang::En), @r##"
    error[not-a-number]: not a number
     --> 情景.toml:1:201
      |
    1 | ...力行业,电力行业,电力行业,电力行业,电力行业,电力行业,八百,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x...
      |                                                        ^^^^ write it in digits
      |
      = help: write `800`
    "##);
}

#[test]
fn a_tall_span_shows_its_first_line() {
    let (files, span) = file_and("x = [\n1,\n2,\n3,\n4,\n]\n", "[\n1,\n2,\n3,\n4,\n]");
    let item = Diagnostic::error("long", Text::same("too long")).label(span, Text::same("this"));
    insta::assert_snapshot!(shown(&files, item, Lang::En), @r##"
    error[long]: too long
     --> 情景.toml:1:5
      |
    1 | x = [
      |     ^ this
    "##);
}

#[test]
fn without_a_place_there_is_only_the_text() {
    let item = Diagnostic::warning("odd", Text::new("有些怪", "odd"))
        .note(Text::new("事实", "a fact"))
        .help(Text::new("办法", "a way out"));
    insta::assert_snapshot!(shown(&Files::new(), item.clone(), Lang::Zh), @r##"
    警告[odd]: 有些怪
     |
     = 说明: 事实
     = 建议: 办法
    "##);
    insta::assert_snapshot!(shown(&Files::new(), item, Lang::En), @r##"
    warning[odd]: odd
     |
     = note: a fact
     = help: a way out
    "##);
}

#[test]
fn the_end_of_an_empty_file_can_be_shown() {
    let mut files = Files::new();
    let file = files.add("empty.toml", "");
    let item = Diagnostic::error("missing-key", Text::same("no `name`"))
        .label(Span::new(file, 0, 0), Text::same("here"));
    insta::assert_snapshot!(shown(&files, item, Lang::En), @r##"
    error[missing-key]: no `name`
     --> empty.toml:1:1
      |
    1 |
      | ^ here
    "##);
}

#[test]
fn colour_is_ansi() {
    let (files, span) = file_and("region = \"陕溪\"", "陕溪");
    let mut diags = Diagnostics::default();
    diags.push(unknown_region(span));
    assert!(
        diags
            .render(&files, Lang::Zh, Color::Always)
            .contains("\u{1b}[")
    );
    assert!(
        !diags
            .render(&files, Lang::Zh, Color::Never)
            .contains('\u{1b}')
    );
}

#[test]
fn blocks_are_a_line_apart() {
    let (files, span) = file_and("a = 陕溪", "陕溪");
    let mut diags = Diagnostics::default();
    let other = unknown_region(span).help(Text::new("改", "change"));
    diags.extend([unknown_region(span), other, unknown_region(span)]);
    let text = diags.render(&files, Lang::En, Color::Never);
    assert!(text.contains("\n\nerror["));
    assert_eq!(
        text.matches("error[").count(),
        2,
        "the third is the first again"
    );
}

#[test]
fn json_counts_characters() {
    let (files, span) = file_and("名 = 1\n地区 = \"陕溪\"\n", "陕溪");
    let mut diags = Diagnostics::default();
    diags.push(unknown_region(span).help(Text::new("改", "change")));
    diags.push(Diagnostic::warning("odd", Text::new("怪", "odd")));
    assert_eq!(
        diags.to_json(&files, Lang::En),
        serde_json::json!([
            {
                "file": "情景.toml", "line": 2, "column": 7, "code": "unknown-region",
                "severity": "error", "message": "no region `陕溪`", "help": "change",
            },
            {
                "file": null, "line": null, "column": null, "code": "odd",
                "severity": "warning", "message": "odd", "help": null,
            },
        ])
    );
}

#[test]
fn sorting_follows_files_and_places() {
    let at = |file, start| {
        Diagnostic::error("x", Text::default())
            .label(Span::new(FileId(file), start, start + 1), Text::default())
    };
    let mut diags = Diagnostics::default();
    diags.extend([
        at(1, 0),
        at(0, 9),
        at(0, 2),
        Diagnostic::warning("x", Text::default()),
    ]);
    assert!(diags.has_errors());
    diags.sort();
    let starts: Vec<_> = diags
        .iter()
        .map(|item| item.span().map(|s| (s.file.0, s.start)))
        .collect();
    assert_eq!(starts, [None, Some((0, 2)), Some((0, 9)), Some((1, 0))]);
}

#[test]
fn nearest_knows_when_to_be_silent() {
    let ids = [
        "industrial-steam",
        "thermal-power",
        "coke",
        "steel",
        "km",
        "水泥",
        "钢铁",
    ];
    for (word, expected) in [
        ("thermal_power", Some("thermal-power")),
        ("Thermal-Pwoer", Some("thermal-power")),
        ("steam", Some("industrial-steam")),
        ("stel", Some("steel")),
        ("水尼", Some("水泥")),
        ("kg", None),
        ("banana", None),
        ("", None),
    ] {
        assert_eq!(nearest(word, ids), expected, "{word}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_span_can_be_shown(text in "[a电\r\n\t,\u{301}😀\u{200b} \"]{0,80}", ends in (0usize..300, 0usize..300), wide in 1usize..40) {
        let mut files = Files::new();
        let file = files.add("x", text.repeat(wide));
        let span = Span::new(file, ends.0, ends.1);
        let item = Diagnostic::error("x", Text::same("x"))
            .label(span, Text::same("标"))
            .label(Span::new(file, ends.1, ends.0), Text::same("b"))
            .suggest(span, "新");
        shown(&files, item, Lang::Zh);
        files.position(file, ends.0);
        files.slice(span);
    }
}
