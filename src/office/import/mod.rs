//! A workbook that is filled in, as what the program reads: a scenario, a ledger, a region
//! of one's own or an inventory.
//!
//! ```text
//! cells → text of a scenario, with the cell that each part came from (Made)
//!       → the ordinary readers, which say what is wrong by line and column
//!       → the same by sheet and cell (addressed, located)
//! ```
//!
//! So there is one reader of quantities, names and years. What only a workbook can have
//! wrong (a sheet that is not there, a formula without a value, merged amounts) is said
//! here. Nothing is left out in silence.

mod basics;
mod cells;
mod flaw;
mod ledger;
mod made;
mod mark;
mod place;
mod plan;
mod table;

pub use flaw::{Flaw, Located, Place, Point, called, located};
pub use made::{Made, addressed};
pub use mark::marked;

use self::basics::Basics;
use self::table::{Table, bare};
use crate::forms::Form;
use crate::xlsx::{self, NoWorkbook, Workbook};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::names::NameOf;
use jianpai_core::text::Text;
use jianpai_load::diag::nearest;
use jianpai_load::vocabulary::Vocabulary;

/// What a workbook says.
#[derive(Clone, Debug, Default)]
pub struct Filled {
    /// Its cells.
    pub workbook: Workbook,
    /// What is wrong with it so far, or to be known.
    pub flaws: Vec<Flaw>,
    /// The scenario.
    pub scenario: Option<Made>,
    /// The ledger of projects.
    pub ledger: Option<Made>,
    /// The region of its own.
    pub region: Option<Made>,
    /// The inventory of a built-in region.
    pub inventory: Option<Made>,
}

impl Filled {
    /// Everything that is made from it: the scenario last, since it names the others.
    pub fn all(&self) -> impl Iterator<Item = &Made> {
        let beside = [&self.ledger, &self.region, &self.inventory];
        beside.into_iter().chain([&self.scenario]).flatten()
    }
}

/// How the files are called.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The id of the scenario: the name of its file.
    pub id: &'a str,
    /// The folder of the files of current policy, as seen from it.
    pub bases: &'a str,
}

/// The id that a workbook gives its scenario, if it gives one.
pub fn own_id(workbook: &Workbook) -> Option<String> {
    let (number, sheet) = sheet_of(workbook, Form::Basics)?;
    let basics = basics::read((number, sheet), &mut Vec::new());
    let (text, _) = basics.text("id")?;
    Some(cells::narrow(&text))
}

/// The cells of a workbook.
///
/// # Errors
/// Why it is none, and what to do.
pub fn open(bytes: &[u8]) -> Result<Workbook, (Text, Text)> {
    xlsx::read(bytes).map_err(|why| match why {
        NoWorkbook::Old => (
            Text::new("是旧版工作簿（.xls）", "is a workbook of Excel up to 2003 (.xls)"),
            Text::new("在 Excel 或 WPS 中另存为 .xlsx 再导入", "save it as .xlsx in Excel or WPS"),
        ),
        NoWorkbook::Locked => (
            Text::new("加了密码", "is locked with a password"),
            Text::new(
                "打开后在“文件—信息—保护工作簿”里去掉密码，存盘再导入",
                "open it, take the password off (File, Info, Protect Workbook) and save it",
            ),
        ),
        NoWorkbook::Other => (
            Text::new("不是工作簿：压缩包里没有 xl/workbook.xml", "is no workbook: there is no xl/workbook.xml in the archive"),
            Text::new("另存为 .xlsx（不是 .ods、.docx）", "save it as .xlsx (not .ods or .docx)"),
        ),
        NoWorkbook::Damaged => (
            Text::new("已损坏", "is damaged"),
            Text::new("在 Excel 或 WPS 中打开并修复，另存为 .xlsx", "open and repair it in Excel or WPS and save it as .xlsx"),
        ),
        NoWorkbook::TooLarge => (
            Text::new("解开后过大", "is too large once it is unpacked"),
            Text::new("删去空白的格式行列，或分成几个工作簿", "take out rows and columns that are formatted but empty, or make several workbooks of it"),
        ),
        NoWorkbook::NoArchive => (
            Text::new("不是工作簿（.xlsx）", "is no workbook (.xlsx)"),
            Text::new("在 Excel 或 WPS 中另存为 .xlsx；台账也可用 .csv", "save it as .xlsx in Excel or WPS; a ledger may be .csv as well"),
        ),
    })
}

