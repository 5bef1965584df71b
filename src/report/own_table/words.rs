//! Why an analysis could not be made, in both languages.

use jianpai_core::text::Text;
use jianpai_sweep::analysis::AnalysisError;
use jianpai_sweep::analysis::regression::NoFit;

/// Why an analysis could not be made.
pub(super) fn analysis(error: &AnalysisError) -> Text {
    let zh = match error {
        AnalysisError::NotFinite {
            table,
            row,
            column,
            value,
        } => {
            let (table, row, column) = (named(table), row + 1, column + 1);
            format!("{table}第 {row} 行第 {column} 列是 {value}，不是有限的数")
        }
        AnalysisError::Length {
            table,
            column,
            expected,
            found,
        } => {
            let (table, column) = (named(table), column + 1);
            format!("{table}第 {column} 列有 {found} 行，应为 {expected} 行")
        }
        AnalysisError::Shape {
            table,
            values,
            multiple,
        } => format!(
            "{}有 {values} 个值，不能按 {multiple} 个一组分开",
            named(table)
        ),
        AnalysisError::TooFew {
            table,
            needed,
            found,
        } => format!("{}只有 {found} 行，至少要 {needed} 行", named(table)),
        AnalysisError::TooLarge { table } => {
            format!("{}的数值过大，其差或平方已超出可表示的数", named(table))
        }
        AnalysisError::Setting {
            setting,
            value,
            rule,
        } => format!("{}为 {value}，应{}", named(setting), named(rule)),
        AnalysisError::Step { row, changed } => {
            format!(
                "轨迹第 {} 行比上一行变了 {changed} 个输入，应只变一个",
                row + 1
            )
        }
        AnalysisError::Repeated { row, column } => {
            format!("轨迹第 {} 行再次改变第 {} 个输入", row + 1, column + 1)
        }
        AnalysisError::Axis { axis, position } => {
            format!("{}轴第 {} 个值不大于前一个", named(axis), position + 1)
        }
        AnalysisError::Merge { .. } => "两份汇总不是同一类，不能合并".to_string(),
    };
    Text::new(zh, error.to_string())
}

/// Words of the analyses' errors in Chinese.
fn named(word: &'static str) -> &'static str {
    match word {
        "inputs" => "输入",
        "outputs" => "输出",
        "draws" => "抽样",
        "trajectories" => "轨迹",
        "grid" => "网格",
        "threshold" => "阈值",
        "number of inputs" => "输入个数",
        "confidence" => "置信水平",
        "exact limit" => "精确上限",
        "levels" => "水平数",
        "a value" => "数值",
        "moves" => "移动",
        "step" => "步长",
        "above 0 and at most 1" => "大于 0 且不大于 1",
        "at least 1" => "不小于 1",
        "within ±1e150" => "在 ±1e150 以内",
        "between 0 and 1, both excluded" => "在 0 与 1 之间（不含两端）",
        other => other,
    }
}

/// Why there is no regression, in Chinese; [`NoFit`] says it in English.
pub(super) fn no_fit(why: &NoFit) -> String {
    match why {
        NoFit::ConstantOutput => "输出不变".to_string(),
        NoFit::ConstantInputs => "输入均不变".to_string(),
        NoFit::TooFewRows { rows, coefficients } => {
            format!("{rows} 行定不出 {coefficients} 个系数")
        }
        NoFit::Collinear { input } => format!("第 {} 个输入是前面输入的线性组合", input + 1),
    }
}
