//! Typed errors of the libraries in both languages, where they are shown.

use jianpai_core::text::Text;
use jianpai_sweep::design::{CorrelationError, DesignError, DistributionError, MOST_DRAWS};

/// Why a design cannot be laid out.
pub fn design(error: &DesignError) -> Text {
    let zh = match error {
        DesignError::NoDims => "没有输入，无从抽样".to_string(),
        DesignError::NoDraws => "抽样次数为 0".to_string(),
        DesignError::TooManyDraws { draws } => {
            let draws = draws.map_or("超过 2^64".to_string(), |draws| draws.to_string());
            format!("抽样 {draws} 次，至多 {MOST_DRAWS} 次")
        }
        DesignError::TooManyDims { design, dims, most } => {
            format!("{design} 设计至多 {most} 个输入，这里有 {dims} 个")
        }
        DesignError::Levels(levels) => {
            format!("morris 的水平数应为 2 或不小于 4，这里是 {levels}")
        }
        DesignError::Dims {
            design,
            dims,
            found,
        } => format!("{design} 有 {found} 列，输入有 {dims} 个"),
        DesignError::NoLevels { dim } => format!("网格第 {} 个输入的水平数为 0", dim + 1),
        DesignError::Coordinate { row, column, value } => {
            let (row, column) = (row + 1, column + 1);
            format!("清单第 {row} 行第 {column} 列为 {value}，不能采用")
        }
    };
    Text::new(zh, error.to_string())
}

/// Why correlations are none.
pub fn correlation(error: &CorrelationError) -> Text {
    let zh = match error {
        CorrelationError::Size {
            dims,
            rows,
            columns,
        } => format!("{dims} 个相关的输入要 {dims} 行 {dims} 列，这里是 {rows} 行 {columns} 列"),
        CorrelationError::Twice(dim) => format!("第 {} 个输入出现两次", dim + 1),
        CorrelationError::Diagonal { row, value } => {
            format!("第 {} 个输入与自身的相关为 {value}，应为 1", row + 1)
        }
        CorrelationError::Range { pair, value } => {
            let (a, b) = (pair.0 + 1, pair.1 + 1);
            format!("第 {a} 与第 {b} 个输入的相关为 {value}，应在 −1 与 1 之间")
        }
        CorrelationError::Asymmetric { pair, values } => {
            let (a, b) = (pair.0 + 1, pair.1 + 1);
            format!(
                "第 {a} 与第 {b} 个输入的相关前后不一：{} 与 {}",
                values.0, values.1
            )
        }
        CorrelationError::NotPositive { pair, value, .. } => {
            let (a, b) = (pair.0 + 1, pair.1 + 1);
            format!("这些相关不能同时成立，第 {a} 与第 {b} 个输入的 {value} 最为矛盾")
        }
    };
    Text::new(zh, error.to_string())
}

/// Why a distribution is none.
pub fn distribution(error: &DistributionError) -> Text {
    let zh = match error {
        DistributionError::NotFinite { name, value } => format!("{name} 是 {value}，不是有限的数"),
        DistributionError::Order {
            name,
            value,
            below,
            bound,
        } => format!("{name} = {value} 小于 {below} = {bound}"),
        DistributionError::NotPositive { name, value } => format!("{name} = {value}，应大于 0"),
        DistributionError::NoValues => "没有权重大于 0 的值".to_string(),
        DistributionError::Lengths { values, weights } => {
            format!("{values} 个值配了 {weights} 个权重")
        }
        DistributionError::NotContinuous => "只有连续分布可以截断".to_string(),
        DistributionError::EmptyInterval { lo, hi, share } => {
            format!("{lo} 与 {hi} 之间只有 {share:e} 的概率")
        }
    };
    Text::new(zh, error.to_string())
}

/// What is wrong with a Parquet file.
#[cfg(feature = "parquet")]
pub fn columnar(error: &jianpai_columnar::Error) -> Text {
    use jianpai_columnar::{ColumnFault, Error};
    let zh = match error {
        Error::Io { path, source } => format!("`{}` 读写失败：{source}", path.display()),
        Error::Unreadable { path, why } => {
            format!("`{}` 不是可读的 Parquet 文件（{why}）", path.display())
        }
        Error::Column { name, fault } => match fault {
            ColumnFault::Empty => "有一列没有列名".to_string(),
            ColumnFault::Twice => format!("列名 `{name}` 出现两次"),
            ColumnFault::Reserved => format!("列名 `{name}` 是首列专用的"),
        },
        Error::NotNumbers { path, column, what } => {
            format!("`{}` 的 `{column}` 一列不是数，而是 {what}", path.display())
        }
        Error::Missing { path, column, row } => {
            format!("`{}` 的 `{column}` 一列第 {row} 行是空的", path.display())
        }
        Error::NotFinite {
            path,
            column,
            row,
            value,
        } => format!(
            "`{}` 的 `{column}` 一列第 {row} 行是 {value}，不是有限的数",
            path.display()
        ),
        Error::Inexact {
            path,
            column,
            row,
            value,
        } => format!(
            "`{}` 的 `{column}` 一列第 {row} 行是 {value}，超过 2^53，不能精确表示",
            path.display()
        ),
        Error::WriteNotFinite {
            column,
            draw,
            value,
        } => format!("`{column}` 一列第 {draw} 次抽样是 {value}，不是有限的数"),
        Error::Shape(why) => format!("各列与表头不符（{why}）"),
        Error::OtherColumns { path, at } => {
            format!("`{}` 自第 {at} 列起与其他文件不同", path.display())
        }
        Error::OtherSweep { path, key } => {
            format!(
                "`{}` 属于另一次抽样或另一版本（`{key}` 不同）",
                path.display()
            )
        }
        Error::Gap { from, to } => format!("缺少第 {from} 至 {} 次抽样", to - 1),
        Error::Overlap { from, to } => format!("第 {from} 至 {} 次抽样有两份", to - 1),
        Error::Nothing => "没有可合并的行".to_string(),
        _ => "Parquet 文件有误".to_string(),
    };
    Text::new(zh, error.to_string())
}
