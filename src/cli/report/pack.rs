//! The files of a report.

use super::{COMPARISON, Part, ReportArgs};
use crate::cli::console::Console;
use crate::cli::out::print;
use jianpai_core::explain::Statement;
use jianpai_core::text::Lang;
use jianpai_load::digest::hex;
use jianpai_office::book::{self, Book};
use jianpai_office::word::{self, Picture};
use jianpai_report::briefing::{self, Briefing};
use jianpai_report::chart::{Format, Look, Theme};
use jianpai_report::figures::Plate;
use jianpai_report::grid::{NARROW, paragraph};
use jianpai_report::page;
use jianpai_study::folder::run::{hashed_inputs, model};
use jianpai_study::folder::{Entry, Hashed};
use jianpai_study::solve::Way;
use jianpai_study::{Run, Session};
use rayon::prelude::*;
use std::path::Path;

/// What reports are made with.
pub(super) struct Maker<'a> {
    /// Where problems are told.
    pub console: &'a Console,
    /// What is asked for.
    pub args: &'a ReportArgs,
    /// What was read.
    pub session: &'a Session,
    /// The data that it was read with.
    pub data: &'a [Hashed],
    /// Draws in dots, where the program can.
    pub painter: &'a Painter,
    /// The languages.
    pub langs: &'a [Lang],
}

/// The inputs of some runs, each once.
pub(super) fn inputs<'r>(
    session: &Session,
    runs: impl IntoIterator<Item = &'r Run>,
) -> Vec<Hashed> {
    let mut seen = Vec::new();
    for input in runs.into_iter().flat_map(|run| &run.study.loaded.inputs) {
        if !seen.contains(input) {
            seen.push(*input);
        }
    }
    hashed_inputs(session.files(), seen)
}

/// One hash of everything that was read. Files count by what is in them: a link goes on
/// working where they lie elsewhere.
fn hash(data: &[Hashed], inputs: &[Hashed]) -> String {
    let all = data.iter().chain(inputs);
    let all: Vec<&str> = all.map(|one| one.sha256.as_str()).collect();
    hex(all.join("\n").as_bytes())
}

/// How figures in documents look.
const IN_DOCUMENTS: Look = Look {
    format: Format::Column,
    theme: Theme::Light,
};

/// `zh` or `en`.
fn suffix(lang: Lang) -> &'static str {
    lang.pick("zh", "en")
}

impl Maker<'_> {
    /// The files of one run, which was made from `inputs`.
    pub(super) fn of_run(
        &self,
        (run, path): (&Run, &str),
        inputs: &[Hashed],
    ) -> Result<Vec<Entry>, u8> {
        let id = &run.study.scenario().id;
        let maker = self.maker(inputs);
        let file = name_of(path);
        let mut entries = Vec::new();
        if self.args.has(Part::Page) {
            let free = run.study.with_levers();
            let free = free.map_err(|error| self.console.fail(&error))?;
            let planned = free.study.clone().run();
            let page = free.page(&planned, (&file, &maker.program, &maker.hash));
            entries.extend(self.langs.iter().map(|&lang| {
                let text = page::html(&page, lang);
                (format!("{id}.{}.html", suffix(lang)), text.into_bytes())
            }));
        }
        if self.args.has(Part::Excel) {
            for &lang in self.langs {
                let bytes = self.workbook((run, &file), &maker, lang)?;
                entries.push((format!("{id}.{}.xlsx", suffix(lang)), bytes));
            }
        }
        let extents = run.study.written_extents();
        let content = || {
            let way = run.way();
            let way = way.as_ref().map(Way::answered);
            briefing::of_run(&run.case(), &extents, way.as_ref(), &maker)
        };
        entries.extend(self.written(id, content)?);
        Ok(entries)
    }

    /// The files that compare several runs, which were made from `inputs`.
    pub(super) fn of_options(&self, runs: &[Run], inputs: &[Hashed]) -> Result<Vec<Entry>, u8> {
        let cases: Vec<_> = runs.iter().map(Run::case).collect();
        let extents: Vec<_> = runs.iter().map(|run| run.study.written_extents()).collect();
        let maker = self.maker(inputs);
        let content = || briefing::of_options(&cases, &extents, &maker);
        self.written(COMPARISON, content)
    }

    fn maker(&self, inputs: &[Hashed]) -> briefing::Maker {
        briefing::Maker {
            program: model(),
            hash: hash(self.data, inputs),
        }
    }

    /// A report in each format that is asked for.
    fn written(&self, name: &str, content: impl Fn() -> Briefing) -> Result<Vec<Entry>, u8> {
        let has = |part: Part| self.args.has(part);
        if !(has(Part::Word) || has(Part::Markdown) || has(Part::Figures)) {
            return Ok(Vec::new());
        }
        let content = content();
        let plates: Vec<&Plate> = content.plates().collect();
        let mut entries = Vec::new();
        for &lang in self.langs {
            if has(Part::Word) {
                let mut pictures = self.pictures(&plates, lang, IN_DOCUMENTS)?.into_iter();
                let blank = Picture {
                    svg: String::new(),
                    png: None,
                };
                let mut draw = |_: &Plate| pictures.next().unwrap_or_else(|| blank.clone());
                let bytes = word::document(&content, lang, &mut draw);
                entries.push((format!("{name}.{}.docx", suffix(lang)), bytes));
            }
            if has(Part::Markdown) || has(Part::Figures) {
                let plates: Vec<&Plate> = content.plates().chain(&content.more).collect();
                let pictures = self.pictures(&plates, lang, self.args.look())?;
                let svgs: Vec<&str> = pictures.iter().map(|own| own.svg.as_str()).collect();
                let pdf = self
                    .painter
                    .pdf(&svgs)
                    .map_err(|problem| self.tell(&problem))?;
                let file_of_all = format!("figures/{name}.{}.pdf", suffix(lang));
                entries.extend(pdf.map(|pdf| (file_of_all, pdf)));
                for (plate, picture) in plates.iter().zip(pictures) {
                    let file = file(plate, lang);
                    entries.push((format!("{file}.svg"), picture.svg.into_bytes()));
                    entries.extend(picture.png.map(|png| (format!("{file}.png"), png)));
                }
            }
            if has(Part::Markdown) {
                let path = |plate: &Plate| format!("{}.svg", file(plate, lang));
                let text = briefing::markdown(&content, lang, &path);
                entries.push((format!("{name}.{}.md", suffix(lang)), text.into_bytes()));
            }
        }
        Ok(entries)
    }

    /// The figures for a page of a format, and in dots where the program can.
    fn pictures(&self, plates: &[&Plate], lang: Lang, look: Look) -> Result<Vec<Picture>, u8> {
        let drawn = plates.par_iter().map(|plate| {
            let svg = plate.chart.draw(lang, look);
            let png = self.painter.png(&svg)?;
            Ok(Picture { svg, png })
        });
        let drawn: Result<Vec<Picture>, Problem> = drawn.collect();
        drawn.map_err(|problem| self.tell(&problem))
    }

    fn tell(&self, problem: &Problem) -> u8 {
        self.console.complain(problem.text.get(self.console.lang))
    }

    /// The workbook of a run.
    fn workbook(
        &self,
        (run, file): (&Run, &str),
        maker: &briefing::Maker,
        lang: Lang,
    ) -> Result<Vec<u8>, u8> {
        let (catalogue, files) = (self.session.catalogue(), self.session.files());
        let loaded = &run.study.loaded;
        let places = |statement: Statement<'_>| loaded.place(catalogue, files, statement);
        let extents = run.study.extents();
        let book = Book {
            case: run.case(),
            extents: &extents,
            places: &places,
            file,
            program: &maker.program,
            hash: &maker.hash,
        };
        let written = book::workbook(&book, lang);
        written.map_err(|error| self.console.complain(&error.to_string()))
    }
}

