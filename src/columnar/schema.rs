//! The columns of a table: their names and kinds.

use crate::error::{ColumnFault, Error, Result};
use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::schema::types::{SchemaDescPtr, SchemaDescriptor, Type};
use std::collections::HashSet;
use std::sync::Arc;

/// The name of the leading column: the index of the draw, a 64-bit integer.
pub const DRAW: &str = "draw";

/// What a column holds. No column but [`Kind::Sparse`] may be empty anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
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

impl Kind {
    fn physical(self) -> Physical {
        match self {
            Kind::Real | Kind::Sparse => Physical::DOUBLE,
            Kind::Flag => Physical::BOOLEAN,
            Kind::Whole => Physical::INT64,
            Kind::Text => Physical::BYTE_ARRAY,
        }
    }

    fn repetition(self) -> Repetition {
        match self {
            Kind::Sparse => Repetition::OPTIONAL,
            Kind::Real | Kind::Flag | Kind::Whole | Kind::Text => Repetition::REQUIRED,
        }
    }
}

/// The columns after `draw`, in order.
#[derive(Clone, Debug)]
pub struct Schema {
    columns: Vec<(String, Kind)>,
    descriptor: SchemaDescPtr,
}

impl Schema {
    /// A table of `draw` and `columns`. Any name may stand, in any script.
    ///
    /// # Errors
    /// [`Error::Column`]: a name is empty, occurs twice, or is `draw`.
    pub fn new<N: Into<String>>(columns: impl IntoIterator<Item = (N, Kind)>) -> Result<Self> {
        let columns: Vec<(String, Kind)> = columns
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
        Ok(Self {
            columns,
            descriptor,
        })
    }

    /// The columns after `draw`.
    pub fn columns(&self) -> &[(String, Kind)] {
        &self.columns
    }

    pub(crate) fn descriptor(&self) -> &SchemaDescPtr {
        &self.descriptor
    }
}

fn describe(columns: &[(String, Kind)]) -> parquet::errors::Result<SchemaDescPtr> {
    let leaf = |name: &str, kind: Kind| {
        Type::primitive_type_builder(name, kind.physical())
            .with_repetition(kind.repetition())
            .with_logical_type((kind == Kind::Text).then_some(LogicalType::String))
            .build()
            .map(Arc::new)
    };
    let mut fields = vec![leaf(DRAW, Kind::Whole)?];
    for (name, kind) in columns {
        fields.push(leaf(name, *kind)?);
    }
    let root = Type::group_type_builder("schema")
        .with_fields(fields)
        .build()?;
    Ok(Arc::new(SchemaDescriptor::new(Arc::new(root))))
}
