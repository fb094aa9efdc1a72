//! `commonweal form`: is this form sound, and the same form in the other of its two kinds of file.

use std::fmt::Write as _;
use std::io::{Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};

use calamine::{DataRef, Reader, Xlsx};
use clap::{Args, Subcommand};
use design::DesignForm;
use forms::xlsform::{self, BadBook, Lost};
use forms::{Flaw, Form, Kind, Question, Required, Step};

use crate::{beside, say};

#[derive(Subcommand)]
pub enum FormAction {
    /// Check a form and say what it contains
    Check(CheckArgs),
    /// Write a design's form (.toml) as an XLSForm workbook (.xlsx), or the other way
    Convert(ConvertArgs),
}

#[derive(Args)]
pub struct CheckArgs {
    /// A design's form (.toml) or an XLSForm workbook (.xlsx)
    file: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub struct ConvertArgs {
    /// The form as it is: .toml or .xlsx
    #[arg(value_name = "IN")]
    from: PathBuf,
    /// The form as it shall be: .xlsx or .toml
    #[arg(value_name = "OUT")]
    to: PathBuf,
    /// Replace OUT where it is there
    #[arg(long)]
    force: bool,
}

pub fn run(action: &FormAction) -> Result<(), String> {
    match action {
        FormAction::Check(args) => check(args),
        FormAction::Convert(args) => convert(args),
    }
}

fn check(args: &CheckArgs) -> Result<(), String> {
    let found = Found::read(&args.file)?;
    tell_lost(&args.file, &found.lost);
    let form = found.sound(&args.file)?;
    if args.json {
        let lost =
            found.lost.iter().map(|l| serde_json::json!({ "sheet": l.sheet, "row": l.row, "name": l.name, "what": l.what }));
        let untranslated: Vec<&str> = form.form.untranslated().into_iter().map(|(_, text)| text).collect();
        say(serde_json::json!({
            "file": args.file.display().to_string(), "ours": form.is_ours(), "sections": form.form.sections.len(), "questions": form.questions(),
            "texts": form.form.texts().len(), "untranslated": untranslated, "lost": lost.collect::<Vec<_>>(), "form": form.form,
        }));
    } else {
        say(contents(form).trim_end());
    }
    Ok(())
}

fn convert(args: &ConvertArgs) -> Result<(), String> {
    let (from, to) = (Ending::of(&args.from)?, Ending::of(&args.to)?);
    if from == to {
        return Err("give one file that ends in .toml and one that ends in .xlsx".into());
    }
    beside::refuse_to_overwrite(&args.to, args.force)?;
    let found = Found::read(&args.from)?;
    match to {
        Ending::Xlsx => to_workbook(args, found.sound(&args.from)?),
        Ending::Toml => to_design(args, &found),
    }
}

fn to_workbook(args: &ConvertArgs, form: &DesignForm) -> Result<(), String> {
    let (bytes, mut lost) = xlsform::write(&form.form).map_err(|e| format!("{}: {e}", args.to.display()))?;
    if form.is_ours() {
        let what = "that it is ours, for practice".to_owned();
        lost.insert(0, Lost { sheet: "", row: 0, name: form.form.key.clone(), what });
    }
    keep(args, &bytes)?;
    tell_lost(&args.to, &lost);
    say(format_args!("Wrote {}: {}", args.to.display(), form.size()));
    Ok(())
}

/// A form that needs mending is written all the same: it is mended in the file, where each place can be named.
fn to_design(args: &ConvertArgs, found: &Found) -> Result<(), String> {
    let Some(form) = &found.form else { return found.sound(&args.from).map(|_| ()) };
    let text = form.text();
    let again = DesignForm::from_text(&args.to.display().to_string(), &text);
    if again.as_ref().is_ok_and(|again| again != form) {
        return Err(format!("{}: cannot be written as a design's form without a change", args.from.display()));
    }
    keep(args, text.as_bytes())?;
    tell_lost(&args.from, &found.lost);
    say(format_args!("Wrote {}: {}", args.to.display(), form.size()));
    let problems: Vec<String> = again.err().unwrap_or_default().iter().map(ToString::to_string).collect();
    tell_problems(&args.to, &problems)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Toml,
    Xlsx,
}

impl Ending {
    fn of(file: &Path) -> Result<Self, String> {
        match file.extension().and_then(|e| e.to_str()).map(str::to_lowercase).as_deref() {
            Some("toml") => Ok(Self::Toml),
            Some("xlsx") => Ok(Self::Xlsx),
            _ => Err(format!("{}: a form's file ends in .toml or .xlsx", file.display())),
        }
    }
}

/// What a file holds.
struct Found {
    /// Nothing where not even a form with flaws can be made of it.
    form: Option<DesignForm>,
    lost: Vec<Lost>,
    /// Each with its place.
    problems: Vec<String>,
}

/// A little more than any form needs; workbooks have the same limit.
const MEGABYTES: u64 = 10;

impl Found {
    fn read(file: &Path) -> Result<Self, String> {
        let ending = Ending::of(file)?;
        let shown = file.display();
        let mut bytes = Vec::new();
        let read = std::fs::File::open(file).and_then(|f| f.take(MEGABYTES * 1_000_000 + 1).read_to_end(&mut bytes));
        read.map_err(|e| format!("{shown}: cannot be read: {e}"))?;
        if bytes.len() as u64 > MEGABYTES * 1_000_000 {
            return Err(format!("{shown}: This file is too large for a form: use at most {MEGABYTES} megabytes"));
        }
        match ending {
            Ending::Toml => Self::design(file, bytes),
            Ending::Xlsx => Self::workbook(file, &bytes).map_err(|e| format!("{shown}: {e}")),
        }
    }

