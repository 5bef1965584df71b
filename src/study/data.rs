//! The tables of the model, read once and shared by all sessions.

use crate::embedded;
use crate::problem::Problems;
use jianpai_core::catalogue::Catalogue;
use jianpai_load::catalogue::{self, DataFile};
use jianpai_load::diag::{Diagnostics, FileId, Files};
use std::sync::Arc;

/// What the data tables hold, checked, and the tables themselves.
#[derive(Debug)]
pub struct Data {
    catalogue: Catalogue,
    files: Files,
    remarks: Diagnostics,
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
        }
    }

    /// What the tables hold.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
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
