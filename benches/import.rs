//! A workbook with a ledger of 10,000 projects read, checked and made into CSV: at most
//! 0.3 s.

use criterion::{Criterion, criterion_group, criterion_main};
use jianpai_load::diag::{Diagnostics, Files};
use jianpai_load::ledger;
use jianpai_office::forms::Form;
use jianpai_office::import::{Wanted, open, read};
use jianpai_study::Data;
use rust_xlsxwriter::Workbook;
use std::hint::black_box;

/// Rows of the ledger.
const ROWS: u32 = 10_000;

fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(Form::Ledger.name().zh).unwrap();
    for (c, column) in Form::Ledger.columns().iter().enumerate() {
        let c = c as u16;
        sheet.write(0, c, column.zh).unwrap();
        for r in 1..=ROWS {
            match column.key {
                "project" => sheet.write(r, c, format!("污水处理厂{r}提标")).unwrap(),
                _ if column.example.0.is_empty() => continue,
                _ => match column.example.0.parse::<f64>() {
                    Ok(number) => sheet.write(r, c, number).unwrap(),
                    Err(_) => sheet.write(r, c, column.example.0).unwrap(),
                },
            };
        }
    }
    book.save_to_buffer().unwrap()
}

fn import(c: &mut Criterion) {
    let data = Data::compiled_in().unwrap();
    let bytes = workbook();
    let names = (data.catalogue(), data.vocabulary());
    let wanted = Wanted {
        id: "plan",
        bases: "base",
    };
    let mut group = c.benchmark_group("import");
    group.sample_size(10);
    group.bench_function("10,000 projects", |b| {
        b.iter(|| {
            let filled = read(open(black_box(&bytes)).unwrap(), names, wanted);
            assert!(filled.flaws.is_empty());
            let made = filled.ledger.unwrap();
            let (mut files, mut said) = (Files::new(), Diagnostics::default());
            let found = ledger::read(
                names.0,
                &made.name,
                made.text.as_bytes(),
                &mut files,
                &mut said,
            );
            assert_eq!(found.unwrap().0.projects.len(), ROWS as usize);
        });
    });
    group.finish();
}

criterion_group!(benches, import);
criterion_main!(benches);
