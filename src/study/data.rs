//! The tables of the model, read once and shared by all sessions.

use crate::embedded;
use crate::problem::Problems;
use jianpai_core::catalogue::Catalogue;
use jianpai_load::catalogue::{self, DataFile};
use jianpai_load::diag::{Diagnostics, FileId, Files};
use jianpai_load::vocabulary::Vocabulary;
use std::sync::{Arc, OnceLock};

/// What the data tables hold, checked, and the tables themselves.
#[derive(Debug)]
pub struct Data {
    catalogue: Catalogue,
    files: Files,
    remarks: Diagnostics,
    /// Made when a name is first asked about.
    vocabulary: OnceLock<Vocabulary>,
}

impl Data {
    /// The tables compiled into the program.
    ///
    /// # Errors
    /// None in a released program: a test reads them.
    pub fn compiled_in() -> Result<Arc<Self>, Problems> {
        Self::read("data", &embedded::data())
    }

    /// Tables from elsewhere; `folder` is what diagnostics call the place.
    ///
    /// # Errors
    /// Everything that is wrong with them, in one pass.
    pub fn read(folder: &str, tables: &[DataFile]) -> Result<Arc<Self>, Problems> {
        let (mut files, mut remarks) = (Files::new(), Diagnostics::default());
        match catalogue::read(folder, tables, &mut files, &mut remarks) {
            Some(catalogue) => Ok(Arc::new(Self {
                catalogue,
                files,
                remarks,
                vocabulary: OnceLock::new(),
            })),
            None => Err(Problems::new(remarks, &files)),
        }
    }

    /// The same tables, and a catalogue that has grown by what a scenario brings along.
    pub(crate) fn with(&self, catalogue: Catalogue) -> Self {
        Self {
            catalogue,
            files: self.files.clone(),
            remarks: self.remarks.clone(),
            vocabulary: OnceLock::new(),
        }
    }

    /// What the tables hold.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// What everything in the tables is called.
    pub fn vocabulary(&self) -> &Vocabulary {
        let make = || Vocabulary::new(&self.catalogue);
        self.vocabulary.get_or_init(make)
    }

    /// The tables as they were read.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// The tables, by their place in [`Data::files`] and in every session's files.
    pub fn ids(&self) -> impl Iterator<Item = FileId> {
        self.files.iter().map(|(id, ..)| id)
    }

    /// What was said of the tables that keeps nobody from using them.
    pub fn remarks(&self) -> Problems {
        Problems::new(self.remarks.clone(), &self.files)
    }
}
