//! The columns of a table: their names, kinds and units.

use crate::error::{ColumnFault, Error, Result};
use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::schema::types::{SchemaDescPtr, SchemaDescriptor, Type};
use std::collections::HashSet;
use std::sync::Arc;

/// The name of the leading column: the index of the draw, a 64-bit integer.
pub const DRAW: &str = "draw";

/// What a column holds. No column but [`ColumnKind::Sparse`] may be empty anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Finite doubles (`DOUBLE`).
    Real,
    /// Finite doubles, of which some may be missing (`DOUBLE`, optional).
    Sparse,
    /// Yes or no (`BOOLEAN`).
    Flag,
    /// 64-bit integers (`INT64`).
    Whole,
    /// Texts (`BYTE_ARRAY`, UTF-8).
    Text,
}

impl ColumnKind {
    fn physical(self) -> Physical {
        match self {
            ColumnKind::Real | ColumnKind::Sparse => Physical::DOUBLE,
            ColumnKind::Flag => Physical::BOOLEAN,
            ColumnKind::Whole => Physical::INT64,
            ColumnKind::Text => Physical::BYTE_ARRAY,
        }
    }

    fn repetition(self) -> Repetition {
        match self {
            ColumnKind::Sparse => Repetition::OPTIONAL,
            ColumnKind::Real | ColumnKind::Flag | ColumnKind::Whole | ColumnKind::Text => {
                Repetition::REQUIRED
            }
        }
    }
}

/// The key of the metadata that says the units: a JSON object of columns and their units.
/// Columns without a unit (flags, counts, pure numbers) are not in it.
pub const UNITS: &str = "units";

/// The columns after `draw`, in order.
#[derive(Clone, Debug)]
pub struct Schema {
    columns: Vec<(String, ColumnKind)>,
    /// The unit of each column; empty for none.
    units: Vec<String>,
    descriptor: SchemaDescPtr,
}

impl Schema {
    /// A table of `draw` and `columns`. Any name may stand, in any script.
    ///
    /// # Errors
    /// [`Error::Column`]: a name is empty, occurs twice, or is `draw`.
    pub fn new<N: Into<String>>(
        columns: impl IntoIterator<Item = (N, ColumnKind)>,
    ) -> Result<Self> {
        let columns: Vec<(String, ColumnKind)> = columns
            .into_iter()
            .map(|(name, kind)| (name.into(), kind))
            .collect();
        let mut seen = HashSet::new();
        for (name, _) in &columns {
            let fault = if name.is_empty() {
                ColumnFault::Empty
            } else if name == DRAW {
                ColumnFault::Reserved
            } else if seen.insert(name) {
                continue;
            } else {
                ColumnFault::Twice
            };
            let name = name.clone();
            return Err(Error::Column { name, fault });
        }
        let descriptor = describe(&columns).map_err(|error| Error::Shape(error.to_string()))?;
        let units = vec![String::new(); columns.len()];
        Ok(Self {
            columns,
            units,
            descriptor,
        })
    }

    /// The same, whose first columns have these units, in order; an empty text is none.
    /// Files say them under [`UNITS`].
    #[must_use]
    pub fn with_units(mut self, units: impl IntoIterator<Item = String>) -> Self {
        for (own, unit) in self.units.iter_mut().zip(units) {
            *own = unit;
        }
        self
    }

    /// The units as a file says them; `None` where no column has one.
    pub(crate) fn units(&self) -> Option<String> {
        let named = self.columns.iter().map(|(name, _)| name).zip(&self.units);
        let named = named.filter(|(_, unit)| !unit.is_empty());
        let units: serde_json::Map<String, serde_json::Value> = named
            .map(|(name, unit)| (name.clone(), unit.as_str().into()))
            .collect();
        (!units.is_empty()).then(|| serde_json::Value::Object(units).to_string())
    }

    /// The columns after `draw`.
    pub fn columns(&self) -> &[(String, ColumnKind)] {
        &self.columns
    }

    pub(crate) fn descriptor(&self) -> &SchemaDescPtr {
        &self.descriptor
    }
}

fn describe(columns: &[(String, ColumnKind)]) -> parquet::errors::Result<SchemaDescPtr> {
    let leaf = |name: &str, kind: ColumnKind| {
        Type::primitive_type_builder(name, kind.physical())
            .with_repetition(kind.repetition())
            .with_logical_type((kind == ColumnKind::Text).then_some(LogicalType::String))
            .build()
            .map(Arc::new)
    };
    let mut fields = vec![leaf(DRAW, ColumnKind::Whole)?];
    for (name, kind) in columns {
        fields.push(leaf(name, *kind)?);
    }
    let root = Type::group_type_builder("schema")
        .with_fields(fields)
        .build()?;
    Ok(Arc::new(SchemaDescriptor::new(Arc::new(root))))
}
