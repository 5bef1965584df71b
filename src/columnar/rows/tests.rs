//! Tests of whole files: bytes, interruptions, slices, faults.

use crate::{
    ColumnKind, Error, Rows, Schema, Segment, Values, encode, is_whole, merge, read_columns,
};
use parquet::file::statistics::Statistics;
use proptest::prelude::*;
use std::path::{Path, PathBuf};

/// Rows of a segment here.
const ROWS: u64 = 700;

fn schema() -> Schema {
    Schema::new([
        ("煤炭 coal@2025", ColumnKind::Real),
        ("met:so2", ColumnKind::Flag),
        ("stage", ColumnKind::Whole),
        ("nox", ColumnKind::Real),
    ])
    .unwrap()
    .with_units(["tce", "", "", "t"].map(String::from))
}

/// A file says the units of its columns, and the one that slices are joined to says the
/// same; another unit is another sweep.
#[test]
fn files_say_the_units_of_their_columns() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    write(&at("a"), 0, 900);
    write(&at("b"), 900, 1000);
    merge(&at("all"), &[at("b"), at("a")]).unwrap();
    for name in ["a", "all"] {
        let units = crate::units(&at(name)).unwrap();
        let units: Vec<(&str, &str)> = units.iter().map(|(c, u)| (&**c, &**u)).collect();
        assert_eq!(units, [("nox", "t"), ("煤炭 coal@2025", "tce")]);
    }
    let other = schema().with_units(["tce", "", "", "kg"].map(String::from));
    assert!(is_whole(&at("all"), &schema(), &metadata(), 0, 1000));
    assert!(!is_whole(&at("all"), &other, &metadata(), 0, 1000));
}

fn metadata() -> Vec<(String, String)> {
    vec![
        ("scenario".into(), "ab12".into()),
        ("seed".into(), "7".into()),
    ]
}

/// A number that is any function of the draw.
fn number(draw: u64, salt: u64) -> f64 {
    let bits = (draw + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15 ^ salt);
    (bits >> 11) as f64 / 1e3 - 1e12
}

/// Draws `first..first + rows` as they always are.
fn segment(first: u64, rows: u64) -> Segment {
    let draws = first..first + rows;
    let a: Vec<f64> = draws.clone().map(|d| number(d, 1)).collect();
    let b: Vec<bool> = draws.clone().map(|d| number(d, 2) > -5e11).collect();
    let c: Vec<i64> = draws.clone().map(|d| (d % 5).cast_signed() - 2).collect();
    let d: Vec<f64> = draws.map(|d| number(d, 3)).collect();
    let columns = [
        Values::Real(&a),
        Values::Flag(&b),
        Values::Whole(&c),
        Values::Real(&d),
    ];
    encode(&schema(), first, &columns).unwrap()
}

/// Writes draws `from..to` in one go.
fn write(out: &Path, from: u64, to: u64) {
    let mut rows = Rows::create(out, &schema(), &metadata(), from).unwrap();
    go_on(&mut rows, to);
    assert_eq!(rows.finish().unwrap(), to - from);
}

