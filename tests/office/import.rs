//! `jianpai template` and `jianpai import`: a template that is filled in becomes files that
//! run, and every oddity of spreadsheets is read or told, by sheet and cell.

use jianpai_core::text::Lang;
use jianpai_office::forms::Form;
use jianpai_office::xlsx::{self, Value};
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};
use std::path::Path;
use std::process::Command;

/// Exit code, output, errors.
fn call(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_jianpai"))
        .args(args)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        out.status.code().unwrap(),
        text(out.stdout),
        text(out.stderr),
    )
}

/// A workbook in the making, as a planner fills it in: sheets by form, headings as the
/// template has them.
struct Filled {
    book: Workbook,
    lang: Lang,
}

impl Filled {
    fn new(lang: Lang) -> Self {
        Self {
            book: Workbook::new(),
            lang,
        }
    }

    /// The basics, by key.
    fn basics(mut self, values: &[(&str, &str)]) -> Self {
        let sheet = self.book.add_worksheet();
        sheet.set_name(Form::Basics.name().get(self.lang)).unwrap();
        for (r, column) in Form::Basics.columns().iter().enumerate() {
            let r = r as u32 + 3;
            sheet.write(r, 0, column.heading(self.lang)).unwrap();
            if let Some((_, value)) = values.iter().find(|(key, _)| *key == column.key) {
                write(sheet, (r, 1), value);
            }
        }
        self
    }

    /// Rows of a form: values by key.
    fn rows(self, form: Form, rows: &[&[(&str, &str)]]) -> Self {
        self.with(form, rows, |_| {})
    }

    /// The same, and something done to the sheet. The first row is the third.
    fn with(
        mut self,
        form: Form,
        rows: &[&[(&str, &str)]],
        act: impl FnOnce(&mut Worksheet),
    ) -> Self {
        let sheet = self.book.add_worksheet();
        sheet.set_name(form.name().get(self.lang)).unwrap();
        sheet.write(0, 0, "标题").unwrap();
        for (c, column) in form.columns().iter().enumerate() {
            let c = c as u16;
            sheet.write(1, c, column.heading(self.lang)).unwrap();
            for (r, row) in rows.iter().enumerate() {
                if let Some((_, value)) = row.iter().find(|(key, _)| *key == column.key) {
                    write(sheet, (r as u32 + 2, c), value);
                }
            }
        }
        act(sheet);
        self
    }

    fn save(mut self, path: &Path) {
        self.book.save(path).unwrap();
    }
}

/// A number as a number, all else as text.
fn write(sheet: &mut Worksheet, (r, c): (u32, u16), value: &str) {
    match value.parse::<f64>() {
        Ok(number) => sheet.write(r, c, number).unwrap(),
        Err(_) => sheet.write(r, c, value).unwrap(),
    };
}

/// The column of a key.
fn column(form: Form, key: &str) -> u16 {
    let at = form.columns().iter().position(|column| column.key == key);
    at.unwrap() as u16
}

const BASICS: &[(&str, &str)] = &[
    ("name", "陕西填报示例"),
    ("region", "陕西"),
    ("plan", "十四五"),
];

const BOILERS: &[(&str, &str)] = &[
    ("id", "boilers"),
    ("name", "淘汰35蒸吨以下燃煤锅炉"),
    ("type", "燃煤锅炉淘汰"),
    ("object", "35 t/h"),
    ("by", "比例"),
    ("amount", "60"),
    ("unit", "%"),
    ("to", "天然气 60 %，集中供热 40 %"),
    ("start", "2021"),
    ("end", "2025"),
];

const NOX: &[(&str, &str)] = &[
    ("id", "nox"),
    ("indicator", "氮氧化物"),
    ("year", "2025"),
    ("demand", "下降"),
    ("amount", "10"),
    ("unit", "%"),
    ("base_year", "2020"),
];

/// The same by hand.
const BY_HAND: &str = r#"
[scenario]
name_zh = "陕西填报示例"
region = "shaanxi"
extends = "base/current-policy-14fyp.toml"
end_year = 2025

[targets.nox]
indicator = "NOx"
year = 2025
reduction = "10 %"
base_year = 2020

