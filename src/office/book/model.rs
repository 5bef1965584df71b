//! The hidden sheet of coefficients, and formulas made from it.
//!
//! A row is an affine function of the levels: its value, its constant, a slope a measure.
//! Row 2 repeats the levels that the reader sets, so each value is one SUMPRODUCT.

use super::Book;
use crate::look::names::{Names, quoted};
use crate::look::style::Style;
use jianpai_core::catalogue::{Account, Catalogue};
use jianpai_core::dims::IndicatorId;
use jianpai_core::indicator::Per;
use jianpai_core::measure::{OVER_CLAIM_SLACK, Policy};
use jianpai_core::plan::Plan;
use jianpai_core::target::counts;
use jianpai_core::text::Lang;
use jianpai_solve::affine::{Affine, Sheets};
use rust_xlsxwriter::utility::column_number_to_name;
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet, XlsxError};
use std::collections::HashMap;

/// What a formula gives.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Known {
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

/// A formula, without `=`, and what it gives.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Calc {
    pub formula: String,
    pub known: Known,
}

/// A row of the sheet.
struct Row {
    label: String,
    function: Affine,
    value: f64,
}

/// The coefficients, and what the levels are.
pub(super) struct Model<'a> {
    /// The run.
    pub book: &'a Book<'a>,
    /// The language.
    pub lang: Lang,
    /// The measures that the reader can move, as indices into the plan's.
    pub levers: Vec<usize>,
    /// What stands in the cells of their levels.
    pub cells: Vec<f64>,
    /// The levels for which the kept values are right.
    pub known: Vec<f64>,
    /// The cells of the levels, as formulas have them; set by the sheet that has them.
    pub inputs: Vec<String>,
    /// Whether the levels can be had, as a cell that is 1 or 0; set by the same sheet.
    pub feasible: String,
    sheets: Sheets<'a>,
    name: String,
    rows: Vec<Row>,
    places: HashMap<String, usize>,
    /// The rows of shares that must not fall below zero.
    watched: std::ops::Range<usize>,
}

/// The first row of functions, from 0.
const FIRST: usize = 3;
/// The columns of the value, the constant and the first slope.
const VALUE: &str = "C";
const CONSTANT: &str = "D";
const SLOPES: usize = 4;
/// The highest level that a scenario may state.
const HIGHEST: f64 = 10.0;
/// A slope below this takes something away.
const TAKES: f64 = -1e-12;

/// The measures whose levels a reader can move: new ones that are affine in them.
pub(super) fn free(plan: &Plan) -> Vec<usize> {
    let all = plan.measures.iter().enumerate();
    let free =
        all.filter(|(_, m)| m.policy == Policy::New && !m.kind.is_cap() && !m.shifts.is_empty());
    free.map(|(m, _)| m).collect()
}

impl<'a> Model<'a> {
    /// The model of a run.
    pub(super) fn of(
        book: &'a Book<'a>,
        lang: Lang,
        (cells, known): (&[f64], &[f64]),
        names: &mut Names,
    ) -> Self {
        let case = &book.case;
        let mut model = Self {
            book,
            lang,
            levers: free(case.plan),
            cells: cells.to_vec(),
            known: known.to_vec(),
            inputs: Vec::new(),
            feasible: String::new(),
            sheets: Sheets::of(case.catalogue, case.plan),
            name: names.add(lang.pick("系数", "Coefficients")),
            rows: Vec::new(),
            places: HashMap::new(),
            watched: 0..0,
        };
        model.watch();
        model
    }

