//! `jianpai merge`: joins the slices of a sweep into the file that one run gives.

use super::BAD_INPUT;
use super::session::{Session, print};
use clap::Args;
use jianpai_core::text::Lang;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Arguments of `merge`.
#[derive(Args, Debug)]
pub(super) struct MergeArgs {
    /// The rows of every slice, or the folders that hold them / 各分片的 draws.parquet、draws.csv 或其目录
    #[arg(required = true, value_name = "SLICE")]
    slices: Vec<PathBuf>,
    /// The joined file / 合并后的文件
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
}

/// One slice: its file, its header and its first and last draw.
struct Slice {
    path: PathBuf,
    header: String,
    first: u64,
    last: u64,
}

pub(super) fn main(session: &Session, args: &MergeArgs) -> u8 {
    match files(args).and_then(|files| merge(&files, &args.out)) {
        Ok(draws) => {
            let path = args.out.display();
            print(&match session.lang {
                Lang::Zh => format!("合并 {draws} 次抽样：{path}\n"),
                Lang::En => format!("{draws} draws joined: {path}\n"),
            });
            0
        }
        Err(Problem::Files(path, error)) => {
            session.complain(&format!("{}: {error}", path.display()))
        }
        Err(Problem::Other(why)) => session.complain(&why),
        Err(Problem::Header(path)) => session.complain(&match session.lang {
            Lang::Zh => format!("{} 的列与其他分片不同", path.display()),
            Lang::En => format!("{} has other columns than the other slices", path.display()),
        }),
        Err(Problem::Gap(from, to)) => {
            session.complain(&match session.lang {
                Lang::Zh => format!("缺少或重复第 {from} 至 {to} 次抽样：请给出全部分片"),
                Lang::En => {
                    format!("draws {from} to {to} are missing or there twice: name every slice")
                }
            });
            BAD_INPUT
        }
    }
}

enum Problem {
    Files(PathBuf, io::Error),
    Header(PathBuf),
    Gap(u64, u64),
    #[cfg_attr(not(feature = "parquet"), allow(dead_code))]
    Other(String),
}

/// The rows of every slice: a folder stands for the file in it.
fn files(args: &MergeArgs) -> Result<Vec<PathBuf>, Problem> {
    let file = |path: &PathBuf| {
        if !path.is_dir() {
            return Ok(path.clone());
        }
        let names = ["draws.parquet", "draws.csv"].map(|name| path.join(name));
        let found = names.into_iter().find(|file| file.exists());
        found.ok_or_else(|| {
            let error = io::Error::new(io::ErrorKind::NotFound, "no draws.parquet, no draws.csv");
            Problem::Files(path.clone(), error)
        })
    };
    args.slices.iter().map(file).collect()
}

fn merge(files: &[PathBuf], out: &Path) -> Result<u64, Problem> {
    #[cfg(feature = "parquet")]
    if files
        .iter()
        .all(|file| file.extension().is_some_and(|e| e == "parquet"))
    {
        use jianpai_columnar::Error;
        return jianpai_columnar::merge(out, files).map_err(|error| match error {
            Error::Gap { from, to } | Error::Overlap { from, to } => Problem::Gap(from, to - 1),
            Error::OtherColumns { path, .. } | Error::OtherSweep { path, .. } => {
                Problem::Header(path)
            }
            Error::Io { path, source } => Problem::Files(path, source),
            error => Problem::Other(error.to_string()),
        });
    }
    merge_csv(files, out)
}

fn merge_csv(files: &[PathBuf], out: &Path) -> Result<u64, Problem> {
    let mut slices = Vec::new();
    for path in files {
        slices.push(look(path).map_err(|error| Problem::Files(path.clone(), error))?);
    }
    slices.sort_by_key(|slice| slice.first);
    let mut next = 0;
    for slice in &slices {
        if slice.header != slices[0].header {
            return Err(Problem::Header(slice.path.clone()));
        }
        if slice.first != next {
            let (a, b) = (next.min(slice.first), next.max(slice.first));
            return Err(Problem::Gap(a, b.saturating_sub(1)));
        }
        next = slice.last + 1;
    }
    write(&slices, out).map_err(|error| Problem::Files(out.to_path_buf(), error))?;
    Ok(next)
}

/// The header of a slice and the draws of its first and last line.
fn look(path: &Path) -> io::Result<Slice> {
    let mut lines = BufReader::new(File::open(path)?).lines();
    let empty = || io::Error::new(io::ErrorKind::InvalidData, "no draws");
    let header = lines.next().ok_or_else(empty)??;
    let draw = |line: &str| {
        line.split(',')
            .next()
            .and_then(|cell| cell.parse::<u64>().ok())
    };
    let first = draw(&lines.next().ok_or_else(empty)??).ok_or_else(empty)?;
    let mut last = first;
    for line in lines {
        last = draw(&line?).ok_or_else(empty)?;
    }
    Ok(Slice {
        path: path.to_path_buf(),
        header,
        first,
        last,
    })
}

fn write(slices: &[Slice], out: &Path) -> io::Result<()> {
    let mut part = out.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let mut to = BufWriter::with_capacity(1 << 20, File::create(&part)?);
    for (i, slice) in slices.iter().enumerate() {
        let mut from = BufReader::with_capacity(1 << 20, File::open(&slice.path)?);
        let mut header = String::new();
        from.read_line(&mut header)?;
        if i == 0 {
            to.write_all(header.as_bytes())?;
        }
        io::copy(&mut from, &mut to)?;
    }
    to.flush()?;
    std::fs::rename(part, out)
}
