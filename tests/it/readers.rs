//! Tables of the user's own, as spreadsheets, data frames and other programs write them:
//! what they hold is told by the file, and is read the same way by every command.

use super::program::call;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray,
    FixedLenByteArrayType, Int64Type,
};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

fn written(folder: &TempDir, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_string()
}

/// `DRAWS` of two inputs: the level of the boilers, and a deviation of growth.
const DRAWS: [(f64, f64); 6] = [
    (0.9658, -0.00328),
    (0.7068, -0.00336),
    (0.9857, 0.0019),
    (0.4485, -0.00055),
    (0.7644, 0.00741),
    (0.625, 0.5e-2),
];

/// The same as CSV.
fn plain() -> String {
    let mut text = "boilers,gdp\n".to_string();
    for (level, growth) in DRAWS {
        let _ = writeln!(text, "{level},{growth}");
    }
    text
}

/// Sweeps over the list `bytes`; the rows, or what is said.
fn sweep(bytes: &[u8], name: &str, format: &str) -> Result<(TempDir, String), String> {
    let folder = TempDir::new().unwrap();
    let list = written(&folder, name, bytes);
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/shaanxi-2020.toml");
    let text = format!(
        "[scenario]\nname_zh = \"试\"\nname_en = \"Try\"\nextends = \"{}\"\n[sweep]\ndesign = \"list\"\nlist = \"{list}\"\nyears = [2020]\n[sweep.inputs.boilers]\nlevel = \"guanzhong-boilers\"\n[sweep.inputs.gdp]\ngrowth = \"gdp\"\n",
        base.display()
    );
    let file = written(&folder, "listed.toml", text);
    let out = folder.path().join("out");
    let out = out.to_str().unwrap();
    let args = [
        "sweep",
        &file,
        "--out",
        out,
        "--format",
        format,
        "--no-charts",
    ];
    let (code, _, errors) = call("en", &args);
    if code == 0 {
        Ok((folder, errors))
    } else {
        assert_eq!(code, 2, "{errors}");
        Err(errors)
    }
}

