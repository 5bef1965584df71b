//! `jianpai sensitivity --sample`: a design for a model of the user's own. Run the
//! model on every row, append its outputs as columns, and read the file back.

use super::super::console::Console;
use super::super::out::{print, stream};
use super::super::{BAD_INPUT, input};
use super::SensitivityArgs;
use clap::ValueEnum;
use jianpai_core::plain::quoted;
use jianpai_core::text::Text;
use jianpai_load::bounds::{self, Bound, Ends, Form};
use jianpai_load::diag::{Diagnostic, Diagnostics, Files};
use jianpai_load::format::take_in;
use jianpai_report::own_table::design::{LEVELS, Levels};
use jianpai_study::folder::put_file;
use jianpai_study::{Problems, words};
use jianpai_sweep::design::{
    Design, DesignError, Distribution, DistributionError, Points, Quantile, morris_levels,
};
use std::fmt::Write as _;
use std::io::{self, Read, Write};
use std::path::Path;

/// Rows computed at once.
const BLOCK: u64 = 4096;
/// Quantiles proposed as ends where a design needs some.
const TAILS: (f64, f64) = (0.005, 0.995);

/// A design to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum NewDesign {
    /// First-order and total Sobol indices
    Saltelli,
    /// Second-order indices as well
    SaltelliSecond,
    /// Elementary effects
    Morris,
    /// Even margins, for any number of rows
    LatinHypercube,
    /// Scrambled Sobol points
    Sobol,
    /// Independent draws
    Random,
}

/// Writes the design.
pub(super) fn write(
    console: &Console,
    args: &SensitivityArgs,
    kind: NewDesign,
    path: &str,
) -> Result<(), u8> {
    let bytes = console.inputs.bytes(path).map_err(|error| {
        console.cannot_read(
            &Text::new("输入表", "the table of bounds"),
            Path::new(path),
            &error,
        )
    })?;
    let (mut files, mut diags) = (Files::new(), Diagnostics::default());
    let file = take_in(path, &bytes, &mut files, &mut diags);
    let found = file.and_then(|file| bounds::read(&files, file, &mut diags));
    let found = found.and_then(|bounds| lay_out(args, kind, &bounds, &mut diags));
    let bad = diags.has_errors();
    console.report(&Problems::new(diags, &files));
    let Some((points, inputs)) = found.filter(|_| !bad) else {
        return Err(BAD_INPUT);
    };
    match &args.out {
        None => {
            stream(|to| rows(&points, &inputs, to));
        }
        Some(out) => {
            let own = |path: &Path| is_design(&inputs, path);
            let written = put_file(out, own, |to| rows(&points, &inputs, to));
            written.map_err(|problem| console.refuse(&problem))?;
            let (draws, groups) = (points.len(), points.groups());
            print(&format!(
                "{}: {}\n",
                out.display(),
                match (console.lang.pick(true, false), draws == groups) {
                    (true, true) => format!("{draws} 行"),
                    (true, false) => format!("{draws} 行 = {groups} × {}", draws / groups),
                    (false, true) => format!("{draws} rows"),
                    (false, false) => format!("{draws} rows = {groups} × {}", draws / groups),
                }
            ));
        }
    }
    Ok(())
}

/// An input, ready to be drawn.
struct Input {
    name: String,
    quantile: Quantile,
    /// Its dimension in the design; none for an input of one value.
    dim: Option<usize>,
}

/// Fewest rows that a table is read back with.
const FEWEST: u64 = 4;

