//! What every command shares: language, data, files, output.

use super::BAD_INPUT;
use super::input::{self, Inputs};
use super::out::{warn, warn_drawn};
use super::results::name::fault_of_id;
use super::results::{Content, Entry, Folder, Kept, Manifest, Problem, put};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::dims::RegionId;
use jianpai_core::explain::Support;
use jianpai_core::outcome::{self, Outcome};
use jianpai_core::plan::{self, Plan, PlanError};
use jianpai_core::text::{Lang, Text};
use jianpai_load::catalogue::{self, DataFile};
use jianpai_load::diag::{Color, Diagnostic, Diagnostics, Files, nearest};
use jianpai_load::input::{Refusal, why};
use jianpai_load::scenario::{self, Loaded};
use jianpai_report::case::Case;
use rayon::prelude::*;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

/// The setting of one call of the program.
#[derive(Debug)]
pub(super) struct Session {
    /// Language of everything shown.
    pub lang: Lang,
    /// Data folder given on the command line.
    pub data: Option<PathBuf>,
    /// How files are read.
    pub inputs: Inputs,
}

/// The language of the locale: Chinese if `LC_ALL`, `LC_MESSAGES` or `LANG` says so.
pub(super) fn locale() -> Lang {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok());
    match set.into_iter().find(|value| !value.is_empty()) {
        Some(value) if value.starts_with("zh") => Lang::Zh,
        _ => Lang::En,
    }
}

/// A scenario ready to run.
#[derive(Debug)]
pub(super) struct Ready {
    pub loaded: Loaded,
    pub plan: Plan,
}

/// A scenario that has run.
#[derive(Debug)]
pub(super) struct Done {
    pub ready: Ready,
    pub outcome: Outcome,
    /// Which numbers its results rest on.
    pub support: Support,
}

impl Done {
    /// Runs a scenario.
    pub(super) fn of(catalogue: &Catalogue, ready: Ready) -> Done {
        let scenario = &ready.loaded.scenario;
        Done {
            outcome: outcome::run(catalogue, scenario, &ready.plan),
            support: Support::of(catalogue, scenario, &ready.plan),
            ready,
        }
    }

    /// The run as reports see it.
    pub(super) fn case<'a>(&'a self, catalogue: &'a Catalogue) -> Case<'a> {
        Case {
            catalogue,
            scenario: &self.ready.loaded.scenario,
            plan: &self.ready.plan,
            outcome: &self.outcome,
            support: &self.support,
        }
    }
}

/// What keeps a scenario from running, with the region where the caller chose it.
fn problems(catalogue: &Catalogue, loaded: &Loaded, errors: &[PlanError]) -> Vec<Diagnostic> {
    let found = errors
        .iter()
        .map(|error| scenario::explain(catalogue, loaded, error));
    let here = here(catalogue, loaded);
    found.map(|one| noted(one, here.as_ref())).collect()
}

/// The region that the caller chose, as a note.
pub(super) fn here(catalogue: &Catalogue, loaded: &Loaded) -> Option<Text> {
    let region = &catalogue.regions[loaded.scenario.region.at()].named.name;
    loaded.replaced.then(|| {
        Text::new(
            format!("地区：{}", region.zh),
            format!("region: {}", region.en),
        )
    })
}

/// A diagnostic with a note, if there is one.
pub(super) fn noted(diagnostic: Diagnostic, note: Option<&Text>) -> Diagnostic {
    match note {
        Some(note) => diagnostic.note(note.clone()),
        None => diagnostic,
    }
}

