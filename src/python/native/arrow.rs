//! Arrow: what is handed over, and tables as batches.
//!
//! A capsule holds a struct of Arrow's C interface. Who takes it moves the struct out and
//! leaves one that is released; one that nobody takes is released with its capsule.

use crate::table::{Measure, Table, Values};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, RecordBatchIterator,
    RecordBatchReader, StringArray,
};
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{ArrowError, Field, Metadata, Schema};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::sync::Arc;

/// The key of a field's metadata that says its unit.
pub(crate) const UNIT: &str = "unit";
/// The key that says what it is called.
pub(crate) const HEADING: &str = "heading";

/// A stream in its capsule.
pub(crate) fn stream(
    py: Python<'_>,
    reader: impl RecordBatchReader + Send + 'static,
) -> PyResult<Bound<'_, PyCapsule>> {
    let stream = FFI_ArrowArrayStream::new(Box::new(reader));
    PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
}

/// A schema in its capsule.
pub(crate) fn schema<'py>(py: Python<'py>, schema: &Schema) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(schema).map_err(|error| broken(&error))?;
    PyCapsule::new_with_value(py, schema, c"arrow_schema")
}

/// What Arrow does not take.
fn broken(error: &ArrowError) -> PyErr {
    PyRuntimeError::new_err(error.to_string())
}

/// A table as a stream of one batch.
pub(crate) fn table<'py>(py: Python<'py>, table: &Table) -> PyResult<Bound<'py, PyCapsule>> {
    let batch = batch(table).map_err(|error| broken(&error))?;
    let schema = batch.schema();
    stream(py, RecordBatchIterator::new([Ok(batch)], schema))
}

/// The schema of a table.
pub(crate) fn schema_of_table<'py>(
    py: Python<'py>,
    table: &Table,
) -> PyResult<Bound<'py, PyCapsule>> {
    let batch = batch(table).map_err(|error| broken(&error))?;
    schema(py, &batch.schema())
}

/// A table as a batch: what is absent is null.
fn batch(table: &Table) -> Result<RecordBatch, ArrowError> {
    let keys = table.columns();
    let mut fields = Vec::with_capacity(keys.len());
    let mut arrays = Vec::with_capacity(keys.len());
    for (c, key) in keys.into_iter().enumerate() {
        let array: ArrayRef = match table.values(c) {
            Values::Whole(values) => Arc::new(Int64Array::from(values)),
            Values::Number(values) => Arc::new(Float64Array::from(values)),
            Values::Flag(values) => Arc::new(BooleanArray::from(values)),
            Values::Text(values) => Arc::new(StringArray::from(values)),
        };
        let mut said = Metadata::from([(HEADING, table.heading(c))]);
        match table.unit(c) {
            Some(Measure::One(unit)) => said.extend([(UNIT, unit)]),
            Some(Measure::Each(units)) => said.extend([(UNIT, units.join("\n"))]),
            None => {}
        }
        fields.push(Field::new(key, array.data_type().clone(), true).with_metadata(said));
        arrays.push(array);
    }
    let said = Metadata::from([("id", table.id()), ("title", table.title())]);
    RecordBatch::try_new(Arc::new(Schema::new(fields).with_metadata(said)), arrays)
}
