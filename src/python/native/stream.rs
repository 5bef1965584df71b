//! Draws as a stream of Arrow: each batch is computed when it is read.
//!
//! Nothing here but the making of a stream touches Python: who reads it may do so from any
//! thread, without the interpreter.

use crate::arrow::{self, HEADING, UNIT};
use crate::evaluate;
use crate::language::chosen;
use crate::pool::{forks, pool};
use crate::variable::Variable;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, RecordBatchReader,
    StringArray, UInt64Array,
};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use arrow_schema::{ArrowError, DataType, Field, Metadata, Schema, SchemaRef};
use jianpai_core::text::Lang;
use jianpai_study::SweepStudy;
use jianpai_sweep::engine::carried::Cells;
use jianpai_sweep::engine::{Column, Sweep};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use rayon::ThreadPool;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// The first column: the index of the draw.
const DRAW: &str = "draw";

/// Some draws of a design, as whoever takes a stream of Arrow reads them.
///
/// The columns are `draw`, the inputs, the outputs, and what a list carries along: the rows of
/// `jianpai sweep`. What is yes or no is so, and null stands where a draw has no result. Each
/// batch is computed when it is read, so that memory does not grow with the number of draws;
/// every reader starts anew. A field has its `unit`, and its `heading` where it has one, in
/// its metadata.
#[pyclass(frozen, module = "jianpai")]
pub(crate) struct Draws {
    swept: Arc<SweepStudy>,
    /// The first draw, and the one after the last.
    start: u64,
    stop: u64,
}

/// The draws `start` to `stop` of a sweep, to the last one without `stop`.
pub(crate) fn within(sweep: &Sweep, start: i64, stop: Option<i64>) -> PyResult<(u64, u64)> {
    let most = sweep.points.len();
    let asked = (u64::try_from(start), stop.map_or(Ok(most), u64::try_from));
    if let (Ok(start), Ok(stop)) = asked
        && start <= stop
        && stop <= most
    {
        return Ok((start, stop));
    }
    let stop = stop.map_or_else(|| most.to_string(), |stop| stop.to_string());
    Err(PyValueError::new_err(match chosen() {
        Lang::Zh => format!("抽样 {start} 至 {stop} 不在 0 至 {most} 之内"),
        Lang::En => {
            format!("draws {start} to {stop} do not lie within 0 to {most}")
        }
    }))
}

impl Draws {
    pub(crate) fn new(swept: Arc<SweepStudy>, start: i64, stop: Option<i64>) -> PyResult<Self> {
        let (start, stop) = within(&swept.sweep, start, stop)?;
        Ok(Self { swept, start, stop })
    }

    /// The columns that are carried along.
    fn carried(&self) -> Vec<ArrayRef> {
        let carried = self.swept.sweep.carried.iter();
        carried.map(|(_, cells)| array_of_cells(cells)).collect()
    }

    fn schema(&self, carried: &[ArrayRef]) -> Schema {
        let SweepStudy { study, sweep, .. } = &*self.swept;
        let ranges = sweep.drawn();
        let own = sweep.columns.iter().map(|column| {
            let variable = Variable::of(study, sweep, column, &ranges);
            let mut said = Metadata::default();
            said.extend(variable.label.map(|label| (HEADING, label)));
            let kind = if column.is_flag() {
                DataType::Boolean
            } else {
                said.extend([(UNIT, variable.unit)]);
                DataType::Float64
            };
            Field::new(variable.name, kind, column.is_result()).with_metadata(said)
        });
        let behind = sweep.carried.iter().zip(carried);
        let behind = behind
            .map(|((name, _), array)| Field::new(name.clone(), array.data_type().clone(), false));
        let draw = Field::new(DRAW, DataType::UInt64, false);
        let fields: Vec<Field> = std::iter::once(draw).chain(own).chain(behind).collect();
        let points = &sweep.points;
        Schema::new(fields).with_metadata(Metadata::from([
            ("id", study.scenario().id.clone()),
            ("design", points.design().id().to_string()),
            ("seed", points.seed().to_string()),
        ]))
    }
}

#[pymethods]
impl Draws {
    /// The id of the scenario.
    #[getter]
    fn id(&self) -> &str {
        &self.swept.study.scenario().id
    }

    /// The index of the first draw.
    #[getter]
    fn start(&self) -> u64 {
        self.start
    }

    /// The names of the columns.
    #[getter]
    fn columns(&self) -> Vec<String> {
        let SweepStudy { study, sweep, .. } = &*self.swept;
        let own = sweep.columns.iter();
        let own = own.map(|column| sweep.name(study.catalogue(), column));
        let behind = sweep.carried.iter().map(|(name, _)| name.clone());
        let draw = std::iter::once(DRAW.to_string());
        draw.chain(own).chain(behind).collect()
    }

