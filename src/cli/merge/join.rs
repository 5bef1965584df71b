//! Rows of slices → one file of rows.

use super::super::input::stream;
use super::slice::fault;
use jianpai_core::text::Text;
use jianpai_load::digest::digits;
use jianpai_study::folder::{Problem, put_file_at};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// What a file of rows holds, by its content.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Rows {
    Parquet,
    /// With this line of names.
    Csv(Vec<u8>),
}

/// The first bytes of a Parquet file.
const MAGIC: &[u8] = b"PAR1";

fn unreadable(path: &Path) -> impl Fn(io::Error) -> Problem {
    move |error| Problem::read(path, &error)
}

/// What `path` holds: rows of a sweep, or a refusal.
pub(super) fn look(path: &Path) -> Result<Rows, Problem> {
    let mut from = BufReader::new(stream(path).map_err(unreadable(path))?);
    let mut line = Vec::new();
    let start = (&mut from).take(MAGIC.len() as u64).read_to_end(&mut line);
    start.map_err(unreadable(path))?;
    if line == MAGIC {
        return Ok(Rows::Parquet);
    }
    if !line.contains(&b'\n') {
        (&mut from)
            .take(1 << 24)
            .read_until(b'\n', &mut line)
            .map_err(unreadable(path))?;
    }
    let whole = line.ends_with(b"\n") && line.starts_with(b"draw,");
    if whole && names(&line).iter().any(|name| name == "feasible") {
        return Ok(Rows::Csv(line));
    }
    Err(fault(
        path,
        &Text::new(
            "不是抽样的逐次结果：首行应为 draw、各输入、指标与 feasible",
            "does not hold the rows of a sweep: its first line should name draw, inputs, indicators and feasible",
        ),
    ))
}

/// The names in a header.
fn names(line: &[u8]) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.has_headers(false).from_reader(line);
    let first = reader.records().next().and_then(Result::ok);
    first.map_or_else(Vec::new, |record| record.iter().map(String::from).collect())
}

/// How many columns are of the sweep itself; those that a list carries along stand
/// behind them, and hold anything.
fn own(names: &[String]) -> usize {
    let last = |name: &String| name == "feasible" || name == "cost_cny";
    names
        .iter()
        .rposition(last)
        .map_or(names.len(), |at| at + 1)
}

/// The draws of a CSV file, from the first up to but without the second; every row is
/// whole, every number finite, every draw the one after the last.
pub(super) fn scan(path: &Path) -> Result<(u64, u64), Problem> {
    let Rows::Csv(header) = look(path)? else {
        return Err(other_format(path));
    };
    let shape = Shape::of(&names(&header));
    let file = stream(path).map_err(unreadable(path))?;
    let mut from = BufReader::with_capacity(1 << 20, file);
    let mut line = Vec::new();
    from.read_until(b'\n', &mut line)
        .map_err(unreadable(path))?;
    let mut draws: Option<(u64, u64)> = None;
    let mut number = 1_u64;
    loop {
        line.clear();
        from.read_until(b'\n', &mut line)
            .map_err(unreadable(path))?;
        number += 1;
        if line.is_empty() {
            return Ok(draws.unwrap_or_default());
        }
        let next = draws.map(|(_, next)| next);
        let draw = row(&line, &shape, next).map_err(|what| {
            let draw = next.map_or(String::new(), |next| next.to_string());
            fault(
                path,
                &Text::new(
                    format!("第 {number} 行（第 {draw} 次抽样）{}", what.zh),
                    format!("line {number} (draw {draw}) {}", what.en),
                ),
            )
        })?;
        draws = Some((draws.map_or(draw, |(first, _)| first), draw + 1));
    }
}

/// What the cells of a row are.
struct Shape {
    /// Whether each holds a result: a draw outside its bounds has none.
    results: Vec<bool>,
    /// The place of `feasible`.
    feasible: Option<usize>,
    /// Columns of the sweep itself; those that a list carries along stand behind them,
    /// and hold anything.
    own: usize,
}

