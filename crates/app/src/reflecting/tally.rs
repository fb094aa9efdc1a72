//! How often each answer was given, round by round. Nothing is added up to a score, and there is no mean.

use forms::{Form, Kind, Lang, Path, Question, Value};
use tables::{ReflectionId, ReflectionRoundId};

use super::given::{Said, questions};
use super::{Given, Instead};

/// A round that was revealed, with what was said in it.
pub(super) struct Told {
    pub id: ReflectionRoundId,
    /// “Round 2”.
    pub name: String,
    pub form: Form,
    pub given: Vec<(ReflectionId, Given)>,
}

impl Told {
    /// The same question as it was asked in this round, if it was asked in the same way.
    fn asked(&self, question: &Question) -> Option<&Question> {
        questions(&self.form).find(|q| q.key == question.key && q.kind.key() == question.kind.key())
    }

    /// What was written in answer to a question: in an order that is always the same, another for each question, and has
    /// nothing to do with who wrote when.
    pub fn texts(&self, question: &Question) -> Vec<&str> {
        let Some(asked) = self.asked(question) else { return Vec::new() };
        let mut found: Vec<(String, &str)> = self
            .given
            .iter()
            .filter_map(|(id, given)| match given.said(asked) {
                Some(Said::Answer(Value::Text(text))) => {
                    Some((store::sha256(format!("{} {} {id}", self.id, question.key).as_bytes()), text.as_str()))
                }
                _ => None,
            })
            .collect();
        found.sort();
        found.into_iter().map(|(_, text)| text).collect()
    }

    /// How many said this in place of an answer.
    pub fn instead(&self, question: &Question, instead: Instead) -> i64 {
        let Some(asked) = self.asked(question) else { return 0 };
        count(self.given.iter().filter(|(_, given)| given.said(asked) == Some(Said::Instead(instead))))
    }

    fn chose(&self, question: &Question, answer: &str) -> i64 {
        let Some(asked) = self.asked(question) else { return 0 };
        let has =
            |given: &Given| matches!(given.said(asked), Some(Said::Answer(value)) if chosen(value).iter().any(|c| c == answer));
        count(self.given.iter().filter(|(_, given)| has(given)))
    }
}

fn count<T>(some: impl Iterator<Item = T>) -> i64 {
    i64::try_from(some.count()).unwrap_or(i64::MAX)
}

/// An answer that can be given to a question, and how often it was in each round.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub name: String,
    pub counts: Vec<i64>,
}

/// The rounds in which this question was asked in the same way.
pub(super) fn comparable<'a>(question: &Question, rounds: &'a [Told]) -> Vec<&'a Told> {
    rounds.iter().filter(|round| round.asked(question).is_some()).collect()
}

/// Every answer that the question offers, or offered in one of these rounds, and below them what was said in place of one.
pub(super) fn spread(question: &Question, rounds: &[&Told]) -> Vec<Line> {
    let mut offered = options(&question.kind);
    for earlier in rounds.iter().rev().filter_map(|round| round.asked(question)) {
        for (key, name) in options(&earlier.kind) {
            if offered.iter().all(|(known, _)| *known != key) {
                offered.push((key, name));
            }
        }
    }
    let answers = offered.into_iter().map(|(key, name)| {
        let counts = rounds.iter().map(|round| round.chose(question, &key)).collect();
        Line { name, counts }
    });
    let instead = Instead::ALL.into_iter().map(|instead| Line {
        name: instead.words().to_string(),
        counts: rounds.iter().map(|round| round.instead(question, instead)).collect(),
    });
    answers.chain(instead).collect()
}

/// What a question offers: the key of each answer, and what people read.
fn options(kind: &Kind) -> Vec<(String, String)> {
    match kind {
        Kind::Scale { points } => {
            let name = |value: i32, label: &str| if label.is_empty() { value.to_string() } else { format!("{value}: {label}") };
            points.iter().map(|p| (p.value.to_string(), name(p.value, &p.label.en))).collect()
        }
        Kind::YesNo => vec![("yes".into(), "Yes".into()), ("no".into(), "No".into())],
        Kind::ChooseOne { options } | Kind::ChooseSeveral { options, .. } => {
            options.iter().map(|o| (o.key.clone(), o.label.get(Lang::En).to_string())).collect()
        }
        _ => Vec::new(),
    }
}