    /// The plan.
    pub(super) fn plan(&self) -> &'a Plan {
        self.book.case.plan
    }

    /// The data.
    pub(super) fn catalogue(&self) -> &'a Catalogue {
        self.book.case.catalogue
    }

    /// A function of all measures as one of those that can be moved.
    fn narrowed(&self, all: &Affine) -> Affine {
        let stated = self.plan().stated_levels();
        let mut constant = all.constant;
        for (m, slope) in all.slopes.iter().enumerate() {
            if !self.levers.contains(&m) {
                constant += slope * stated[m];
            }
        }
        Affine {
            constant,
            slopes: self.levers.iter().map(|m| all.slopes[*m]).collect(),
        }
    }

    /// A function of the levels, on a row of its own; `key` tells it from others.
    fn function(&mut self, key: &str, label: String, all: &Affine) -> Calc {
        let at = self.places.get(key).copied().unwrap_or_else(|| {
            let function = self.narrowed(all);
            let value = function.at(&self.known);
            self.places.insert(key.to_string(), self.rows.len());
            self.rows.push(Row {
                label,
                function,
                value,
            });
            self.rows.len() - 1
        });
        self.value(at)
    }

    fn value(&self, at: usize) -> Calc {
        Calc {
            formula: self.cell(VALUE, at),
            known: Known::Number(self.rows[at].value),
        }
    }

    fn cell(&self, column: &str, at: usize) -> String {
        format!("{}!${column}${}", quoted(&self.name), FIRST + at + 1)
    }

    /// An account in the year at `t`, joined to observed values (t, tce, yuan).
    pub(super) fn account(&mut self, account: Account, t: usize) -> Calc {
        let id = account.id(self.catalogue());
        let label = format!("{id} {}", self.plan().years[t]);
        let function = self.sheets.account(account, t);
        self.function(&format!("{account:?}@{t}"), label, &function)
    }

    /// The same as modelled, before the join.
    pub(super) fn modelled(&mut self, account: Account, t: usize) -> Calc {
        let id = account.id(self.catalogue());
        let year = self.plan().years[t];
        let label = match self.lang {
            Lang::Zh => format!("{id} {year}（衔接前）"),
            Lang::En => format!("{id} {year}, before the join"),
        };
        let function = self.sheets.modelled(account, t);
        self.function(&format!("modelled {account:?}@{t}"), label, &function)
    }

    /// What the measure at `m` of the plan changes in an account in the year at `t`, before
    /// the join: a formula where it can be moved.
    pub(super) fn change(&mut self, account: Account, t: usize, m: usize) -> Calc {
        let all = self.sheets.modelled(account, t);
        let slope = all.slopes[m];
        let Some(lever) = self.levers.iter().position(|own| *own == m) else {
            return Calc::number(slope * self.plan().measures[m].level);
        };
        if slope == 0.0 {
            return Calc::number(0.0);
        }
        self.modelled(account, t);
        let at = self.places[&format!("modelled {account:?}@{t}")];
        let column = column_number_to_name((SLOPES + lever) as u16);
        Calc {
            formula: format!("{}*{}", self.cell(&column, at), self.inputs[lever]),
            known: Known::Number(slope * self.known[lever]),
        }
    }

    /// An indicator in the year at `t`: t, tce, an index (base year = 1) or a fraction;
    /// `None` for an index on a base of nothing.
    pub(super) fn indicator(&mut self, id: IndicatorId, t: usize) -> Option<Calc> {
        let indicator = &self.catalogue().indicators[id.at()];
        let account = self.catalogue().account_of(id);
        match indicator.kind.per() {
            Per::Nothing => Some(self.account(account, t)),
            Per::Account(whole) => {
                let known = self.plan().account(account);
                known.and_then(|q| self.plan().outside_of(q))?;
                let over = self.account(whole, t);
                let own = self.account(account, t);
                Some(own.over(&over))
            }
            Per::Gdp | Per::ValueAdded | Per::Demand(_) => {
                let function = self.sheets.indicator(id, t)?;
                let label = format!("{} {}", indicator.named.id, self.plan().years[t]);
                Some(self.function(&format!("{id:?}@{t}"), label, &function))
            }
        }
    }

    /// What new measures cut of an indicator between two years, as targets of projects ask.
    pub(super) fn projects(&mut self, target: &jianpai_core::target::Target) -> Option<Calc> {
        let asked = self.sheets.asked(target)?;
        let key = format!("projects {}", target.id);
        Some(self.function(&key, target.id.clone(), &asked.value))
    }

    /// Whether an account is anything in any year.
    pub(super) fn is_something(&self, account: Account) -> bool {
        let totals = &self.book.case.outcome.run;
        let q = self.plan().account(account);
        q.is_some_and(|q| totals.total.row(q).iter().any(|value| counts(*value)))
    }

    /// Rows of the shares that some measure takes from, and of emissions that could fall
    /// below nothing.
    fn watch(&mut self) {
        let plan = self.plan();
        let start = self.rows.len();
        let all = plan.shares.iter().chain(&plan.zone_shares).enumerate();
        for (row, share) in all {
            for t in 0..plan.span() {
                let function = self.sheets.share(row, t);
                let takes = self.levers.iter().any(|m| function.slopes[*m] < TAKES);
                if !takes {
                    continue;
                }
                let technology = &self.catalogue().technologies[share.technology.at()];
                let name = technology.named.name.get(self.lang);
                let zone = share.zone.map(|zone| {
                    let region = &self.catalogue().regions[zone.at()].named;
                    region.name.get(self.lang).to_string()
                });
                let zone = zone.map_or(String::new(), |zone| format!(" {zone}"));
                let label = format!("{name}{zone} {}", plan.years[t]);
                self.function(&format!("share {row}@{t}"), label, &function);
            }
        }
        self.watched = start..self.rows.len();
    }

    fn left(&self) -> impl Iterator<Item = &Row> + Clone {
        self.rows[self.watched.clone()].iter()
    }

    fn range(&self, column: &str) -> String {
        let (first, last) = (self.watched.start, self.watched.end - 1);
        format!(
            "{}!${column}${}:${column}${}",
            quoted(&self.name),
            FIRST + first + 1,
            FIRST + last + 1
        )
    }

    /// 1 where the levels can be had, else 0.
    pub(super) fn check(&self) -> Calc {
        let least = self.left().map(|row| row.value).fold(0.0, f64::min);
        if self.watched.is_empty() {
            return Calc::number(1.0);
        }
        Calc {
            formula: format!("IF(MIN({})>=-{OVER_CLAIM_SLACK:E},1,0)", self.range(VALUE)),
            known: Known::Number(f64::from(u8::from(least >= -OVER_CLAIM_SLACK))),
        }
    }

    /// What is claimed most beyond what there is, in words: the technology and year.
    pub(super) fn shortest(&self, (fine, over): (&str, &str)) -> Calc {
        if self.watched.is_empty() {
            return Calc::text(fine);
        }
        let mut least: Option<&Row> = None;
        for row in self.left() {
            if least.is_none_or(|least| row.value < least.value) {
                least = Some(row);
            }
        }
        let short = least.filter(|row| row.value < -OVER_CLAIM_SLACK);
        let known = short.map_or_else(|| fine.to_string(), |row| format!("{over}{}", row.label));
        let (values, labels) = (self.range(VALUE), self.range("A"));
        Calc {
            formula: format!(
                "IF({}=1,\"{fine}\",\"{over}\"&INDEX({labels},MATCH(MIN({values}),{values},0)))",
                self.feasible
            ),
            known: Known::Text(known),
        }
    }

    /// The most that a lever can be with the others where they are: an array formula.
    ///
    /// ```text
    /// min over shares that it takes from of (S(x) − slope·x) / −slope, from 0 to 10
    /// ```
    pub(super) fn most(&self, lever: usize) -> Option<Calc> {
        let slopes = self.left().map(|row| row.function.slopes[lever]);
        if !slopes.clone().any(|slope| slope < TAKES) {
            return None;
        }
        let x = self.known[lever];
        let limit = self.left().zip(slopes).filter(|(_, slope)| *slope < TAKES);
        let limit = limit.map(|(row, slope)| (row.value - slope * x) / -slope);
        let most = limit.fold(HIGHEST, f64::min).max(0.0);
        let column = column_number_to_name((SLOPES + lever) as u16);
        let (slopes, values) = (self.range(&column), self.range(VALUE));
        let x = &self.inputs[lever];
        Some(Calc {
            formula: format!(
                "MAX(0,MIN({HIGHEST},MIN(IF({slopes}<{TAKES:E},({values}-{slopes}*{x})/-{slopes},{HIGHEST}))))"
            ),
            known: Known::Number(most),
        })
    }

    /// Writes the sheet, hidden.
    pub(super) fn write(&self, book: &mut Workbook, style: &Style) -> Result<(), XlsxError> {
        let sheet = book.add_worksheet();
        sheet.set_name(&self.name)?.set_hidden(true);
        let lang = self.lang;
        let heads = [
            lang.pick("项", "Item"),
            "",
            lang.pick(
                "值（基本单位：吨、吨标准煤、元、比例）",
                "Value (t, tce, CNY, fraction)",
            ),
            lang.pick("常数", "Constant"),
        ];
        for (c, head) in heads.into_iter().enumerate() {
            sheet.write_with_format(0, c as u16, head, &style.plain)?;
        }
        let levels = lang.pick("执行程度", "Level");
        sheet.write_with_format(1, 0, levels, &style.plain)?;
        for (i, m) in self.levers.iter().enumerate() {
            let column = (SLOPES + i) as u16;
            sheet.write_with_format(0, column, &self.plan().measures[*m].id, &style.plain)?;
            let level = Calc {
                formula: self.inputs[i].clone(),
                known: Known::Number(self.known[i]),
            };
            level.write(sheet, (1, column), &style.plain)?;
        }
        let last = column_number_to_name((SLOPES + self.levers.len().max(1) - 1) as u16);
        let first = column_number_to_name(SLOPES as u16);
        for (i, row) in self.rows.iter().enumerate() {
            let at = (FIRST + i) as u32;
            let line = at + 1;
            sheet.write_with_format(at, 0, &row.label, &style.plain)?;
            sheet.write_with_format(at, 3, row.function.constant, &style.plain)?;
            for (l, slope) in row.function.slopes.iter().enumerate() {
                sheet.write_with_format(at, (SLOPES + l) as u16, *slope, &style.plain)?;
            }
            let sum = if self.levers.is_empty() {
                String::new()
            } else {
                format!("+SUMPRODUCT({first}{line}:{last}{line},{first}$2:{last}$2)")
            };
            let value = Calc {
                formula: format!("{CONSTANT}{line}{sum}"),
                known: Known::Number(row.value),
            };
            value.write(sheet, (at, 2), &style.plain)?;
        }
        Ok(())
    }
}