fn go_on(rows: &mut Rows, to: u64) {
    while rows.next() < to {
        let n = ROWS.min(to - rows.next());
        rows.append(&segment(rows.next(), n)).unwrap();
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap()
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    PathBuf::from(format!("{}{ending}", path.display()))
}

/// The names in a folder.
fn listing(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn what_is_written_is_read() {
    let folder = folder();
    let out = folder.path().join("draws.parquet");
    write(&out, 0, 2000);
    assert_eq!(listing(folder.path()), ["draws.parquet"]);
    let table = read_columns(&out).unwrap();
    let names = ["draw", "煤炭 coal@2025", "met:so2", "stage", "nox"];
    assert_eq!(table.names, names);
    for draw in 0..2000 {
        let row: Vec<f64> = table.columns.iter().map(|c| c[draw as usize]).collect();
        let met = f64::from(u8::from(number(draw, 2) > -5e11));
        let stage = (draw % 5) as f64 - 2.0;
        let expected = [draw as f64, number(draw, 1), met, stage, number(draw, 3)];
        assert_eq!(row, expected);
    }
    let met = &table.columns[2];
    assert!(met.contains(&0.0) && met.contains(&1.0));
}

#[test]
fn bytes_do_not_depend_on_threads() {
    let encoded = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.unwrap().install(|| segment(0, 5000).chunks)
    };
    assert_eq!(encoded(1), encoded(3));
}

#[test]
fn three_slices_are_the_whole() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    write(&at("whole"), 0, 9 * ROWS + 13);
    write(&at("a"), 0, 2 * ROWS);
    write(&at("b"), 2 * ROWS, 3 * ROWS);
    write(&at("c"), 3 * ROWS, 9 * ROWS + 13);
    write(&at("none"), 5 * ROWS, 5 * ROWS);
    let files = [at("c"), at("a"), at("none"), at("b")];
    let (rows, hash) = merge(&at("merged"), &files).unwrap();
    assert_eq!(rows, 9 * ROWS + 13);
    assert_eq!(hash, sha256(&bytes(&at("merged"))));
    assert!(bytes(&at("merged")) == bytes(&at("whole")));
    // What was merged can be merged again, onto itself.
    merge(&at("merged"), &[at("merged")]).unwrap();
    assert!(bytes(&at("merged")) == bytes(&at("whole")));
}

#[test]
fn slices_that_do_not_join_are_refused() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    write(&at("a"), 0, 100);
    write(&at("b"), 100, 200);
    write(&at("c"), 200, 300);
    let merge = |files: &[&str]| {
        let files: Vec<PathBuf> = files.iter().map(|name| at(name)).collect();
        let error = merge(&at("out"), &files).unwrap_err();
        assert!(!at("out").exists() && !at("out.part").exists());
        error
    };
    assert!(matches!(
        merge(&["a", "c"]),
        Error::Gap { from: 100, to: 200 }
    ));
    assert!(matches!(merge(&["b"]), Error::Gap { from: 0, to: 100 }));
    assert!(matches!(
        merge(&["a", "b", "b"]),
        Error::Overlap { from: 100, to: 200 }
    ));
    assert!(matches!(merge(&[]), Error::Nothing));
    assert!(matches!(merge(&["a", "gone"]), Error::Io { .. }));

    let other = vec![
        ("scenario".into(), "ab12".into()),
        ("seed".into(), "8".into()),
    ];
    let mut rows = Rows::create(&at("seed"), &schema(), &other, 100).unwrap();
    rows.append(&segment(100, 5)).unwrap();
    rows.finish().unwrap();
    assert!(matches!(merge(&["a", "seed"]), Error::OtherSweep { key, .. } if key == "seed"));

    let fewer = Schema::new([("煤炭 coal@2025", ColumnKind::Real)]).unwrap();
    let mut rows = Rows::create(&at("fewer"), &fewer, &metadata(), 100).unwrap();
    rows.append(&encode(&fewer, 100, &[Values::Real(&[1.0])]).unwrap())
        .unwrap();
    rows.finish().unwrap();
    assert!(matches!(
        merge(&["a", "fewer"]),
        Error::OtherColumns { at: 2, .. }
    ));

    let whole = bytes(&at("b"));
    std::fs::write(at("cut"), &whole[..whole.len() - 1]).unwrap();
    assert!(matches!(merge(&["a", "cut"]), Error::Unreadable { .. }));
    // Bytes lost in the middle: the footer is there, what it speaks of is not.
    std::fs::write(at("hole"), [&whole[..50], &whole[90..]].concat()).unwrap();
    assert!(matches!(merge(&["a", "hole"]), Error::Unreadable { .. }));
}

