//! What is a quantity, and what is not.

use proptest::prelude::*;

use super::*;
use crate::diag::{Color, Files};
use jianpai_core::text::Lang;

/// A text, a unit to express it in, and how many of that unit it is.
const READS: &[(&str, &str, f64)] = &[
    ("300 万t", "t", 3e6),
    ("35 t/h", "t/h", 35.0),
    ("25 %", "", 0.25),
    ("５０％", "", 0.5),
    ("2‰", "", 0.002),
    ("-3 个百分点", "", -0.03),
    ("1.5 pp", "%", 1.5),
    ("0.25", "", 0.25),
    ("5000 万t km", "t·km", 5e7),
    ("5000 万吨公里", "t.km", 5e7),
    ("1.2 亿元", "CNY", 1.2e8),
    ("18000 万吨标准煤", "tce", 1.8e8),
    ("1 吨标煤", "kgce", 1000.0),
    ("3 t 标准煤", "tce", 3.0),
    ("3000 蒸吨", "t/h", 3000.0),
    ("3000 蒸吨/时", "t/h", 3000.0),
    ("3000蒸吨/小时", "蒸吨", 3000.0),
    ("120 万户", "household", 1.2e6),
    ("50 万m3/d", "m3/d", 5e5),
    ("50 万m³/日", "万立方米/天", 50.0),
    ("2 m^3", "m3", 2.0),
    ("2 km^3", "m3", 2e9),
    ("600 MW", "kW", 6e5),
    ("60万千瓦", "MW", 600.0),
    ("1410 台", "boilers", 1410.0),
    ("4364 h", "h", 4364.0),
    ("0.3 kg/t", "t/t", 3e-4),
    ("2.66 t/tce", "tCO2/tce", 2.66),
    ("2.66 tCO₂/tce", "t/tce", 2.66),
    ("5 kg NH3-N/d", "kg/d", 5.0),
    ("1 kWh", "MJ", 3.6),
    ("1 亿千瓦时", "kWh", 1e8),
    ("1 tce", "GJ", GJ_PER_TCE),
    ("1 tce", "大卡", 7e6),
    ("18,000 t", "t", 18000.0),
    ("１８，０００　ｔ", "t", 18000.0),
    ("3×10^4 t", "万t", 3.0),
    ("10⁴ t", "t", 1e4),
    ("300 1e4 t", "t", 3e6),
    ("300 万", "", 3e6),
    ("12 元每吨", "CNY/t", 12.0),
    ("7 t h⁻¹", "t/h", 7.0),
    ("7 t h-1", "t/h", 7.0),
    ("0.5 g/(t·km)", "g/t km", 0.5),
    ("5 %／年", "%/a", 5.0),
    ("1/4", "", 0.25),
    ("3 万辆", "vehicles", 3e4),
    ("2 头", "head", 2.0),
    ("9 百万人", "persons", 9e6),
];

/// The value in another unit.
fn in_unit(quantity: &Quantity, unit: &str) -> Result<f64, QuantityError> {
    let (scale, dim) = parse_unit(unit)?;
    Ok(quantity.to(dim)? / scale)
}

#[test]
fn reads_what_planners_write() {
    for (text, unit, expected) in READS {
        let quantity = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let value = match *unit {
            "" => quantity.to(Dim::NONE),
            unit => in_unit(&quantity, unit),
        };
        let value = value.unwrap_or_else(|error| panic!("{text} in {unit}: {error}"));
        assert!(
            (value - expected).abs() <= 1e-12 * expected.abs(),
            "{text} = {value} {unit}"
        );
    }
}

#[test]
fn keeps_what_must_be_exact() {
    assert_eq!(in_unit(&parse("35 t/h").unwrap(), "t/h"), Ok(35.0));
    assert_eq!(parse("25 %").unwrap().to(Dim::NONE), Ok(0.25));
    assert_eq!(parse("300 万t").unwrap().to(Dim::MASS), Ok(3e6));
    assert_eq!(parse("1.2 亿元").unwrap().to(Dim::MONEY), Ok(1.2e8));
}