impl Shape {
    fn of(names: &[String]) -> Self {
        let is_result = |name: &String| {
            name.contains('@')
                || name.starts_with("margin:")
                || name.starts_with("with-error:")
                || name == "cost_cny"
        };
        Self {
            results: names.iter().map(is_result).collect(),
            feasible: names.iter().position(|name| name == "feasible"),
            own: own(names),
        }
    }

    /// Whether the cells are those of a draw without results.
    fn without(&self, cells: &[&str]) -> bool {
        let results = cells
            .iter()
            .zip(&self.results)
            .filter(|(_, result)| **result);
        let mut results = results.map(|(cell, _)| cell);
        let flag = self.feasible.and_then(|place| cells.get(place));
        flag == Some(&"0") && results.all(|cell| cell.is_empty())
    }
}

/// The draw of a row, or what is wrong with it.
fn row(line: &[u8], shape: &Shape, next: Option<u64>) -> Result<u64, Text> {
    let width = shape.results.len();
    let text = std::str::from_utf8(line).unwrap_or_default();
    let Some(text) = text.strip_suffix('\n') else {
        return Err(Text::new("不完整", "is cut off"));
    };
    let quoted = text.contains('"').then(|| names(line));
    let cells: Vec<&str> = match &quoted {
        Some(cells) => cells.iter().map(String::as_str).collect(),
        None => text.trim_end_matches('\r').split(',').collect(),
    };
    if cells.len() != width {
        let count = cells.len();
        return Err(Text::new(
            format!("有 {count} 格，应为 {width} 格"),
            format!("has {count} cells instead of {width}"),
        ));
    }
    let without = shape.without(&cells);
    for (cell, result) in cells.iter().zip(&shape.results).take(shape.own) {
        let absent = without && *result;
        if !absent && !cell.parse().is_ok_and(f64::is_finite) {
            return Err(Text::new(
                format!("含有 `{cell}`，不是有限的数"),
                format!("holds `{cell}`, which is no finite number"),
            ));
        }
    }
    let Ok(draw) = cells[0].parse::<u64>() else {
        return Err(Text::new("没有序号", "has no index"));
    };
    match next {
        Some(next) if draw < next => Err(Text::new(
            format!("的序号 {draw} 已有"),
            format!("has the index {draw}, which is there already"),
        )),
        Some(next) if draw > next => Err(Text::new(
            format!("缺失：下一行是第 {draw} 次"),
            format!("is missing: the row there is draw {draw}"),
        )),
        _ => Ok(draw),
    }
}

fn other_format(path: &Path) -> Problem {
    fault(
        path,
        &Text::new(
            "与其他分片格式不同（CSV 与 Parquet 不能合并）",
            "has another format than the other slices: CSV and Parquet do not join",
        ),
    )
}

/// The rows of all files in the order of their draws, which begin with 0 and follow one
/// another, into `out`; the number of draws and the hash of the file.
pub(super) fn rows(files: &[PathBuf], out: &Path) -> Result<(u64, String), Problem> {
    let mut formats = Vec::new();
    for file in files {
        formats.push(look(file)?);
    }
    let Some(first) = formats.first() else {
        return Err(Problem::new(
            "没有分片".into(),
            "there are no slices".into(),
        ));
    };
    for (file, format) in files.iter().zip(&formats) {
        if matches!(format, Rows::Parquet) != matches!(first, Rows::Parquet) {
            return Err(other_format(file));
        }
        if format != first {
            return Err(fault(
                file,
                &Text::new(
                    "的列与其他分片不同",
                    "has other columns than the other slices",
                ),
            ));
        }
    }
    match first {
        Rows::Parquet => parquet(files, out),
        Rows::Csv(header) => csv_rows(files, header, out),
    }
}

