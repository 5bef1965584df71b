//! From a file to a sample that can be analysed, or to what is wrong with it.

use super::super::BAD_INPUT;
use super::super::console::Console;
use super::{SensitivityArgs, flaws};
use jianpai_core::text::Text;
use jianpai_load::diag::{Diagnostic, Diagnostics, Files, Span};
use jianpai_load::format::{self, Format};
use jianpai_load::numbers::{
    self, Asked, Chosen, Comparison, Condition, Excerpt, Header, Numbers, Source, Without,
};
use jianpai_report::own_table::{Met, Named, Sample, design, is_constant};
use jianpai_study::{Problems, columns};
use std::io::{self, Read};

/// Fewest rows of any sample.
const FEWEST: usize = 4;

/// What is known while a table is read.
pub(super) struct Reading<'a> {
    path: &'a str,
    source: &'a Source<'a>,
    header: Header,
    pub(super) chosen: Chosen,
    pub(super) numbers: Numbers,
}

impl Reading<'_> {
    /// Takes in the lines of some rows, to point at them.
    pub(super) fn excerpt(&self, rows: &[usize], files: &mut Files) -> io::Result<Excerpt> {
        let lines = rows.iter().map(|row| self.line(*row));
        Excerpt::read(self.source, self.path, &self.header, lines, files)
    }

    /// The line of a row.
    pub(super) fn line(&self, row: usize) -> usize {
        self.numbers.lines.get(row).map_or(0, |line| *line as usize)
    }

    pub(super) fn name(&self, column: usize) -> &str {
        &self.header.names[column]
    }

    /// The columns of the inputs.
    pub(super) fn inputs(&self) -> Vec<&[f64]> {
        let count = self.chosen.inputs.len();
        self.numbers.columns[..count]
            .iter()
            .map(Vec::as_slice)
            .collect()
    }
}

/// Reads, checks and orders a table.
pub(super) fn sample(console: &Console, args: &SensitivityArgs, path: &str) -> Result<Sample, u8> {
    let (mut files, mut diags) = (Files::new(), Diagnostics::default());
    let found = open(console, args, path, &mut files, &mut diags);
    let bad = diags.has_errors();
    console.report(&Problems::new(diags, &files));
    match found {
        Ok(Some(sample)) if !bad => Ok(sample),
        Ok(_) => Err(BAD_INPUT),
        Err(error) => {
            let what = Text::new("数据表", "the table");
            Err(console.cannot_read(&what, std::path::Path::new(path), &error))
        }
    }
}

/// Opens the table as what its first bytes say it is.
fn open(
    console: &Console,
    args: &SensitivityArgs,
    path: &str,
    files: &mut Files,
    diags: &mut Diagnostics,
) -> io::Result<Option<Sample>> {
    let mut start = Vec::new();
    let first = console.inputs.open(path)?;
    first.take(format::START as u64).read_to_end(&mut start)?;
    match format::of(&start) {
        None => {
            let open = |_: Option<&[usize]>| -> io::Result<Box<dyn Read>> {
                Ok(Box::new(console.inputs.open(path)?))
            };
            let source = Source::new(&open)?;
            attempt(args, path, (&source, Vec::new()), files, diags)
        }
        Some(Format::Parquet) => {
            let open = |wanted: Option<&[usize]>| {
                columns::file_as_text(path, console.inputs.open(path)?, wanted)
            };
            let mut found = Diagnostics::default();
            let index = columns::index_names(path, console.inputs.open(path)?)?;
            let source = (&Source::plain(&open), index);
            let sample = attempt(args, path, source, files, &mut found);
            let noted = |item: Diagnostic| item.note(columns::rows_of_parquet());
            diags.extend(found.into_iter().map(noted));
            sample
        }
        Some(other) => {
            diags.push(other.refusal(path));
            Ok(None)
        }
    }
}

