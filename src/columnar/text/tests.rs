//! What other programs write, and what is read of it.

use super::*;
use bytes::Bytes;
use parquet::basic::{BrotliLevel, GzipLevel, Repetition, ZstdLevel};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DoubleType, FixedLenByteArray, FixedLenByteArrayType,
    FloatType, Int32Type, Int64Type, Int96, Int96Type,
};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;

type Group<'a> = SerializedRowGroupWriter<'a, Vec<u8>>;

fn field(name: &str, physical: Physical, logical: Option<LogicalType>) -> Arc<Type> {
    sized(name, physical, logical, 0, (-1, -1))
}

fn sized(
    name: &str,
    physical: Physical,
    logical: Option<LogicalType>,
    length: i32,
    (precision, scale): (i32, i32),
) -> Arc<Type> {
    let field = Type::primitive_type_builder(name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_length(length)
        .with_precision(precision)
        .with_scale(scale)
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

fn file(fields: Vec<Arc<Type>>, codec: Compression, groups: &[&dyn Fn(&mut Group<'_>)]) -> Bytes {
    let schema = Type::group_type_builder("schema").with_fields(fields);
    let properties = WriterProperties::builder().set_compression(codec).build();
    let schema = schema.build().unwrap().into();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties.into()).unwrap();
    for fill in groups {
        let mut group = writer.next_row_group().unwrap();
        fill(&mut group);
        group.close().unwrap();
    }
    writer.into_inner().unwrap().into()
}

fn csv(bytes: &Bytes, wanted: Option<&[usize]>) -> Result<String> {
    let mut text = Text::open(Path::new("own.parquet"), bytes.clone(), wanted)?;
    let mut out = String::new();
    text.read_to_string(&mut out)
        .map_err(|error| *error.into_inner().unwrap().downcast::<Error>().unwrap())?;
    Ok(out)
}

#[test]
fn every_usual_codec_is_read() {
    for codec in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::BROTLI(BrotliLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
    ] {
        let values: Vec<f64> = (0..10_000).map(|i| f64::from(i % 7) / 8.0).collect();
        let fill = |group: &mut Group<'_>| put::<DoubleType>(group, &values, &vec![1; 10_000]);
        let bytes = file(
            vec![field("x", Physical::DOUBLE, None)],
            codec,
            &[&fill, &fill],
        );
        let text = csv(&bytes, None).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 20_001, "{codec:?}");
        assert_eq!(lines[..5], ["x", "0.0", "0.125", "0.25", "0.375"]);
        assert_eq!(lines[20_000], format!("{:?}", f64::from(9_999 % 7) / 8.0));
    }
}

#[test]
fn every_kind_of_value_is_written_in_full() {
    let fixed = Physical::FIXED_LEN_BYTE_ARRAY;
    let decimal = |precision, scale| Some(LogicalType::decimal(scale, precision));
    let fields = vec![
        field("双,\"x\"", Physical::DOUBLE, None),
        field("f", Physical::FLOAT, None),
        sized("half", fixed, Some(LogicalType::Float16), 2, (-1, -1)),
        field("i", Physical::INT32, Some(LogicalType::integer(8, true))),
        field("u", Physical::INT64, Some(LogicalType::integer(64, false))),
        field("b", Physical::BOOLEAN, None),
        sized("d4", Physical::INT32, decimal(9, 4), 0, (9, 4)),
        sized("d16", fixed, decimal(38, 30), 16, (38, 30)),
        field("s", Physical::BYTE_ARRAY, Some(LogicalType::String)),
        field("day", Physical::INT32, Some(LogicalType::Date)),
        field(
            "at",
            Physical::INT64,
            Some(LogicalType::timestamp(true, TimeUnit::MILLIS)),
        ),
        field("old", Physical::INT96, None),
    ];
    let fill = |group: &mut Group<'_>| {
        let two = &[1; 2];
        let fixed = |bytes: Vec<u8>| FixedLenByteArray::from(bytes);
        put::<DoubleType>(group, &[0.1, -1e300], two);
        put::<FloatType>(group, &[0.1, 2.5], two);
        put::<FixedLenByteArrayType>(
            group,
            &[fixed(vec![0xba, 0x3b]), fixed(vec![0x01, 0x80])],
            two,
        );
        put::<Int32Type>(group, &[-1, 7], two);
        put::<Int64Type>(group, &[-1, 3], two);
        put::<BoolType>(group, &[true, false], two);
        put::<Int32Type>(group, &[9658, -5], two);
        let minus = (-1_500_000_000_000_000_000_000_000_000_000_i128)
            .to_be_bytes()
            .to_vec();
        put::<FixedLenByteArrayType>(
            group,
            &[fixed(1_i128.to_be_bytes().to_vec()), fixed(minus)],
            two,
        );
        put::<ByteArrayType>(
            group,
            &[ByteArray::from("0.25"), ByteArray::from("a,\"b\"\n")],
            two,
        );
        put::<Int32Type>(group, &[18_262, -1], two);
        put::<Int64Type>(group, &[951_782_400_500, -1], two);
        let mut early = Int96::new();
        early.set_data(0, 0, 2_440_588);
        put::<Int96Type>(group, &[early, early], two);
    };
    let text = csv(&file(fields, Compression::SNAPPY, &[&fill]), None).unwrap();
    let expected = "\"双,\"\"x\"\"\",f,half,i,u,b,d4,d16,s,day,at,old\n\
        0.1,0.10000000149011612,0.9658203125,-1,18446744073709551615,true,0.9658,0.000000000000000000000000000001,0.25,2020-01-01,2000-02-29 00:00:00.5,1970-01-01 00:00:00\n\
        -1e300,2.5,-5.960464477539063e-8,7,3,false,-0.0005,-1.500000000000000000000000000000,\"a,\"\"b\"\"\n\",1969-12-31,1969-12-31 23:59:59.999,1970-01-01 00:00:00\n";
    assert_eq!(text, expected);
}

#[test]
fn what_is_not_there_is_null_and_what_is_not_wanted_is_passed_over() {
    let fields = vec![
        field("a", Physical::DOUBLE, None),
        field("b", Physical::INT64, None),
    ];
    let fill = |group: &mut Group<'_>| {
        put::<DoubleType>(group, &[1.0, f64::NAN], &[1, 0, 1]);
        put::<Int64Type>(group, &[1, 2], &[0, 1, 1]);
    };
    let bytes = file(fields, Compression::SNAPPY, &[&fill, &fill]);
    let text = csv(&bytes, None).unwrap();
    assert_eq!(
        text,
        "a,b\n1.0,null\nnull,1\nNaN,2\n1.0,null\nnull,1\nNaN,2\n"
    );
    let text = csv(&bytes, Some(&[1])).unwrap();
    assert_eq!(text, "a,b\n-,null\n-,1\n-,2\n-,null\n-,1\n-,2\n");
}