fn chosen(value: &Value) -> Vec<String> {
    match value {
        Value::Point(point) => vec![point.to_string()],
        Value::YesNo(yes) => vec![if *yes { "yes" } else { "no" }.to_string()],
        Value::Choice(key) => vec![key.clone()],
        Value::Choices(keys) => keys.clone(),
        _ => Vec::new(),
    }
}

/// Whether its answers are counted; the others are read.
pub(super) fn is_counted(question: &Question) -> bool {
    !options(&question.kind).is_empty()
}

/// An answer that chance could have given, for what is made up.
pub(crate) fn any_answer(question: &Question, number: usize, text: &str) -> Option<(Path, Value)> {
    let path = Path::new(&question.key).ok()?;
    let offered = options(&question.kind);
    let key = || offered.get(number % offered.len().max(1)).map(|(key, _)| key.clone());
    let value = match &question.kind {
        Kind::Scale { .. } => Value::Point(key()?.parse().ok()?),
        Kind::YesNo => Value::YesNo(number.is_multiple_of(2)),
        Kind::ChooseOne { .. } => Value::Choice(key()?),
        Kind::ChooseSeveral { .. } => Value::Choices(vec![key()?]),
        Kind::LongText { .. } => Value::Text(text.to_string()),
        _ => return None,
    };
    Some((path, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use forms::{Choice, Section, Text};
    use tables::Uuid;

    fn told(number: u128, options: &[&str], given: Vec<Given>) -> Told {
        let choose = Kind::ChooseOne { options: options.iter().map(|o| Choice::new(*o, *o)).collect() };
        let questions =
            vec![Question::new("who", "Who?", choose), Question::new("unsaid", "What?", Kind::LongText { max_words: None })];
        let section = Section { key: "us".into(), title: "Us".into(), about: Text::default(), shown_when: None, questions };
        let (key, title, about) = ("us".into(), "Us".into(), Text::default());
        let form = Form { key, title, about, sections: vec![section], rules: Vec::new(), scores: Vec::new() };
        let given = given.into_iter().enumerate().map(|(i, given)| (ReflectionId(Uuid::from_u128(i as u128)), given));
        Told { id: ReflectionRoundId(Uuid::from_u128(number)), name: format!("Round {number}"), form, given: given.collect() }
    }

    fn said(who: &str, text: &str) -> Given {
        let mut given = Given::default();
        match Instead::ALL.into_iter().find(|i| i.key() == who) {
            Some(instead) => drop(given.instead.insert("who".into(), instead)),
            None => given.answers.set(Path::new("who").unwrap(), Some(Value::Choice(who.into()))),
        }
        given.answers.set(Path::new("unsaid").unwrap(), Some(Value::Text(text.into())));
        given
    }

    #[test]
    fn answers_are_counted_round_by_round_and_an_option_that_is_gone_is_still_told() {
        let rounds = [
            told(1, &["all", "one"], vec![said("one", "a"), said("one", "b"), said("not-safe", "c")]),
            told(2, &["all", "few"], vec![said("all", "d"), said("few", "e"), said("skip", "f")]),
        ];
        let question = &rounds[1].form.sections[0].questions[0];
        let lines = spread(question, &comparable(question, &rounds));
        let lines: Vec<(&str, &[i64])> = lines.iter().map(|l| (l.name.as_str(), l.counts.as_slice())).collect();
        let expected: [(&str, &[i64]); 5] =
            [("all", &[0, 1]), ("few", &[0, 1]), ("one", &[2, 0]), ("Skip", &[0, 1]), ("Not safe to say yet", &[1, 0])];
        assert_eq!(lines, expected);
    }

    #[test]
    fn texts_stand_in_an_order_of_their_own_for_each_round() {
        let words = ["a", "b", "c", "d", "e", "f", "g", "h"];
        let given = || words.iter().map(|text| said("all", text)).collect::<Vec<_>>();
        let rounds = [told(1, &["all"], given()), told(2, &["all"], given())];
        let question = &rounds[0].form.sections[0].questions[1];
        assert_eq!(rounds[0].texts(question), rounds[0].texts(question), "stable");
        assert_ne!(rounds[0].texts(question), words, "not as they came");
        assert_ne!(rounds[0].texts(question), rounds[1].texts(question), "not the same order twice");
        let mut sorted = rounds[0].texts(question);
        sorted.sort_unstable();
        assert_eq!(sorted, words, "and nothing is lost");
    }
}
