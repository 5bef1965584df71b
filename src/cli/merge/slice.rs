//! Slices, as their manifests tell.

use super::join::{self, Rows};
use jianpai_core::text::Text;
use jianpai_load::digest::hex;
use jianpai_study::folder::manifest::{Blocks, Swept, hash_of};
use jianpai_study::folder::{Manifest, Problem};
use jianpai_study::sweep::{PART, Part};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A slice with its manifest, or a file of rows alone.
#[derive(Debug)]
pub(super) enum Found {
    Slice(Box<Slice>),
    Bare(PathBuf),
}

/// A slice of a sweep.
#[derive(Debug)]
pub(super) struct Slice {
    pub folder: PathBuf,
    pub manifest: Manifest,
    pub swept: Swept,
}

/// The slices of one sweep, every block once, in order.
#[derive(Debug)]
pub(super) struct Group(Vec<Slice>);

impl Slice {
    /// Something is wrong with this slice.
    pub(super) fn fault(&self, what: &Text) -> Problem {
        fault(&self.folder, what)
    }

    /// The file of its rows and the hash it should have.
    fn rows(&self) -> Option<(&'static str, &str)> {
        let names = ["draws.csv", "draws.parquet"].into_iter();
        let mut found = names.filter_map(|name| {
            let mut outputs = self.manifest.outputs.iter();
            let output = outputs.find(|output| output.path == name)?;
            Some((name, output.sha256.as_str()))
        });
        found.next()
    }

    /// The totals of its draws, which are as they were written; `None` where it keeps none.
    fn part(&self) -> Option<Result<Part, Problem>> {
        let mut outputs = self.manifest.outputs.iter();
        let wanted = outputs.find(|output| output.path == PART)?;
        let path = self.folder.join(PART);
        let read = std::fs::read(&path).map_err(|error| Problem::read(&path, &error));
        Some(read.and_then(|bytes| {
            if hex(&bytes) != wanted.sha256 {
                return Err(changed_since(&path));
            }
            Part::of(bytes).map_err(|what| fault(&path, &what))
        }))
    }

    /// The file of its rows, which is as it was written.
    fn checked_rows(&self) -> Result<Option<(&'static str, PathBuf)>, Problem> {
        let Some((name, wanted)) = self.rows() else {
            return Ok(None);
        };
        let path = self.folder.join(name);
        let found = hash_of(&path).map_err(|error| Problem::read(&path, &error))?;
        if found == wanted {
            return Ok(Some((name, path)));
        }
        // Say where, if that can be told.
        if let Rows::Csv(_) = join::look(&path)? {
            join::scan(&path)?;
        }
        Err(changed_since(&path))
    }
}

fn changed_since(path: &Path) -> Problem {
    let what = Text::new(
        "写出后被改动过（哈希不符）；请重新计算这一片",
        "was changed since it was written (its hash differs): compute this slice again",
    );
    fault(path, &what)
}

pub(super) fn fault(path: &Path, what: &Text) -> Problem {
    let path = path.display();
    Problem::new(
        format!("{path}：{}", what.zh),
        format!("{path}: {}", what.en),
    )
}

/// The slices that the command line names: folders of slices, folders that hold them,
/// files of rows.
pub(super) fn find(paths: &[PathBuf]) -> Result<Vec<Found>, Problem> {
    let mut found = Vec::new();
    for path in paths {
        let metadata = std::fs::metadata(path).map_err(|error| Problem::read(path, &error))?;
        if metadata.is_dir() {
            found.extend(in_folder(path)?.into_iter().map(Box::new).map(Found::Slice));
            continue;
        }
        if !metadata.is_file() {
            let what = Text::new("不是普通文件", "is no regular file");
            return Err(fault(path, &what));
        }
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let slice = slice(folder)?;
        let slice = slice.filter(|slice| slice.rows().is_some_and(|(rows, _)| rows == name));
        found.push(match slice {
            Some(slice) => Found::Slice(Box::new(slice)),
            None => Found::Bare(path.clone()),
        });
    }
    Ok(found)
}

/// The slice in a folder, or those in the folders below it.
fn in_folder(folder: &Path) -> Result<Vec<Slice>, Problem> {
    if let Some(slice) = slice(folder)? {
        return Ok(vec![slice]);
    }
    let mut inner = Vec::new();
    let entries = std::fs::read_dir(folder).map_err(|error| Problem::read(folder, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| Problem::read(folder, &error))?.path();
        if path.is_dir() {
            inner.push(path);
        }
    }
    inner.sort();
    let mut slices = Vec::new();
    for path in inner {
        let one = slice(&path)?;
        slices.extend(one.filter(|slice| slice.swept.shard.is_some()));
    }
    if slices.is_empty() {
        return Err(fault(
            folder,
            &Text::new(
                "没有分片：应是 sweep --shard 写出的结果目录，或其上级目录",
                "holds no slices: name the folders that `sweep --shard` wrote, or one that holds them",
            ),
        ));
    }
    Ok(slices)
}