[measures.boilers]
type = "coal-boiler-phaseout"
name_zh = "淘汰35蒸吨以下燃煤锅炉"
up_to = "35 t/h"
share = "60 %"
to = { gas = "60 %", district = "40 %" }
start = 2021
end = 2025
"#;

/// What a run says for machines, but for the name of the scenario.
fn result(folder: &Path, scenario: &str) -> String {
    let (code, out, errors) = call(folder, &["run", scenario, "--dry", "--json", "--no-charts"]);
    assert_eq!(code, 0, "{errors}");
    out.lines()
        .filter(|line| !line.contains("\"scenario\""))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_filled_template_runs_as_what_a_planner_types_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    for lang in [Lang::Zh, Lang::En] {
        let path = folder
            .path()
            .join(format!("plan-{}.xlsx", lang.pick("zh", "en")));
        Filled::new(lang)
            .basics(BASICS)
            .rows(Form::Measures, &[BOILERS])
            .rows(Form::Targets, &[NOX])
            .save(&path);
        let name = path.file_name().unwrap().to_str().unwrap();
        let to = format!("made-{}.toml", lang.pick("zh", "en"));
        let (code, out, errors) = call(folder.path(), &["import", name, "-o", &to, "--lang", "en"]);
        assert_eq!(code, 0, "{errors}");
        assert!(out.contains("1 measures, 1 targets"), "{out}");
        std::fs::write(folder.path().join("hand.toml"), BY_HAND).unwrap();
        assert_eq!(
            result(folder.path(), &to),
            result(folder.path(), "hand.toml")
        );
        // Again: what is as it was written is replaced; what was changed is not.
        let (code, ..) = call(folder.path(), &["import", name, "-o", &to]);
        assert_eq!(code, 0);
        let made = folder.path().join(&to);
        let own = std::fs::read_to_string(&made).unwrap() + "\n# mine\n";
        std::fs::write(&made, &own).unwrap();
        let (code, _, errors) = call(folder.path(), &["import", name, "-o", &to, "--lang", "en"]);
        assert!(code == 2 && errors.contains("--force"), "{errors}");
        assert_eq!(std::fs::read_to_string(&made).unwrap(), own);
        assert_eq!(
            call(folder.path(), &["import", name, "-o", &to, "--force"]).0,
            0
        );
    }
}

/// Every template opens, holds its sheets, and imports as nothing: its examples are not read.
#[test]
fn templates_are_empty_to_the_importer() {
    let folder = tempfile::tempdir().unwrap();
    for what in ["all", "measures", "targets", "inventory", "ledger"] {
        for lang in ["zh", "en"] {
            let (code, _, errors) = call(
                folder.path(),
                &["template", what, "-o", "t.xlsx", "--force", "--lang", lang],
            );
            assert_eq!(code, 0, "{errors}");
            let (code, _, errors) = call(folder.path(), &["import", "t.xlsx", "--lang", "en"]);
            assert_eq!(code, 2, "{what} {lang}: {errors}");
            assert!(
                errors.contains("nothing in the workbook"),
                "{what} {lang}: {errors}"
            );
        }
    }
    let (code, _, errors) = call(folder.path(), &["template", "-o", "t.xlsx", "--lang", "en"]);
    assert!(code == 2 && errors.contains("exists"), "{errors}");
}

/// The example of the template, were it not one, can be carried out.
#[test]
fn the_example_of_the_template_is_sound() {
    let folder = tempfile::tempdir().unwrap();
    let examples = |form: Form, lang: Lang| -> Vec<(&'static str, &'static str)> {
        let all = form
            .columns()
            .iter()
            .map(|own| (own.key, lang.pick(own.example.0, own.example.1)));
        all.filter(|(_, text)| !text.is_empty()).collect()
    };
    for lang in [Lang::Zh, Lang::En] {
        let basics = examples(Form::Basics, lang);
        let path = folder.path().join("e.xlsx");
        let mut filled = Filled::new(lang).basics(&basics);
        for form in [Form::Measures, Form::Targets, Form::Ledger, Form::Inventory] {
            filled = filled.rows(form, &[&examples(form, lang)]);
        }
        filled.save(&path);
        let (code, _, errors) = call(
            folder.path(),
            &["import", "e.xlsx", "--out", "o", "--force", "--lang", "en"],
        );
        assert_eq!(code, 0, "{errors}");
        for made in ["o/e.toml", "o/e-ledger.csv", "o/e-inventory.csv"] {
            assert!(folder.path().join(made).is_file(), "{made}");
        }
        assert_eq!(call(folder.path(), &["run", "o/e.toml", "--dry"]).0, 0);
    }
}