    fn design(file: &Path, bytes: Vec<u8>) -> Result<Self, String> {
        let shown = file.display();
        let text = String::from_utf8(bytes).map_err(|e| {
            let line = e.as_bytes()[..e.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
            format!("{shown}:{line}: This is not text in UTF-8")
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        Ok(match DesignForm::from_text(&shown.to_string(), text) {
            Ok(form) => Self { form: Some(form), lost: Vec::new(), problems: Vec::new() },
            Err(problems) => Self { form: None, lost: Vec::new(), problems: problems.iter().map(ToString::to_string).collect() },
        })
    }

    fn workbook(file: &Path, bytes: &[u8]) -> Result<Self, BadBook> {
        let (form, lost) = xlsform::read(bytes)?;
        let rows = Rows::of(bytes);
        let problems = form.flaws().iter().map(|flaw| rows.problem(file, &form, flaw)).collect();
        Ok(Self { form: Some(DesignForm { practice: false, form }), lost, problems })
    }

    /// The form, or all that is wrong with it on standard error.
    fn sound(&self, file: &Path) -> Result<&DesignForm, String> {
        tell_problems(file, &self.problems)?;
        self.form.as_ref().ok_or_else(|| format!("{}: There is no form in this file", file.display()))
    }
}

fn tell_lost(file: &Path, lost: &[Lost]) {
    lost.iter().for_each(|lost| eprintln!("{}: not carried: {lost}", file.display()));
}

fn tell_problems(file: &Path, problems: &[String]) -> Result<(), String> {
    problems.iter().for_each(|problem| eprintln!("{problem}"));
    match problems.len() {
        0 => Ok(()),
        1 => Err(format!("1 place in {} needs mending", file.display())),
        n => Err(format!("{n} places in {} need mending", file.display())),
    }
}

/// The rows of a workbook's survey and what each is called.
#[derive(Default)]
struct Rows(Vec<(u32, String)>);

impl Rows {
    /// The rows of a workbook that has been read as a form.
    fn of(bytes: &[u8]) -> Self {
        let mut rows = Self::default();
        let Ok(mut file) = Xlsx::new(Cursor::new(bytes)) else { return rows };
        for sheet in file.sheet_names() {
            let called = sheet.trim().to_lowercase();
            if called != "survey" {
                continue;
            }
            let Ok(mut cells) = file.worksheet_cells_reader(&sheet) else { continue };
            let (mut headings, mut names) = (None, None);
            while let Ok(Some(cell)) = cells.next_cell() {
                let (row, column) = cell.get_position();
                // Cells that only look like something do not count.
                let text = match cell.get_value() {
                    DataRef::Empty => continue,
                    DataRef::String(text) => text.trim(),
                    DataRef::SharedString(text) => text.trim(),
                    _ => "",
                };
                if *headings.get_or_insert(row) == row {
                    names = names.or((text == "name").then_some(column));
                } else if names == Some(column) {
                    rows.0.push((row + 1, text.to_owned()));
                }
            }
        }
        rows
    }

    /// The first row that has one of these names; the likelier name comes first.
    fn row(&self, names: &[String]) -> Option<u32> {
        let called = |name: &String| self.0.iter().find(|(_, own)| own == name || key_of(own) == *name);
        names.iter().find_map(called).map(|(row, _)| *row)
    }

    fn problem(&self, file: &Path, form: &Form, flaw: &Flaw) -> String {
        let (names, place) = place(form, &flaw.way);
        let row = self.row(&names).map_or_else(String::new, |row| format!("survey, row {row}, "));
        let stop = |text: &str| if text.is_empty() || text.ends_with(['.', '?']) { "" } else { "." };
        let instead = if flaw.instead.is_empty() { String::new() } else { format!(" {}{}", flaw.instead, stop(&flaw.instead)) };
        format!("{}: {row}{place}: {}{}{instead}", file.display(), flaw.what, stop(&flaw.what))
    }
}

/// A name of a workbook as the key it is read as.
fn key_of(name: &str) -> String {
    let small = name.to_lowercase().replace(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit(), "-");
    small.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// What a workbook may call the place that this way leads to, and what people call it: `‘partners.sector’, options 3, label`.
fn place(form: &Form, way: &[Step]) -> (Vec<String>, String) {
    let (mut names, mut shown, mut rest) = (Vec::new(), String::new(), way);
    if let [Step::Key(list), Step::Item(at), below @ ..] = way
        && list == "sections"
        && let Some(section) = form.sections.get(*at)
    {
        names.extend([format!("section.{}", section.key), section.key.clone()]);
        (shown, rest) = (format!("‘{}’", section.key), below);
        let (mut questions, mut group) = (section.questions.as_slice(), None::<&Question>);
        while let [Step::Key(list), Step::Item(at), below @ ..] = rest
            && list == "questions"
            && let Some(question) = questions.get(*at)
        {
            let whole = group.map_or_else(|| question.key.clone(), |group| format!("{}.{}", group.key, question.key));
            shown = format!("‘{whole}’");
            names.insert(0, question.key.clone());
            names.insert(0, whole);
            (rest, group) = (below, Some(question));
            questions = if let Kind::Group { questions, .. } = &question.kind { questions.as_slice() } else { &[] };
        }
    }
    for step in rest {
        let _ = match step {
            Step::Key(key) if shown.is_empty() => write!(shown, "{key}"),
            Step::Key(key) => write!(shown, ", {key}"),
            Step::Item(item) => write!(shown, " {}", item + 1),
        };
    }
    (names, shown)
}

/// What a form asks, and what of it has no Welsh.
fn contents(form: &DesignForm) -> String {
    let (ours, form, size) = (if form.is_ours() { "; ours, for practice" } else { "" }, &form.form, form.size());
    let mut out = format!("{} ({}): {size}{ours}\n", form.title.en, form.key);
    for section in &form.sections {
        let shown = section.shown_when.as_ref().map_or_else(String::new, |when| format!(", shown when {}", short(when)));
        let _ = writeln!(out, "  {} ({}{shown})", short(&section.title.en), section.key);
        for question in &section.questions {
            let required = match &question.required {
                Required::Always(false) => String::new(),
                Required::Always(true) => ", required".to_owned(),
                Required::When(when) => format!(", required when {}", short(when)),
            };
            let _ = writeln!(out, "    {}: {} ({}{required})", question.key, short(&question.label.en), question.kind.key());
        }
    }
    let _ = writeln!(out, "  Rules across answers: {}\n  Scores: {}", form.rules.len(), form.scores.len());
    let (missing, all) = (form.untranslated(), form.texts().len());
    let counted = match missing.len() {
        0 => "none".to_owned(),
        n if n == all => format!("all {all} texts"),
        n => format!("{n} of {all} texts"),
    };
    let _ = writeln!(out, "  Without Welsh: {counted}");
    if missing.len() == all {
        return out;
    }
    for (way, text) in missing {
        let _ = writeln!(out, "    {}: {}", place(form, &way).1, short(text));
    }
    out
}

/// A text on one line.
fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 100 { line } else { line.chars().take(99).chain(['…']).collect() }
}

fn keep(args: &ConvertArgs, bytes: &[u8]) -> Result<(), String> {
    beside::write(&args.to, args.force, |mut file| {
        file.write_all(bytes).map_err(|e| format!("{}: cannot be written: {e}", args.to.display()))
    })
}