/// The slice in a folder, by its manifest.
fn slice(folder: &Path) -> Result<Option<Slice>, Problem> {
    let read = Manifest::read(folder).map_err(|error| Problem::read(folder, &error))?;
    let Some(known) = read else { return Ok(None) };
    if known.pending.is_some() {
        return Err(fault(
            folder,
            &Text::new(
                "写出结果时被中断；请用同样的命令加 --resume 再算一次",
                "was cut off while results were put in place: run it again with --resume",
            ),
        ));
    }
    let Some(manifest) = known.written_by("sweep").cloned() else {
        return Ok(None);
    };
    let swept = manifest.swept.clone();
    Ok(swept.map(|swept| Slice {
        folder: folder.to_path_buf(),
        manifest,
        swept,
    }))
}

/// The slices by sweep, checked.
pub(super) fn grouped(found: Vec<Found>) -> Result<Vec<Group>, Problem> {
    let mut groups: BTreeMap<(Option<String>, Option<String>), Vec<Slice>> = BTreeMap::new();
    for one in found {
        match one {
            Found::Slice(slice) => {
                let key = (
                    slice.manifest.scenario.clone(),
                    slice.manifest.region.clone(),
                );
                groups.entry(key).or_default().push(*slice);
            }
            Found::Bare(path) => return Err(no_manifest(&path)),
        }
    }
    groups.into_values().map(group).collect()
}

fn no_manifest(path: &Path) -> Problem {
    fault(
        path,
        &Text::new(
            "旁边没有写着它的 manifest.json，无法核对是哪一次抽样；请给出 sweep 写出的整个目录",
            "no manifest.json beside it names it, so what sweep it is of cannot be checked: name the whole folder that `sweep` wrote",
        ),
    )
}

/// Slices of one sweep in the order of their draws: every block once.
fn group(mut slices: Vec<Slice>) -> Result<Group, Problem> {
    slices.sort_by_key(|slice| (slice.swept.blocks.first, slice.swept.blocks.end));
    let Some(first) = slices.first() else {
        return Err(Problem::new(
            "没有分片".into(),
            "there are no slices".into(),
        ));
    };
    for slice in &slices {
        if let Some(what) = difference(first, slice) {
            return Err(slice.fault(&Text::new(
                format!(
                    "与 {} 不是同一次抽样：{}不同",
                    first.folder.display(),
                    what.zh
                ),
                format!(
                    "is of another sweep than {}: {} differs",
                    first.folder.display(),
                    what.en
                ),
            )));
        }
    }
    let mut next = 0;
    let whole = first.swept.clone();
    for slice in &slices {
        let Blocks { first, end, of, .. } = slice.swept.blocks;
        if first > end || end > of {
            let what = Text::new(
                "manifest 的 blocks 不成立",
                "the blocks of its manifest cannot be",
            );
            return Err(slice.fault(&what));
        }
        if first == end {
            continue;
        }
        if first > next {
            return Err(missing(&whole, next, first));
        }
        if first < next {
            let (from, to) = draws(&whole, first, next.min(end));
            return Err(slice.fault(&Text::new(
                format!("第 {from} 至 {to} 次抽样在别的分片里已有"),
                format!("draws {from} to {to} are in another slice as well"),
            )));
        }
        next = end;
    }
    if next < whole.blocks.of {
        return Err(missing(&whole, next, whole.blocks.of));
    }
    Ok(Group(slices))
}

/// The first and last draw of blocks.
fn draws(swept: &Swept, from: u64, to: u64) -> (u64, u64) {
    let size = swept.blocks.draws;
    let end = to.saturating_mul(size).min(swept.draws);
    (from.saturating_mul(size), end.saturating_sub(1))
}

fn missing(swept: &Swept, from: u64, to: u64) -> Problem {
    let (from, to) = draws(swept, from, to);
    Problem::new(
        format!(
            "缺少第 {from} 至 {to} 次抽样（共 {} 次）：请给出全部分片",
            swept.draws
        ),
        format!(
            "draws {from} to {to} of {} are missing: name every slice",
            swept.draws
        ),
    )
}

/// What tells two slices' sweeps apart.
fn difference(a: &Slice, b: &Slice) -> Option<Text> {
    let (x, y) = (&a.swept, &b.swept);
    let say = |zh: &str, en: &str| Some(Text::new(zh.to_string(), en.to_string()));
    let option = |slice: &Slice, key: &str| slice.manifest.options.get(key).cloned();
    if x.draws != y.draws {
        return say("抽样次数", "the number of draws");
    }
    if x.seed != y.seed {
        return say("随机种子", "the seed");
    }
    if x.design != y.design {
        return say("设计", "the design");
    }
    if option(a, "format") != option(b, "format") {
        return say("逐次结果的格式", "the format of the rows");
    }
    if option(a, "trajectories") != option(b, "trajectories") {
        return say("是否含逐年结果（--trajectories）", "--trajectories");
    }
    if option(a, "model_error") != option(b, "model_error") {
        return say("是否计入模型误差（--no-model-error）", "--no-model-error");
    }
    if a.manifest.version != b.manifest.version {
        return say("程序版本", "the version of the program");
    }
    if let Some(path) = changed(&a.manifest, &b.manifest) {
        return Some(Text::new(
            format!("{path} 的内容"),
            format!("the content of {path}"),
        ));
    }
    let (p, q) = (x.blocks, y.blocks);
    if x.sweep != y.sweep || (p.draws, p.of) != (q.draws, q.of) {
        return say("情景、数据或程序", "the scenario, the data or the program");
    }
    None
}