/// A number as formulas have it.
pub(super) fn plain(value: f64) -> String {
    let text = format!("{value:?}").replace('e', "E");
    if value < 0.0 {
        format!("({text})")
    } else {
        text
    }
}

impl Calc {
    /// A number that nothing moves.
    pub(super) fn number(value: f64) -> Self {
        Self {
            formula: String::new(),
            known: Known::Number(value),
        }
    }

    /// A text that nothing moves.
    pub(super) fn text(text: &str) -> Self {
        Self {
            formula: String::new(),
            known: Known::Text(text.to_string()),
        }
    }

    /// What it gives, as a number; 0 for a text.
    pub(super) fn get(&self) -> f64 {
        match self.known {
            Known::Number(value) => value,
            Known::Text(_) => 0.0,
        }
    }

    /// The term as a factor in a formula: a cell or a number as it is, all else in brackets.
    pub(super) fn term(&self) -> String {
        match &self.known {
            Known::Number(value) if self.formula.is_empty() => plain(*value),
            _ if self.formula.contains(['+', '-', '*', '/', '(']) => format!("({})", self.formula),
            _ => self.formula.clone(),
        }
    }

    /// The same in units of `scale` base units.
    pub(super) fn scaled(&self, scale: f64) -> Self {
        let value = self.get() / scale;
        if self.formula.is_empty() {
            return Self::number(value);
        }
        if scale.to_bits() == 1.0_f64.to_bits() {
            return self.clone();
        }
        let own = self.term();
        Self {
            formula: format!("{own}/{}", plain(scale)),
            known: Known::Number(value),
        }
    }