#[test]
fn units_carry_their_scale() {
    assert_eq!(parse_unit("1e4 t"), Ok((1e4, Dim::MASS)));
    assert_eq!(parse_unit("1e8 CNY"), Ok((1e8, Dim::MONEY)));
    assert_eq!(parse_unit("%"), Ok((0.01, Dim::NONE)));
    assert_eq!(parse_unit("1e8 t.km"), Ok((1e8, Dim::FREIGHT)));
    assert_eq!(parse_unit("1e4 households"), Ok((1e4, Dim::HOUSEHOLD)));
    let (scale, dim) = parse_unit("t/1e8 kWh").unwrap();
    assert_eq!(dim, Dim::MASS.per(Dim::ENERGY));
    let (kwh, _) = parse_unit("kWh").unwrap();
    assert!((scale * kwh * 1e8 - 1.0).abs() < 1e-12);
    assert_eq!(
        parse_unit("CNY/1e4 vehicles").unwrap().1,
        Dim::MONEY.per(Dim::VEHICLE)
    );
}

/// The part at fault, and what is offered instead.
fn fault(text: &str) -> (String, QuantityErrorKind, Option<String>) {
    let error = parse(text).expect_err(text);
    (
        text[error.range.clone()].to_owned(),
        error.kind,
        error.suggestion,
    )
}

#[test]
fn offers_the_unit_that_was_meant() {
    for (text, part, better) in [
        ("300 万顿", "万顿", "万吨"),
        ("300 萬噸", "萬噸", "万吨"),
        ("3 亿原", "亿原", "亿元"),
        ("5 吨标准媒", "吨标准媒", "吨标准煤"),
        ("300 KG", "KG", "kg"),
        ("300 万kwh", "万kwh", "万kWh"),
        ("3 t/hous", "hous", "hour"),
        ("3 t/yera", "yera", "year"),
        ("3 万吨公理", "万吨公理", "万吨公里"),
        ("1 200 t", "1 200", "1200"),
    ] {
        let (found, _, suggestion) = fault(text);
        assert_eq!(
            (found.as_str(), suggestion.as_deref()),
            (part, Some(better)),
            "{text}"
        );
    }
}

#[test]
fn offers_nothing_rather_than_something_else() {
    for text in [
        "3 tC",
        "3 t CO2e",
        "3 t coal",
        "3 kg coating",
        "3 吨煤",
        "3 xx",
    ] {
        assert_eq!(fault(text).2, None, "{text}");
    }
}

#[test]
fn says_what_is_wrong_and_where() {
    use QuantityErrorKind as Kind;
    for (text, part, kind) in [
        ("", "", Kind::Empty),
        ("  ", "  ", Kind::Empty),
        ("万吨", "万吨", Kind::MissingNumber),
        ("t 300", "t", Kind::MissingNumber),
        ("12..5 t", "12..5", Kind::BadNumber),
        ("1,30 t", "1,30", Kind::BadNumber),
        ("300 400 t", "300 400", Kind::TwoNumbers),
        ("3 t 4 h", "4", Kind::TwoNumbers),
        ("3 t/", "", Kind::Dangling),
        ("3 t)", ")", Kind::Bracket),
        ("3 (t", "", Kind::Bracket),
        ("3 t//h", "/", Kind::Dangling),
        ("35 t/h*a", "*", Kind::AmbiguousProduct),
        ("3 t^0.5", "0.5", Kind::BadPower),
        ("3 标准煤", "标准煤", Kind::NotAfterMass("标准煤".into())),
        ("3 t?", "?", Kind::UnexpectedChar('?')),
        ("3-5 t", "-", Kind::UnexpectedChar('-')),
        ("1e999 t", "1e999", Kind::NotFinite),
        ("1 t/0 h", "1 t/0 h", Kind::NotFinite),
        ("nan t", "nan", Kind::UnknownUnit("nan".into())),
        ("3 t CO2e", "CO2e", Kind::UnknownUnit("CO2e".into())),
    ] {
        let (found, error, _) = fault(text);
        assert_eq!((found.as_str(), error), (part, kind), "{text}");
    }
}

#[test]
fn dimensions_have_words() {
    assert_eq!(Dim::MASS.to_string(), "重量（吨） mass");
    assert_eq!(Dim::MASS_PER_TIME.text().en, "mass/time");
    assert_eq!(Dim::MONEY.per(Dim::MASS).text().zh, "金额/质量");
    assert_eq!(Dim::MASS.per(Dim::FREIGHT).text().en, "1/length");
    let error = parse("35 t/h").unwrap().to(Dim::MASS).unwrap_err();
    assert_eq!(error.to_string(), "this is mass/time; expected mass");
}

