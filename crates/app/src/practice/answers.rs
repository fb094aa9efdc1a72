//! Made-up answers: to everything that a form asks, as its kinds and limits allow.

use std::collections::BTreeMap;

use forms::{
    Answers, Area, BudgetLine, Choice, CompiledForm, FileRef, Kind, Lang, Month, Number, Organisation, Path, Person, Question,
    RowId, Value,
};
use kernel::{Day, Money};
use rand::RngExt;
use rand::rngs::StdRng;

use super::document::one;
use super::phrases::{SENTENCES, SUBJECTS};

/// Words that a made-up long answer has at most.
const LONG: usize = 90;

/// A would-be partnership, as its answers speak of it.
pub struct About<'a> {
    /// Its place.
    pub area: &'a str,
    /// Name and sector of each organisation, the lead first.
    pub organisations: &'a [(String, String)],
    /// What is sent where a file is asked for.
    pub file: Option<FileRef>,
    pub today: Day,
}

/// Answers everything that is asked and has no answer yet. What is not asked, with these answers, is not answered.
pub fn fill(form: &CompiledForm, mut answers: Answers, about: &About<'_>, rng: &mut StdRng) -> Answers {
    let mut added = Vec::new();
    for question in form.form().sections.iter().flat_map(|s| &s.questions) {
        let Ok(path) = Path::new(&question.key) else { continue };
        if let Kind::Group { questions, min, max, .. } = &question.kind {
            if answers.rows(&question.key).is_empty() {
                let count = min.unwrap_or(0).max(3).min(max.unwrap_or(3)) as usize;
                let rows = (0..count).filter_map(|row| format!("row{row}").parse().ok()).collect();
                answers.set(path.clone(), Some(Value::Rows(rows)));
                added.push(path);
            }
            for (number, row) in answers.rows(&question.key).to_vec().iter().enumerate() {
                for inner in questions {
                    let Ok(path) = Path::in_row(&question.key, row, &inner.key) else { continue };
                    added.extend(answer(&mut answers, path, inner, (about, Some(number)), rng));
                }
            }
        } else {
            added.extend(answer(&mut answers, path, question, (about, None), rng));
        }
    }
    agree(form, &mut answers, &added);
    let look = form.look(&answers, Lang::En);
    for path in added.into_iter().filter(|path| !look.is_shown(path)) {
        answers.set(path, None);
    }
    answers
}

/// Where a rule wants a made-up budget to come to a sum that stands elsewhere, it does.
fn agree(form: &CompiledForm, answers: &mut Answers, added: &[Path]) {
    let budgets = |path: &&Path| matches!(form.form().at(path).map(|q| &q.kind), Some(Kind::Budget { .. }));
    for path in added.iter().filter(budgets) {
        let wrong = |answers: &Answers| form.look(answers, Lang::En).problems.iter().any(|p| p.path == *path);
        let sums = answers.iter().filter_map(|(_, value)| if let Value::Money(sum) = value { Some(*sum) } else { None });
        for sum in sums.collect::<Vec<_>>() {
            if !wrong(answers) {
                break;
            }
            let Some(Value::Budget(mut lines)) = answers.get(path).cloned() else { break };
            come_to(&mut lines, sum);
            answers.set(path.clone(), Some(Value::Budget(lines)));
        }
    }
}

/// Has the first amount of a budget make up what the others lack.
fn come_to(lines: &mut [BudgetLine], sum: Money) {
    let total = |lines: &[BudgetLine]| lines.iter().flat_map(|l| l.amounts.values()).map(|m| m.pence()).sum::<i64>();
    let lacks = sum.pence() - total(lines);
    if let Some(first) = lines.first_mut().and_then(|line| line.amounts.values_mut().next()) {
        *first = Money::from_pence((first.pence() + lacks).max(0));
    }
}