    /// The quotient of two; 0 where the second is nothing.
    pub(super) fn over(&self, other: &Self) -> Self {
        let (own, below) = (self.get(), other.get());
        Self {
            formula: format!("IF({b}>0,{}/{b},0)", self.term(), b = other.term()),
            known: Known::Number(if below > 0.0 { own / below } else { 0.0 }),
        }
    }

    /// Writes it to a cell; a number that nothing moves as a number.
    pub(super) fn write(
        &self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        format: &Format,
    ) -> Result<(), XlsxError> {
        if self.formula.is_empty() {
            match &self.known {
                Known::Number(value) => sheet.write_with_format(row, column, *value, format)?,
                Known::Text(text) => sheet.write_with_format(row, column, text, format)?,
            };
        } else {
            sheet.write_formula_with_format(row, column, self.kept(), format)?;
        }
        Ok(())
    }

    /// Writes it as an array formula of one cell.
    pub(super) fn write_array(
        &self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        format: &Format,
    ) -> Result<(), XlsxError> {
        sheet.write_array_formula_with_format(row, column, row, column, self.kept(), format)?;
        Ok(())
    }

    /// The formula with what it gives.
    fn kept(&self) -> Formula {
        let formula = Formula::new(format!("={}", self.formula));
        match &self.known {
            Known::Number(value) => formula.set_result(format!("{value:?}")),
            Known::Text(text) => formula.set_result(text.clone()),
        }
    }
}