fn lay_out(
    args: &SensitivityArgs,
    kind: NewDesign,
    bounds: &[Bound],
    diags: &mut Diagnostics,
) -> Option<(Points, Vec<Input>)> {
    let design = match kind {
        NewDesign::Saltelli => Design::Saltelli {
            second_order: false,
        },
        NewDesign::SaltelliSecond => Design::Saltelli { second_order: true },
        NewDesign::Morris => Design::Morris {
            levels: match args.levels {
                Some(Levels::Grid(levels)) => levels,
                _ => LEVELS,
            },
        },
        NewDesign::LatinHypercube => Design::LatinHypercube,
        NewDesign::Sobol => Design::Sobol,
        NewDesign::Random => Design::Random,
    };
    let quasi = matches!(
        kind,
        NewDesign::Saltelli | NewDesign::SaltelliSecond | NewDesign::Sobol
    );
    if quasi && !args.n.is_power_of_two() {
        let (n, near) = (args.n, args.n.max(1).next_power_of_two());
        let message = Text::new(
            format!("{n} 不是 2 的幂，Sobol 点的均衡性受损"),
            format!("{n} is not a power of two, which spoils the balance of Sobol points"),
        );
        let help = Text::new(format!("用 --n {near}"), format!("take --n {near}"));
        diags.push(Diagnostic::warning("not-a-power-of-two", message).help(help));
    }
    let levels = match design {
        Design::Morris { levels } => morris_levels(levels),
        _ => Vec::new(),
    };
    let found: Vec<Option<Input>> = bounds
        .iter()
        .map(|bound| input(bound, &levels, diags))
        .collect();
    let mut inputs: Vec<Input> = found.into_iter().collect::<Option<_>>()?;
    // An input of one value takes no part in the design: to move it would change nothing.
    let mut dims = 0;
    for input in &mut inputs {
        let (least, most) = (input.quantile.quantile(0.0), input.quantile.quantile(1.0));
        if least < most {
            input.dim = Some(dims);
            dims += 1;
        }
    }
    if dims == 0 && !inputs.is_empty() {
        let message = Text::new(
            "所有输入都只有一个值，无可抽样",
            "every input has one value: there is nothing to sample",
        );
        let label = Text::new("只有一个值", "one value");
        diags.push(Diagnostic::error("nothing-varies", message).label(bounds[0].span, label));
        return None;
    }
    let draws = args.n.saturating_mul(design.group(dims));
    if draws < FEWEST && dims > 0 {
        let (n, rows) = (args.n, design.group(dims));
        let least = FEWEST.div_ceil(rows);
        let message = Text::new(
            format!("--n {n} 只有 {draws} 行，读回至少要 {FEWEST} 行"),
            format!("--n {n} makes {draws} rows; a table is read back from {FEWEST} on"),
        );
        let help = Text::new(
            format!("--n 至少 {least}"),
            format!("take --n {least} or more"),
        );
        diags.push(Diagnostic::error("too-few-rows", message).help(help));
        return None;
    }
    match Points::new(design, dims, draws, args.seed) {
        Ok(points) => Some((points, inputs)),
        // Said where the rows are read.
        Err(DesignError::NoDims) => None,
        Err(error) => {
            let (n, why) = (args.n, words::design(&error));
            let message = Text::new(
                format!("--n {n} 排不出此设计：{}", why.zh),
                format!("--n {n} does not make this design: {}", why.en),
            );
            diags.push(Diagnostic::error("design", message));
            None
        }
    }
}

/// The least `levels` apart whose quantiles are no different.
fn standing(levels: &[f64], quantile: &Quantile) -> Option<(f64, f64)> {
    let values = levels.windows(2).map(|pair| (pair[0], pair[1]));
    let mut same = values.filter(|(a, b)| quantile.quantile(*a) >= quantile.quantile(*b));
    same.next()
}

