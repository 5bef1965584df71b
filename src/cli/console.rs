//! What every command shares: language, data, files, output.

use super::BAD_INPUT;
use super::input::{self, Inputs};
use super::out::{warn, warn_drawn};
use jianpai_core::text::{Lang, Text};
use jianpai_load::catalogue::DataFile;
use jianpai_load::diag::Color;
use jianpai_load::input::{Refusal, why};
use jianpai_study::folder::name::fault_of_id;
use jianpai_study::folder::{Content, Entry, Folder, Kept, Manifest, Problem, put};
use jianpai_study::{self as study, Data, Error, Problems, columns};
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

/// The setting of one call of the program.
#[derive(Debug)]
pub(super) struct Console {
    /// Language of everything shown.
    pub lang: Lang,
    /// Data folder given on the command line.
    pub data: Option<PathBuf>,
    /// How files are read.
    pub inputs: Inputs,
}

/// An id that stands twice among `ids`, whose folders would be one: some systems do not tell
/// letters by their case.
pub(super) fn twice<'i>(ids: &[&'i str]) -> Option<&'i str> {
    let mut folded: Vec<(String, &str)> = ids.iter().map(|id| (id.to_lowercase(), *id)).collect();
    folded.sort_unstable();
    let mut pairs = folded.windows(2);
    pairs.find_map(|pair| (pair[0].0 == pair[1].0).then_some(pair[0].1))
}

/// The language of the locale: Chinese if `LC_ALL`, `LC_MESSAGES` or `LANG` says so, or,
/// where none of them is set (Windows, macOS), the settings of the system.
pub fn locale() -> Lang {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok());
    let said = set.into_iter().find(|value| !value.is_empty());
    match said.or_else(sys_locale::get_locale) {
        Some(value) if value.starts_with("zh") => Lang::Zh,
        _ => Lang::En,
    }
}

impl Console {
    /// The data asked for, and a session over them that reads from the disk; or what is
    /// wrong with the data is printed.
    pub(super) fn open(&self) -> Result<study::Session, u8> {
        let data = match &self.data {
            None => Data::compiled_in(),
            Some(folder) => Data::read(&folder.display().to_string(), &self.folder(folder)?),
        };
        let data = data.map_err(|problems| self.fail(&problems.into()))?;
        self.report(&data.remarks());
        Ok(study::Session::new(data, self.inputs.fetch()))
    }

    /// Prints why something cannot be done; the exit code.
    pub(super) fn fail(&self, error: &Error) -> u8 {
        match error {
            Error::Input(problems) => {
                self.report(problems);
                BAD_INPUT
            }
            other => self.complain(&other.text(self.lang)),
        }
    }

    /// The value, with what was found on the way printed; or what is wrong.
    pub(super) fn tell<T>(
        &self,
        session: &mut study::Session,
        result: Result<T, Error>,
    ) -> Result<T, u8> {
        let value = result.map_err(|error| self.fail(&error))?;
        self.report(&session.take_found());
        Ok(value)
    }

    /// The tables of a data folder.
    fn folder(&self, folder: &Path) -> Result<Vec<DataFile>, u8> {
        let read = || -> io::Result<Vec<DataFile>> {
            let mut data = Vec::new();
            for (path, _) in input::folder(folder)? {
                let is_table = path.extension().is_some_and(|extension| extension == "csv");
                let name = path
                    .file_name()
                    .and_then(|name| name.to_str())
                    .unwrap_or_default();
                if is_table {
                    data.push(DataFile {
                        name: name.to_string(),
                        bytes: self.inputs.bytes(&path)?,
                    });
                }
            }
            Ok(data)
        };
        read().map_err(|error| {
            let what = Text::new("数据目录", "the data folder");
            self.cannot_read(&what, folder, &error)
        })
    }

    /// Complains of a file or folder that cannot be read, and says what to do; returns
    /// the exit code. `what` says what it was wanted for, and may be empty.
    pub(super) fn cannot_read(&self, what: &Text, path: &Path, error: &io::Error) -> u8 {
        let why = columns::why(error).unwrap_or_else(|| why(error));
        let path = path.display();
        let help = Refusal::of(error).map(Refusal::help);
        self.complain(&match self.lang {
            Lang::Zh => {
                let help = help.map_or(String::new(), |help| format!("；{}", help.zh));
                format!("打不开{} {path}：{}{help}", what.zh, why.zh)
            }
            Lang::En => {
                let help = help.map_or(String::new(), |help| format!("; {}", help.en));
                let gap = if what.en.is_empty() { "" } else { " " };
                format!("cannot read {}{gap}{path}: {}{help}", what.en, why.en)
            }
        })
    }

    /// Prints an error of the environment; returns the exit code.
    pub(super) fn complain(&self, message: &str) -> u8 {
        let word = self.lang.pick("错误", "error");
        warn(&format!("{word}: {message}\n"));
        BAD_INPUT
    }

    /// Refuses a scenario whose id can be no folder's name; `path` is its file.
    pub(super) fn check_id(&self, id: &str, path: &str) -> Result<(), u8> {
        let Some(fault) = fault_of_id(id) else {
            return Ok(());
        };
        Err(self.complain(&match self.lang {
            Lang::Zh => format!(
                "{path}：情景名 `{id}` 不能作结果目录名（{}）；请给文件改名",
                fault.zh
            ),
            Lang::En => format!(
                "{path}: no folder of results can be called `{id}` ({}): rename the file",
                fault.en
            ),
        }))
    }

    /// Prints why results cannot be written; returns the exit code.
    pub(super) fn refuse(&self, problem: &Problem) -> u8 {
        self.complain(problem.0.get(self.lang))
    }

    /// Writes a folder of results into `out`, which may hold anything; returns its path.
    pub(super) fn put_folder(
        &self,
        (out, name): (&Path, &str),
        manifest: Manifest,
        entries: Vec<Entry>,
    ) -> Result<PathBuf, u8> {
        let refuse = |problem| self.refuse(&problem);
        let folder = Folder::take(out, name, &manifest.command).map_err(refuse)?;
        let path = folder.path().to_path_buf();
        let content = Content {
            manifest,
            entries,
            rows: None,
        };
        let kept = put(vec![(folder, content)]).map_err(refuse)?;
        self.tell_kept(&kept);
        Ok(path)
    }

    /// Says which files somebody had changed, and where they are kept.
    pub(super) fn tell_kept(&self, kept: &[Kept]) {
        for Kept { was, now } in kept {
            let (was, now) = (was.display(), now.display());
            warn(&match self.lang {
                Lang::Zh => format!("注意: {was} 写出后被改动过，已另存为 {now}\n"),
                Lang::En => {
                    format!("note: {was} was changed since it was written and is kept as {now}\n")
                }
            });
        }
    }

    /// Prints diagnostics in the order of their places.
    pub(super) fn report(&self, problems: &Problems) {
        if problems.is_empty() {
            return;
        }
        let color = if std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
            Color::Always
        } else {
            Color::Never
        };
        warn_drawn(&problems.render(self.lang, color));
    }
}