/// What one oddity leads to: the exit code and what is said, in English.
fn odd(name: &str, filled: Filled) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    filled.save(&folder.path().join(name));
    let (code, _, errors) = call(
        folder.path(),
        &["import", name, "-o", "out.toml", "--lang", "en"],
    );
    assert_eq!(
        code == 0,
        folder.path().join("out.toml").exists(),
        "{errors}"
    );
    (code, errors)
}

fn plan(measures: &[&[(&str, &str)]], act: impl FnOnce(&mut Worksheet)) -> Filled {
    Filled::new(Lang::Zh)
        .basics(BASICS)
        .with(Form::Measures, measures, act)
        .rows(Form::Targets, &[NOX])
}

/// A row with some values in the place of others.
fn changed(
    row: &'static [(&'static str, &'static str)],
    with: &[(&'static str, &'static str)],
) -> Vec<(&'static str, &'static str)> {
    let mut row = row.to_vec();
    for (key, value) in with {
        row.retain(|(own, _)| own != key);
        row.push((key, value));
    }
    row
}

#[test]
fn numbers_are_read_as_they_are_seen() {
    let amount = column(Form::Measures, "amount");
    // A percentage as a number shown in percent; years as full-width text, as a date.
    let row = changed(BOILERS, &[("start", "２０２１年"), ("amount", "")]);
    let filled = plan(&[&row], |sheet| {
        let percent = Format::new().set_num_format("0%");
        sheet.write_with_format(2, amount, 0.6, &percent).unwrap();
        let date = Format::new().set_num_format("yyyy-mm-dd");
        sheet
            .write_with_format(2, column(Form::Measures, "end"), 45_658.0, &date)
            .unwrap();
    });
    let folder = tempfile::tempdir().unwrap();
    filled.save(&folder.path().join("a.xlsx"));
    let (code, _, errors) = call(
        folder.path(),
        &["import", "a.xlsx", "-o", "a.toml", "--lang", "en"],
    );
    assert_eq!(code, 0, "{errors}");
    let text = std::fs::read_to_string(folder.path().join("a.toml")).unwrap();
    for line in ["share = \"60 %\"", "start = 2021", "end = 2025"] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    // Numbers as text, full-width, with the unit in the cell.
    let row = changed(BOILERS, &[("amount", "６０％"), ("unit", "")]);
    let (code, errors) = odd("b.xlsx", plan(&[&row], |_| {}));
    assert_eq!(code, 0, "{errors}");
}

#[test]
fn formulas_count_by_their_value() {
    let amount = column(Form::Measures, "amount");
    let with = |result: &'static str| {
        plan(&[BOILERS], move |sheet| {
            let formula = Formula::new("=B1*2").set_result(result);
            sheet.write_formula(2, amount, formula).unwrap();
        })
    };
    assert_eq!(odd("a.xlsx", with("60")).0, 0);
    let (code, errors) = odd("b.xlsx", with("#REF!"));
    assert!(
        code == 2 && errors.contains("措施!G3") && errors.contains("#REF!"),
        "{errors}"
    );
}

