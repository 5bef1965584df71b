//! Files as other programs write them.

use crate::{Error, read_columns};
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FloatType, Int32Type, Int64Type,
};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;
use std::path::Path;
use std::sync::Arc;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

type Group<'a> = SerializedRowGroupWriter<'a, std::fs::File>;

fn field(name: &str, physical: Physical, logical: Option<LogicalType>) -> Arc<Type> {
    let field = Type::primitive_type_builder(name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical);
    Arc::new(field.build().unwrap())
}

/// A nullable column; values where `levels` is 1.
fn put<T: DataType>(group: &mut Group<'_>, values: &[T::T], levels: &[i16]) {
    let mut column = group.next_column().unwrap().unwrap();
    let writer = column.typed::<T>();
    writer.write_batch(values, Some(levels), None).unwrap();
    column.close().unwrap();
}

/// A file of row groups, snappy and dictionaries, as pandas writes by default.
fn file(path: &Path, fields: Vec<Arc<Type>>, groups: &[&dyn Fn(&mut Group<'_>)]) {
    let schema = Type::group_type_builder("schema").with_fields(fields);
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
    let out = std::fs::File::create(path).unwrap();
    let (schema, properties) = (schema.build().unwrap(), properties.build());
    let mut writer = SerializedFileWriter::new(out, schema.into(), properties.into()).unwrap();
    for fill in groups {
        let mut group = writer.next_row_group().unwrap();
        fill(&mut group);
        group.close().unwrap();
    }
    writer.close().unwrap();
}

#[test]
fn every_kind_of_number_is_read() {
    let folder = folder();
    let path = folder.path().join("design.parquet");
    let unsigned = |bits| Some(LogicalType::integer(bits, false));
    let fields = vec![
        field("双", Physical::DOUBLE, None),
        field("f", Physical::FLOAT, None),
        field("i", Physical::INT32, Some(LogicalType::integer(8, true))),
        field("u", Physical::INT32, unsigned(32)),
        field("l", Physical::INT64, None),
        field("ul", Physical::INT64, unsigned(64)),
        field("b", Physical::BOOLEAN, None),
        field("__index_level_0__", Physical::INT64, None),
    ];
    let fill = |group: &mut Group<'_>| {
        put::<DoubleType>(group, &[0.1, -0.0], &[1; 2]);
        put::<FloatType>(group, &[0.1, 2.5], &[1; 2]);
        put::<Int32Type>(group, &[-1, 7], &[1; 2]);
        put::<Int32Type>(group, &[-1, 7], &[1; 2]);
        put::<Int64Type>(group, &[-(1 << 53), 3], &[1; 2]);
        put::<Int64Type>(group, &[1 << 53, 0], &[1; 2]);
        put::<BoolType>(group, &[true, false], &[1; 2]);
        put::<Int64Type>(group, &[10, 11], &[1; 2]);
    };
    file(&path, fields, &[&fill, &fill]);
    let table = read_columns(&path).unwrap();
    assert_eq!(table.names, ["双", "f", "i", "u", "l", "ul", "b"]);
    let one = [
        [0.1, -0.0],
        [f64::from(0.1_f32), 2.5],
        [-1.0, 7.0],
        [4_294_967_295.0, 7.0],
        [-9_007_199_254_740_992.0, 3.0],
        [9_007_199_254_740_992.0, 0.0],
        [1.0, 0.0],
    ];
    for (column, [a, b]) in table.columns.iter().zip(one) {
        assert_eq!(column, &[a, b, a, b]);
    }
    assert!(table.columns[0][1].is_sign_negative());
}

/// What reading a file of one column says, its path taken out.
fn complaint(fields: Vec<Arc<Type>>, groups: &[&dyn Fn(&mut Group<'_>)]) -> String {
    let folder = folder();
    let path = folder.path().join("design.parquet");
    file(&path, fields, groups);
    let error = read_columns(&path).unwrap_err();
    error
        .to_string()
        .replace(&path.display().to_string(), "FILE")
}

#[test]
fn faulty_cells_are_named() {
    let good = |group: &mut Group<'_>| put::<DoubleType>(group, &[1.0, 2.0], &[1; 2]);
    let fields = || vec![field("煤 x", Physical::DOUBLE, None)];
    let null = |group: &mut Group<'_>| put::<DoubleType>(group, &[1.0, 2.0], &[1, 0, 1]);
    let text = complaint(fields(), &[&good, &null]);
    assert_eq!(text, "FILE: column `煤 x`, row 4: no value");
    let nan = |group: &mut Group<'_>| put::<DoubleType>(group, &[1.0, 3.0, f64::NAN], &[1; 3]);
    let text = complaint(fields(), &[&good, &nan]);
    assert_eq!(
        text,
        "FILE: column `煤 x`, row 5: NaN is not a finite number"
    );
    let large = |group: &mut Group<'_>| put::<Int64Type>(group, &[1, i64::MIN], &[1; 2]);
    let text = complaint(vec![field("n", Physical::INT64, None)], &[&large]);
    let expected =
        "FILE: column `n`, row 2: -9223372036854775808 is beyond 2^53 and cannot be kept exactly";
    assert_eq!(text, expected);
}

#[test]
fn columns_that_are_no_numbers_are_named() {
    let text = |group: &mut Group<'_>| put::<ByteArrayType>(group, &[ByteArray::from("x")], &[1]);
    let fields = vec![field(
        "name",
        Physical::BYTE_ARRAY,
        Some(LogicalType::String),
    )];
    let said = complaint(fields, &[&text]);
    assert_eq!(said, "FILE: column `name` is not of numbers but of String");
    let long = |group: &mut Group<'_>| put::<Int64Type>(group, &[1], &[1]);
    let time = LogicalType::timestamp(true, TimeUnit::NANOS);
    let said = complaint(vec![field("t", Physical::INT64, Some(time))], &[&long]);
    assert!(
        said.starts_with("FILE: column `t` is not of numbers but of Timestamp"),
        "{said}"
    );
    let inner = field("element", Physical::INT64, None);
    let group = Type::group_type_builder("list").with_repetition(Repetition::REQUIRED);
    let nested = group.with_fields(vec![inner]).build().unwrap();
    let said = complaint(vec![Arc::new(nested)], &[&long]);
    assert_eq!(
        said,
        "FILE: column `list.element` is not of numbers but of nested values"
    );
}

#[test]
fn names_that_occur_twice_are_refused() {
    let both = |group: &mut Group<'_>| {
        put::<DoubleType>(group, &[1.0], &[1]);
        put::<DoubleType>(group, &[1.0], &[1]);
    };
    let a = || field("a", Physical::DOUBLE, None);
    let said = complaint(vec![a(), a()], &[&both]);
    assert_eq!(said, "column `a`: the name occurs twice");
}

#[test]
fn what_is_not_parquet_is_refused() {
    let folder = folder();
    let path = folder.path().join("x.parquet");
    assert!(matches!(read_columns(&path), Err(Error::Io { .. })));
    for text in ["", "PAR1", "draw,a\n0,1\n", "PAR1\u{0}\u{0}\u{0}\u{7f}PAR1"] {
        std::fs::write(&path, text).unwrap();
        let read = read_columns(&path);
        assert!(
            matches!(read, Err(Error::Unreadable { .. })),
            "{text:?}: {read:?}"
        );
    }
}