#[test]
fn only_what_is_whole_counts_as_whole() {
    let folder = folder();
    let out = folder.path().join("slice.parquet");
    let whole = |metadata: &[(String, String)], first, rows| {
        is_whole(&out, &schema(), metadata, first, rows)
    };
    assert!(!whole(&metadata(), 300, 900));
    write(&out, 300, 1200);
    assert!(whole(&metadata(), 300, 900));
    assert!(!whole(&metadata(), 300, 901));
    assert!(!whole(&metadata(), 299, 900));
    assert!(!whole(&[], 300, 900));
    let other = Schema::new([("a", ColumnKind::Real)]).unwrap();
    assert!(!is_whole(&out, &other, &metadata(), 300, 900));
    let all = bytes(&out);
    for end in [0, 3, 4, 100, all.len() / 2, all.len() - 9, all.len() - 1] {
        std::fs::write(&out, &all[..end]).unwrap();
        assert!(!whole(&metadata(), 300, 900), "{end} bytes");
    }
}

/// The disk after every write of a run, and after every part of a write.
#[test]
fn a_run_killed_at_any_instant_ends_in_the_same_bytes() {
    let folder = folder();
    let out = folder.path().join("draws.parquet");
    let (part, journal) = (beside(&out, ".part"), beside(&out, ".journal"));
    let total = 3 * ROWS + 5;
    write(&out, 0, total);
    let expected = bytes(&out);
    // An old result may stand in the place until the new one is finished.
    let mut rows = Rows::create(&out, &schema(), &metadata(), 0).unwrap();
    let mut states = vec![(bytes(&part), bytes(&journal), 0)];
    while rows.next() < total {
        let n = ROWS.min(total - rows.next());
        rows.append(&segment(rows.next(), n)).unwrap();
        states.push((bytes(&part), bytes(&journal), rows.next()));
    }
    let mut cuts = Vec::new();
    for pair in states.windows(2) {
        let ((part, log, draw), (next, next_log, next_draw)) = (&pair[0], &pair[1]);
        // Killed while the segment was written, or its entry, or after both.
        for end in [
            part.len(),
            part.len() + 1,
            usize::midpoint(part.len(), next.len()),
            next.len(),
        ] {
            cuts.push((&next[..end], &log[..], *draw));
        }
        for end in [log.len() + 2, log.len() + 9, next_log.len() - 1] {
            cuts.push((next, &next_log[..end], *draw));
        }
        cuts.push((next, next_log, *next_draw));
        // The journal is ahead of a part that someone cut.
        cuts.push((&next[..next.len() - 1], next_log, *draw));
    }
    // Killed while the footer was written.
    let (last, log, draw) = states.last().unwrap();
    cuts.push((&expected[..last.len() + 40], log, *draw));
    cuts.push((&expected, log, *draw));
    for (bytes_of_part, bytes_of_journal, draw) in cuts {
        std::fs::write(&part, bytes_of_part).unwrap();
        std::fs::write(&journal, bytes_of_journal).unwrap();
        let mut rows = Rows::resume(&out, &schema(), &metadata(), 0)
            .unwrap()
            .unwrap();
        assert_eq!(rows.next(), draw);
        go_on(&mut rows, total);
        rows.finish().unwrap();
        assert!(bytes(&out) == expected);
        assert_eq!(listing(folder.path()), ["draws.parquet"]);
    }
    // Killed after the file was put in its place, before the journal was removed.
    std::fs::write(&journal, log).unwrap();
    let rows = Rows::resume(&out, &schema(), &metadata(), 0)
        .unwrap()
        .unwrap();
    assert_eq!(rows.next(), total);
    rows.finish().unwrap();
    assert!(bytes(&out) == expected);
    // Killed before there was anything to go on with.
    assert!(
        Rows::resume(&out, &schema(), &metadata(), 0)
            .unwrap()
            .is_none()
    );
    std::fs::write(&journal, &log[..7]).unwrap();
    assert!(
        Rows::resume(&out, &schema(), &metadata(), 0)
            .unwrap()
            .is_none()
    );
    std::fs::write(&journal, &states[1].1).unwrap();
    assert!(
        Rows::resume(&out, &schema(), &metadata(), 0)
            .unwrap()
            .is_none()
    );
    assert!(bytes(&out) == expected);
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    crate::digits(&Sha256::digest(bytes))
}