/// `index` names the columns that the file says are a data frame's index.
fn attempt(
    args: &SensitivityArgs,
    path: &str,
    (source, index): (&Source<'_>, Vec<String>),
    files: &mut Files,
    diags: &mut Diagnostics,
) -> io::Result<Option<Sample>> {
    let mut asked = Asked {
        inputs: args.inputs.clone(),
        outputs: args.outputs.clone(),
        condition: None,
        index,
    };
    let Some(header) = numbers::header(source)? else {
        let message = Text::new(format!("{path} 是空文件"), format!("{path} is empty"));
        diags.push(Diagnostic::error("empty-file", message));
        return Ok(None);
    };
    if let Some(line) = source.undecodable()? {
        let excerpt = Excerpt::read(source, path, &header, [line], files)?;
        diags.push(undecodable(path, excerpt.line(line)));
        return Ok(None);
    }
    let excerpt = Excerpt::read(source, path, &header, [], files)?;
    // Without a condition of the user's, a sweep is asked when all targets are met.
    let is_sweep = header.names.first().is_some_and(|name| name == "draw")
        && header.names.iter().any(|name| name == "all_met");
    let condition = args.prim.as_deref().or(is_sweep.then_some("all_met"));
    match condition.map(Condition::parse).transpose() {
        Ok(condition) => asked.condition = condition,
        Err(diagnostic) => diags.push(*diagnostic),
    }
    let Some(chosen) = numbers::choose(&header, &excerpt, &asked, diags) else {
        return Ok(None);
    };
    let wanted = wanted(&chosen);
    let without = chosen.feasible.map(|flag| Without {
        flag,
        results: &chosen.outputs,
    });
    let numbers = numbers::read(source, &header, &wanted, without)?;
    let mut reading = Reading {
        path,
        source,
        header,
        chosen,
        numbers,
    };
    if !reading.numbers.problems.is_empty() {
        let lines = reading.numbers.problems.iter().map(|problem| problem.line);
        let excerpt = Excerpt::read(source, path, &reading.header, lines, files)?;
        excerpt.explain(&reading.numbers, diags);
        return Ok(None);
    }
    let mut notes: Vec<Text> = left_out(reading.numbers.without).into_iter().collect();
    if args.inputs.is_empty() && !reading.chosen.is_sweep {
        without_index(&mut reading, &mut notes);
    }
    few(&reading, files, diags)?;
    by_draw(&mut reading, &mut notes);
    constant(&reading, files, diags)?;
    truth(&reading, asked.condition.as_ref(), files, diags)?;
    if diags.has_errors() {
        return Ok(None);
    }
    let known = match design::tell(&args.asked(), &reading.inputs()) {
        Ok(known) => known,
        Err(wrong) => {
            let found = flaws::diagnostic(&wrong, &reading, files)?;
            // What was left out may be what the design lacks.
            diags.push(notes.into_iter().fold(found, Diagnostic::note));
            return Ok(None);
        }
    };
    if let Some(order) = &known.order {
        reorder(&mut reading.numbers, order);
    }
    notes.extend(known.notes.iter().cloned());
    Ok(Some(taken(reading, known, asked.condition.as_ref(), notes)))
}

/// What was done to a sweep whose draws are not all feasible.
fn left_out(rows: usize) -> Option<Text> {
    let are = if rows == 1 { "row" } else { "rows" };
    (rows > 0).then(|| {
        Text::new(
            format!("{rows} 行不可行（feasible = 0），没有结果，已略去，以下各项都不计入"),
            format!(
                "{rows} {are} not feasible (feasible = 0) and without results: left out of all that follows"
            ),
        )
    })
}

/// Inputs, outputs, columns of the condition, the one that says which rows have results,
/// and `draw`.
fn wanted(chosen: &Chosen) -> Vec<usize> {
    let first = chosen.inputs.iter().chain(&chosen.outputs);
    let first = first.chain(&chosen.clauses).chain(&chosen.feasible);
    let all = first.chain(&chosen.draw);
    all.copied().collect()
}

/// Leaves out a column `index` that numbers the rows, from 0 or 1, in any order: a data
/// frame's own, not an input.
fn without_index(reading: &mut Reading<'_>, notes: &mut Vec<Text>) {
    let inputs = &reading.chosen.inputs;
    let named = |column: &usize| reading.name(*column).eq_ignore_ascii_case("index");
    let Some(place) = inputs.iter().position(named) else {
        return;
    };
    let mut values = reading.numbers.columns[place].clone();
    values.sort_by(f64::total_cmp);
    let first = values.first().copied().unwrap_or(f64::NAN);
    let counts = (0..values.len()).map(|row| first + row as f64);
    let numbers_rows = [0.0, 1.0].contains(&first) && counts.eq(values.iter().copied());
    if numbers_rows && inputs.len() > 1 {
        reading.chosen.inputs.remove(place);
        reading.numbers.columns.remove(place);
        notes.push(Text::new(
            "列 index 是行号，略去",
            "the column `index` numbers the rows: left out",
        ));
    }
}

/// A table with bytes that no encoding gives a meaning.
fn undecodable(path: &str, line: Span) -> Diagnostic {
    let message = Text::new(
        format!("`{path}` 中有字节既不是 UTF-8，也不是 GB18030"),
        format!("`{path}` has bytes that are neither UTF-8 nor GB18030"),
    );
    Diagnostic::error("encoding", message)
        .label(line, Text::new("首先是这一行", "here first"))
        .help(Text::new(
            "用编辑器或 Excel 另存为 UTF-8",
            "save it as UTF-8 in an editor or in Excel",
        ))
}

/// Puts rows in the order of their `draw`, if that numbers them.
fn by_draw(reading: &mut Reading<'_>, notes: &mut Vec<Text>) {
    if reading.chosen.draw.is_none() {
        return;
    }
    let Some(draws) = reading.numbers.columns.last() else {
        return;
    };
    if draws.windows(2).all(|pair| pair[0] < pair[1]) {
        return;
    }
    let mut order: Vec<usize> = (0..draws.len()).collect();
    order.sort_by(|a, b| draws[*a].total_cmp(&draws[*b]));
    if order.windows(2).all(|pair| draws[pair[0]] < draws[pair[1]]) {
        reorder(&mut reading.numbers, &order);
        notes.push(Text::new(
            "行已按 draw 列排序",
            "the rows were sorted by their column `draw`",
        ));
    }
}

fn reorder(numbers: &mut Numbers, order: &[usize]) {
    for column in &mut numbers.columns {
        *column = order.iter().map(|row| column[*row]).collect();
    }
    numbers.lines = order.iter().map(|row| numbers.lines[*row]).collect();
}

fn few(reading: &Reading<'_>, files: &mut Files, diags: &mut Diagnostics) -> io::Result<()> {
    let rows = reading.numbers.rows();
    if rows < FEWEST {
        let excerpt = reading.excerpt(&[], files)?;
        let message = Text::new(
            format!("只有 {rows} 行，至少要 {FEWEST} 行"),
            format!("there are {rows} rows; at least {FEWEST} are needed"),
        );
        let label = Text::new("表头之下的行太少", "too few rows below the header");
        let help = Text::new(
            "任意样本宜有几百行以上；抽样设计可用 --sample 生成",
            "a sample wants some hundred rows; `--sample` writes a design",
        );
        diags.push(
            Diagnostic::error("too-few-rows", message)
                .label(excerpt.header(), label)
                .help(help),
        );
    }
    Ok(())
}

/// Warns of inputs that do not vary. Outputs that do not are told in the report.
fn constant(reading: &Reading<'_>, files: &mut Files, diags: &mut Diagnostics) -> io::Result<()> {
    let inputs = reading.chosen.inputs.iter().zip(reading.inputs());
    let flat: Vec<usize> = inputs
        .filter(|(_, values)| is_constant(values))
        .map(|(column, _)| *column)
        .collect();
    if flat.is_empty() {
        return Ok(());
    }
    let excerpt = reading.excerpt(&[], files)?;
    let all = flat.len() == reading.chosen.inputs.len();
    for column in flat {
        let name = reading.name(column);
        let message = Text::new(
            format!("输入 `{name}` 只有一个值，无从谈其影响"),
            format!("the input `{name}` has one value: nothing can be said of its influence"),
        );
        let diagnostic = if all {
            Diagnostic::error("constant-input", message)
        } else {
            Diagnostic::warning("constant-input", message)
        };
        let label = Text::new("不变的列", "does not vary");
        diags.push(diagnostic.label(excerpt.name(column), label));
    }
    Ok(())
}

/// Columns that stand alone in a condition hold 0 and 1 only.
fn truth(
    reading: &Reading<'_>,
    condition: Option<&Condition>,
    files: &mut Files,
    diags: &mut Diagnostics,
) -> io::Result<()> {
    for (column, (comparison, _), values) in clauses(reading, condition) {
        let odd = values
            .iter()
            .position(|value| *value * (1.0 - *value) != 0.0);
        if let (true, Some(row)) = (comparison.is_truth(), odd) {
            let excerpt = reading.excerpt(&[row], files)?;
            let (name, value) = (reading.name(column), values[row]);
            let message = Text::new(
                format!("条件 `{name}` 应为 0 或 1，却是 {value}"),
                format!("the condition `{name}` should be 0 or 1, found {value}"),
            );
            let label = Text::new("不是 0 或 1", "neither 0 nor 1");
            diags.push(
                Diagnostic::error("not-true-or-false", message)
                    .label(excerpt.cell(reading.line(row), column), label)
                    .help(Text::new(
                        format!("与一个数比较，如 --prim \"{name} <= {value}\""),
                        format!("compare it with a number, such as --prim \"{name} <= {value}\""),
                    )),
            );
        }
    }
    Ok(())
}

/// Column, comparison and values of every clause.
fn clauses<'r>(
    reading: &'r Reading<'_>,
    condition: Option<&'r Condition>,
) -> impl Iterator<Item = (usize, (Comparison, f64), &'r [f64])> {
    let first = reading.chosen.inputs.len() + reading.chosen.outputs.len();
    let clauses = condition.map_or(&[][..], |condition| &condition.clauses);
    clauses.iter().enumerate().map(move |(i, clause)| {
        (
            reading.chosen.clauses[i],
            (clause.comparison, clause.value),
            reading.numbers.columns[first + i].as_slice(),
        )
    })
}

