//! How large anything may be, in one place. What is larger is refused with a sentence.

/// Bytes of one expression.
pub const EXPRESSION_BYTES: usize = 4000;
/// Parentheses, conditions and calls within each other.
pub const EXPRESSION_DEPTH: usize = 40;
pub const SECTIONS: usize = 100;
/// Questions of a form, those of groups counted too.
pub const QUESTIONS: usize = 1000;
pub const RULES: usize = 500;
/// Options of a question, rows of a grid, columns of a budget.
pub const OPTIONS: usize = 500;
/// Characters of a text of the form, such as a label or an explanation.
pub const FORM_TEXT_CHARS: usize = 20_000;
/// Characters of a short answer where its question sets none.
pub const SHORT_TEXT_CHARS: usize = 300;
/// Characters of any long answer.
pub const LONG_TEXT_CHARS: usize = 100_000;
pub const GROUP_ROWS: usize = 1000;
pub const USUAL_GROUP_ROWS: usize = 50;
pub const BUDGET_LINES: usize = 1000;
pub const USUAL_BUDGET_LINES: usize = 100;
/// Megabytes of a file where its question sets none.
pub const FILE_MB: u32 = 10;
/// Megabytes of any file.
pub const LARGEST_FILE_MB: u32 = 25;
