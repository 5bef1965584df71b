//! The sheets that planners fill in: their columns, what each of them means, and what may
//! stand in them. The template is written from these, and what comes back is read by them.

mod columns;
mod rows;

use self::columns::{BASICS, MEASURES, TARGETS};
use self::rows::{INVENTORY, LEDGER};
use jianpai_core::text::{Lang, Text};

/// A sheet of the template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// What the plan is, for which place and years: a key and a value a row.
    Basics,
    /// Measures, one a row.
    Measures,
    /// Targets, one a row.
    Targets,
    /// Projects, one a row and pollutant.
    Ledger,
    /// Numbers of the place: emissions of the base year, proxies, amounts.
    Inventory,
}

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Text.
    Text,
    /// A number, or a number with its unit.
    Amount,
    /// A year.
    Year,
    /// A month.
    Month,
    /// One of the names of a list.
    One(List),
}

/// A list of names that a cell may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    /// Kinds of measures.
    Kinds,
    /// Words of fields that say how much.
    Extents,
    /// Indicators.
    Indicators,
    /// What a target demands.
    Demands,
    /// The two books.
    Books,
    /// When a timetable speaks of.
    Times,
    /// Kinds of projects.
    Projects,
    /// Pollutants.
    Pollutants,
    /// What a row of the numbers of a place is.
    Parts,
    /// Classes of sources.
    Classes,
    /// How far a number can be trusted.
    Statuses,
    /// Regions.
    Regions,
    /// Five-year plans.
    Plans,
    /// Calibres.
    Calibres,
    /// Units of before and after.
    Measured,
    /// Units of amounts.
    Units,
}

/// A column of a form.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// What the program calls it: a key of a scenario, or of a ledger.
    pub key: &'static str,
    /// Its heading in Chinese.
    pub zh: &'static str,
    /// Its heading in English.
    pub en: &'static str,
    /// Whether each row has to fill it in.
    pub required: bool,
    /// What stands in it.
    pub holds: Holds,
    /// What it means, in Chinese.
    pub note_zh: &'static str,
    /// What it means, in English.
    pub note_en: &'static str,
    /// What stands in the row of the example, in both languages.
    pub example: (&'static str, &'static str),
}

impl Form {
    /// All of them, in the order of the sheets.
    pub const ALL: [Form; 5] = [
        Form::Basics,
        Form::Measures,
        Form::Targets,
        Form::Ledger,
        Form::Inventory,
    ];

    /// The name of its sheet.
    pub fn name(self) -> Text {
        match self {
            Form::Basics => Text::new("基本信息", "Basics"),
            Form::Measures => Text::new("措施", "Measures"),
            Form::Targets => Text::new("目标", "Targets"),
            Form::Ledger => Text::new("项目台账", "Projects"),
            Form::Inventory => Text::new("基年排放", "Inventory"),
        }
    }

    /// Other names that its sheet may have.
    pub fn other_names(self) -> &'static [&'static str] {
        match self {
            Form::Basics => &["基本情况", "封面", "Cover"],
            Form::Measures => &["措施表", "减排措施", "Measure"],
            Form::Targets => &["目标表", "减排目标", "Target"],
            Form::Ledger => &["台账", "项目清单", "重点工程", "Ledger"],
            Form::Inventory => &["排放清单", "基年排放量", "基年数据"],
        }
    }

    /// What it is for, above its table.
    pub fn about(self) -> Text {
        match self {
            Form::Basics => Text::new(
                "在“填写”一列作答；带 * 的必填。批注说明每一项。",
                "Answer in the column “Value”; * must be filled in. Notes explain each item.",
            ),
            Form::Measures => Text::new(
                "一行一项措施；带 * 的必填。做多少：先选“按”，再填数量和单位，如 按 比例、95、%。标有“示例”的行不读入。",
                "One measure a row; * must be filled in. How much: choose “By”, then amount and unit (share, 95, %). Rows marked “example” are not read.",
            ),
            Form::Targets => Text::new(
                "一行一个目标；带 * 的必填。标有“示例”的行不读入。",
                "One target a row; * must be filled in. Rows marked “example” are not read.",
            ),
            Form::Ledger => Text::new(
                "一个项目、一种污染物一行；带 * 的必填。标有“示例”的行不读入。",
                "One row a project and pollutant; * must be filled in. Rows marked “example” are not read.",
            ),
            Form::Inventory => Text::new(
                "本地的基年数据：排放量（官方，可分源类）；自定地区另可写指标（占上级的多少）和活动量。标有“示例”的行不读入。",
                "Numbers of the place: official emissions (by class, if known); of a region of its own also proxies (its part of the parent) and amounts. Rows marked “example” are not read.",
            ),
        }
    }

    /// Its columns; of [`Form::Basics`], its rows.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Form::Basics => &BASICS,
            Form::Measures => &MEASURES,
            Form::Targets => &TARGETS,
            Form::Ledger => &LEDGER,
            Form::Inventory => &INVENTORY,
        }
    }
}

impl Column {
    /// Its heading, with a mark where it must be filled in.
    pub fn heading(&self, lang: Lang) -> String {
        let name = lang.pick(self.zh, self.en);
        if self.required {
            format!("{name} *")
        } else {
            name.to_string()
        }
    }

    /// What it means.
    pub fn note(&self, lang: Lang) -> &'static str {
        lang.pick(self.note_zh, self.note_en)
    }
}

/// The first column of every table: a row that says `示例` here is not read.
pub const MARK: Column = column(
    "mark",
    ("行标", "Mark"),
    Holds::Text,
    (
        "写“示例”的行不读入；自己的行空着",
        "Rows that say “example” here are not read; leave it empty in yours",
    ),
    ("示例", "example"),
);

/// The words that mark a row as an example.
pub const EXAMPLES: [&str; 4] = ["示例", "例", "example", "e.g."];

const fn column(
    key: &'static str,
    (zh, en): (&'static str, &'static str),
    holds: Holds,
    (note_zh, note_en): (&'static str, &'static str),
    example: (&'static str, &'static str),
) -> Column {
    Column {
        key,
        zh,
        en,
        required: false,
        holds,
        note_zh,
        note_en,
        example,
    }
}

const fn required(column: Column) -> Column {
    Column {
        required: true,
        ..column
    }
}

#[cfg(test)]
mod tests {
    use super::Form;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_columns_of_a_form_are_called_alike() {
        for form in Form::ALL {
            let mut seen = BTreeSet::new();
            for column in form.columns() {
                for name in [column.key, column.zh] {
                    assert!(seen.insert((name, name == column.zh)), "{form:?} {name}");
                }
                let words = column.note_zh.is_empty() == column.note_en.is_empty();
                assert!(words, "{form:?} {}", column.key);
            }
        }
    }
}
