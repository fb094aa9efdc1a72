//! Conditions told in words: "Asked when “Have you worked together before?” is Yes."

use forms::expr::{Expr, Function, Literal, Node, Op, parse};
use forms::{Form, Kind, Lang, Question, Value};

use super::say;

/// What a condition says, as far as it can be told; otherwise which answers it depends on.
pub(super) struct Condition<'a> {
    pub form: &'a Form,
    /// The group whose rows the condition stands in.
    pub group: Option<&'a Question>,
    pub lang: Lang,
}

/// Something a condition speaks of, with the question it is about.
struct Subject<'a> {
    words: String,
    question: &'a Question,
    /// A part of the answer, such as its sector.
    part: Option<&'a str>,
}

impl<'a> Condition<'a> {
    /// "Asked when …", or "Required when …". Nothing where the condition cannot be read.
    pub fn sentence(&self, condition: &'a str, asked: [&str; 2]) -> Option<String> {
        let expr = parse(condition).ok()?;
        let start = say(self.lang, asked[0], asked[1]);
        if let Some(words) = self.words(&expr, true) {
            return Some(format!("{start} {} {words}.", say(self.lang, "when", "pan fo hyn yn wir:")));
        }
        let mut labels = Vec::new();
        self.labels(&expr, &mut labels);
        let labels = self.list(&labels, say(self.lang, " and ", " a "));
        Some(format!(
            "{start} {} {labels}.",
            say(self.lang, "or not, depending on the answers to", "neu beidio, yn dibynnu ar yr atebion i")
        ))
    }

    /// A condition that holds, or the opposite of it.
    fn words(&self, expr: &Expr, holds: bool) -> Option<String> {
        match &expr.node {
            Node::Name(parts) => {
                let subject = self.subject(parts)?;
                Some(self.compared(&subject.words, Op::Equal, &self.yes_no(holds)))
            }
            Node::Not(inner) => self.words(inner, !holds),
            Node::Two(op @ (Op::And | Op::Or), a, b) => {
                let joined =
                    |e: &Expr| Some((self.words(e, holds)?, matches!(e.node, Node::Two(Op::And | Op::Or, ..)) && !same(e, *op)));
                let and = (*op == Op::And) == holds;
                let between = if and { say(self.lang, " and ", " ac ") } else { say(self.lang, " or ", " neu ") };
                let parts = [joined(a)?, joined(b)?].map(|(words, mixed)| if mixed { format!("({words})") } else { words });
                Some(parts.join(between))
            }
            Node::Two(op, a, b) => self.comparison(if holds { *op } else { opposite(*op)? }, a, b),
            Node::In(a, list) if holds => self.among(a, list),
            Node::Call(Function::Answered, list) => {
                let Node::Name(parts) = &list.first()?.node else { return None };
                let subject = self.subject(parts)?.words;
                Some(match (self.lang, holds) {
                    (Lang::En, true) => format!("{subject} is answered"),
                    (Lang::En, false) => format!("{subject} is not answered"),
                    (Lang::Cy, true) => format!("mae {subject} wedi’i ateb"),
                    (Lang::Cy, false) => format!("nid yw {subject} wedi’i ateb"),
                })
            }
            _ => None,
        }
    }

    fn comparison(&self, op: Op, a: &Expr, b: &Expr) -> Option<String> {
        let Node::Name(parts) = &a.node else { return None };
        let subject = self.subject(parts)?;
        let object = self.object(&subject, b)?;
        let day = matches!(&b.node, Node::Literal(Literal::Date(_) | Literal::Month(_)))
            || matches!(subject.question.kind, Kind::Date { .. } | Kind::Month { .. });
        let told = match (op, day) {
            (Op::Less, true) => self.pattern(&subject.words, &object, ["is before", "cyn"]),
            (Op::More, true) => self.pattern(&subject.words, &object, ["is after", "ar ôl"]),
            (Op::LessEqual, true) => self.pattern(&subject.words, &object, ["is no later than", "heb fod ar ôl"]),
            (Op::MoreEqual, true) => self.pattern(&subject.words, &object, ["is no earlier than", "heb fod cyn"]),
            (Op::Plus | Op::Minus | Op::Times | Op::Over | Op::And | Op::Or, _) => return None,
            _ => self.compared(&subject.words, op, &object),
        };
        Some(told)
    }

    fn pattern(&self, subject: &str, object: &str, [en, cy]: [&str; 2]) -> String {
        match self.lang {
            Lang::En => format!("{subject} {en} {object}"),
            Lang::Cy => format!("mae {subject} {cy} {object}"),
        }
    }

    fn compared(&self, subject: &str, op: Op, object: &str) -> String {
        match op {
            Op::NotEqual if self.lang == Lang::Cy => format!("nid {object} yw’r ateb i {subject}"),
            Op::Equal if self.lang == Lang::Cy => format!("{object} yw’r ateb i {subject}"),
            Op::NotEqual => format!("{subject} is not {object}"),
            Op::Less => self.pattern(subject, object, ["is less than", "yn llai na"]),
            Op::LessEqual => self.pattern(subject, object, ["is at most", "heb fod yn fwy na"]),
            Op::More => self.pattern(subject, object, ["is more than", "yn fwy na"]),
            Op::MoreEqual => self.pattern(subject, object, ["is at least", "o leiaf yn"]),
            Op::Has => self.pattern(subject, object, ["includes", "yn cynnwys"]),
            _ => format!("{subject} is {object}"),
        }
    }