/// The sheet of a form.
fn sheet_of(workbook: &Workbook, form: Form) -> Option<(usize, &xlsx::Sheet)> {
    let name = form.name();
    let names = [name.zh.as_str(), &name.en]
        .into_iter()
        .chain(form.other_names().iter().copied());
    let names: Vec<String> = names.map(bare).collect();
    let mut sheets = workbook.sheets.iter().enumerate();
    sheets.find(|(_, sheet)| names.contains(&bare(&sheet.name)))
}

/// Sheets of the template that nobody fills in, and what spreadsheets call new ones.
const QUIET: [&str; 6] = ["填写说明", "Guide", "列表", "Lists", "问题", "Problems"];

/// Sheets that are none of the forms.
fn strange(workbook: &Workbook, flaws: &mut Vec<Flaw>) {
    let open = Form::ALL
        .into_iter()
        .filter(|form| sheet_of(workbook, *form).is_none());
    let open: Vec<Text> = open.map(Form::name).collect();
    let known: Vec<usize> = Form::ALL
        .into_iter()
        .filter_map(|form| Some(sheet_of(workbook, form)?.0))
        .collect();
    for (number, sheet) in workbook.sheets.iter().enumerate() {
        let quiet = QUIET.iter().any(|name| bare(name) == bare(&sheet.name));
        if known.contains(&number) || quiet || sheet.rows.is_empty() {
            continue;
        }
        let place = Place {
            sheet: number,
            at: None,
        };
        let name = &sheet.name;
        let names = open.iter().flat_map(|name| [name.zh.as_str(), &name.en]);
        let message = Text::new(
            format!("不认识的表“{name}”"),
            format!("there is no sheet `{name}`"),
        );
        flaws.push(match nearest(name, names) {
            Some(near) => Flaw::error("unknown-sheet", message)
                .at(place, Text::new("未知", "not known"))
                .help(Text::new(
                    format!("是否指“{near}”？改名后再导入；自用的表请另起别的名称"),
                    format!("did you mean `{near}`? Rename it; call sheets of your own otherwise"),
                )),
            None => Flaw::remark("unknown-sheet", message)
                .at(place, Text::new("未知", "not known"))
                .help(Text::new("这张表不读入", "this sheet is not read")),
        });
    }
}

/// Reads a workbook that is filled in.
pub fn read(
    workbook: Workbook,
    (catalogue, vocabulary): (&Catalogue, &Vocabulary),
    wanted: Wanted<'_>,
) -> Filled {
    let mut filled = Filled {
        workbook,
        ..Filled::default()
    };
    let mut flaws = Vec::new();
    let workbook = &filled.workbook;
    strange(workbook, &mut flaws);
    let find = |form: Form, flaws: &mut Vec<Flaw>| -> Option<Table<'_>> {
        let found = sheet_of(workbook, form)?;
        // A sheet without anything is as good as none.
        if found.1.rows.is_empty() {
            return None;
        }
        table::table(form, found, vocabulary, flaws)
    };
    let mut measures = find(Form::Measures, &mut flaws);
    let mut targets = find(Form::Targets, &mut flaws);
    let mut ledger = find(Form::Ledger, &mut flaws);
    let mut numbers = find(Form::Inventory, &mut flaws);
    let basics = sheet_of(workbook, Form::Basics).map(|found| basics::read(found, &mut flaws));
    let basics = basics.filter(|basics| !basics.is_empty());
    let is_plan = [&measures, &targets, &numbers]
        .into_iter()
        .flatten()
        .any(|table| !table.lines().is_empty());
    let name = format!("{}-ledger.csv", wanted.id);
    let ledger = ledger
        .as_mut()
        .and_then(|table| ledger::write(&name, table, &mut flaws));
    let (mut scenario, mut region, mut inventory) = (None, None, None);
    if let Some(basics) = &basics {
        let mut made = Made::new(format!("{}.toml", wanted.id));
        basics.write(&mut made, wanted.bases, &mut flaws);
        let parts = (catalogue, vocabulary, wanted.id);
        (region, inventory) = of_place(&mut made, basics, numbers.as_mut(), parts, &mut flaws);
        if let Some(ledger) = &ledger {
            made.push(&format!("\n[ledger]\nfile = \"{}\"\n", ledger.name));
        }
        if let Some(table) = &mut targets {
            plan::targets(&mut made, table, &mut flaws);
        }
        if let Some(table) = &mut measures {
            plan::measures(&mut made, table, vocabulary, &mut flaws);
        }
        scenario = Some(made);
    } else if is_plan {
        flaws.push(no_basics(
            sheet_of(workbook, Form::Basics).map(|(number, _)| number),
        ));
    } else if ledger.is_none() && flaws.iter().all(|flaw| !flaw.is_error()) {
        flaws.push(nothing());
    }
    (filled.scenario, filled.ledger) = (scenario, ledger);
    (filled.region, filled.inventory) = (region, inventory);
    filled.flaws = flaws;
    filled
}