#[cfg(feature = "parquet")]
fn parquet(files: &[PathBuf], out: &Path) -> Result<(u64, String), Problem> {
    use jianpai_columnar::Error;
    jianpai_columnar::merge_into(out, files).map_err(|error| {
        let what = error.to_string();
        match error {
            Error::Gap { from, to } => gap(from, to),
            Error::Overlap { from, to } => Problem::new(
                format!("第 {from} 至 {} 次抽样有两份", to - 1),
                format!("draws {from} to {} are there twice", to - 1),
            ),
            Error::OtherColumns { path, .. } => fault(
                &path,
                &Text::new(
                    "的列与其他分片不同",
                    "has other columns than the other slices",
                ),
            ),
            Error::OtherSweep { path, .. } => fault(
                &path,
                &Text::new(
                    "属于另一次抽样",
                    "is of another sweep than the other slices",
                ),
            ),
            Error::Io { path, source } => Problem::write(&path, &source),
            Error::Nothing => Problem::new("没有可合并的抽样".into(), what),
            _ => Problem::new(format!("无法合并：{what}"), what),
        }
    })
}

#[cfg(not(feature = "parquet"))]
fn parquet(files: &[PathBuf], _: &Path) -> Result<(u64, String), Problem> {
    let what = Text::new("本程序未带 Parquet 支持", "built without Parquet");
    Err(fault(&files[0], &what))
}

fn gap(from: u64, to: u64) -> Problem {
    Problem::new(
        format!("缺少第 {from} 至 {} 次抽样：请给出全部分片", to - 1),
        format!("draws {from} to {} are missing: name every slice", to - 1),
    )
}

fn csv_rows(files: &[PathBuf], header: &[u8], out: &Path) -> Result<(u64, String), Problem> {
    let mut parts = Vec::new();
    for file in files {
        parts.push((scan(file)?, file));
    }
    parts.sort();
    let mut at = 0;
    for ((first, next), file) in &parts {
        if first == next {
            continue;
        }
        if *first > at {
            return Err(gap(at, *first));
        }
        if *first < at {
            return Err(fault(
                file,
                &Text::new(
                    format!("第 {first} 次起的抽样已有"),
                    format!("draws from {first} on are there twice"),
                ),
            ));
        }
        at = *next;
    }
    let write = || -> io::Result<String> {
        let file = File::create(out)?;
        let mut to = BufWriter::with_capacity(1 << 20, &file);
        let mut hash = Sha256::new_with_prefix(header);
        to.write_all(header)?;
        let mut piece = vec![0; 1 << 20];
        for (_, path) in &parts {
            let mut from = BufReader::with_capacity(1 << 20, stream(path)?);
            from.read_until(b'\n', &mut Vec::new())?;
            loop {
                let count = from.read(&mut piece)?;
                if count == 0 {
                    break;
                }
                hash.update(&piece[..count]);
                to.write_all(&piece[..count])?;
            }
        }
        to.flush()?;
        drop(to);
        file.sync_all()?;
        Ok(digits(&hash.finalize()))
    };
    let hash = write().map_err(|error| Problem::write(out, &error))?;
    Ok((at, hash))
}

/// Joins rows into a file of the given format; the number of draws.
pub(super) fn to_file(files: &[PathBuf], out: &Path, format: &str) -> Result<u64, Problem> {
    let Some(first) = files.first() else {
        return Err(Problem::new(
            "没有分片".into(),
            "there are no slices".into(),
        ));
    };
    let kind = look(first)?;
    let is = if kind == Rows::Parquet {
        "parquet"
    } else {
        "csv"
    };
    if is != format {
        return Err(fault(
            out,
            &Text::new(
                format!("分片是 {is}；文件名请以 .{is} 结尾"),
                format!("the slices are of {is}: give it a name that ends with .{is}"),
            ),
        ));
    }
    let own = |path: &Path| look(path).is_ok_and(|found| found == kind) && is_own(path, &kind);
    put_file_at(out, own, |fresh| rows(files, fresh)).map(|(draws, _)| draws)
}

/// Whether rows are of this program.
fn is_own(path: &Path, kind: &Rows) -> bool {
    match kind {
        // Told by its line of names.
        Rows::Csv(_) => true,
        #[cfg(feature = "parquet")]
        Rows::Parquet => jianpai_columnar::is_own(path),
        #[cfg(not(feature = "parquet"))]
        Rows::Parquet => path.as_os_str().is_empty(),
    }
}