fn taken(
    reading: Reading<'_>,
    design: design::Known,
    condition: Option<&Condition>,
    notes: Vec<Text>,
) -> Sample {
    let condition = condition.map(|condition| {
        let mut rows = vec![true; reading.numbers.rows()];
        let mut outcome = None;
        for (column, (comparison, with), values) in clauses(&reading, Some(condition)) {
            for (met, value) in rows.iter_mut().zip(values) {
                *met &= comparison.holds(*value, with);
            }
            if !comparison.is_truth() && condition.clauses.len() == 1 {
                outcome = Some(Named {
                    name: reading.name(column).to_string(),
                    values: values.to_vec(),
                });
            }
        }
        Met {
            text: condition.text.clone(),
            rows,
            outcome,
        }
    });
    let Reading {
        header,
        chosen,
        numbers,
        path,
        ..
    } = reading;
    let places = chosen.inputs.iter().chain(&chosen.outputs);
    let mut named = places.zip(numbers.columns).map(|(column, values)| Named {
        name: header.names[*column].clone(),
        values,
    });
    let all: Vec<Named> = named.by_ref().take(chosen.inputs.len()).collect();
    let (mut inputs, mut fixed) = (Vec::new(), Vec::new());
    for (place, input) in all.into_iter().enumerate() {
        if design.fixed.contains(&place) {
            fixed.push(input.name);
        } else {
            inputs.push(input);
        }
    }
    Sample {
        path: path.to_string(),
        inputs,
        outputs: named.collect(),
        design,
        condition,
        fixed,
        notes,
    }
}
