//! CSV files: every cell is written through one place, [`jianpai_core::plain::cell`].

use jianpai_core::plain;

/// A file being written, in memory.
#[derive(Debug)]
pub struct Csv(csv::Writer<Vec<u8>>);

impl Csv {
    /// An empty file.
    pub fn new() -> Self {
        Self(csv::Writer::from_writer(Vec::new()))
    }

    /// Adds a row.
    pub fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) {
        for cell in cells {
            // Writing to memory cannot fail.
            let _ = self.0.write_field(plain::cell(cell.as_ref()).as_bytes());
        }
        let _ = self.0.write_record(None::<&[u8]>);
    }

    /// The bytes of the file.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0.into_inner().unwrap_or_default()
    }
}

impl Default for Csv {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_harmless() {
        let mut csv = Csv::new();
        csv.row(["name", "value"]);
        csv.row(["=1+1", "-2.5"]);
        csv.row(["a,\"b\"\u{1b}", ""]);
        let text = String::from_utf8(csv.into_bytes()).unwrap();
        assert_eq!(text, "name,value\n'=1+1,-2.5\n\"a,\"\"b\"\"\\u001b\",\n");
    }
}