#[test]
fn columns_without_a_place_in_a_table_are_refused_where_they_are_wanted() {
    let inner = field("element", Physical::INT64, None);
    let group = Type::group_type_builder("list").with_repetition(Repetition::REQUIRED);
    let nested = Arc::new(group.with_fields(vec![inner]).build().unwrap());
    let fields = vec![nested, field("x", Physical::INT64, None)];
    let fill = |group: &mut Group<'_>| {
        put::<Int64Type>(group, &[1], &[1]);
        put::<Int64Type>(group, &[5], &[1]);
    };
    let bytes = file(fields, Compression::SNAPPY, &[&fill]);
    assert_eq!(csv(&bytes, Some(&[1])).unwrap(), "list.element,x\n-,5\n");
    let said = csv(&bytes, Some(&[0])).unwrap_err().to_string();
    assert!(
        said.contains("`list.element` is not of numbers but of nested values"),
        "{said}"
    );
}

/// A damaged or cut file is an error, never a panic, and never a shorter table.
#[test]
fn damage_is_told() {
    let fields = || {
        vec![
            field("a", Physical::DOUBLE, None),
            field("s", Physical::BYTE_ARRAY, Some(LogicalType::String)),
        ]
    };
    let fill = |group: &mut Group<'_>| {
        let values: Vec<f64> = (0..50).map(f64::from).collect();
        put::<DoubleType>(group, &values, &[1; 50]);
        let texts: Vec<ByteArray> = (0..50).map(|i| format!("t{i}").as_str().into()).collect();
        put::<ByteArrayType>(group, &texts, &[1; 50]);
    };
    let good = file(fields(), Compression::SNAPPY, &[&fill]);
    let whole = csv(&good, None).unwrap().lines().count();
    for at in 0..good.len() {
        let mut bytes = good.to_vec();
        bytes[at] ^= 0x55;
        if let Ok(text) = csv(&bytes.into(), None) {
            assert_eq!(text.lines().count(), whole, "byte {at}");
        }
        assert!(csv(&good.slice(..at), None).is_err(), "cut at {at}");
    }
}
