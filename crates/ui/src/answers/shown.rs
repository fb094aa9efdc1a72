//! Answers to read.

use forms::{BudgetLine, Choice, FileRef, Kind, Lang, Question, Value, budget_total};
use kernel::Money;

use super::{lang_of, say, text_in};
use crate::dsl::*;
use crate::table::{Cell, Table};
use crate::words;

/// The address of an answer's file, where the person may open it.
pub type FileHref<'a> = &'a dyn Fn(&FileRef) -> Option<String>;

/// The words for a question that nobody has answered.
#[must_use]
pub fn not_answered(lang: Lang) -> Html {
    html(maud! { span class="muted" lang=[lang_of(lang)] { (say(lang, "Not answered yet", "Heb ei ateb eto")) } })
}

/// An answer to read. The rows of a group are counted only: their answers have paths of their own, see [`super::whole`].
#[must_use]
pub fn shown(question: &Question, value: Option<&Value>, lang: Lang) -> Html {
    shown_with(question, value, lang, &|_| None)
}

/// An answer to read, with the address of a file where one may open it.
#[must_use]
pub fn shown_with(question: &Question, value: Option<&Value>, lang: Lang, href: FileHref<'_>) -> Html {
    let Some(value) = value else { return not_answered(lang) };
    let kind = &question.kind;
    let plain = || kind.plain(value, lang);
    match (kind, value) {
        (Kind::Computed { .. } | Kind::ShortText { .. } | Kind::LongText { .. }, Value::Text(text)) => words::plain(text),
        (Kind::ChooseOne { options }, Value::Choice(key)) => option(options, key, lang),
        (Kind::ChooseSeveral { options, .. }, Value::Choices(keys)) => {
            html(maud! { ul class="answer-list" { @for key in keys { li { (option(options, key, lang)) } } } })
        }
        (Kind::Ranking { options, .. }, Value::Ranking(keys)) => {
            html(maud! { ol class="answer-list answer-order" { @for key in keys { li { (option(options, key, lang)) } } } })
        }
        (Kind::Grid { rows, .. }, Value::Grid(answers)) => html(maud! {
            dl class="answer-pairs" {
                @for row in rows {
                    div {
                        dt { (text_in(&row.label, lang)) }
                        dd {
                            @match answers.get(&row.key) {
                                Some(point) => (kind.point_label(*point, lang)),
                                None => (not_answered(lang)),
                            }
                        }
                    }
                }
            }
        }),
        (_, Value::File(file)) => match href(file) {
            Some(href) => html(maud! { a href=(href) { (plain()) } }),
            None => html(plain()),
        },
        (Kind::Budget { columns, lines, .. }, Value::Budget(given)) => budget(question, columns, lines, given, lang),
        _ => html(plain()),
    }
}

fn option(options: &[Choice], key: &str, lang: Lang) -> Html {
    options.iter().find(|o| o.key == key).map_or_else(|| html(key), |o| text_in(&o.label, lang))
}

/// The lines with their sums. A column that the form has no longer is still in the sums.
fn budget(question: &Question, columns: &[Choice], given: &[Choice], lines: &[BudgetLine], lang: Lang) -> Html {
    let several = columns.len() > 1;
    let money = |amount: Option<Money>| amount.map_or_else(|| Cell::text(""), Cell::money);
    let mut headers: Vec<&str> = vec![say(lang, "What for", "At beth")];
    if several {
        headers.extend(columns.iter().map(|c| c.label.get(lang)));
    }
    headers.push(say(lang, "Total", "Cyfanswm"));
    let row = |line: &BudgetLine| {
        let name = given.iter().find(|g| g.key == line.id.as_str()).map(|g| g.label.get(lang));
        let words: Vec<&str> = name.into_iter().chain(Some(line.about.as_str())).filter(|t| !t.is_empty()).collect();
        let mut cells = vec![Cell::text(words.join(": ")).head()];
        if several {
            cells.extend(columns.iter().map(|c| money(line.amounts.get(&c.key).copied())));
        }
        cells.push(money(budget_total(std::slice::from_ref(line), None)));
        cells
    };
    let mut foot = vec![Cell::text(say(lang, "In all", "I gyd")).head()];
    if several {
        foot.extend(columns.iter().map(|c| money(budget_total(lines, Some(&c.key)))));
    }
    foot.push(money(budget_total(lines, None)));
    html(Table::new(question.label.get(lang), &headers, lines.iter().map(row).collect()).quiet().foot(foot).html())
}