/// The name of a file without its folder.
fn name_of(path: &str) -> String {
    let file = Path::new(path).file_name();
    file.map_or_else(
        || path.to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// The file of a figure, without its ending.
fn file(plate: &Plate, lang: Lang) -> String {
    format!("figures/{}.{}", plate.id, suffix(lang))
}

/// Why a picture cannot be made.
struct Problem {
    text: jianpai_core::text::Text,
}

/// Draws in dots, where the program is built to.
pub(super) struct Painter {
    #[cfg(feature = "png")]
    inner: Option<jianpai_raster::Painter>,
}

#[cfg(feature = "png")]
impl Painter {
    /// Dots across: 200 to the inch on a column of 156 mm.
    const WIDTH: u32 = 1228;

    /// One with the fonts of the system, if there is something to draw.
    pub(super) fn new(args: &ReportArgs) -> Self {
        let parts = [Part::Word, Part::Markdown, Part::Figures];
        let draws = parts.into_iter().any(|part| args.has(part));
        Self {
            inner: draws.then(jianpai_raster::Painter::system),
        }
    }

    /// The figures as pages of one PDF.
    #[cfg(feature = "pdf")]
    fn pdf(&self, svgs: &[&str]) -> Result<Option<Vec<u8>>, Problem> {
        let painted = self.inner.as_ref().map(|own| own.pdf(svgs));
        painted
            .transpose()
            .map_err(|error| Problem { text: error.text() })
    }

    fn png(&self, svg: &str) -> Result<Option<Vec<u8>>, Problem> {
        let painted = self.inner.as_ref().map(|own| own.png(svg, Self::WIDTH));
        painted
            .transpose()
            .map_err(|error| Problem { text: error.text() })
    }
}

#[cfg(not(feature = "png"))]
impl Painter {
    /// None: the program is built without.
    pub(super) fn new(_: &ReportArgs) -> Self {
        Self {}
    }

    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "as with dots"
    )]
    fn png(&self, _: &str) -> Result<Option<Vec<u8>>, Problem> {
        Ok(None)
    }
}

#[cfg(not(feature = "pdf"))]
impl Painter {
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "as with pages"
    )]
    fn pdf(&self, _: &[&str]) -> Result<Option<Vec<u8>>, Problem> {
        Ok(None)
    }
}

/// Says what programs without SVG do not see.
pub(super) fn tell_what_is_missing(console: &Console, args: &ReportArgs) {
    if cfg!(feature = "png") || !args.has(Part::Word) {
        return;
    }
    let text = match console.lang {
        Lang::Zh => {
            "Word 文档中的图是 SVG：Word 2019 以前的版本和部分 WPS 不显示；用 `cargo build --release --features png` 编译后图同时有位图"
        }
        Lang::En => {
            "figures in the Word document are SVG, which Word before 2019 and some versions of WPS do not show; built with `cargo build --release --features png` they come in dots as well"
        }
    };
    print(&format!("\n{}", paragraph(text, NARROW, 0)));
}
