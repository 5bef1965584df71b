//! What is a table, and what is not.

use jianpai_core::text::Lang;
use proptest::prelude::*;

use super::*;
use crate::diag::Color;

const COLUMNS: &[Column] = &[
    Column::required("region"),
    Column::required("value"),
    Column::optional("note"),
];

fn read(text: &str) -> (Files, Option<Table>, Diagnostics) {
    let mut files = Files::new();
    let file = files.add("data/activity.csv", text);
    let mut diags = Diagnostics::default();
    let table = Table::parse(&files, file, COLUMNS, &mut diags);
    (files, table, diags)
}

fn good(text: &str) -> (Files, Table) {
    let (files, table, diags) = read(text);
    assert!(
        diags.is_empty(),
        "{}",
        diags.render(&files, Lang::En, Color::Never)
    );
    (files, table.expect("a table"))
}

fn bad(text: &str, lang: Lang) -> String {
    let (files, table, mut diags) = read(text);
    if let Some(table) = table {
        for row in table.rows() {
            row.cell("region").text_required(&mut diags);
            row.cell("value").number(&mut diags);
        }
    }
    diags.sort();
    diags.render(&files, lang, Color::Never)
}

/// Line and cell texts of each row.
fn rows(table: &Table) -> Vec<(usize, &str, &str, &str)> {
    table
        .rows()
        .map(|row| {
            (
                row.line(),
                row.cell("region").text,
                row.cell("value").text,
                row.cell("note").text,
            )
        })
        .collect()
}

#[test]
fn columns_may_stand_in_any_order() {
    let (_, table) = good("note,value,region\n说明,1,陕西\n");
    assert_eq!(rows(&table), [(2, "陕西", "1", "说明")]);
    assert!(table.has("note"));
}

#[test]
fn an_absent_optional_column_is_empty() {
    let (files, table) = good("region,value\r\n陕西,１２．５\r\n");
    assert_eq!(rows(&table), [(2, "陕西", "１２．５", "")]);
    let row = table.rows().next().unwrap();
    assert_eq!(files.slice(row.span()), "陕西,１２．５");
    assert_eq!(row.cell("note").span.start, row.span().end);
    let mut diags = Diagnostics::default();
    assert_eq!(row.cell("value").number(&mut diags), Some(12.5));
    assert_eq!(row.cell("note").opt_number(&mut diags), None);
    assert!(diags.is_empty() && !table.has("note"));
}

#[test]
fn quotes_line_breaks_and_blank_lines() {
    let (files, table) = good(
        "region,value,note\r\n\"陕西\",\"1\",\"甲,\"\"乙\"\"\r\n丙\"\r\n\r\n,,\r\n  北京 , 2 ,\u{3000}a\"b\r\n天津,3,\"\"",
    );
    assert_eq!(
        rows(&table),
        [
            (2, "陕西", "1", "甲,\"乙\"\r\n丙"),
            (6, "北京", "2", "a\"b"),
            (7, "天津", "3", "")
        ]
    );
    let spans: Vec<_> = table
        .rows()
        .flat_map(|row| ["region", "value", "note"].map(|name| files.slice(row.cell(name).span)))
        .collect();
    assert_eq!(spans[..3], ["\"陕西\"", "\"1\"", "\"甲,\"\"乙\"\"\r\n丙\""]);
    assert_eq!(spans[3..], ["北京", "2", "a\"b", "天津", "3", "\"\""]);
}

#[test]
fn the_last_line_needs_no_break() {
    assert_eq!(
        rows(&good("region,value,note\na,1,").1),
        [(2, "a", "1", "")]
    );
    assert!(good("region,value,note").1.is_empty());
}