impl Session {
    /// Reads the data, or prints what is wrong with it.
    pub(super) fn catalogue(&self, files: &mut Files) -> Result<Catalogue, u8> {
        let (folder, data) = match &self.data {
            None => ("data".to_string(), jianpai_study::embedded::data()),
            Some(folder) => (folder.display().to_string(), self.folder(folder)?),
        };
        let mut diags = Diagnostics::default();
        let found = catalogue::read(&folder, &data, files, &mut diags);
        self.report(files, &mut diags);
        found.ok_or(BAD_INPUT)
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
        let why = jianpai_study::columns::why(error).unwrap_or_else(|| why(error));
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

    /// Complains about a region that does not exist; returns the exit code.
    pub(super) fn unknown_region(&self, catalogue: &Catalogue, name: &str) -> u8 {
        let ids = catalogue
            .regions
            .iter()
            .map(|region| region.named.id.as_str());
        let by_name = catalogue
            .regions
            .iter()
            .find(|region| region.named.name.zh == name);
        let near = by_name
            .map(|region| region.named.id.as_str())
            .or_else(|| nearest(name, ids));
        self.unknown(&Text::new("地区", "region"), name, near, &[])
    }

    /// Complains about a name that does not exist, with the one that was probably
    /// meant, or else all there are; returns the exit code.
    pub(super) fn unknown(&self, what: &Text, name: &str, near: Option<&str>, all: &[&str]) -> u8 {
        let hint = match (near, self.lang) {
            (Some(near), Lang::Zh) => format!("；是否指 `{near}`？"),
            (Some(near), Lang::En) => format!("; did you mean `{near}`?"),
            (None, _) if all.is_empty() => String::new(),
            (None, Lang::Zh) => format!("；可用：{}", all.join("、")),
            (None, Lang::En) => format!("; known: {}", all.join(", ")),
        };
        self.complain(&match self.lang {
            Lang::Zh => format!("没有{} `{name}`{hint}", what.zh),
            Lang::En => format!("no {} `{name}`{hint}", what.en),
        })
    }

    /// Compiles and runs all scenarios in parallel, in the order given.
    pub(super) fn solve(
        &self,
        catalogue: &Catalogue,
        loaded: Vec<Loaded>,
        files: &Files,
    ) -> Result<Vec<Done>, u8> {
        let results: Vec<Result<Done, Diagnostics>> = loaded
            .into_par_iter()
            .map(|loaded| match plan::compile(catalogue, &loaded.scenario) {
                Ok(plan) => Ok(Done::of(catalogue, Ready { loaded, plan })),
                Err(errors) => {
                    let mut diags = Diagnostics::default();
                    diags.extend(problems(catalogue, &loaded, &errors));
                    Err(diags)
                }
            })
            .collect();
        let mut done = Vec::new();
        let mut diags = Diagnostics::default();
        for result in results {
            match result {
                Ok(one) => done.push(one),
                Err(found) => diags.extend(found),
            }
        }
        self.report(files, &mut diags);
        if diags.has_errors() {
            Err(BAD_INPUT)
        } else {
            Ok(done)
        }
    }

    /// Prints diagnostics, sorted by place.
    pub(super) fn report(&self, files: &Files, diags: &mut Diagnostics) {
        if diags.is_empty() {
            return;
        }
        diags.sort();
        let color = if std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
            Color::Always
        } else {
            Color::Never
        };
        warn_drawn(&diags.render(files, self.lang, color));
    }

    /// Loads and compiles a scenario; what is wrong goes to `diags`.
    pub(super) fn prepare(
        &self,
        path: &str,
        region: Option<RegionId>,
        catalogue: &Catalogue,
        files: &mut Files,
        diags: &mut Diagnostics,
    ) -> Option<Ready> {
        let fetch = self.inputs.fetch();
        let loaded = scenario::read(path, region, catalogue, &fetch, files, diags)?;
        match plan::compile(catalogue, &loaded.scenario) {
            Ok(plan) => Some(Ready { loaded, plan }),
            Err(errors) => {
                diags.extend(problems(catalogue, &loaded, &errors));
                None
            }
        }
    }

    /// The same for those who read its `[sweep]`, too: what is wrong with that is said
    /// even if the scenario cannot run.
    pub(super) fn prepare_varied(
        &self,
        path: &str,
        region: Option<RegionId>,
        catalogue: &Catalogue,
        files: &mut Files,
        diags: &mut Diagnostics,
    ) -> Option<Ready> {
        let fetch = self.inputs.fetch();
        let loaded = scenario::read(path, region, catalogue, &fetch, files, diags)?;
        match plan::compile(catalogue, &loaded.scenario) {
            Ok(plan) => Some(Ready { loaded, plan }),
            Err(errors) => {
                diags.extend(problems(catalogue, &loaded, &errors));
                if loaded.tree.get("sweep").is_some() {
                    scenario::sweep::read(catalogue, &loaded, diags);
                }
                None
            }
        }
    }
}