/// A byte that the disk changed: rows from its segment on are written again.
#[test]
fn only_segments_with_their_hash_are_trusted() {
    let folder = folder();
    let out = folder.path().join("draws.parquet");
    let (part, journal) = (beside(&out, ".part"), beside(&out, ".journal"));
    let total = 4 * ROWS;
    write(&out, 0, total);
    let expected = bytes(&out);
    let mut rows = Rows::create(&out, &schema(), &metadata(), 0).unwrap();
    let mut ends = vec![bytes(&part).len()];
    while rows.next() < total {
        rows.append(&segment(rows.next(), ROWS)).unwrap();
        ends.push(bytes(&part).len());
    }
    drop(rows);
    let (whole, log) = (bytes(&part), bytes(&journal));
    for (i, place) in [
        (0, ends[0]),
        (1, ends[1] + 9),
        (2, ends[3] - 1),
        (3, ends[4] - 1),
    ] {
        let mut spoiled = whole.clone();
        spoiled[place] ^= 16;
        std::fs::write(&part, spoiled).unwrap();
        std::fs::write(&journal, &log).unwrap();
        let resumed = Rows::resume(&out, &schema(), &metadata(), 0).unwrap();
        let mut rows = resumed.unwrap();
        assert_eq!(rows.next(), i * ROWS);
        go_on(&mut rows, total);
        let sealed = rows.seal().unwrap();
        assert_eq!(sealed.sha256, sha256(&expected));
        assert!(bytes(&sealed.part) == expected);
    }
}

/// Slices that end early are told from a whole by the number of draws that they name.
#[test]
fn a_last_slice_left_out_is_missed() {
    let folder = folder();
    let out = folder.path().join("a");
    let named = [(crate::TOTAL.to_string(), (2 * ROWS).to_string())];
    let mut rows = Rows::create(&out, &schema(), &named, 0).unwrap();
    go_on(&mut rows, ROWS);
    rows.finish().unwrap();
    let error = merge(&folder.path().join("b"), &[&out]).unwrap_err();
    assert!(matches!(error, Error::Gap { from, to } if (from, to) == (ROWS, 2 * ROWS)));
    assert_eq!(listing(folder.path()), ["a"]);
}

#[test]
fn another_sweep_is_not_resumed() {
    let folder = folder();
    let out = folder.path().join("draws.parquet");
    let mut rows = Rows::create(&out, &schema(), &metadata(), 0).unwrap();
    rows.append(&segment(0, 50)).unwrap();
    drop(rows);
    let resume = |schema: &Schema, metadata: &[(String, String)], first| {
        Rows::resume(&out, schema, metadata, first).unwrap_err()
    };
    let seed = vec![metadata()[0].clone(), ("seed".into(), "8".into())];
    let error = resume(&schema(), &seed, 0);
    assert!(matches!(error, Error::OtherSweep { key, .. } if key == "seed"));
    let error = resume(&schema(), &metadata(), 50);
    assert!(matches!(error, Error::OtherSweep { key, .. } if key == "first draw"));
    let other = Schema::new([
        ("煤炭 coal@2025", ColumnKind::Real),
        ("met:so2", ColumnKind::Real),
    ])
    .unwrap();
    let error = resume(&other, &metadata(), 0);
    assert!(matches!(error, Error::OtherColumns { at: 2, .. }));
    assert_eq!(
        Rows::resume(&out, &schema(), &metadata(), 0)
            .unwrap()
            .unwrap()
            .next(),
        50
    );
}