/// What `check` says about the value of `x`.
fn checked(toml: &str, dim: Dim, example: &str, lang: Lang) -> (Option<f64>, String) {
    let mut files = Files::new();
    let file = files.add("scenario.toml", toml);
    let mut diags = Diagnostics::default();
    let tree = crate::tree::parse(&files, file, &mut diags).expect("valid TOML");
    let value = check(tree.get("x").expect("x"), dim, &mut diags, example);
    (value, diags.render(&files, lang, Color::Never))
}

#[test]
fn check_reads_a_string() {
    let (value, text) = checked("x = \"300 万t\"", Dim::MASS, "300 万t", Lang::En);
    assert_eq!((value, text.as_str()), (Some(3e6), ""));
}

#[test]
fn check_points_into_the_string() {
    let (value, text) = checked(
        "name = '煤电'\nx = \"300 万顿\"",
        Dim::MASS,
        "300 万t",
        Lang::En,
    );
    assert_eq!(value, None);
    insta::assert_snapshot!(text, @r##"
    error[bad-quantity]: cannot read the quantity `300 万顿`
     --> scenario.toml:2:10
      |
    2 | x = "300 万顿"
      |          ^^^^ no unit `顿`
      |
    help: did you mean `万吨`?
      |
    2 - x = "300 万顿"
    2 + x = "300 万吨"
      |
    "##);
    let (_, text) = checked("x = '300 万顿'", Dim::MASS, "300 万t", Lang::Zh);
    insta::assert_snapshot!(text, @r##"
    错误[bad-quantity]: 无法识别的数量 `300 万顿`
     --> scenario.toml:1:10
      |
    1 | x = '300 万顿'
      |          ^^^^ 没有单位 `顿`
      |
    建议: 是否指 `万吨`？
      |
    1 - x = '300 万顿'
    1 + x = '300 万吨'
      |
    "##);
}

#[test]
fn check_falls_back_to_the_whole_string_with_escapes() {
    let (_, text) = checked("x = \"300 \\u4e07顿\"", Dim::MASS, "300 万t", Lang::En);
    insta::assert_snapshot!(text, @r##"
    error[bad-quantity]: cannot read the quantity `300 万顿`
     --> scenario.toml:1:5
      |
    1 | x = "300 \u4e07顿"
      |     ^^^^^^^^^^^^^^ no unit `顿`
      |
      = help: did you mean `万吨`?
    "##);
}

#[test]
fn check_names_both_dimensions() {
    let (_, text) = checked("x = \"35 t/h\"", Dim::MASS, "300 万t", Lang::En);
    insta::assert_snapshot!(text, @r##"
    error[wrong-dimension]: `35 t/h` is mass/time, not mass
     --> scenario.toml:1:6
      |
    1 | x = "35 t/h"
      |      ^^^^^^ expected mass
      |
      = help: write it like "300 万t"
    "##);
    let (_, text) = checked("x = \"35\"", Dim::MASS, "300 万t", Lang::Zh);
    insta::assert_snapshot!(text, @r##"
    错误[missing-unit]: `35` 没有单位
     --> scenario.toml:1:6
      |
    1 | x = "35"
      |      ^^ 应为重量（吨）
      |
      = 建议: 写法如 "300 万t"
    "##);
}

#[test]
fn check_wants_a_string() {
    let (_, text) = checked("x = 300", Dim::MASS, "300 万t", Lang::En);
    insta::assert_snapshot!(text, @r##"
    error[wrong-type]: expected a string such as "300 万t", found an integer
     --> scenario.toml:1:5
      |
    1 | x = 300
      |     ^^^
      |
      = help: put number and unit in quotes, as in "300 万t"
    "##);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn never_panics(text in "\\PC{0,40}") {
        let _ = parse(&text);
        let _ = parse_unit(&text);
    }

    #[test]
    fn never_panics_near_sense(text in "[0-9.,eE+ -]{0,6}[万亿千吨公里/·*^() ³²⁻¹a-zA-Z标准煤蒸每%0-9-]{0,20}") {
        let _ = parse(&text);
        let _ = parse_unit(&text);
    }

    #[test]
    fn numbers_come_back(value in -1e12f64..1e12, unit in prop::sample::select(vec![
        "t", "万t", "t/h", "亿元", "MW", "kWh", "m3/d", "%", "g/t km", "t/1e8 kWh", "万吨公里",
    ])) {
        let quantity = parse(&format!("{value} {unit}")).unwrap();
        let (scale, dim) = parse_unit(unit).unwrap();
        prop_assert_eq!(quantity.dim, dim);
        prop_assert!((quantity.value / scale - value).abs() <= 1e-12 * value.abs());
    }
}