/// `region`, with what the workbook says of the place: the file of one of its own, or an
/// inventory of a built-in one.
fn of_place(
    made: &mut Made,
    basics: &Basics<'_>,
    mut numbers: Option<&mut Table<'_>>,
    (catalogue, vocabulary, id): (&Catalogue, &Vocabulary, &str),
    flaws: &mut Vec<Flaw>,
) -> (Option<Made>, Option<Made>) {
    let Some((name, place)) = basics.text("region") else {
        basics.missing("region", flaws);
        return (None, None);
    };
    let known = catalogue.region(vocabulary.id(NameOf::Region, &name));
    let built_in = known.filter(|region| catalogue.world(*region).is_some());
    if let Some(region) = built_in {
        made.string(place, "region", &name);
        let file = format!("{id}-inventory.csv");
        let own = &catalogue.regions[region.at()].named.id;
        let found = numbers
            .and_then(|table| place::inventory((&file, own), catalogue, table, basics, flaws));
        if let Some(found) = &found {
            made.push(&format!("inventory = \"{}\"\n", found.name));
        }
        return (None, found);
    }
    let parent = basics.text("parent");
    let has_rows = numbers
        .as_mut()
        .is_some_and(|table| !table.lines().is_empty());
    if !has_rows && parent.is_none() {
        // Its file may lie beside the scenario; if not, the reader says what to do.
        made.string(place, "region", &name);
        return (None, None);
    }
    let called = catalogue.gazetteer.called(&name, None);
    let own = match called.first() {
        Some(known) => known.id.clone(),
        None if name.is_ascii() => name.to_lowercase().replace(' ', "-"),
        None => format!("{id}-region"),
    };
    made.string(place, "region", &own);
    made.string(place, "region_file", &format!("regions/{own}.toml"));
    let region = place::region((&own, (&name, place), parent), catalogue, numbers, flaws);
    (Some(region), None)
}

fn no_basics(sheet: Option<usize>) -> Flaw {
    let message = Text::new("“基本信息”没有填", "the sheet Basics is not filled in");
    let flaw = Flaw::error("no-basics", message).help(Text::new(
        "至少填名称、地区、规划；空表可用 jianpai template all 生成",
        "name, region and plan at least; jianpai template all writes an empty workbook",
    ));
    match sheet {
        Some(sheet) => flaw.at(Place { sheet, at: None }, Text::new("空的", "empty")),
        None => flaw,
    }
}

fn nothing() -> Flaw {
    let message = Text::new(
        "工作簿里没有可导入的内容",
        "there is nothing in the workbook to import",
    );
    Flaw::error("nothing", message).help(Text::new(
        "表名应为 基本信息、措施、目标、项目台账、基年排放；标有“示例”的行不读入。空表可用 jianpai template all 生成",
        "sheets are called Basics, Measures, Targets, Projects, Inventory; rows marked “example” are not read. jianpai template all writes an empty workbook",
    ))
}
