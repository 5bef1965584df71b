//! Trees, mergers and readers.

use jianpai_core::text::Lang;
use proptest::prelude::*;

use super::*;
use crate::diag::Color;
use crate::quantity::{self, Dim};

fn read(text: &str) -> (Files, Option<TableNode>, Diagnostics) {
    let mut files = Files::new();
    let file = files.add("scenario.toml", text);
    let mut diags = Diagnostics::default();
    let tree = parse(&files, file, &mut diags);
    (files, tree, diags)
}

fn tree(text: &str) -> (Files, TableNode) {
    let (files, tree, diags) = read(text);
    assert!(
        diags.is_empty(),
        "{}",
        diags.render(&files, Lang::En, Color::Never)
    );
    (files, tree.expect("a tree"))
}

fn refused(text: &str, lang: Lang) -> String {
    let (files, _, diags) = read(text);
    assert!(diags.has_errors());
    diags.render(&files, lang, Color::Never)
}

#[test]
fn keeps_order_and_places() {
    let (files, root) = tree(
        "zh = \"电力\"\r\n'煤 炭' = 1_000\r\n[b.c]\r\ny = 'a'\r\n[a]\r\nx = [1, 2.5, true]\r\nd.e = +3\r\n",
    );
    let names: Vec<_> = root
        .entries
        .iter()
        .map(|(key, _)| key.name.as_str())
        .collect();
    assert_eq!(names, ["zh", "煤 炭", "b", "a"]);
    assert_eq!(files.slice(root.get_key("煤 炭").unwrap().span), "'煤 炭'");
    let coal = root.get("煤 炭").unwrap();
    assert_eq!(coal.value, Value::Integer(1000));
    assert_eq!(files.slice(coal.span), "1_000");
    assert_eq!(files.slice(root.get("zh").unwrap().span), "\"电力\"");
    let mut diags = Diagnostics::default();
    let a = root.get("a").unwrap().table(&mut diags).unwrap();
    assert_eq!(files.slice(a.span), "[a]");
    let x = a.get("x").unwrap().array(&mut diags).unwrap();
    assert_eq!(files.slice(x[1].span), "2.5");
    assert_eq!(x[2].bool(&mut diags), Some(true));
    let d = a.get("d").unwrap().table(&mut diags).unwrap();
    assert_eq!(d.get("e").unwrap().value, Value::Integer(3));
    assert!(diags.is_empty());
}

#[test]
fn tables_in_arrays_point_at_their_headers() {
    let (files, root) = tree("[[m]]\nk = 1\n[m.coal]\nq = 2\n[[m]]\nk = 3\n");
    let mut diags = Diagnostics::default();
    let items = root.get("m").unwrap().array(&mut diags).unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(items[1].span.start, 27);
    assert_eq!(files.slice(items[1].span), "[[m]]");
    let coal = items[0].table(&mut diags).unwrap().get("coal").unwrap();
    assert_eq!(files.slice(coal.span), "[m.coal]");
}