    fn __len__(&self) -> usize {
        usize::try_from(self.stop - self.start).unwrap_or(usize::MAX)
    }

    /// A stream of Arrow, from the first draw on. Another schema cannot be requested: what is
    /// requested is not looked at.
    #[pyo3(signature = (requested_schema=None))]
    pub(crate) fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        #[allow(unused_variables)] requested_schema: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let carried = self.carried();
        let reader = Reader {
            schema: Arc::new(self.schema(&carried)),
            swept: Arc::clone(&self.swept),
            carried,
            pool: pool(py)?,
            forks: forks(),
            next: self.start,
            stop: self.stop,
        };
        arrow::stream(py, reader)
    }

    /// The schema of that stream.
    pub(crate) fn __arrow_c_schema__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        arrow::schema(py, &self.schema(&self.carried()))
    }

    fn __repr__(&self) -> String {
        let (draws, columns) = (self.__len__(), self.columns().len());
        format!("<Draws {}: {draws} × {columns}>", self.id())
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err(chosen().pick(
            "抽样流不能打包；打包方案后再 .stream()",
            "a stream of draws cannot be pickled: pickle the plan and take its .stream() again",
        )))
    }
}

/// Who computes the batches.
struct Reader {
    swept: Arc<SweepStudy>,
    schema: SchemaRef,
    carried: Vec<ArrayRef>,
    pool: Arc<ThreadPool>,
    /// The forks that had been when it was made: with another one the pool has no threads.
    forks: u64,
    /// The draw that comes next, and the one after the last.
    next: u64,
    stop: u64,
}

impl Reader {
    /// The next batch, if there is one; one that failed is not passed over.
    fn read(&mut self) -> Option<Result<RecordBatch, ArrowError>> {
        let draws = (self.stop - self.next).min(self.swept.sweep.chunk());
        if draws == 0 {
            return None;
        }
        let made = self.batch(self.next, usize::try_from(draws).unwrap_or(usize::MAX));
        if made.is_ok() {
            self.next += draws;
        }
        Some(made)
    }

    fn batch(&self, first: u64, draws: usize) -> Result<RecordBatch, ArrowError> {
        let sweep = &self.swept.sweep;
        // In a process that a fork has made the pool has no threads.
        let pool = (self.forks == forks()).then_some(&*self.pool);
        let columns = evaluate::columns(pool, sweep, (first, draws));
        let indices = UInt64Array::from_iter_values(first..first + draws as u64);
        let mut arrays: Vec<ArrayRef> = vec![Arc::new(indices)];
        arrays.reserve(self.schema.fields().len());
        let own = sweep.columns.iter().zip(columns);
        arrays.extend(own.map(|(column, values)| array(column, values)));
        let at = usize::try_from(first).unwrap_or(usize::MAX);
        arrays.extend(self.carried.iter().map(|all| all.slice(at, draws)));
        RecordBatch::try_new(Arc::clone(&self.schema), arrays)
    }
}

impl Iterator for Reader {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        // Who reads is not Rust: nothing may unwind into it.
        catch_unwind(AssertUnwindSafe(|| self.read())).unwrap_or_else(|_| {
            let said = chosen().pick(
                "程序内部出错；请报告",
                "an error inside the program: please report it",
            );
            Some(Err(ArrowError::ComputeError(said.to_string())))
        })
    }
}

impl RecordBatchReader for Reader {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

/// A column of some draws, as the Parquet file of a sweep holds it.
fn array(column: &Column, values: Vec<f64>) -> ArrayRef {
    let bits = |is: fn(f64) -> bool| BooleanBuffer::collect_bool(values.len(), |i| is(values[i]));
    if column.is_flag() {
        return Arc::new(BooleanArray::from(bits(|value| value > 0.5)));
    }
    let lacks = column.is_result() && values.iter().any(|value| value.is_nan());
    let there = lacks.then(|| NullBuffer::from(bits(|value| !value.is_nan())));
    Arc::new(Float64Array::new(values.into(), there))
}

/// A column that is carried along, as the Parquet file of a sweep holds it.
fn array_of_cells(cells: &[String]) -> ArrayRef {
    match Cells::of(cells) {
        Cells::Whole(values) => Arc::new(Int64Array::from(values)),
        Cells::Real(values) => Arc::new(Float64Array::from(values)),
        Cells::Flag(values) => Arc::new(BooleanArray::from(values)),
        Cells::Text(values) => Arc::new(StringArray::from(values)),
    }
}
