//! One section of a form, as it is written in.

use forms::{FieldProblem, Fields, FileRef, Kind, Lang, Look, Path, Question, Section, Shown, Value};
use kernel::Invalid;
use ui::answers::{self, Asked, Clash, Row, version_name};
use ui::shell::InvalidSummary;
use ui::{Html, form, html, parts};

use super::save::{mark, was_name};
use super::{Filled, Outcome};
use crate::ground::Cx;
use crate::ground::html::*;

/// What stands around the questions.
pub(crate) struct Around<'a> {
    pub action: &'a str,
    pub lang: Lang,
    /// What was typed just now, where the page comes back.
    pub typed: Option<&'a Fields>,
    pub outcome: &'a Outcome,
    /// Whether this person may write this answer.
    pub may: &'a (dyn Fn(&Path) -> bool + Sync),
    /// Where a file that is kept can be had.
    pub file: &'a (dyn Fn(&FileRef) -> Option<String> + Sync),
}

/// The section with this place in the form, and what to look at again.
pub(crate) fn section(cx: &Cx, filled: &Filled, number: usize, around: &Around<'_>) -> (Html, Option<InvalidSummary>) {
    let look = filled.form.look(&filled.answers, around.lang);
    let Some(section) = filled.form.form().sections.get(number) else { return (html(""), None) };
    let fields = fields(filled, section, around.typed);
    let questions: Vec<Html> = section
        .questions
        .iter()
        .filter_map(|question| {
            let path = Path::new(&question.key).ok()?;
            (look.at(&path)?.shown != Shown::Hidden).then(|| one(filled, &look, &fields, question, &path, around))
        })
        .collect();
    // Whoever may write nothing here only reads.
    let writes = section.questions.iter().filter_map(|q| Path::new(&q.key).ok()).any(|path| (around.may)(&path));
    let files = section.questions.iter().any(|question| takes_a_file(question, around));
    let draw = if files { form::form_with_files } else { form::form };
    let body = html(maud! {
        @if !section.about.is_empty() { (answers::long_text(&section.about, around.lang)) }
        div data-autosave="" {
            (draw(around.action, &cx.form_keys(), html(maud! {
                @for question in &questions { (question) }
                @if writes {
                    (buttons(around.lang))
                    p class="muted" data-saved="" role="status" {}
                }
            })))
        }
    });
    (body, summary(filled, around))
}

fn buttons(lang: Lang) -> Html {
    let (mark, on, stay) = match lang {
        Lang::En => (None, "Save and go on", "Save and stay"),
        Lang::Cy => (Some("cy"), "Cadw a pharhau", "Cadw ac aros ar y dudalen hon"),
    };
    html(maud! {
        div lang=[mark] {
            (form::button_group(maud! {
                (form::main_named_button(on, "then", "next"))
                (form::named_button(stay, "then", "stay"))
            }))
        }
    })
}

/// What a page goes on with that saves as one writes: new keys, and of every answer on it the version that it shows.
pub(crate) fn keys(cx: &Cx, filled: &Filled, number: usize, around: &Around<'_>) -> Html {
    let section = filled.form.form().sections.get(number);
    let questions = section.into_iter().flat_map(|section| &section.questions);
    let mut paths: Vec<Path> = Vec::new();
    for (question, path) in questions.filter_map(|q| Some((q, Path::new(&q.key).ok()?))).filter(|(_, path)| (around.may)(path)) {
        let inner = inner_paths(filled, question, &path);
        paths.push(path);
        paths.extend(inner.into_iter().flat_map(|(_, paths)| paths.into_iter().map(|(path, _)| path)));
    }
    let version = |path: &Path| around.outcome.left.get(path).copied().unwrap_or_else(|| filled.version(path));
    form::form(
        around.action,
        &cx.form_keys(),
        maud! {
            @for path in &paths {
                (form::hidden(&version_name(path), &version(path).to_string()))
                (form::hidden(&was_name(path), &was(filled, around, path)))
            }
        },
    )
}

/// The mark of an answer as the page shows it. What was left alone is shown as it was seen, so that it still can be told
/// whether it is touched later.
fn was(filled: &Filled, around: &Around<'_>, path: &Path) -> String {
    match (around.outcome.left.contains_key(path), around.typed) {
        (true, Some(typed)) => typed.get(&was_name(path)).to_string(),
        _ => mark(filled.answers.get(path)),
    }
}

/// Whether this person may send a file in answer to it, or to a question of it.
fn takes_a_file(question: &Question, around: &Around<'_>) -> bool {
    let is_file = |question: &Question| matches!(question.kind, Kind::File { .. });
    let asks = match &question.kind {
        Kind::Group { questions, .. } => questions.iter().any(is_file),
        _ => is_file(question),
    };
    asks && Path::new(&question.key).is_ok_and(|path| (around.may)(&path))
}

