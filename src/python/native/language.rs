//! The language of messages, tables and charts.

use jianpai_core::text::Lang;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::sync::atomic::{AtomicU8, Ordering};

/// 0: as the locale says; 1: Chinese; 2: English.
static CHOSEN: AtomicU8 = AtomicU8::new(0);

/// The language chosen, or that of the locale.
pub(crate) fn chosen() -> Lang {
    match CHOSEN.load(Ordering::Relaxed) {
        1 => Lang::Zh,
        2 => Lang::En,
        _ => jianpai::cli::locale(),
    }
}

/// Speaks Chinese (`"zh"`) or English (`"en"`) from now on; `None`: as the locale says.
#[pyfunction]
#[pyo3(signature = (lang))]
pub(crate) fn set_language(lang: Option<&str>) -> PyResult<()> {
    let code = match lang {
        None => 0,
        Some("zh") => 1,
        Some("en") => 2,
        Some(other) => {
            return Err(PyValueError::new_err(format!(
                "没有语言 / no language {other:?}: \"zh\", \"en\""
            )));
        }
    };
    CHOSEN.store(code, Ordering::Relaxed);
    Ok(())
}

/// The language that is spoken: `"zh"` or `"en"`.
#[pyfunction]
pub(crate) fn get_language() -> &'static str {
    chosen().pick("zh", "en")
}
