//! What is said of options that cannot be.

use super::MOST_OPTIONS;
use crate::diag::{Diagnostic, Span};
use jianpai_core::text::Text;

/// A file without options.
pub(super) fn none(id: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{id}` 没有 [[option]] 或 [options]：没有方案可比"),
        format!("`{id}` has no [[option]] or [options]: there is nothing to compare"),
    );
    Diagnostic::error("no-options", message).help(Text::new(
        "例子见 scenarios/options/；写法如 [options] 下 targets.COD = [\"-6 %\", \"-8 %\"]",
        "see scenarios/options/ for examples; write under [options] for example targets.COD = [\"-6 %\", \"-8 %\"]",
    ))
}

/// `[option]` where `[[option]]` is meant.
pub(super) fn single(span: Span) -> Diagnostic {
    let message = Text::new(
        "方案逐个写作 [[option]]（双方括号），组合写作 [options]",
        "options are written one by one as [[option]] (two brackets), all combinations as [options]",
    );
    Diagnostic::error("option-brackets", message)
        .label(span, Text::new("单方括号", "one bracket"))
        .help(Text::new("改为 [[option]]", "write [[option]]"))
}

/// An option with nothing in it.
pub(super) fn empty(span: Span) -> Diagnostic {
    let message = Text::new(
        "这个方案什么也没有改：没有 targets、growth 或 bounds",
        "this option changes nothing: it has no `targets`, `growth` or `bounds`",
    );
    Diagnostic::error("option-empty", message)
        .label(span, Text::new("空方案", "nothing in it"))
        .help(Text::new(
            "写明候选目标，例如 targets = { COD = \"-8 %\" }",
            "say what it asks, for example targets = { COD = \"-8 %\" }",
        ))
}

/// Two options of one name.
pub(super) fn two_of_one_name(name: &str, (again, first): (Span, Span)) -> Diagnostic {
    let message = Text::new(
        format!("两个方案都叫“{name}”"),
        format!("two options are called `{name}`"),
    );
    Diagnostic::error("option-twice", message)
        .label(again, Text::new("又一次", "again here"))
        .label(first, Text::new("先在这里", "first here"))
        .help(Text::new("改其中一个的名称", "rename one of them"))
}

/// Two options that say the same.
pub(super) fn two_alike((again, first): (Span, Span)) -> Diagnostic {
    let message = Text::new(
        "两个方案的目标、增长与上下限完全相同",
        "two options ask the same with the same growth and bounds",
    );
    Diagnostic::error("option-twice", message)
        .label(again, Text::new("相同的方案", "the same option"))
        .label(first, Text::new("先在这里", "first here"))
        .help(Text::new("只留一个", "keep one of them"))
}

/// More options than are compared.
pub(super) fn too_many(count: Option<usize>, span: Span) -> Diagnostic {
    let count = count.map_or_else(|| "10¹⁸+".to_string(), |count| count.to_string());
    let message = Text::new(
        format!("组合出 {count} 个方案，至多 {MOST_OPTIONS} 个"),
        format!("this makes {count} options; {MOST_OPTIONS} are compared at most"),
    );
    Diagnostic::error("option-many", message)
        .label(span, Text::new("组合过多", "too many combinations"))
        .help(Text::new(
            "减少几个目标的取值，或分成几个文件",
            "give fewer values, or split it into several files",
        ))
}