/// An input; `levels` are those of a Morris design, which goes to the ends.
fn input(bound: &Bound, levels: &[f64], diags: &mut Diagnostics) -> Option<Input> {
    if bound.name == "draw" {
        let message = Text::new(
            "`draw` 是行号一列的名字，输入须另取名",
            "`draw` is the name of the column that numbers the rows: call the input something else",
        );
        let label = Text::new("这一行", "this row");
        diags.push(Diagnostic::error("draw-column", message).label(bound.span, label));
        return None;
    }
    let ends = !levels.is_empty();
    let distribution = distribution(&bound.form);
    let prepared = distribution
        .clone()
        .and_then(|d| Ok((d.prepare()?, d.is_unbounded())));
    match prepared {
        Ok((quantile, unbounded)) => {
            if unbounded && ends {
                let (lo, hi) = (quantile.quantile(TAILS.0), quantile.quantile(TAILS.1));
                let message = Text::new(
                    "Morris 设计取到分布的两端，此分布没有端点",
                    "a Morris design goes to the ends of a distribution, and this one has none",
                );
                let label = Text::new("没有 lo 和 hi", "no lo and hi");
                diags.push(
                    Diagnostic::error("no-ends", message).label(bound.span, label).help(Text::new(
                        format!("填 lo 和 hi，如 0.5 % 与 99.5 % 分位数 {lo:.6} 与 {hi:.6}"),
                        format!("fill in lo and hi, such as the 0.5 % and 99.5 % quantiles, {lo:.6} and {hi:.6}"),
                    )),
                );
                return None;
            }
            let fixed = quantile.quantile(0.0) >= quantile.quantile(1.0);
            if let Some((a, b)) = standing(levels, &quantile).filter(|_| !fixed) {
                let message = Text::new(
                    format!(
                        "`{}` 在水平 {a:.3} 与 {b:.3} 取同一个值：Morris 的移动会什么也不变",
                        bound.name
                    ),
                    format!(
                        "`{}` has one value at the levels {a:.3} and {b:.3}: a Morris move would change nothing",
                        bound.name
                    ),
                );
                let label = Text::new("这一行", "this row");
                diags.push(
                    Diagnostic::error("levels-coincide", message).label(bound.span, label).help(
                        Text::new(
                            format!("值的个数须与水平数相配，如 {} 个等权的值；或改用其他设计", levels.len()),
                            format!(
                                "it wants as many values as levels, such as {} of equal weight; or take another design",
                                levels.len()
                            ),
                        ),
                    ),
                );
                return None;
            }
            Some(Input {
                name: bound.name.clone(),
                quantile,
                dim: None,
            })
        }
        Err(error) => {
            let why = words::distribution(&error);
            let message = Text::new(
                format!("`{}` 的分布不成立：{}", bound.name, why.zh),
                format!("`{}` has no such distribution: {}", bound.name, why.en),
            );
            let label = Text::new("这一行", "this row");
            diags.push(Diagnostic::error("distribution", message).label(bound.span, label));
            None
        }
    }
}

fn distribution(form: &Form) -> Result<Distribution, DistributionError> {
    let cut = |of: Distribution, (lo, hi): Ends| match (lo, hi) {
        (None, None) => of,
        (lo, hi) => of.truncated(lo.unwrap_or(f64::NEG_INFINITY), hi.unwrap_or(f64::INFINITY)),
    };
    Ok(match form {
        &Form::Uniform(lo, hi) => Distribution::Uniform { lo, hi },
        &Form::Triangular(lo, mode, hi) => Distribution::Triangular { lo, mode, hi },
        &Form::Normal(mean, sd, ends) => cut(Distribution::Normal { mean, sd }, ends),
        &Form::LogNormal(median, gsd, ends) => cut(Distribution::LogNormal { median, gsd }, ends),
        &Form::LogNormalRange(lo, median, hi) => Distribution::from_range(lo, median, hi)?,
        Form::Values(values, weights) if weights.is_empty() => Distribution::Points {
            values: values.clone(),
        },
        Form::Values(values, weights) => Distribution::Discrete {
            values: values.clone(),
            weights: weights.clone(),
        },
        &Form::Fixed(value) => Distribution::Fixed { value },
    })
}

/// The line of names: `draw`, then the inputs.
fn header(inputs: &[Input]) -> String {
    let mut line = String::from("draw");
    for Input { name, .. } in inputs {
        line.push(',');
        line += &quoted(name);
    }
    line
}

/// Whether a file is a design over these inputs, without outputs beside them: such a
/// file is replaced.
fn is_design(inputs: &[Input], path: &Path) -> bool {
    let header = format!("{}\n", header(inputs));
    let mut start = Vec::new();
    let length = header.len() as u64;
    let read = input::stream(path).and_then(|file| file.take(length).read_to_end(&mut start));
    read.is_ok() && start == header.as_bytes()
}

/// Writes the rows under their names.
fn rows(points: &Points, inputs: &[Input], out: &mut dyn Write) -> io::Result<()> {
    let mut line = header(inputs);
    writeln!(out, "{line}")?;
    let mut first = 0;
    while first < points.len() {
        let count = BLOCK.min(points.len() - first) as usize;
        let columns: Vec<Vec<f64>> = inputs
            .iter()
            .map(|input| {
                let mut column = vec![0.5; count];
                if let Some(d) = input.dim {
                    points.column(d, first, &mut column);
                }
                input.quantile.apply(&mut column);
                column
            })
            .collect();
        for row in 0..count {
            line.clear();
            write!(line, "{}", first + row as u64).map_err(io::Error::other)?;
            for column in &columns {
                write!(line, ",{}", column[row]).map_err(io::Error::other)?;
            }
            writeln!(out, "{line}")?;
        }
        first += count as u64;
    }
    Ok(())
}