#[test]
fn segments_out_of_order_are_refused() {
    let folder = folder();
    let out = folder.path().join("draws.parquet");
    let mut rows = Rows::create(&out, &schema(), &metadata(), 10).unwrap();
    rows.append(&segment(10, 5)).unwrap();
    let error = rows.append(&segment(16, 5)).unwrap_err();
    assert!(matches!(error, Error::Gap { from: 15, to: 16 }));
    let error = rows.append(&segment(12, 9)).unwrap_err();
    assert!(matches!(error, Error::Overlap { from: 12, to: 15 }));
    let other = Schema::new([("a", ColumnKind::Real)]).unwrap();
    let strange = encode(&other, 15, &[Values::Real(&[1.0])]).unwrap();
    assert!(matches!(
        rows.append(&strange),
        Err(Error::OtherColumns { at: 1, .. })
    ));
    rows.append(&segment(15, 1)).unwrap();
    assert_eq!(rows.finish().unwrap(), 6);
}

/// A sparse column has gaps, which are no numbers; its ends are those of what is there.
#[test]
fn gaps_are_written_as_gaps() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gaps.parquet");
    let schema = Schema::new([
        ("a", ColumnKind::Sparse),
        ("b", ColumnKind::Sparse),
        ("c", ColumnKind::Sparse),
    ]);
    let schema = schema.unwrap();
    let gap = f64::NAN;
    let encoded =
        |a: &[f64], b: &[f64], c: &[f64]| encode(&schema, 0, &[a, b, c].map(Values::Sparse));
    let segment = encoded(&[2.0, 1.0, 3.0], &[gap, -7.5, 4.0], &[gap; 3]).unwrap();
    let ends = |at: usize| segment.group.column(at).statistics().unwrap().clone();
    let found = [1, 2, 3].map(|at| match ends(at) {
        Statistics::Double(ends) => (
            ends.min_opt().copied(),
            ends.max_opt().copied(),
            ends.null_count_opt(),
        ),
        other => panic!("{other:?}"),
    });
    let expected = [
        (Some(1.0), Some(3.0), Some(0)),
        (Some(-7.5), Some(4.0), Some(1)),
        (None, None, Some(3)),
    ];
    assert_eq!(found, expected);
    let mut rows = Rows::create(&path, &schema, &[], 0).unwrap();
    rows.append(&segment).unwrap();
    assert_eq!(rows.finish().unwrap(), 3);
    let error = read_columns(&path).unwrap_err().to_string();
    assert!(error.ends_with("column `b`, row 1: no value"), "{error}");
    // Without gaps it reads like any other.
    let mut rows = Rows::create(&path, &schema, &[], 0).unwrap();
    let whole = [[1.0, 2.0], [3.0, -0.0], [5.0, 6.0]];
    rows.append(&encoded(&whole[0], &whole[1], &whole[2]).unwrap())
        .unwrap();
    rows.finish().unwrap();
    assert_eq!(
        read_columns(&path).unwrap().columns[1..],
        whole.map(Vec::from)
    );
    for value in [f64::INFINITY, f64::NEG_INFINITY] {
        let error = encoded(&[1.0, gap], &[gap, value], &[gap; 2]).unwrap_err();
        let text = format!("column `b`, draw 1: {value} is not a finite number");
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn columns_that_cannot_stand_are_refused() {
    for names in [["a", "a"], ["a", ""], ["draw", "a"]] {
        let error = Schema::new(names.map(|name| (name, ColumnKind::Real))).unwrap_err();
        assert!(matches!(error, Error::Column { .. }), "{error}");
    }
    let schema = Schema::new([("a", ColumnKind::Real), ("b", ColumnKind::Real)]).unwrap();
    let encode = |columns: &[Values<'_>]| encode(&schema, 40, columns).unwrap_err();
    let (one, two) = (Values::Real(&[1.0]), Values::Real(&[1.0, 2.0]));
    for columns in [&[one][..], &[one, two], &[one, Values::Flag(&[true])]] {
        assert!(matches!(encode(columns), Error::Shape(_)));
    }
    assert!(matches!(encode(&[Values::Real(&[]); 2]), Error::Shape(_)));
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let error = encode(&[two, Values::Real(&[1.0, value])]);
        let text = format!("column `b`, draw 41: {value} is not a finite number");
        assert_eq!(error.to_string(), text);
    }
}

/// The least and the greatest value of the first column of numbers, as stated.
fn ends(segment: &Segment) -> (f64, f64) {
    match segment.group.column(1).statistics() {
        Some(Statistics::Double(ends)) => (*ends.min_opt().unwrap(), *ends.max_opt().unwrap()),
        other => panic!("{other:?}"),
    }
}

fn finite() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<u64>().prop_map(f64::from_bits),
        Just(-0.0),
        Just(0.0),
        Just(5e-324),
        Just(f64::MAX),
        Just(f64::MIN_POSITIVE / 3.0)
    ]
    .prop_filter("finite", |value| value.is_finite())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_bit_comes_back(
        rows in prop::collection::vec((finite(), any::<bool>(), -(1_i64 << 53)..=1 << 53), 1..400),
        first in 0_u64..1 << 40,
        cut in 0_usize..400,
    ) {
        let folder = folder();
        let out = folder.path().join("x.parquet");
        let schema = Schema::new([("实", ColumnKind::Real), ("b", ColumnKind::Flag), ("c", ColumnKind::Whole)]).unwrap();
        let a: Vec<f64> = rows.iter().map(|row| row.0).collect();
        let b: Vec<bool> = rows.iter().map(|row| row.1).collect();
        let c: Vec<i64> = rows.iter().map(|row| row.2).collect();
        let mut file = Rows::create(&out, &schema, &[], first).unwrap();
        let cut = cut.min(a.len());
        for range in [0..cut, cut..a.len()].into_iter().filter(|range| !range.is_empty()) {
            let at = first + range.start as u64;
            let r = range;
            let columns = [
                Values::Real(&a[r.clone()]),
                Values::Flag(&b[r.clone()]),
                Values::Whole(&c[r]),
            ];
            let segment = encode(&schema, at, &columns).unwrap();
            let Values::Real(a) = columns[0] else { unreachable!() };
            let (least, greatest) = ends(&segment);
            prop_assert!(a.iter().all(|v| least.total_cmp(v).is_le() && greatest.total_cmp(v).is_ge()));
            prop_assert!(a.contains(&least) && a.contains(&greatest));
            file.append(&segment).unwrap();
        }
        file.finish().unwrap();
        let table = read_columns(&out).unwrap();
        for (i, row) in rows.iter().enumerate() {
            let bits = |c: usize| table.columns[c][i].to_bits();
            prop_assert_eq!(bits(0), ((first + i as u64) as f64).to_bits());
            prop_assert_eq!(bits(1), row.0.to_bits());
            prop_assert_eq!(bits(2), f64::from(u8::from(row.1)).to_bits());
            prop_assert_eq!(bits(3), (row.2 as f64).to_bits());
        }
    }

    /// Damage is an error or goes unnoticed in a value; it is never a panic.
    #[test]
    fn damage_is_no_panic(place in 0.0..1.0_f64, bit in 0_u8..8, cut in prop::option::of(0.0..1.0_f64)) {
        let folder = folder();
        let out = folder.path().join("x.parquet");
        write(&out, 0, 300);
        let mut all = bytes(&out);
        let at = (place * all.len() as f64) as usize;
        all[at] ^= 1 << bit;
        if let Some(cut) = cut {
            all.truncate((cut * all.len() as f64) as usize);
        }
        std::fs::write(&out, &all).unwrap();
        let _ = read_columns(&out);
        let _ = is_whole(&out, &schema(), &metadata(), 0, 300);
        let _ = merge(&folder.path().join("y"), &[&out]);
    }
}
