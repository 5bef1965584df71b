//! Parquet as text, so that one reader takes every table; what is wrong with a Parquet
//! file, in both languages.

use jianpai_core::text::Text;
use std::io;

#[cfg(feature = "parquet")]
pub use with_parquet::{bytes_as_text, file_as_text, index_names, why};

/// Where the rows of a Parquet file stand in what diagnostics show of it.
pub fn rows_of_parquet() -> Text {
    Text::new(
        "Parquet 文件按文本显示：第 1 行是列名，第 2 行是第一行数据",
        "Parquet is shown as text: line 1 has the names, line 2 the first row",
    )
}

#[cfg(feature = "parquet")]
mod with_parquet {
    use super::{Text, io};
    use jianpai_columnar::{ChunkReader, Error, Text as Rows};
    use std::io::Read;
    use std::path::Path;

    /// Bytes of text that a list may have.
    const MOST: u64 = 2_000_000_000;

    /// The whole of a Parquet file as CSV.
    ///
    /// # Errors
    /// It is no Parquet that can be read, or has columns that are neither numbers nor texts.
    pub fn bytes_as_text(path: &str, bytes: Vec<u8>) -> io::Result<String> {
        let bytes = bytes::Bytes::from(bytes);
        let width = Rows::open(Path::new(path), bytes.clone(), None).map_err(io::Error::other)?;
        let all: Vec<usize> = (0..width.width()).collect();
        let rows = Rows::open(Path::new(path), bytes, Some(&all)).map_err(io::Error::other)?;
        let mut text = String::new();
        rows.take(MOST).read_to_string(&mut text)?;
        if text.len() as u64 >= MOST {
            let refusal = jianpai_load::input::Refusal::TooLarge {
                bytes: MOST,
                most: MOST,
            };
            return Err(refusal.error());
        }
        Ok(text)
    }

    /// A Parquet file as CSV, row after row; of it only the columns `wanted`, if given.
    ///
    /// # Errors
    /// As [`bytes_as_text`].
    pub fn file_as_text(
        path: &str,
        file: impl ChunkReader + 'static,
        wanted: Option<&[usize]>,
    ) -> io::Result<Box<dyn Read>> {
        let rows = Rows::open(Path::new(path), file, wanted).map_err(io::Error::other)?;
        Ok(Box::new(rows))
    }

    /// The columns that a data frame of pandas was indexed by when it was written; labels
    /// that merely count rows are none.
    ///
    /// # Errors
    /// It is no Parquet that can be read.
    pub fn index_names(path: &str, file: impl ChunkReader + 'static) -> io::Result<Vec<String>> {
        let rows = Rows::open(Path::new(path), file, None).map_err(io::Error::other)?;
        let said = rows.said("pandas").map(serde_json::from_str);
        let Some(Ok(serde_json::Value::Object(said))) = said else {
            return Ok(Vec::new());
        };
        let names = said.get("index_columns").and_then(|names| names.as_array());
        let names = names.into_iter().flatten().filter_map(|name| name.as_str());
        Ok(names.map(String::from).collect())
    }

    /// What is wrong with a Parquet file, if that is what the error is about.
    pub fn why(error: &io::Error) -> Option<Text> {
        Some(match error.get_ref()?.downcast_ref::<Error>()? {
            Error::NotNumbers { column, what, .. } => Text::new(
                format!("列 `{column}` 的类型（{what}）在表中没有位置：删去此列，或改存为数或文字"),
                format!(
                    "the column `{column}` is of {what}, which has no place in a table: leave it out, or store numbers or texts"
                ),
            ),
            Error::Codec { column, codec, .. } => Text::new(
                format!(
                    "列 `{column}` 用 {codec} 压缩，读不了：用 zstd 或 snappy 另存，如 to_parquet(文件, compression=\"zstd\")"
                ),
                format!(
                    "the column `{column}` is compressed with {codec}, which is not read: save it with zstd or snappy, such as to_parquet(FILE, compression=\"zstd\")"
                ),
            ),
            Error::Unreadable { why, .. } => Text::new(
                format!("不是完好的 Parquet 文件（{why}）：重新写出该文件"),
                format!("no whole Parquet file ({why}): write it again"),
            ),
            error => crate::words::columnar(error),
        })
    }
}

#[cfg(not(feature = "parquet"))]
mod without_parquet {
    use super::{Text, io};

    fn refused() -> io::Error {
        io::Error::new(io::ErrorKind::Unsupported, "built without Parquet")
    }

    /// The program was built without Parquet.
    ///
    /// # Errors
    /// Always.
    pub fn bytes_as_text(_: &str, _: Vec<u8>) -> io::Result<String> {
        Err(refused())
    }

    /// The program was built without Parquet.
    ///
    /// # Errors
    /// Always.
    pub fn file_as_text<R>(_: &str, _: R, _: Option<&[usize]>) -> io::Result<Box<dyn io::Read>> {
        Err(refused())
    }

    /// The program was built without Parquet.
    ///
    /// # Errors
    /// Always.
    pub fn index_names<R>(_: &str, _: R) -> io::Result<Vec<String>> {
        Err(refused())
    }

    /// Says so in both languages.
    pub fn why(error: &io::Error) -> Option<Text> {
        let unsupported = error.kind() == io::ErrorKind::Unsupported;
        unsupported.then(|| {
            Text::new(
                "本程序未带 Parquet 支持：存成 CSV 再读",
                "built without Parquet: save it as CSV",
            )
        })
    }
}

#[cfg(not(feature = "parquet"))]
pub use without_parquet::{bytes_as_text, file_as_text, index_names, why};