/// Answers one question, where nobody has; says where it did.
fn answer(
    answers: &mut Answers,
    path: Path,
    question: &Question,
    about: (&About<'_>, Option<usize>),
    rng: &mut StdRng,
) -> Option<Path> {
    if answers.get(&path).is_some() {
        return None;
    }
    let value = value_of(question, about, rng)?;
    answers.set(path.clone(), Some(value));
    Some(path)
}

fn value_of(question: &Question, (about, row): (&About<'_>, Option<usize>), rng: &mut StdRng) -> Option<Value> {
    // Rows name the partners of the organisation that leads; outside rows, it is the one asked for.
    let organisation = about.organisations.get(row.map_or(0, |row| row + 1) % about.organisations.len().max(1));
    Some(match &question.kind {
        Kind::ShortText { max_chars } => {
            let most = max_chars.map_or(200, |max| max as usize);
            Value::Text(sentence_case(one(rng, &SUBJECTS)?).chars().take(most).collect())
        }
        Kind::LongText { max_words } => Value::Text(text(rng, max_words.map_or(LONG, |max| LONG.min(max as usize)))),
        Kind::Number { min, max, .. } => Value::Number(min.or(*max).unwrap_or_else(|| Number::whole(rng.random_range(3..40)))),
        Kind::Money { min, max } => {
            Value::Money(max.or(*min).unwrap_or_else(|| Money::from_pounds(rng.random_range(10..50) * 1_000)))
        }
        Kind::Date { min, max } => Value::Date(min.or(*max).unwrap_or_else(|| about.today.plus_months(6))),
        Kind::Month { min, max } => Value::Month(match min.or(*max) {
            Some(month) => month,
            None => Month::new(about.today.year() - rng.random_range(1..6), rng.random_range(1..=12)).ok()?,
        }),
        // A declaration is only taken when it is made.
        Kind::YesNo => Value::YesNo(question.valid_when.is_some() || rng.random_range(0..4) > 0),
        Kind::ChooseOne { options } => {
            let sector = organisation.filter(|_| row.is_some()).and_then(|(_, s)| options.iter().find(|o| o.key == *s));
            Value::Choice(sector.or_else(|| one(rng, options))?.key.clone())
        }
        Kind::ChooseSeveral { options, min, max } => {
            let count = min.unwrap_or(1).max(1).max(rng.random_range(1..=2)).min(max.unwrap_or(2)) as usize;
            let first = rng.random_range(0..options.len().max(1));
            // In the form's own order.
            let picked = |at: &usize| (0..count).any(|n| (first + n) % options.len() == *at);
            Value::Choices(options.iter().enumerate().filter(|(at, _)| picked(at)).map(|(_, o)| o.key.clone()).collect())
        }
        Kind::Scale { points } => Value::Point(one(rng, points)?.value),
        Kind::Grid { rows, points } => {
            let mut grid = BTreeMap::new();
            for row in rows {
                grid.insert(row.key.clone(), one(rng, points)?.value);
            }
            Value::Grid(grid)
        }
        Kind::Ranking { options, max } => {
            let most = max.map_or(options.len(), |max| max as usize);
            Value::Ranking(options.iter().take(most).map(|o| o.key.clone()).collect())
        }
        Kind::Organisation { sectors, .. } => {
            let (name, sector) = organisation?;
            let sector = sectors.iter().find(|s| s.key == *sector).or_else(|| sectors.first()).map(|s| s.key.clone());
            Value::Organisation(Organisation { name: name.clone(), sector, ..Organisation::default() })
        }
        Kind::Person => Value::Person(Person { name: format!("Project lead, {}", about.area), role: "Project lead".into() }),
        Kind::Area => Value::Area(Area { name: about.area.into(), code: None }),
        Kind::Budget { columns, lines, max, .. } => Value::Budget(budget(columns, lines, *max, rng)),
        Kind::File { .. } => Value::File(about.file.clone()?),
        Kind::Group { .. } | Kind::Computed { .. } => return None,
    })
}

/// Each line the same share, so that all together stay within what there is.
fn budget(columns: &[Choice], lines: &[Choice], max: Option<Money>, rng: &mut StdRng) -> Vec<BudgetLine> {
    let names: Vec<&str> = if columns.is_empty() { vec!["amount"] } else { columns.iter().map(|c| c.key.as_str()).collect() };
    let cells = i64::try_from(names.len() * lines.len()).unwrap_or(1).max(1);
    let most = max.map_or(30_000, |max| max.pence() / 100);
    let share = i32::try_from(most / cells * rng.random_range(60..=100) / 100).unwrap_or(i32::MAX);
    let line = |line: &Choice| {
        let amounts = names.iter().map(|name| ((*name).to_owned(), Money::from_pounds(share))).collect();
        // A key of the form is a name that a line can have.
        let id = line.key.parse().unwrap_or_else(|_| RowId::from_bits(1));
        BudgetLine { id, about: String::new(), amounts }
    };
    lines.iter().map(line).collect()
}

/// Whole sentences, of no more words than these.
pub(super) fn text(rng: &mut StdRng, most: usize) -> String {
    let (mut text, mut words) = (String::new(), 0);
    for _ in 0..rng.random_range(2..=6) {
        let Some(sentence) = one(rng, &SENTENCES) else { break };
        let more = sentence.split_whitespace().count();
        if words + more > most {
            break;
        }
        words += more;
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(sentence);
    }
    if text.is_empty() { "Yes.".into() } else { text }
}

pub(super) fn sentence_case(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn every_form_of_the_designs_is_answered_whole_and_what_it_does_not_ask_is_not() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programmes");
        let sources = design::Sources::read(&folder.join("sources.toml")).unwrap();
        let folders = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).filter(|path| path.is_dir());
        let organisations =
            [("voluntary", "One"), ("nhs", "Two"), ("council", "Three")].map(|(s, n)| (n.to_string(), s.to_string()));
        let hash = "0".repeat(64);
        let file = FileRef { name: "map.pdf".into(), size: 10, hash, media_type: "application/pdf".into() };
        let mut tried = 0;
        for form in folders.flat_map(|path| design::Programme::read(&path, &sources).unwrap().forms) {
            let form = form.form.compile().unwrap();
            for seed in 0..20 {
                tried += 1;
                let about = About {
                    area: "Riverside",
                    organisations: &organisations,
                    file: Some(file.clone()),
                    today: Day::new(2026, 11, 22).unwrap(),
                };
                let mut rng = StdRng::seed_from_u64(seed);
                let answers = fill(&form, Answers::default(), &about, &mut rng);
                let look = form.look(&answers, Lang::En);
                assert!(look.ready(), "{}: {:?} {:?}", form.form().key, look.missing, look.problems);
                assert!(answers.iter().all(|(path, _)| look.is_shown(path)));
                assert_eq!(fill(&form, answers.clone(), &about, &mut rng), answers, "what is answered stays");
            }
        }
        assert!(tried > 100);
    }
}