/// A key in Chinese is none: it is read without quotes.
#[test]
fn every_syntax_error_is_reported() {
    let text = "year = 2025\nx = 300 万t\n煤 = 3\nz = \ny = [1, 2\n";
    insta::assert_snapshot!(refused(text, Lang::En), @r##"
    error[toml-syntax]: texts and quantities must be quoted
     --> scenario.toml:2:5
      |
    2 | x = 300 万t
      |     ^^^^^^^
      |
    help: write `"300 万t"`
      |
    2 - x = 300 万t
    2 + x = "300 万t"
      |

    error[toml-syntax]: TOML syntax: missing value
     --> scenario.toml:4:5
      |
    4 | z = 
      |     ^

    error[toml-syntax]: TOML syntax: unclosed array
     --> scenario.toml:5:10
      |
    5 | y = [1, 2
      |          ^ expected `]`
    "##);
    insta::assert_snapshot!(refused("a = 1\na = 2\nb = \"电\nc 3\n", Lang::Zh), @r##"
    错误[toml-syntax]: TOML 语法错误：键重复
     --> scenario.toml:2:1
      |
    2 | a = 2
      | ^
      |
      = 建议: 两处只留一处

    错误[toml-syntax]: TOML 语法错误：字符串没有结束
     --> scenario.toml:3:7
      |
    3 | b = "电
      |        ^ 此处应为 `"`

    错误[toml-syntax]: TOML 语法错误：键没有值
     --> scenario.toml:4:3
      |
    4 | c 3
      |   ^ 此处应为 `=`
    "##);
}

#[test]
fn dates_and_infinities_are_refused() {
    insta::assert_snapshot!(refused("from = 2015-01-01\nx = nan\ny = 99999999999999999999", Lang::En), @r##"
    error[date]: `2015-01-01` is a date; dates are not used here
     --> scenario.toml:1:8
      |
    1 | from = 2015-01-01
      |        ^^^^^^^^^^
      |
    help: a year is written as an integer; a text goes in quotes
      |
    1 - from = 2015-01-01
    1 + from = 2015
      |

    error[number-range]: not a finite number
     --> scenario.toml:2:5
      |
    2 | x = nan
      |     ^^^
      |
      = help: write an ordinary number, such as 0.9

    error[number-range]: integer out of range
     --> scenario.toml:3:5
      |
    3 | y = 99999999999999999999
      |     ^^^^^^^^^^^^^^^^^^^^
      |
      = help: write an ordinary number, such as 0.9
    "##);
}

#[test]
fn merging_replaces_leaves_and_keeps_order() {
    let (_, base) = tree("a = 1\nb = [1, 2]\n[t]\nx = 1\ny = 2\n");
    let (_, over) = tree("b = [3]\nc = 4\n[t]\ny = 5\nz = 6\n");
    let merged = merge(base, over);
    let names: Vec<_> = merged
        .entries
        .iter()
        .map(|(key, _)| key.name.as_str())
        .collect();
    assert_eq!(names, ["a", "b", "t", "c"]);
    let mut diags = Diagnostics::default();
    assert_eq!(merged.get("b").unwrap().array(&mut diags).unwrap().len(), 1);
    let t = merged.get("t").unwrap().table(&mut diags).unwrap();
    let values: Vec<_> = t
        .entries
        .iter()
        .map(|(key, node)| (key.name.as_str(), node.number(&mut diags)))
        .collect();
    assert_eq!(
        values,
        [("x", Some(1.0)), ("y", Some(5.0)), ("z", Some(6.0))]
    );
    // A table in the way of a leaf, and a leaf in the way of a table, are replaced.
    let (_, base) = tree("a = 1\n[b]\nx = 1\n");
    let (_, over) = tree("b = 2\n[a]\ny = 1\n");
    let merged = merge(base, over);
    assert_eq!(merged.get("b").unwrap().value, Value::Integer(2));
    assert!(merged.get("a").unwrap().table(&mut diags).is_some());
}

/// Reads `[coal]` as a measure would.
fn measure(text: &str, lang: Lang) -> String {
    let (files, root) = tree(text);
    let mut diags = Diagnostics::default();
    let table = root.get("coal").and_then(|node| node.table(&mut diags));
    let mut reader = Reader::new(
        table.expect("a table"),
        Text::new("措施 `coal`", "measure `coal`"),
    );
    reader.string("region");
    let start = reader.required("start");
    start.and_then(|node| node.integer(reader.diags()));
    let speed = reader.optional("speed");
    speed.and_then(|node| node.number(reader.diags()));
    let firm = reader.optional("firm");
    firm.and_then(|node| node.bool(reader.diags()));
    reader.opt_array("years");
    let amount = reader.required("amount");
    amount.and_then(|node| quantity::check(node, Dim::MASS, reader.diags(), "300 万t"));
    reader.finish(&mut diags);
    diags.sort();
    diags.render(&files, lang, Color::Never)
}

#[test]
fn a_reader_is_silent_when_all_is_well() {
    let text = "[coal]\nregion = 'x'\nstart = 2021\nspeed = 2\namount = '300 万t'\n";
    assert_eq!(measure(text, Lang::En), "");
}

#[test]
fn a_reader_reports_missing_and_unknown_keys() {
    let text =
        "# 措施\n[coal]\nregoin = '陕西'\namount = '300 万t'\nstart = 2021\ncolour = 'red'\n";
    insta::assert_snapshot!(measure(text, Lang::En), @r##"
    error[unknown-key]: measure `coal` has no key `regoin`
     --> scenario.toml:3:1
      |
    3 | regoin = '陕西'
      | ^^^^^^ unknown key
      |
    help: did you mean `region`?
      |
    3 - regoin = '陕西'
    3 + region = '陕西'
      |

    error[unknown-key]: measure `coal` has no key `colour`
     --> scenario.toml:6:1
      |
    6 | colour = 'red'
      | ^^^^^^ unknown key
      |
      = help: known keys: `region`, `start`, `speed`, `firm`, `years`, `amount`
    "##);
    insta::assert_snapshot!(measure(text, Lang::Zh), @r##"
    错误[unknown-key]: 措施 `coal` 没有 `regoin` 这一项
     --> scenario.toml:3:1
      |
    3 | regoin = '陕西'
      | ^^^^^^ 未知的键
      |
    建议: 是否指 `region`？
      |
    3 - regoin = '陕西'
    3 + region = '陕西'
      |

    错误[unknown-key]: 措施 `coal` 没有 `colour` 这一项
     --> scenario.toml:6:1
      |
    6 | colour = 'red'
      | ^^^^^^ 未知的键
      |
      = 建议: 可用的键：`region`、`start`、`speed`、`firm`、`years`、`amount`
    "##);
}

#[test]
fn a_missing_key_points_at_the_table() {
    let text = "[coal]\nstart = 2021\n";
    insta::assert_snapshot!(measure(text, Lang::Zh), @r##"
    错误[missing-key]: 措施 `coal` 缺少 `region`
     --> scenario.toml:1:1
      |
    1 | [coal]
      | ^^^^^^ 此处应有 `region`
      |
      = 建议: 加上 `region = …`

    错误[missing-key]: 措施 `coal` 缺少 `amount`
     --> scenario.toml:1:1
      |
    1 | [coal]
      | ^^^^^^ 此处应有 `amount`
      |
      = 建议: 加上 `amount = …`
    "##);
    let (files, root) = tree("\n\nstart = 2021\n");
    let mut reader = Reader::new(&root, Text::new("情景文件", "the scenario"));
    reader.required("name");
    reader.optional("start");
    let mut diags = Diagnostics::default();
    reader.finish(&mut diags);
    let text = diags.render(&files, Lang::Zh, Color::Never);
    insta::assert_snapshot!(text, @r##"
    错误[missing-key]: 情景文件缺少 `name`
     --> scenario.toml:1:1
      |
    1 |
      | ^ 此处应有 `name`
      |
      = 建议: 加上 `name = …`
    "##);
}

#[test]
fn a_reader_reports_wrong_types() {
    let text = "[coal]\nregion = 3\nstart = 2021.5\nfirm = 'yes'\nyears = 2021\nspeed = {a = 1}\namount = '35 t/h'\n";
    insta::assert_snapshot!(measure(text, Lang::En), @r##"
    error[wrong-type]: expected a string, found an integer
     --> scenario.toml:2:10
      |
    2 | region = 3
      |          ^
      |
    help: write `"3"`
      |
    2 - region = 3
    2 + region = "3"
      |

    error[wrong-type]: expected an integer, found a float
     --> scenario.toml:3:9
      |
    3 | start = 2021.5
      |         ^^^^^^
      |
      = help: write it like 2020

    error[wrong-type]: expected true or false, found a string
     --> scenario.toml:4:8
      |
    4 | firm = 'yes'
      |        ^^^^^
      |
      = help: write it like true

    error[wrong-type]: expected an array, found an integer
     --> scenario.toml:5:9
      |
    5 | years = 2021
      |         ^^^^
      |
      = help: write it like ["…"]

    error[wrong-type]: expected a number, found a table
     --> scenario.toml:6:9
      |
    6 | speed = {a = 1}
      |         ^^^^^^^
      |
      = help: write it like 0.9

    error[wrong-dimension]: `35 t/h` is mass/time, not mass
     --> scenario.toml:7:11
      |
    7 | amount = '35 t/h'
      |           ^^^^^^ expected mass
      |
      = help: write it like "300 万t"
    "##);
}

#[test]
fn deep_nesting_is_refused_not_followed() {
    for text in [
        format!("[{}a]\nx = 1", "a.".repeat(20_000)),
        format!("{}a = 1", "a.".repeat(20_000)),
        format!("x = {}", "[".repeat(20_000)),
        format!("x = {}", "{a=".repeat(20_000)),
    ] {
        let (_, _, diags) = read(&text);
        assert!(diags.has_errors());
    }
}

/// What stands in the other lines is read, at its place; a value that cannot be read
/// is there, and its table is told to have lost nothing.
#[test]
fn a_mistake_hides_nothing_in_other_lines() {
    let text = "[a]\nx = 300 万t\n煤 = 3\nz = \ny = 5 5\nlast = 1\n[b]\n天 { 地\nw = \"7\" # 尾\n[b.c\nk = [1,\n  2\nv = 2\n[b.d]\nr = 1\n[b.d]\ns = 2\nq： 3\np = { gas = \"1\"， 煤 = 2 }\n";
    let (files, root, diags) = read(text);
    let root = root.expect("a tree");
    let table = |path: &[&str]| -> TableNode {
        path.iter().fold(root.clone(), |table, key| {
            match &table.get(key).expect(key).value {
                Value::Table(table) => table.clone(),
                other => panic!("{key}: {other:?}"),
            }
        })
    };
    let a = table(&["a"]);
    assert_eq!(a.get("x").unwrap().value, Value::String("300 万t".into()));
    assert_eq!(files.slice(a.get("x").unwrap().span), "300 万t");
    assert_eq!(a.get("煤").unwrap().value, Value::Integer(3));
    assert_eq!(files.slice(a.get_key("煤").unwrap().span), "煤");
    assert_eq!(a.get("z").unwrap().value, Value::Unread);
    assert_eq!(a.get("last").unwrap().value, Value::Integer(1));
    assert!(!a.torn && !root.torn);
    let b = table(&["b"]);
    assert!(b.torn);
    assert_eq!(b.get("w").unwrap().value, Value::String("7".into()));
    assert_eq!(
        files
            .position(
                b.get("w").unwrap().span.file,
                b.get("w").unwrap().span.start
            )
            .0,
        9
    );
    let c = table(&["b", "c"]);
    assert_eq!(c.get("k").unwrap().value, Value::Unread);
    assert_eq!(c.get("v").unwrap().value, Value::Integer(2));
    assert_eq!(
        table(&["b", "d"]).get("r").unwrap().value,
        Value::Integer(1)
    );
    let twice = table(&["b", "d-2"]);
    assert_eq!(twice.get("s").unwrap().value, Value::Integer(2));
    assert_eq!(twice.get("q").unwrap().value, Value::Integer(3));
    let p = table(&["b", "d-2", "p"]);
    assert_eq!(p.get("煤").unwrap().value, Value::Integer(2));
    let lines: Vec<usize> = diags
        .iter()
        .map(|d| {
            files
                .position(d.span().unwrap().file, d.span().unwrap().start)
                .0
        })
        .collect();
    let mut sorted = lines.clone();
    sorted.sort_unstable();
    assert_eq!(
        sorted,
        [2, 4, 5, 8, 10, 11, 16, 18, 19],
        "{}",
        diags.render(&files, Lang::En, Color::Never)
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn never_panics(text in "\\PC{0,60}") {
        let (files, _, diags) = read(&text);
        diags.render(&files, Lang::Zh, Color::Never);
    }

    #[test]
    fn never_panics_near_sense(text in "([ab煤=\\[\\]{}.,\"'\n\r #1-]|\"\"\"|= |\n\\[|''')*") {
        let (files, tree, diags) = read(&text);
        prop_assert!(tree.is_some() || diags.has_errors());
        diags.render(&files, Lang::En, Color::Never);
    }
}