#[test]
fn hidden_rows_and_merged_cells_are_told() {
    let second = changed(
        BOILERS,
        &[("id", "boilers-2"), ("amount", "20"), ("type", "")],
    );
    let kind = column(Form::Measures, "type");
    let filled = plan(&[BOILERS, &second], |sheet| {
        sheet
            .merge_range(2, kind, 3, kind, "燃煤锅炉淘汰", &Format::new())
            .unwrap();
        sheet.set_row_hidden(3).unwrap();
        sheet
            .set_column_hidden(column(Form::Measures, "note"))
            .unwrap();
    });
    let (code, errors) = odd("a.xlsx", filled);
    assert_eq!(code, 0, "{errors}");
    assert!(
        errors.contains("C3:C4 is merged") && errors.contains("hidden rows 4"),
        "{errors}"
    );
    let amount = column(Form::Measures, "amount");
    let filled = plan(
        &[BOILERS, &changed(BOILERS, &[("id", "b"), ("amount", "")])],
        |sheet| {
            sheet
                .merge_range(2, amount, 3, amount, "", &Format::new())
                .unwrap();
            sheet.write(2, amount, 20).unwrap();
        },
    );
    let (code, errors) = odd("b.xlsx", filled);
    assert!(
        code == 2 && errors.contains("merged-amount") && errors.contains("措施!G3"),
        "{errors}"
    );
}

#[test]
fn sheets_and_columns_are_suggested() {
    let mut filled = Filled::new(Lang::Zh)
        .basics(BASICS)
        .rows(Form::Targets, &[NOX]);
    let sheet = filled.book.add_worksheet();
    sheet.set_name("措拖").unwrap();
    sheet.write(0, 0, "x").unwrap();
    let (code, errors) = odd("a.xlsx", filled);
    assert!(
        code == 2 && errors.contains("did you mean `措施`"),
        "{errors}"
    );
    // A sheet of one's own is told and left alone.
    let mut filled = plan(&[BOILERS], |_| {});
    let sheet = filled.book.add_worksheet();
    sheet.set_name("工作底稿").unwrap();
    sheet.write(0, 0, "x").unwrap();
    let (code, errors) = odd("b.xlsx", filled);
    assert!(code == 0 && errors.contains("not read"), "{errors}");
    let filled = plan(&[BOILERS], |sheet| {
        sheet
            .write(1, column(Form::Measures, "end"), "完成牛 *")
            .unwrap();
    });
    let (code, errors) = odd("c.xlsx", filled);
    assert!(
        code == 2 && errors.contains("措施!L2") && errors.contains("`完成年`"),
        "{errors}"
    );
    // No basics.
    let (code, errors) = odd(
        "d.xlsx",
        Filled::new(Lang::Zh).rows(Form::Measures, &[BOILERS]),
    );
    assert!(code == 2 && errors.contains("no-basics"), "{errors}");
}

/// Everything that the ordinary readers find is said by cell, in one pass, in both languages.
#[test]
fn what_is_wrong_is_told_by_cell() {
    let folder = tempfile::tempdir().unwrap();
    let bad = [
        changed(BOILERS, &[("id", "a"), ("type", "燃煤锅炉淘太")]),
        changed(
            BOILERS,
            &[("id", "b"), ("to", "天然汽 60 %，集中供热 40 %")],
        ),
        changed(BOILERS, &[("id", "c"), ("by", "比列")]),
        changed(BOILERS, &[("id", "d"), ("unit", "万户")]),
        changed(BOILERS, &[("id", "e"), ("end", "")]),
        changed(BOILERS, &[("id", "f"), ("object", "20 t/h")]),
        changed(BOILERS, &[("id", "g"), ("amount", "95"), ("unit", "")]),
        changed(BOILERS, &[("id", "h"), ("zone", "关东")]),
    ];
    let bad: Vec<&[(&str, &str)]> = bad.iter().map(Vec::as_slice).collect();
    let targets = [
        changed(NOX, &[("indicator", "氮氧化合物")]),
        changed(NOX, &[("id", "x"), ("demand", "下将")]),
        changed(NOX, &[("id", "y"), ("amount", "一成多"), ("unit", "")]),
    ];
    let targets: Vec<&[(&str, &str)]> = targets.iter().map(Vec::as_slice).collect();
    let ledger: &[&[(&str, &str)]] = &[&[
        ("project", "甲厂"),
        ("type", "城镇污水治里"),
        ("place", "西安"),
        ("pollutant", "COD"),
        ("stable", "2021-13"),
        ("before", "60"),
        ("after", "80"),
        ("measure", "mg/L"),
        ("quantity", "20"),
        ("unit", "万m3/d"),
    ]];
    Filled::new(Lang::Zh)
        .basics(BASICS)
        .rows(Form::Measures, &bad)
        .rows(Form::Targets, &targets)
        .rows(Form::Ledger, ledger)
        .save(&folder.path().join("计划.xlsx"));
    for lang in ["zh", "en"] {
        let (code, out, errors) = call(
            folder.path(),
            &[
                "import",
                "计划.xlsx",
                "--out",
                "o",
                "--lang",
                lang,
                "--mark",
                "m.xlsx",
            ],
        );
        assert_eq!(code, 2, "{errors}");
        assert!(out.is_empty() && !folder.path().join("o").exists());
        for cell in [
            "措施!C3",
            "措施!I4",
            "措施!F5",
            "措施!G6",
            "措施!L7",
            "措施!E8",
            "措施!D10",
            "目标!C3",
            "目标!E4",
            "目标!F5",
            "项目台账!C3",
            "项目台账!F3",
        ] {
            assert!(
                errors.contains(&format!("计划.xlsx {cell}\n")),
                "{cell} is not in\n{errors}"
            );
        }
        let path = format!(
            "{}/tests/office/wrong.{lang}.txt",
            env!("CARGO_MANIFEST_DIR")
        );
        if std::env::var("UPDATE").is_ok_and(|update| update == "1") {
            std::fs::write(&path, &errors).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), errors);
        // The copy has them as notes, at the same places.
        let copy = std::fs::read(folder.path().join("m.xlsx")).unwrap();
        let copy = xlsx::read(&copy).unwrap();
        let sheet = copy
            .sheets
            .iter()
            .find(|sheet| sheet.name == "措施")
            .unwrap();
        assert_eq!(
            sheet.cell((2, 2)).unwrap().value,
            Value::Text("燃煤锅炉淘太".into())
        );
        assert!(copy.sheets[0].rows.len() > 12);
        std::fs::remove_file(folder.path().join("m.xlsx")).unwrap();
    }
}

