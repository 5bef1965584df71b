//! Reading numbers as a stream: what is read, and what is said of the rest.

use super::*;
use crate::diag::{Color, Diagnostics, Files};
use jianpai_core::text::Lang;
use std::io::Cursor;
use std::io::Read;

fn all(bytes: &[u8]) -> (Header, Numbers) {
    let open = |_: Option<&[usize]>| -> io::Result<Box<dyn Read>> {
        Ok(Box::new(Cursor::new(bytes.to_vec())))
    };
    let source = Source::new(&open).unwrap();
    let header = header(&source).unwrap().unwrap();
    let wanted: Vec<usize> = (0..header.names.len()).collect();
    let numbers = read(&source, &header, &wanted, None).unwrap();
    (header, numbers)
}

fn said(text: &str, lang: Lang) -> String {
    let bytes = text.as_bytes().to_vec();
    let open = |_: Option<&[usize]>| -> io::Result<Box<dyn Read>> {
        Ok(Box::new(Cursor::new(bytes.clone())))
    };
    let source = Source::new(&open).unwrap();
    let (header, numbers) = all(text.as_bytes());
    let (mut files, mut diags) = (Files::new(), Diagnostics::default());
    let lines = numbers.problems.iter().map(|problem| problem.line);
    let excerpt = Excerpt::read(&source, "own.csv", &header, lines, &mut files).unwrap();
    excerpt.explain(&numbers, &mut diags);
    diags.render(&files, lang, Color::Never)
}

#[test]
fn reads_columns_with_the_line_of_every_row() {
    let (header, numbers) =
        all(b"\xef\xbb\xbf\r\n a ,\"b\"\r\n1,TRUE\r\n\r\n,\r\n \"2.5\" , 0\r\n-1e3,1");
    assert_eq!(header.names, ["a", "b"]);
    assert_eq!(header.line, 2);
    assert_eq!(
        numbers.columns,
        [vec![1.0, 2.5, -1000.0], vec![1.0, 0.0, 1.0]]
    );
    assert_eq!(numbers.lines, [3, 6, 7]);
    assert!(numbers.problems.is_empty());
}

#[test]
fn reads_other_encodings() {
    let text = "投入,产出\n1,2\n";
    let (gbk, _, _) = encoding_rs::GB18030.encode(text);
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    for bytes in [text.as_bytes(), &gbk, &utf16] {
        let (header, numbers) = all(bytes);
        assert_eq!(header.names, ["投入", "产出"]);
        assert_eq!(numbers.columns, [vec![1.0], vec![2.0]]);
    }
}

#[test]
fn says_everything_that_is_wrong() {
    let text = "x,y\n1,2\nNaN,1\n\"1,300\",4\n1,2,3\n,5\nabc,八百\n\"1,2\n";
    insta::assert_snapshot!(said(text, Lang::En), @r##"
    error[not-a-number]: `x` is `NaN`, not a finite number
     --> own.csv:3:1
      |
    3 | NaN,1
      | ^^^ not a finite number
      |
      = help: a single one would make every index meaningless: run the model again for this row

    error[not-a-number]: `x` should be a number, found `1,300`
     --> own.csv:4:1
      |
    4 | "1,300",4
      | ^^^^^^^ thousands separators are not allowed
      |
    help: write `1300`
      |
    4 - "1,300",4
    4 + 1300,4
      |

    error[ragged-row]: line 5 has 3 cells, expected 2
     --> own.csv:5:1
      |
    5 | 1,2,3
      | ^^^^^ more cells than the header has

    error[empty-cell]: `x` is empty
     --> own.csv:6:1
      |
    6 | ,5
      | ^ this cell must be filled in
      |
      = help: run the model again for this row; a row of a designed sample cannot be left out

    error[not-a-number]: `x` should be a number, found `abc`
     --> own.csv:7:1
      |
    7 | abc,八百
      | ^^^ not a number
      |
      = help: write it in digits, such as 0.8

    error[not-a-number]: `y` should be a number, found `八百`
     --> own.csv:7:5
      |
    7 | abc,八百
      |     ^^^^ write it in digits
      |
    help: write `800`
      |
    7 - abc,八百
    7 + abc,800
      |

    error[unclosed-quote]: the quote in line 8 is never closed
     --> own.csv:8:1
      |
    8 | "1,2
      | ^^^^ the quote is still open at the end of the file
      |
      = help: close it at the end of the cell
    "##);
}

/// One dialect everywhere: line breaks in quotes, empty cells of spreadsheets, words of
/// data frames.
#[test]
fn reads_what_spreadsheets_and_data_frames_write() {
    let (header, numbers) =
        all(b"a,\"b\n2\",'=c,,\n1,\"2\",True\n3,4,FALSE,,\n\"5\",6,true,,,\n,,,,\n,\n\n");
    assert_eq!(header.names, ["a", "b 2", "=c"]);
    assert_eq!(
        numbers.columns,
        [
            vec![1.0, 3.0, 5.0],
            vec![2.0, 4.0, 6.0],
            vec![1.0, 0.0, 1.0]
        ]
    );
    assert_eq!(numbers.lines, [3, 4, 5]);
    assert!(numbers.problems.is_empty(), "{:?}", numbers.problems);
    let (_, numbers) = all(b"a,b\n1,NA\n\"2\n\",null\n");
    let empty = |problem: &Problem| {
        matches!(
            &problem.fault,
            Fault::Cell {
                error: NumberError::Empty,
                ..
            }
        )
    };
    assert!(numbers.problems.iter().all(empty) && numbers.problems.len() == 2);
    assert_eq!(numbers.problems[1].line, 3);
}

#[test]
fn a_flood_of_mistakes_is_cut() {
    let text = format!("x,y\n{}", "a,1\n".repeat(50));
    let said = said(&text, Lang::En);
    assert_eq!(said.matches("error[").count(), MOST_PROBLEMS);
    assert!(said.contains("30 more of such faults follow"), "{said}");
}

#[test]
fn conditions() {
    let read = |text| Condition::parse(text).unwrap().clauses;
    let clause = |column: &str, comparison, value| Clause {
        column: column.to_string(),
        comparison,
        value,
    };
    assert_eq!(read("all_met"), [clause("all_met", Comparison::Holds, 0.0)]);
    assert_eq!(
        read("y <= 12.5 and not met:so2 且 `a and b`≥-1"),
        [
            clause("y", Comparison::AtMost, 12.5),
            clause("met:so2", Comparison::Fails, 0.0),
            clause("a and b", Comparison::AtLeast, -1.0),
        ]
    );
    for bad in ["", "y <=", "y < z", "<= 3", "y and "] {
        assert!(Condition::parse(bad).is_err(), "{bad}");
    }
}
