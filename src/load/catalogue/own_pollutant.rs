//! A pollutant of the user's own: its factors by technology, and the indicator of its
//! emission.

use super::book::{Book, PROVENANCE};
use super::technologies;
use crate::diag::{Diagnostic, Diagnostics, FileId, Files};
use crate::format::take_in;
use crate::table::Table;
use jianpai_core::catalogue::{
    self, Accounting, Catalogue, Indicator, IndicatorKind, Named, Pollutant,
};
use jianpai_core::dims::PollutantId;
use jianpai_core::text::Text;

/// What a scenario says of a pollutant that it brings along.
#[derive(Clone, Debug)]
pub struct OwnPollutant {
    /// Its id, free in the catalogue.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// `water`, `air`, or any other word.
    pub medium: String,
    /// The unit in which people read its emission: `t` or `1e4 t`.
    pub unit: String,
}

/// Adds a pollutant with the factors of a file that has the columns of `data/factors.csv`.
/// Rows of other pollutants are passed over, so that one file can serve several.
///
/// It is accounted by no rules, and has the official amounts that an inventory of the
/// user's own gives; without them it stands bottom-up. Returns the file, for the list of
/// inputs.
pub fn add_pollutant(
    catalogue: &mut Catalogue,
    own: OwnPollutant,
    (path, bytes): (&str, &[u8]),
    files: &mut Files,
    diags: &mut Diagnostics,
) -> Option<FileId> {
    let file = take_in(path, bytes, files, diags)?;
    let mut columns = technologies::factor_columns();
    columns.extend(PROVENANCE);
    let table = Table::parse(files, file, &columns, diags)?;
    let p = PollutantId::from_usize(catalogue.pollutants.len());
    let variable = format!("Emissions|{}", own.id);
    catalogue.pollutants.push(Pollutant {
        named: Named {
            id: own.id.clone(),
            name: own.name.clone(),
        },
        basis: String::new(),
        medium: own.medium,
        iamc_variable: variable.clone(),
        iamc_unit: "t/yr".to_string(),
        iamc_per_t: 1.0,
        accounting: Accounting::None,
        own: Some(path.to_string()),
    });
    catalogue.indicators.push(Indicator {
        base: own.id.clone(),
        named: Named {
            id: own.id.clone(),
            name: Text::new(
                format!("{}排放量", own.name.zh),
                format!("{} emissions", own.name.en),
            ),
        },
        book: catalogue::Book::Physical,
        both: false,
        kind: IndicatorKind::Emission(p, catalogue::Book::Physical),
        higher_is_better: false,
        iamc_variable: variable,
        iamc_unit: "t/yr".to_string(),
        display_unit: own.unit,
        on_call: true,
    });
    let mut book = Book::resume(catalogue, files, diags);
    book.catalogue.files.push(path.to_string());
    let technologies = catalogue.technologies.iter().zip(0_u16..);
    let technologies = technologies.map(|(k, index)| (k.named.id.clone(), index));
    book.ids.insert("technology", technologies.collect());
    let before = book.diags.errors();
    let mine = |id: &str| id == own.id;
    technologies::factor_rows(&mut book, &table, &mine);
    let Book {
        catalogue: grown, ..
    } = book;
    let mut all = grown.technologies.iter().flat_map(|k| &k.factors);
    if !all.any(|(q, _)| *q == p) && diags.errors() == before {
        let message = Text::new(
            format!("因子表里没有 `{}` 的行", own.id),
            format!("the table has no factor of `{}`", own.id),
        );
        diags.push(
            Diagnostic::error("no-factors", message)
                .label(
                    files.line(file, 1),
                    Text::new("各行都是别的污染物", "all rows are of other pollutants"),
                )
                .help(Text::new(
                    format!("pollutant 一列写 {}", own.id),
                    format!("write {} in the column `pollutant`", own.id),
                )),
        );
    }
    *catalogue = grown;
    Some(file)
}