/// The first input or table of data that differs between two manifests.
pub(super) fn changed(a: &Manifest, b: &Manifest) -> Option<String> {
    let pairs = a.inputs.iter().zip(&b.inputs);
    let pairs = pairs.chain(a.data.iter().zip(&b.data));
    let mut other = pairs.filter(|(a, b)| a.sha256 != b.sha256);
    other.next().map(|(a, _)| a.path.clone())
}

impl Group {
    pub(super) fn first(&self) -> &Slice {
        // A group has at least one.
        &self.0[0]
    }

    /// The files of rows, each as it was written; `None` where the sweep kept none.
    pub(super) fn rows(&self) -> Result<Option<(&'static str, Vec<PathBuf>)>, Problem> {
        let mut files = Vec::new();
        let mut name = None;
        for slice in &self.0 {
            let found = slice.checked_rows()?;
            let told = slice.manifest.options.get("format");
            let none = told.and_then(|value| value.as_str()) == Some("none");
            match found {
                Some((rows, path)) => {
                    name = Some(rows);
                    files.push(path);
                }
                None if none => {}
                None => {
                    let what = Text::new(
                        "manifest 里没有 draws 文件",
                        "its manifest names no file of draws",
                    );
                    return Err(slice.fault(&what));
                }
            }
        }
        Ok(name.map(|name| (name, files)))
    }

    /// The totals of each slice, in order, read one after the other; `None` where one has none.
    pub(super) fn parts(&self) -> Option<impl Iterator<Item = Result<Part, Problem>>> {
        let outputs = |slice: &Slice| slice.manifest.outputs.iter().any(|one| one.path == PART);
        let all = self.0.iter().all(outputs);
        all.then(|| self.0.iter().filter_map(Slice::part))
    }

    /// Refuses to write into the folder of a slice.
    pub(super) fn apart_from(&self, folder: &Path) -> Result<(), Problem> {
        let same = |slice: &&Slice| is_same(&slice.folder, folder);
        match self.0.iter().find(same) {
            None => Ok(()),
            Some(slice) => Err(slice.fault(&Text::new(
                "既是分片又是结果目录；请用 --out 换一个目录",
                "is a slice and the folder for results at once: choose another with --out",
            ))),
        }
    }
}

fn is_same(a: &Path, b: &Path) -> bool {
    let (a, b) = (std::fs::canonicalize(a), std::fs::canonicalize(b));
    matches!((a, b), (Ok(a), Ok(b)) if a == b)
}

/// Files of rows that are to be joined.
#[derive(Debug)]
pub(super) struct Joinable {
    pub files: Vec<PathBuf>,
    /// Whether nothing says what sweep the rows are of.
    pub unchecked: bool,
}

/// The files of rows to be joined into `out`: all of slices with manifests, or, if need
/// be unchecked, files alone.
pub(super) fn files(found: Vec<Found>, unchecked: bool, out: &Path) -> Result<Joinable, Problem> {
    let mut bare = Vec::new();
    let mut slices = Vec::new();
    for one in found {
        match one {
            Found::Slice(slice) => slices.push(*slice),
            Found::Bare(path) => bare.push(path),
        }
    }
    let mut files = Vec::new();
    let mut untold = false;
    if !slices.is_empty() && bare.is_empty() {
        let groups = grouped(slices.into_iter().map(Box::new).map(Found::Slice).collect())?;
        let [group] = &groups[..] else {
            return Err(Problem::new(
                "分片属于不同情景或地区；--out 请给目录，各写一份".into(),
                "the slices are of several scenarios or regions: name a folder with --out, for one result each".into(),
            ));
        };
        let Some((_, rows)) = group.rows()? else {
            return Err(Problem::new(
                "这些分片没有逐次结果（--format none）；--out 请给目录".into(),
                "these slices hold no rows (--format none): name a folder with --out".into(),
            ));
        };
        files.extend(rows);
    } else {
        files.extend(slices.iter().filter_map(|slice| {
            let (name, _) = slice.rows()?;
            Some(slice.folder.join(name))
        }));
        for path in bare {
            // Rows of a Parquet file say themselves what they are of.
            if matches!(join::look(&path)?, Rows::Csv(_)) {
                if !unchecked {
                    return Err(no_manifest(&path));
                }
                untold = true;
            }
            files.push(path);
        }
    }
    match files.iter().find(|file| is_same(file, out)) {
        None => Ok(Joinable {
            files,
            unchecked: untold,
        }),
        Some(file) => Err(fault(
            file,
            &Text::new("既是输入又是输出", "is an input and the output at once"),
        )),
    }
}