#[test]
fn header_mistakes() {
    insta::assert_snapshot!(bad("地区,vaule,note,remark\n陕西,1,,\n", Lang::En), @r##"
    error[unknown-column]: unknown column `地区`
     --> data/activity.csv:1:1
      |
    1 | 地区,vaule,note,remark
      | ^^^^ unknown column
      |
      = help: known columns: region, value, note

    error[missing-column]: no column `region`
     --> data/activity.csv:1:1
      |
    1 | 地区,vaule,note,remark
      | ^^^^^^^^^^^^^^^^^^^^^^ the header
      |
      = help: add region

    error[missing-column]: no column `value`
     --> data/activity.csv:1:4
      |
    1 | 地区,vaule,note,remark
      |      ^^^^^ is this it?
      |
    help: rename `vaule` to `value`
      |
    1 - 地区,vaule,note,remark
    1 + 地区,value,note,remark
      |

    error[unknown-column]: unknown column `remark`
     --> data/activity.csv:1:15
      |
    1 | 地区,vaule,note,remark
      |                 ^^^^^^ unknown column
      |
      = help: known columns: region, value, note
    "##);
    insta::assert_snapshot!(bad("region,value,value\n", Lang::Zh), @r##"
    错误[duplicate-column]: `value` 列出现两次
     --> data/activity.csv:1:14
      |
    1 | region,value,value
      |        ----- ^^^^^ 又一次
      |        |
      |        先在这里
      |
      = 建议: 删去一列
    "##);
    insta::assert_snapshot!(bad("region,value,nota\n", Lang::En), @r##"
    error[unknown-column]: unknown column `nota`
     --> data/activity.csv:1:14
      |
    1 | region,value,nota
      |              ^^^^ unknown column
      |
    help: did you mean `note`?
      |
    1 - region,value,nota
    1 + region,value,note
      |
    "##);
    insta::assert_snapshot!(bad("region;value;note\na;1;\n", Lang::En), @r##"
    error[wrong-delimiter]: columns must be separated by `,`
     --> data/activity.csv:1:1
      |
    1 | region;value;note
      | ^^^^^^^^^^^^^^^^^ separated by `;`
      |
      = help: in Excel save it as “CSV UTF-8 (comma delimited)”
    "##);
    insta::assert_snapshot!(bad("", Lang::En), @r##"
    error[empty-file]: data/activity.csv is empty
     --> data/activity.csv:1:1
      |
    1 |
      | ^ nothing here
      |
      = help: expected the header region,value,note
    "##);
}

#[test]
fn row_mistakes() {
    let text = "region,value,note\n陕西,八百,\n北京,\"1,300\",\n天津,12..5\n上海,1,a,b\n,25%,\n重庆,,\n四川,NaN,\n";
    insta::assert_snapshot!(bad(text, Lang::En), @r##"
    error[not-a-number]: `value` should be a number, found `八百`
     --> data/activity.csv:2:4
      |
    2 | 陕西,八百,
      |      ^^^^ write it in digits
      |
    help: write `800`
      |
    2 - 陕西,八百,
    2 + 陕西,800,
      |

    error[not-a-number]: `value` should be a number, found `1,300`
     --> data/activity.csv:3:4
      |
    3 | 北京,"1,300",
      |      ^^^^^^^ thousands separators are not allowed
      |
    help: write `1300`
      |
    3 - 北京,"1,300",
    3 + 北京,1300,
      |

    error[ragged-row]: line 4 has 2 cells, expected 3
     --> data/activity.csv:4:1
      |
    4 | 天津,12..5
      | ^^^^^^^^^^ fewer cells than the header has
      |
      = help: a cell left empty keeps its comma

    error[ragged-row]: line 5 has 4 cells, expected 3
     --> data/activity.csv:5:8
      |
    5 | 上海,1,a,b
      |          ^ more cells than the header has
      |
      = help: a cell with a comma in it goes in quotes

    error[empty-cell]: `region` is empty
     --> data/activity.csv:6:1
      |
    6 | ,25%,
      | ^ this cell must be filled in
      |
      = help: without a value leave out the whole row, not the cell

    error[not-a-number]: `value` should be a number, found `25%`
     --> data/activity.csv:6:2
      |
    6 | ,25%,
      |  ^^^ `%` after the number; the unit goes elsewhere
      |
    help: write 0.25
      |
    6 - ,25%,
    6 + ,0.25,
      |

    error[empty-cell]: `value` is empty
     --> data/activity.csv:7:4
      |
    7 | 重庆,,
      |      ^ this cell must be filled in
      |
      = help: without a value leave out the whole row, not the cell

    error[not-a-number]: `value` should be a number, found `NaN`
     --> data/activity.csv:8:4
      |
    8 | 四川,NaN,
      |      ^^^ not a finite number
      |
      = help: write it in digits, such as 0.8
    "##);
    insta::assert_snapshot!(bad("region,value\n陕西,12..5\n,3\n", Lang::Zh), @r##"
    错误[not-a-number]: `value` 应为数，却是 `12..5`
     --> data/activity.csv:2:4
      |
    2 | 陕西,12..5
      |      ^^^^^ 不是数
      |
      = 建议: 写数字，如 0.8

    错误[empty-cell]: `region` 为空
     --> data/activity.csv:3:1
      |
    3 | ,3
      | ^ 此格必填
      |
      = 建议: 没有该值时删去整行，不留空格
    "##);
}

#[test]
fn quote_mistakes() {
    insta::assert_snapshot!(bad("region,value\n\"陕\"西,1\n北京,\"2\n天津,3\n", Lang::En), @r##"
    error[bad-quote]: text after a closing quote
     --> data/activity.csv:2:4
      |
    2 | "陕"西,1
      |     ^^ left over
      |
      = help: put the whole cell in quotes, and double the quotes inside it

    error[unclosed-quote]: the quote in line 3 is never closed
     --> data/activity.csv:3:4
      |
    3 | 北京,"2
      |      ^ opened here
      |
      = help: close it at the end of the cell
    "##);
}

#[test]
fn decoding() {
    assert_eq!(decode("\u{feff}地区".as_bytes()), "地区");
    assert_eq!(decode("地区,值".as_bytes()), "地区,值");
    assert_eq!(decode(&[0xb5, 0xd8, 0xc7, 0xf8, b',', b'1']), "地区,1");
    assert_eq!(decode(&[0xff, 0xfe, 0x30, 0x57, 0x3a, 0x53]), "地区");
    assert_eq!(decode(b""), "");
    let (files, table) = good(&decode(b"region,value\r\n\xc9\xc2\xce\xf7,1\r\n"));
    assert_eq!(rows(&table), [(2, "陕西", "1", "")]);
    assert_eq!(
        files.slice(table.rows().next().unwrap().cell("value").span),
        "1"
    );
}

#[test]
#[should_panic(expected = "was not declared")]
fn an_undeclared_column_is_our_mistake() {
    let (_, table) = good("region,value\na,1\n");
    table.rows().next().unwrap().cell("vaule");
}

/// Quotes a cell if it must be.
fn written(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) || cell.trim() != cell {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn never_panics(text in "(region,value\n)?[a电,\"\r\n\t \u{3000}1]{0,60}") {
        bad(&text, Lang::En);
        let bytes: Vec<u8> = text.bytes().rev().collect();
        decode(&bytes);
    }

    #[test]
    fn cells_come_back(cells in prop::collection::vec(("[a-z电\",\n ]{1,8}", "[0-9]{1,4}"), 0..8)) {
        let mut lines = vec!["region,value".to_owned()];
        lines.extend(cells.iter().map(|(region, value)| format!("{},{value}", written(region))));
        let text = lines.join("\n");
        let (files, table) = good(&text);
        let back: Vec<_> = table
            .rows()
            .map(|row| (row.cell("region").text.to_owned(), row.cell("value").text.to_owned()))
            .collect();
        prop_assert_eq!(back, cells.clone());
        for (row, (region, _)) in table.rows().zip(&cells) {
            prop_assert_eq!(files.slice(row.cell("region").span), written(region));
            prop_assert_eq!(files.position(table.file, row.span().start).0, row.line());
        }
    }
}