/// Header and rows of a sweep over a list.
fn rows(bytes: &[u8], name: &str) -> (Vec<String>, Vec<Vec<String>>, String) {
    let (folder, said) = sweep(bytes, name, "csv").unwrap_or_else(|said| panic!("{name}: {said}"));
    let path = folder.path().join("out/listed/draws.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    let cells = |record: &csv::StringRecord| record.iter().map(str::to_string).collect();
    let header = cells(reader.headers().unwrap());
    let rows = reader.records().map(|record| cells(&record.unwrap()));
    (header, rows.collect(), said)
}

/// The rows of the plain list: what every other form of it must give.
fn expected() -> (Vec<String>, Vec<Vec<String>>) {
    let (header, rows, said) = rows(plain().as_bytes(), "list.csv");
    assert_eq!(rows.len(), DRAWS.len());
    for (row, (level, growth)) in rows.iter().zip(DRAWS) {
        assert_eq!(row[1].parse::<f64>().unwrap().to_bits(), level.to_bits());
        assert_eq!(row[2].parse::<f64>().unwrap().to_bits(), growth.to_bits());
    }
    assert!(!said.contains("index-column"), "{said}");
    (header, rows)
}

fn utf16(text: &str, little: bool) -> Vec<u8> {
    let units = text.encode_utf16();
    units
        .flat_map(|unit| {
            if little {
                unit.to_le_bytes()
            } else {
                unit.to_be_bytes()
            }
        })
        .collect()
}

#[test]
fn lists_are_read_as_spreadsheets_write_them() {
    let expected = expected();
    let text = plain();
    let tail = text.clone() + ",\n,\n\n , \n";
    let wide = text.replace('\n', ",,\n");
    let some: String = text
        .lines()
        .enumerate()
        .map(|(i, line)| {
            if i % 2 == 1 {
                format!("{line},\n")
            } else {
                format!("{line}\n")
            }
        })
        .collect();
    let crlf = text.replace('\n', "\r\n");
    let quoted = text
        .replace("boilers", "\"boilers\"")
        .replace("0.9658", "\" 0.9658\"");
    let full = text.replace("0.9857", "０．９８５７");
    let marked = |mark: &[u8], body: &[u8]| [mark, body].concat();
    let forms: [(&str, Vec<u8>); 11] = [
        ("blank rows behind", tail.into()),
        ("blank columns behind", wide.into()),
        ("a comma too many in some rows", some.into()),
        ("CRLF", crlf.into()),
        ("quotes", quoted.into()),
        ("full-width digits", full.into()),
        (
            "UTF-8 with a mark",
            marked(b"\xef\xbb\xbf", text.as_bytes()),
        ),
        ("UTF-16 LE", marked(b"\xff\xfe", &utf16(&text, true))),
        ("UTF-16 BE", marked(b"\xfe\xff", &utf16(&text, false))),
        ("UTF-16 LE without a mark", utf16(&text, true)),
        ("no last line break", text.trim_end().into()),
    ];
    for (about, bytes) in forms {
        // The name does not count.
        for name in ["list.csv", "list.parquet", "list.xlsx"] {
            let (header, found, said) = rows(&bytes, name);
            assert_eq!((header, found), expected, "{about}");
            assert!(!said.contains("index-column"), "{said}");
        }
    }
}

/// GBK is read as such even where a name happens to be UTF-8 too.
#[test]
fn lists_in_gbk_are_read() {
    // 锅炉,gdp with the name of the input beside it as an extra column.
    let gbk = b"\xb9\xf8\xc2\xaf,boilers,gdp\n\xc2\xaf,0.5,0\n\xc2\xaf,0.6,0\n";
    let (header, rows, _) = rows(gbk, "list.csv");
    assert_eq!(header.last().unwrap(), "锅炉");
    assert_eq!(rows[0].last().unwrap(), "炉");
    assert_eq!(rows[1][1], "0.6");
    let said = sweep(b"boilers,gdp\n0.5,\xff\xff\n", "list.csv", "csv").unwrap_err();
    assert!(
        said.contains("neither UTF-8 nor GB18030") && said.contains("list.csv:2:5"),
        "{said}"
    );
}

/// Other columns go along; row numbers of pandas do not, and that is said.
#[test]
fn other_columns_are_carried_along() {
    let (mut header, expected) = expected();
    header.extend(["id", "=note", "n"].map(String::from));
    header[expected[0].len() + 1] = "'=note".to_string();
    let mut text = ",boilers,id,gdp,'=note,n\n".to_string();
    for (i, (level, growth)) in DRAWS.iter().enumerate() {
        let _ = writeln!(text, "{i},{level},a-{i},{growth},\"=x, {i}\",{}", i * 10);
    }
    let (found, rows, said) = rows(text.as_bytes(), "list.csv");
    assert_eq!(found, header);
    assert!(
        said.contains("warning[index-column]") && said.contains("row numbers of pandas"),
        "{said}"
    );
    for (i, (row, plain)) in rows.iter().zip(&expected).enumerate() {
        let (first, carried) = row.split_at(plain.len());
        assert_eq!(first, plain.as_slice());
        assert_eq!(
            carried,
            [format!("a-{i}"), format!("'=x, {i}"), (i * 10).to_string()]
        );
    }
    // In Parquet they are what they were: numbers, texts.
    let (folder, _) = sweep(text.as_bytes(), "list.csv", "parquet").unwrap();
    let again = std::fs::read(folder.path().join("out/listed/draws.parquet")).unwrap();
    let table = written(&folder, "again.parquet", again);
    let args = [
        "sensitivity",
        &table,
        "--inputs",
        "boilers,gdp,n",
        "--outputs",
        "SO2@2020",
        "--csv",
        "--replicates",
        "0",
    ];
    let (code, out, errors) = call("en", &args);
    assert!(code == 0 && out.contains("SO2@2020,n,"), "{errors}");
    let args = [
        "sensitivity",
        &table,
        "--inputs",
        "boilers,id",
        "--outputs",
        "SO2@2020",
    ];
    let (code, _, errors) = call("en", &args);
    assert!(code == 2 && errors.contains("found `a-0`"), "{errors}");
}

#[test]
fn names_that_stand_twice_or_are_taken_are_refused() {
    for (text, words) in [
        (
            "boilers,gdp,boilers\n0.5,0,0.5\n",
            "column `boilers` occurs twice",
        ),
        ("boilers,gdp,id,id\n0.5,0,1,1\n", "column `id` occurs twice"),
        (
            "boilers,gdp,SO2@2020\n0.5,0,1\n",
            "has the name of a column of the results",
        ),
        ("boilers,gdp,,x\n0.5,0,1,1\n", "a header is empty"),
        ("boiler,gdp\n0.5,0\n", "rename `boiler` to `boilers`"),
        ("boilers\n0.5\n", "no column for the input `gdp`"),
        ("boilers,gdp\n0.5,\n0.5,NA\n", "`gdp` is empty"),
        ("boilers,gdp\n50%,0\n", "write 0.5"),
        ("boilers,gdp\n0.5,0,1\n", "3 cells, expected 2"),
        ("boilers,gdp\n0.5,nan\n", "not a finite number"),
        ("boilers,gdp\n", "has no draws"),
        ("", "is empty"),
        ("boilers;gdp\n0.5;0\n", "columns must be separated by `,`"),
        ("boilers\tgdp\n0.5\t0\n", "columns must be separated by `,`"),
    ] {
        let said = sweep(text.as_bytes(), "list.csv", "csv").unwrap_err();
        assert!(said.contains(words), "{text:?}: {said}");
    }
}

type Group<'a> = SerializedRowGroupWriter<'a, Vec<u8>>;

fn field(name: &str, physical: Physical, logical: Option<LogicalType>, length: i32) -> Arc<Type> {
    let field = Type::primitive_type_builder(name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_length(length)
        .with_precision(if length == 16 { 9 } else { -1 })
        .with_scale(if length == 16 { 4 } else { -1 })
        .with_logical_type(logical);
    Arc::new(field.build().unwrap())
}

fn put<T: DataType>(group: &mut Group<'_>, values: &[T::T], levels: &[i16]) {
    let mut column = group.next_column().unwrap().unwrap();
    let writer = column.typed::<T>();
    writer.write_batch(values, Some(levels), None).unwrap();
    column.close().unwrap();
}

fn file(fields: Vec<Arc<Type>>, codec: Compression, fill: &dyn Fn(&mut Group<'_>)) -> Vec<u8> {
    let schema = Type::group_type_builder("schema").with_fields(fields);
    let properties = WriterProperties::builder().set_compression(codec).build();
    let schema = schema.build().unwrap().into();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties.into()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    fill(&mut group);
    group.close().unwrap();
    writer.into_inner().unwrap()
}

/// The draws as Parquet of doubles.
fn doubles(codec: Compression) -> Vec<u8> {
    let fields = vec![
        field("boilers", Physical::DOUBLE, None, 0),
        field("gdp", Physical::DOUBLE, None, 0),
    ];
    file(fields, codec, &|group| {
        put::<DoubleType>(group, &DRAWS.map(|draw| draw.0), &[1; 6]);
        put::<DoubleType>(group, &DRAWS.map(|draw| draw.1), &[1; 6]);
    })
}

#[test]
fn lists_in_parquet_are_read_whatever_the_codec_and_the_name() {
    let expected = expected();
    for codec in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(parquet::basic::GzipLevel::default()),
        Compression::BROTLI(parquet::basic::BrotliLevel::default()),
        Compression::ZSTD(parquet::basic::ZstdLevel::default()),
        Compression::LZ4_RAW,
    ] {
        for name in ["list.parquet", "list.csv"] {
            let (header, found, said) = rows(&doubles(codec), name);
            assert_eq!((header, found), expected, "{codec:?}");
            assert!(!said.contains("index-column"), "{said}");
        }
    }
}

#[test]
fn lists_in_parquet_are_read_whatever_the_type() {
    let expected = expected();
    // A decimal of four places, a text that holds a number, a text beside them.
    let decimal = LogicalType::decimal(4, 9);
    let fields = vec![
        field("boilers", Physical::FIXED_LEN_BYTE_ARRAY, Some(decimal), 16),
        field("gdp", Physical::BYTE_ARRAY, Some(LogicalType::String), 0),
        field("note", Physical::BYTE_ARRAY, Some(LogicalType::String), 0),
        field("__index_level_0__", Physical::INT64, None, 0),
    ];
    let bytes = file(fields, Compression::SNAPPY, &|group| {
        let levels = DRAWS.map(|draw| {
            let units = (draw.0 * 1e4_f64).round() as i128;
            FixedLenByteArray::from(units.to_be_bytes().to_vec())
        });
        put::<FixedLenByteArrayType>(group, &levels, &[1; 6]);
        let growth = DRAWS.map(|draw| ByteArray::from(draw.1.to_string().as_str()));
        put::<ByteArrayType>(group, &growth, &[1; 6]);
        put::<ByteArrayType>(group, &[(); 6].map(|()| ByteArray::from("x")), &[1; 6]);
        put::<Int64Type>(group, &[5, 3, 1, 0, 2, 4], &[1; 6]);
    });
    let (header, found, said) = rows(&bytes, "list.parquet");
    assert_eq!(header.last().unwrap(), "note");
    assert!(
        said.contains("index-column") && said.contains("`__index_level_0__`"),
        "{said}"
    );
    for (row, plain) in found.iter().zip(&expected.1) {
        assert_eq!(row[..plain.len()], plain[..]);
        assert_eq!(row[plain.len()..], ["x".to_string()]);
    }
    // A half is read to the last digit, yes and no as 1 and 0.
    let half = Some(LogicalType::Float16);
    let fields = vec![
        field("boilers", Physical::FIXED_LEN_BYTE_ARRAY, half, 2),
        field("gdp", Physical::BOOLEAN, None, 0),
    ];
    let bytes = file(fields, Compression::SNAPPY, &|group| {
        let half = FixedLenByteArray::from(vec![0xba, 0x3b]);
        put::<FixedLenByteArrayType>(group, &[half.clone(), half], &[1; 2]);
        put::<BoolType>(group, &[false, false], &[1; 2]);
    });
    let (_, found, _) = rows(&bytes, "list.parquet");
    assert_eq!(
        found[1][1..3],
        ["0.9658203125".to_string(), "0".to_string()]
    );
}

#[test]
fn faults_in_parquet_are_told_with_the_row() {
    let fields = || {
        vec![
            field("boilers", Physical::DOUBLE, None, 0),
            field("gdp", Physical::DOUBLE, None, 0),
        ]
    };
    let bytes = file(fields(), Compression::SNAPPY, &|group| {
        put::<DoubleType>(group, &[0.5, 0.6], &[1, 0, 1]);
        put::<DoubleType>(group, &[0.0, 0.0, f64::NAN], &[1; 3]);
    });
    let said = sweep(&bytes, "list.parquet", "csv").unwrap_err();
    for words in [
        "`boilers` is empty",
        "list.parquet:3:1",
        "not a finite number",
        "list.parquet:4:5",
        "line 2 the first row",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let mut cut = doubles(Compression::SNAPPY);
    cut.truncate(cut.len() - 20);
    let said = sweep(&cut, "list.parquet", "csv").unwrap_err();
    assert!(said.contains("no whole Parquet file"), "{said}");
}

#[test]
fn other_kinds_of_files_are_told_by_their_first_bytes() {
    let folder = TempDir::new().unwrap();
    for (bytes, words) in [
        (
            &b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml"[..],
            "save it as “CSV UTF-8",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0",
            "save it as “CSV UTF-8",
        ),
        (
            b"<html><table><tr><td>boilers</td></tr></table>",
            "save it as “CSV UTF-8",
        ),
        (b"\x1f\x8b\x08\0\0\0", "unpack it first"),
        (b"%PDF-1.4", "of the kind PDF"),
        (b"ARROW1\0\0", "CSV (UTF-8) or Parquet"),
    ] {
        let said = sweep(bytes, "list.csv", "csv").unwrap_err();
        assert!(
            said.contains("[not-text]") && said.contains(words),
            "{said}"
        );
        let table = written(&folder, "table.csv", bytes);
        let scenario = written(&folder, "scenario.toml", bytes);
        for args in [
            &["sensitivity", &table, "--outputs", "y"][..],
            &["decompose", &table],
            &["check", &scenario],
            &["sensitivity", "--sample", "random", "--bounds", &table],
        ] {
            let (code, _, said) = call("en", args);
            assert!(
                code == 2 && said.contains("[not-text]") && said.contains(words),
                "{args:?}: {said}"
            );
        }
    }
    // Where only CSV is read, Parquet is told from it.
    let table = written(&folder, "table.csv", doubles(Compression::SNAPPY));
    let (code, _, said) = call("en", &["decompose", &table]);
    assert!(
        code == 2 && said.contains("pandas.read_parquet(FILE).to_csv"),
        "{said}"
    );
}

/// A table of a model: two inputs, a flag, an output and whether it was met.
fn model(yes: &str, no: &str) -> String {
    let mut text = "a,b,flag,y,met\n".to_string();
    let mut state = 1_u64;
    for _ in 0..200 {
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f64 / f64::from(1 << 24)
        };
        let (a, b, flag) = (next(), next(), next() > 0.5);
        let y = 2.0 * a + f64::from(u8::from(flag)) + 0.1 * b;
        let word = |is: bool| if is { yes } else { no };
        let _ = writeln!(text, "{a},{b},{},{y},{}", word(flag), word(y > 1.5));
    }
    text
}

fn sensitivity(folder: &TempDir, name: &str, bytes: &[u8], more: &[&str]) -> (i32, String, String) {
    let table = written(folder, name, bytes);
    let args = [
        &["sensitivity", &table, "--csv", "--replicates", "0"][..],
        more,
    ]
    .concat();
    call("en", &args)
}

#[test]
fn a_model_of_the_users_own_is_read_in_every_form() {
    let folder = TempDir::new().unwrap();
    let asked = [
        "--inputs",
        "a,b,flag",
        "--outputs",
        "y,met",
        "--prim",
        "met",
    ];
    let plain = model("1", "0");
    let (code, expected, errors) = sensitivity(&folder, "m.csv", plain.as_bytes(), &asked);
    assert_eq!(code, 0, "{errors}");
    assert!(
        expected.contains("y,flag,first,") && expected.lines().count() > 20,
        "{expected}"
    );
    let text = model("True", "False");
    let marked = |mark: &[u8], body: &[u8]| [mark, body].concat();
    let wide = text.replace('\n', ",,\n");
    for (about, bytes) in [
        ("words", text.clone().into_bytes()),
        ("capitals", model("TRUE", "FALSE").into_bytes()),
        (
            "blank columns and rows",
            (wide + ",,,,,,\n,\n").into_bytes(),
        ),
        ("UTF-16", marked(b"\xff\xfe", &utf16(&text, true))),
        ("UTF-16 without a mark", utf16(&text, false)),
        ("a mark", marked(b"\xef\xbb\xbf", text.as_bytes())),
    ] {
        let (code, found, errors) = sensitivity(&folder, "m.parquet", &bytes, &asked);
        assert_eq!((code, errors.as_str()), (0, ""), "{about}");
        assert_eq!(found, expected, "{about}");
    }
    // Parquet, with flags as flags.
    let rows: Vec<Vec<&str>> = plain
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect())
        .collect();
    let column =
        |at: usize| -> Vec<f64> { rows.iter().map(|row| row[at].parse().unwrap()).collect() };
    let flags = |at: usize| -> Vec<bool> { rows.iter().map(|row| row[at] == "1").collect() };
    let fields = vec![
        field("a", Physical::DOUBLE, None, 0),
        field("b", Physical::DOUBLE, None, 0),
        field("flag", Physical::BOOLEAN, None, 0),
        field("y", Physical::DOUBLE, None, 0),
        field("met", Physical::BOOLEAN, None, 0),
    ];
    let bytes = file(fields, Compression::SNAPPY, &|group| {
        put::<DoubleType>(group, &column(0), &[1; 200]);
        put::<DoubleType>(group, &column(1), &[1; 200]);
        put::<BoolType>(group, &flags(2), &[1; 200]);
        put::<DoubleType>(group, &column(3), &[1; 200]);
        put::<BoolType>(group, &flags(4), &[1; 200]);
    });
    let (code, found, errors) = sensitivity(&folder, "m.csv", &bytes, &asked);
    assert_eq!((code, errors.as_str()), (0, ""));
    assert_eq!(found, expected);
    let (code, _, errors) = sensitivity(&folder, "m.csv", &bytes, &["--outputs", "z"]);
    assert!(
        code == 2
            && errors.contains("no column `z`")
            && errors.contains("Parquet is shown as text"),
        "{errors}"
    );
}

/// A name over two lines is a name; row numbers are no input; a name may stand once.
#[test]
fn headers_of_a_model_are_read_as_people_write_them() {
    let folder = TempDir::new().unwrap();
    let plain = model("1", "0");
    let asked = ["--outputs", "y", "--inputs", "a,b"];
    let (_, expected, _) = sensitivity(&folder, "m.csv", plain.as_bytes(), &asked);
    let broken = plain.replacen("a,b,", "a,\"b\n2\",", 1);
    let (code, found, errors) = sensitivity(
        &folder,
        "m.csv",
        broken.as_bytes(),
        &["--outputs", "y", "--inputs", "a,b 2"],
    );
    assert_eq!(code, 0, "{errors}");
    assert_eq!(found, expected.replace("y,b,", "y,b 2,"));
    // The rest are the inputs, row numbers and what numbers rows left out.
    let (_, expected, _) = sensitivity(&folder, "m.csv", plain.as_bytes(), &["--outputs", "y"]);
    for name in ["", "Unnamed: 0", "index"] {
        let lines = plain.lines().enumerate().map(|(i, line)| match i {
            0 => format!("{name},{line}\n"),
            i => format!("{},{line}\n", 200 - i),
        });
        let text: String = lines.collect();
        let (code, found, errors) =
            sensitivity(&folder, "m.csv", text.as_bytes(), &["--outputs", "y"]);
        assert_eq!(code, 0, "{errors}");
        assert_eq!(found, expected, "{name}");
        assert!(
            name == "index" || errors.contains("row numbers of pandas"),
            "{errors}"
        );
    }
    let tabs = plain.replace(',', "\t");
    let (code, _, errors) = sensitivity(&folder, "m.csv", tabs.as_bytes(), &["--outputs", "y"]);
    assert!(
        code == 2 && errors.contains("must be separated by `,`"),
        "{errors}"
    );
    let twice = plain.replacen("a,b,", "a,a,", 1);
    let (code, _, errors) = sensitivity(&folder, "m.csv", twice.as_bytes(), &["--outputs", "y"]);
    assert!(
        code == 2 && errors.contains("column `a` occurs twice"),
        "{errors}"
    );
}

/// A pair of inputs has one correlation.
#[test]
fn a_correlation_is_stated_once() {
    let folder = TempDir::new().unwrap();
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/shaanxi-2020.toml");
    let text = format!(
        "[scenario]\nname_zh = \"试\"\nname_en = \"Try\"\nextends = \"{}\"\n[sweep]\ndraws = 16\n[sweep.inputs.a]\nlevel = \"guanzhong-boilers\"\nuniform = [\"50 %\", \"90 %\"]\n[sweep.inputs.b]\ngrowth = \"gdp\"\nuniform = [\"-1 %\", \"1 %\"]\n[[sweep.correlation]]\nbetween = [\"a\", \"b\"]\nrank = 0.5\n",
        base.display()
    );
    let good = written(&folder, "good.toml", &text);
    let out = folder.path().join("out");
    let (code, _, errors) = call("en", &["sweep", &good, "--out", out.to_str().unwrap()]);
    assert_eq!(code, 0, "{errors}");
    let twice = text + "[[sweep.correlation]]\nbetween = [\"b\", \"a\"]\nrank = -0.2\n";
    let bad = written(&folder, "bad.toml", twice);
    let (code, _, errors) = call("en", &["sweep", &bad, "--out", out.to_str().unwrap()]);
    assert!(
        code == 2 && errors.contains("stated twice") && errors.contains("first here"),
        "{errors}"
    );
}

/// A data frame's index with a name is written as a column like any other; the file says
/// which it is.
#[test]
fn a_named_index_of_a_data_frame_is_no_input() {
    let table = |said: &str| {
        let names = ["a", "b", "y", "case"];
        let fields = names.map(|name| field(name, Physical::DOUBLE, None, 0));
        let schema = Type::group_type_builder("schema").with_fields(fields.to_vec());
        let pairs = vec![KeyValue::new("pandas".to_string(), said.to_string())];
        let properties = WriterProperties::builder().set_key_value_metadata(Some(pairs));
        let properties = properties.build().into();
        let schema = schema.build().unwrap().into();
        let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
        let mut group = writer.next_row_group().unwrap();
        let rows = 0..200;
        let a: Vec<f64> = rows.clone().map(|i| f64::from(i * 37 % 200)).collect();
        let b: Vec<f64> = rows.clone().map(|i| f64::from(i * 71 % 199)).collect();
        let y: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a + 0.3 * b).collect();
        let case: Vec<f64> = rows.map(|i| f64::from(1000 - i)).collect();
        for column in [a, b, y, case] {
            put::<DoubleType>(&mut group, &column, &[1; 200]);
        }
        group.close().unwrap();
        writer.into_inner().unwrap()
    };
    let named = table("{\"index_columns\": [\"case\"], \"columns\": []}");
    let counted =
        table("{\"index_columns\": [{\"kind\": \"range\", \"name\": null}], \"columns\": []}");
    let folder = TempDir::new().unwrap();
    let read = |bytes: &[u8], more: &[&str]| {
        let args = [&["--outputs", "y"], more].concat();
        let (code, out, errors) = sensitivity(&folder, "m.parquet", bytes, &args);
        assert_eq!(code, 0, "{errors}");
        (out, errors)
    };
    let has_case = |out: &str| out.lines().any(|line| line.starts_with("y,case,"));
    let (out, errors) = read(&named, &[]);
    assert!(!has_case(&out) && out.contains("y,a,"), "{out}");
    assert!(
        errors.contains("warning[index-column]")
            && errors.contains("the column `case` is the index of a pandas frame: left out"),
        "{errors}"
    );
    // Whoever asks for it gets it, and a column that is no index is one like any other.
    let (out, errors) = read(&named, &["--inputs", "a,b,case"]);
    assert!(
        has_case(&out) && !errors.contains("index-column"),
        "{errors}"
    );
    for plain in [counted, table("no JSON"), table("{\"index_columns\": 3}")] {
        let (out, errors) = read(&plain, &[]);
        assert!(
            has_case(&out) && !errors.contains("index-column"),
            "{errors}"
        );
    }
}