#[test]
fn what_is_no_workbook_is_told_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let old = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 600]].concat();
    let name: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let locked = [old.clone(), name].concat();
    for (file, bytes, said) in [
        ("a.xls", old, "save it as .xlsx"),
        ("b.xlsx", locked, "password"),
        ("c.xlsx", b"PK\x03\x04 broken".to_vec(), "damaged"),
        ("d.xlsx", b"hello".to_vec(), "no workbook"),
    ] {
        std::fs::write(folder.path().join(file), bytes).unwrap();
        let (code, _, errors) = call(
            folder.path(),
            &["import", file, "-o", "x.toml", "--lang", "en"],
        );
        assert!(code == 2 && errors.contains(said), "{file}: {errors}");
    }
    let mut empty = Workbook::new();
    empty.add_worksheet();
    empty.save(folder.path().join("e.xlsx")).unwrap();
    let (code, _, errors) = call(folder.path(), &["import", "e.xlsx", "--lang", "en"]);
    assert!(code == 2 && errors.contains("nothing"), "{errors}");
    let (code, _, errors) = call(folder.path(), &["import", "none.xlsx", "--lang", "en"]);
    assert!(code == 2 && errors.contains("none.xlsx"), "{errors}");
    std::fs::write(folder.path().join("file"), "x").unwrap();
    let (code, _, errors) = call(
        folder.path(),
        &["import", "e.xlsx", "--out", "file", "--lang", "en"],
    );
    assert!(code == 2 && errors.contains("no folder"), "{errors}");
}

/// A ledger as CSV in GBK, as Chinese Excel saves it.
#[test]
fn a_ledger_in_gbk_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(format!(
        "{}/scenarios/ledger/jiangxi-example.csv",
        env!("CARGO_MANIFEST_DIR")
    ))
    .unwrap();
    let gbk = encoding_rs::GB18030
        .encode(text.trim_start_matches('\u{feff}'))
        .0
        .into_owned();
    std::fs::write(folder.path().join("l.csv"), gbk).unwrap();
    let (code, _, errors) = call(folder.path(), &["import", "l.csv", "-o", "u.csv"]);
    assert_eq!(code, 0, "{errors}");
    let tables = ["l.csv", "u.csv"].map(|file| {
        call(
            folder.path(),
            &["ledger", file, "--csv", "--table", "projects"],
        )
    });
    assert_eq!(tables[0], tables[1]);
}