    fn among(&self, a: &Expr, list: &[Expr]) -> Option<String> {
        let Node::Name(parts) = &a.node else { return None };
        let subject = self.subject(parts)?;
        let objects = list.iter().map(|e| self.object(&subject, e)).collect::<Option<Vec<String>>>()?;
        let either = self.list(&objects, say(self.lang, " or ", " neu "));
        Some(self.compared(&subject.words, Op::Equal, &either))
    }

    /// What a name means: the question as people read it, with the part of its answer.
    fn subject(&self, parts: &[String]) -> Option<Subject<'a>> {
        let (first, rest) = parts.split_first()?;
        let question = self.question(first, rest.is_empty())?;
        let label = format!("“{}”", question.label.get(self.lang));
        let of = |en: &str, cy: &str| match self.lang {
            Lang::En => format!("the {en} of {label}"),
            Lang::Cy => format!("{cy} {label}"),
        };
        let (words, part) = match (rest, &question.kind) {
            ([], _) => (label, None),
            ([part], Kind::Group { .. }) if part == "count" => (of("number", "nifer"), None),
            ([part], Kind::Budget { .. }) if part == "total" => (of("total", "cyfanswm"), None),
            ([part], Kind::Organisation { .. }) if part == "sector" => (of("sector", "sector"), Some("sector")),
            ([part], Kind::Grid { rows, .. }) => {
                let row = rows.iter().find(|row| row.key == *part)?;
                (format!("“{}: {}”", question.label.get(self.lang), row.label.get(self.lang)), None)
            }
            _ => return None,
        };
        Some(Subject { words, question, part })
    }

    /// In a group's row, a question of the same row comes before one of the form.
    fn question(&self, key: &str, whole: bool) -> Option<&'a Question> {
        let inner = self.group.filter(|_| whole).and_then(|group| match &group.kind {
            Kind::Group { questions, .. } => questions.iter().find(|q| q.key == key),
            _ => None,
        });
        inner.or_else(|| self.form.question(None, key))
    }

    fn object(&self, subject: &Subject<'_>, expr: &Expr) -> Option<String> {
        let plain = |kind: &Kind, value: Value| kind.plain(&value, self.lang);
        match &expr.node {
            Node::Literal(literal) => Some(match literal {
                Literal::YesNo(yes) => self.yes_no(*yes),
                Literal::Number(number) => number.to_string(),
                Literal::Money(money) => money.to_string(),
                Literal::Date(day) => plain(&Kind::Date { min: None, max: None }, Value::Date(*day)),
                Literal::Month(month) => month.words(self.lang),
                Literal::Text(text) => self.option(subject, text),
            }),
            Node::Name(parts) => self.subject(parts).map(|s| s.words),
            _ => None,
        }
    }

    /// An option as people read it.
    fn option(&self, subject: &Subject<'_>, key: &str) -> String {
        let label = match (&subject.question.kind, subject.part) {
            (Kind::Organisation { sectors, .. }, Some(_)) => {
                sectors.iter().find(|s| s.key == key).map_or_else(|| key.to_owned(), |s| s.label.get(self.lang).to_owned())
            }
            (kind, _) => kind.option_label(key, self.lang),
        };
        format!("“{label}”")
    }

    fn yes_no(&self, yes: bool) -> String {
        Kind::YesNo.plain(&Value::YesNo(yes), self.lang)
    }

    /// The labels of every question that is named.
    fn labels(&self, expr: &Expr, found: &mut Vec<String>) {
        match &expr.node {
            Node::Literal(_) => {}
            Node::Name(parts) => {
                let question = parts.first().and_then(|key| self.question(key, parts.len() == 1));
                let label = question.map(|q| format!("“{}”", q.label.get(self.lang)));
                found.extend(label.filter(|label| !found.contains(label)));
            }
            Node::Not(a) | Node::Minus(a) => self.labels(a, found),
            Node::Two(_, a, b) => [a, b].into_iter().for_each(|e| self.labels(e, found)),
            Node::In(a, list) => std::iter::once(&**a).chain(list).for_each(|e| self.labels(e, found)),
            Node::Call(_, list) => list.iter().for_each(|e| self.labels(e, found)),
            Node::If(parts) => parts.iter().for_each(|e| self.labels(e, found)),
        }
    }

    /// a, b and c.
    fn list(&self, words: &[String], last: &str) -> String {
        match words {
            [] => say(self.lang, "earlier questions", "gwestiynau cynharach").to_owned(),
            [one] => one.clone(),
            [first @ .., end] => format!("{}{last}{end}", first.join(", ")),
        }
    }
}

fn same(expr: &Expr, op: Op) -> bool {
    matches!(&expr.node, Node::Two(own, ..) if *own == op)
}

/// The comparison that holds where the other does not.
const fn opposite(op: Op) -> Option<Op> {
    Some(match op {
        Op::Equal => Op::NotEqual,
        Op::NotEqual => Op::Equal,
        Op::Less => Op::MoreEqual,
        Op::MoreEqual => Op::Less,
        Op::More => Op::LessEqual,
        Op::LessEqual => Op::More,
        _ => return None,
    })
}