/// What stands in the boxes: what was typed just now, and for what was not on the page, the answers.
fn fields(filled: &Filled, section: &Section, typed: Option<&Fields>) -> Fields {
    let mut fields = typed.cloned().unwrap_or_default();
    for (path, value) in filled.answers.iter() {
        let of_section = section.questions.iter().any(|q| q.key == path.group().unwrap_or(path.question()));
        let on_the_page = typed.is_some_and(|t| t.has(forms::ASKED, &path.to_string()));
        if let (true, false, Some(question)) = (of_section, on_the_page, filled.form.form().at(path)) {
            question.kind.write(&path.to_string(), value, &mut fields);
        }
    }
    fields
}

fn one(filled: &Filled, look: &Look, fields: &Fields, question: &Question, path: &Path, around: &Around<'_>) -> Html {
    if !(around.may)(path) {
        let answer = filled.answers.get(path);
        let mark = (around.lang == Lang::Cy && !question.label.lacks_welsh()).then_some("cy");
        return html(maud! {
            div lang=[mark] {
                (parts::section(&path.to_string(), question.label.get(around.lang), maud! {
                    @match answer {
                        Some(value) => (answers::shown_with(question, Some(value), around.lang, around.file))
                        None => (answers::not_answered(around.lang))
                    }
                    p class="muted" lang=[mark.map(|_| "en")] { "Others write this part. You can read it." }
                }))
            }
        });
    }
    let inner = inner_paths(filled, question, path);
    let rows: Vec<Row<'_>> = inner
        .iter()
        .map(|(id, paths)| Row {
            id,
            questions: paths
                .iter()
                .filter(|(p, _)| look.is_shown(p))
                .map(|(p, q)| asked(filled, look, fields, q, p, around))
                .collect(),
        })
        .collect();
    let asked = asked(filled, look, fields, question, path, around).rows(rows);
    html(maud! {
        @for path in std::iter::once(path).chain(inner.iter().flat_map(|(_, paths)| paths.iter().map(|(path, _)| path))) {
            (form::hidden(forms::ASKED, &path.to_string()))
            (form::hidden(&was_name(path), &was(filled, around, path)))
        }
        (answers::question(&asked))
    })
}

type Inner<'a> = Vec<(forms::RowId, Vec<(Path, &'a Question)>)>;

fn inner_paths<'a>(filled: &Filled, question: &'a Question, path: &Path) -> Inner<'a> {
    let Kind::Group { questions, .. } = &question.kind else { return Vec::new() };
    let rows = filled.answers.rows(path.question()).iter();
    rows.map(|row| {
        let paths = questions.iter().filter_map(|q| Some((Path::in_row(&question.key, row, &q.key).ok()?, q)));
        (row.clone(), paths.collect())
    })
    .collect()
}

fn asked<'a>(
    filled: &'a Filled,
    look: &'a Look,
    fields: &'a Fields,
    question: &'a Question,
    path: &'a Path,
    around: &'a Around<'_>,
) -> Asked<'a> {
    static NONE: Vec<FieldProblem> = Vec::new();
    let seen = look.at(path);
    let clashed = around.outcome.clashes.get(path);
    let left = around.outcome.left.get(path).copied();
    let version = clashed.map(|c| c.version).or(left).unwrap_or_else(|| filled.version(path));
    // What is missing is said when somebody wants to sign, not while they write; what is wrong is said at once, but of
    // nothing that nobody has answered yet.
    let told = seen.filter(|s| s.answered).map(|s| &s.problems);
    let problems = around.outcome.problems.get(path).or(told).unwrap_or(&NONE);
    let kept = match filled.answers.get(path) {
        Some(Value::File(file)) if fields.get(&format!("{path}.hash")) == file.hash => (around.file)(file),
        _ => None,
    };
    Asked::new(question, path, around.lang, fields)
        .file_href(kept)
        .version(u64::try_from(version).unwrap_or(0))
        .problems(problems)
        .required(seen.is_some_and(|s| s.required))
        .computed(seen.and_then(|s| s.computed.as_ref()))
        .prefilled_from(filled.rows.get(path).and_then(|row| row.source.as_deref()))
        .clash(clashed.map(|c| Clash { theirs: c.theirs.as_ref(), who: &c.who, when: &c.when, problem: c.problem.as_deref() }))
}

/// What to look at again, each line leading to its box.
fn summary(filled: &Filled, around: &Around<'_>) -> Option<InvalidSummary> {
    let label = |path: &Path| filled.form.form().at(path).map_or_else(String::new, |q| q.label.get(around.lang).to_string());
    let wrong = around.outcome.problems.iter().flat_map(|(path, problems)| {
        problems.iter().map(move |p| (p.field(&path.to_string()), format!("{}: {}", label(path), p.message)))
    });
    let clashes = around.outcome.clashes.iter().map(|(path, c)| {
        (path.to_string(), format!("{}: {} changed this meanwhile. Choose which answer to keep", label(path), c.who))
    });
    let items: Vec<(String, String)> = wrong.chain(clashes).collect();
    (!items.is_empty()).then(|| InvalidSummary { title: InvalidSummary::from(Invalid::default()).title, items })
}