/// A place that the data do not know, from its own numbers.
#[test]
fn a_region_of_its_own_comes_with_the_workbook() {
    let folder = tempfile::tempdir().unwrap();
    let basics = changed(BASICS, &[("name", "唐山填报"), ("region", "唐山")]);
    let numbers: &[&[(&str, &str)]] = &[
        &[
            ("part", "指标"),
            ("name", "常住人口"),
            ("value", "772"),
            ("unit", "万人"),
            ("of", "7464"),
            ("year", "2020"),
            ("source", "2021年统计年鉴"),
            ("status", "原文引用"),
        ],
        &[
            ("part", "排放量"),
            ("name", "二氧化硫"),
            ("class", "总量"),
            ("value", "24.1"),
            ("unit", "万t"),
        ],
        &[
            ("part", "活动量"),
            ("name", "thermal-power"),
            ("value", "480"),
            ("unit", "亿kWh"),
        ],
    ];
    Filled::new(Lang::Zh)
        .basics(&basics)
        .rows(Form::Measures, &[BOILERS])
        .rows(Form::Inventory, numbers)
        .save(&folder.path().join("t.xlsx"));
    let (code, _, errors) = call(
        folder.path(),
        &["import", "t.xlsx", "--out", "o", "--lang", "en"],
    );
    assert_eq!(code, 0, "{errors}");
    let region = std::fs::read_to_string(folder.path().join("o/regions/tangshan.toml")).unwrap();
    assert!(
        region.contains("[region.inventory.SO2]\ntotal = { value = \"24.1 万t\" }"),
        "{region}"
    );
    let (code, out, errors) = call(folder.path(), &["run", "o/t.toml", "--dry", "--lang", "zh"]);
    assert!(code == 0 && out.contains("24.1"), "{out}{errors}");
}

/// Workbooks that other programs wrote: a title above the headings, other names of sheets and
/// columns, merged types, hidden rows, dates, percent, full-width digits. `openpyxl` computes
/// no formula, LibreOffice does.
#[test]
fn workbooks_of_other_programs_are_read() {
    let folder = tempfile::tempdir().unwrap();
    for file in ["openpyxl.xlsx", "libreoffice.xlsx"] {
        let from = format!("{}/tests/office/{file}", env!("CARGO_MANIFEST_DIR"));
        std::fs::copy(from, folder.path().join(file)).unwrap();
    }
    let (code, _, errors) = call(
        folder.path(),
        &["import", "openpyxl.xlsx", "--out", "a", "--lang", "en"],
    );
    assert_eq!(code, 2);
    assert_eq!(errors.matches("error[").count(), 2, "{errors}");
    for cell in ["减排措施!G3", "台账!L3"] {
        assert!(
            errors.contains(cell) && errors.contains("not-computed"),
            "{errors}"
        );
    }
    let (code, out, errors) = call(
        folder.path(),
        &["import", "libreoffice.xlsx", "--out", "b", "--lang", "en"],
    );
    assert_eq!(code, 0, "{errors}");
    assert!(out.contains("3 measures, 2 targets"), "{out}");
    for said in ["hidden rows 5", "hidden columns M", "`工作底稿`", "`序号`"] {
        assert!(errors.contains(said), "{said}: {errors}");
    }
    let text = std::fs::read_to_string(folder.path().join("b/libreoffice.toml")).unwrap();
    for line in [
        "share = \"60 %\"",
        "end = \"2025年底\"",
        "share = \"40 %\"",
        "start = 2021",
        "level = \"80%\"",
        "reduction = \"10 %，力争 12 %\"",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let ledger = std::fs::read_to_string(folder.path().join("b/libreoffice-ledger.csv")).unwrap();
    assert!(
        ledger.contains(",2021-06,20,")
            && ledger.contains(",85 %,3723")
            && ledger.contains(",8,5,mg/L,85,496"),
        "{ledger}"
    );
    let (code, _, errors) = call(
        folder.path(),
        &["run", "b/libreoffice.toml", "--dry", "--lang", "en"],
    );
    assert_eq!(code, 0, "{errors}");
}
