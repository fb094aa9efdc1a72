//! Whatever may come: nothing panics, and what is written can be read.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::common::application;
use forms::expr::{Expr, Function, Literal, Node, Op, parse};
use forms::{
    Answers, Area, BudgetLine, Choice, CompiledForm, Fields, FileKind, FileRef, Form, Kind, Lang, Month, Number, Organisation,
    Path, Person, Point, Question, Required, RowId, Score, Section, Text, Value,
};
use kernel::{Day, Money};
use proptest::prelude::*;

fn day() -> impl Strategy<Value = Day> {
    (1i32..=9999, 1u32..=12, 1u32..=28).prop_map(|(y, m, d)| Day::new(y, m, d).unwrap())
}
fn month() -> impl Strategy<Value = Month> {
    (1i32..=9999, 1u32..=12).prop_map(|(y, m)| Month::new(y, m).unwrap())
}
fn number() -> impl Strategy<Value = Number> {
    (0i64..=999_999_999_999_999, 0u32..1_000_000_000).prop_map(|(w, p)| format!("{w}.{p:09}").parse().unwrap())
}
fn money() -> impl Strategy<Value = Money> {
    (0..i64::MAX).prop_map(Money::from_pence)
}
fn key() -> impl Strategy<Value = String> {
    "[a-z]([a-z0-9-]{0,6}[a-z0-9])?"
        .prop_filter("not a word of the language", |k| parse(k).is_ok_and(|e| matches!(e.node, Node::Name(_))))
}
fn any_text() -> impl Strategy<Value = Text> {
    (".{1,12}", prop::option::of(".{1,12}")).prop_map(|(en, cy)| Text { en, cy }).prop_filter("not blank", |t| !t.is_empty())
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        any::<bool>().prop_map(Literal::YesNo),
        number().prop_map(Literal::Number),
        money().prop_map(Literal::Money),
        ".{0,8}".prop_map(Literal::Text),
        day().prop_map(Literal::Date),
        month().prop_map(Literal::Month),
    ]
}

fn expr() -> impl Strategy<Value = Expr> {
    const OPS: [Op; 13] = [
        Op::Or,
        Op::And,
        Op::Equal,
        Op::NotEqual,
        Op::Less,
        Op::LessEqual,
        Op::More,
        Op::MoreEqual,
        Op::Has,
        Op::Plus,
        Op::Minus,
        Op::Times,
        Op::Over,
    ];
    let of = |node| Expr::new(node, 0);
    let leaf = prop_oneof![literal().prop_map(Node::Literal), prop::collection::vec(key(), 1..=3).prop_map(Node::Name),];
    leaf.prop_map(of).prop_recursive(5, 60, 3, move |inner| {
        let one = || inner.clone().prop_map(Box::new);
        prop_oneof![
            one().prop_map(Node::Not),
            one().prop_map(Node::Minus),
            (prop::sample::select(&OPS[..]), one(), one()).prop_map(|(op, a, b)| Node::Two(op, a, b)),
            (one(), prop::collection::vec(inner.clone(), 1..3)).prop_map(|(a, list)| Node::In(a, list)),
            (prop::sample::select(&Function::ALL[..]), prop::collection::vec(inner.clone(), 1..3))
                .prop_map(|(f, list)| Node::Call(f, list)),
            [inner.clone(), inner.clone(), inner.clone()].prop_map(|parts| Node::If(Box::new(parts))),
        ]
        .prop_map(of)
    })
}

fn choices() -> impl Strategy<Value = Vec<Choice>> {
    let choice = (key(), any_text(), prop::option::of(number()));
    prop::collection::vec(choice.prop_map(|(key, label, score)| Choice { key, label, help: Text::default(), score }), 1..4)
}
fn points() -> impl Strategy<Value = Vec<Point>> {
    prop::collection::vec(
        (any::<i32>(), any_text()).prop_map(|(value, label)| Point { value, label, help: Text::default() }),
        1..4,
    )
}

fn simple_kind() -> impl Strategy<Value = Kind> {
    let count = || prop::option::of(0u32..9);
    prop_oneof![
        count().prop_map(|max_chars| Kind::ShortText { max_chars }),
        count().prop_map(|max_words| Kind::LongText { max_words }),
        (prop::option::of(any_text()), prop::option::of(number()), prop::option::of(number()), count())
            .prop_map(|(unit, min, max, decimals)| Kind::Number { unit, min, max, decimals }),
        (prop::option::of(money()), prop::option::of(money())).prop_map(|(min, max)| Kind::Money { min, max }),
        (prop::option::of(day()), prop::option::of(day())).prop_map(|(min, max)| Kind::Date { min, max }),
        (prop::option::of(month()), prop::option::of(month())).prop_map(|(min, max)| Kind::Month { min, max }),
        prop::sample::select(vec![Kind::YesNo, Kind::Person, Kind::Area]),
        choices().prop_map(|options| Kind::ChooseOne { options }),
        (choices(), count(), count()).prop_map(|(options, min, max)| Kind::ChooseSeveral { options, min, max }),
        points().prop_map(|points| Kind::Scale { points }),
        (choices(), points()).prop_map(|(rows, points)| Kind::Grid { rows, points }),
        (choices(), count()).prop_map(|(options, max)| Kind::Ranking { options, max }),
        (prop::collection::vec(prop::sample::select(&FileKind::ALL[..]), 0..3), count())
            .prop_map(|(accept, max_mb)| Kind::File { accept, max_mb }),
        (choices(), choices()).prop_map(|(schemes, sectors)| Kind::Organisation { schemes, sectors }),
        (choices(), choices(), count(), prop::option::of(money())).prop_map(|(columns, lines, max_lines, max)| Kind::Budget {
            columns,
            lines,
            max_lines,
            max
        }),
        (expr(), prop::option::of(any_text())).prop_map(|(value, unit)| Kind::Computed { value: value.to_string(), unit }),
    ]
}

fn question(kind: impl Strategy<Value = Kind>) -> impl Strategy<Value = Question> {
    let condition = || prop::option::of(expr().prop_map(|e| e.to_string()));
    (key(), any_text(), kind, condition(), condition(), any::<bool>()).prop_map(|(key, label, kind, shown, required, always)| {
        let mut question = Question::new(key, label, kind);
        question.shown_when = shown;
        question.required = required.map_or(Required::Always(always), Required::When);
        question
    })
}

fn form() -> impl Strategy<Value = Form> {
    let group = (prop::collection::vec(question(simple_kind()), 0..3), any_text()).prop_map(|(questions, item)| Kind::Group {
        item,
        questions,
        min: None,
        max: Some(7),
    });
    let any_question = prop_oneof![4 => question(simple_kind()).boxed(), 1 => question(group).boxed()];
    let section = (key(), any_text(), prop::collection::vec(any_question, 0..5)).prop_map(|(key, title, questions)| Section {
        key,
        title,
        about: Text::default(),
        shown_when: None,
        questions,
    });
    let score = (key(), any_text(), expr(), number()).prop_map(|(key, label, value, weight)| Score {
        key,
        label,
        section: None,
        value: value.to_string(),
        out_of: None,
        weight,
    });
    (key(), any_text(), prop::collection::vec(section, 0..4), prop::collection::vec(score, 0..2)).prop_map(
        |(key, title, sections, scores)| Form { key, title, about: Text::default(), sections, rules: Vec::new(), scores },
    )
}

fn row() -> impl Strategy<Value = RowId> {
    prop::sample::select(vec!["r1", "r2", "r3", "staff"]).prop_map(|r| r.parse().unwrap())
}

fn value() -> impl Strategy<Value = Value> {
    let option = || prop::sample::select(vec!["food", "health", "other", "people", "year-1", "gone"]).prop_map(ToOwned::to_owned);
    let line = (row(), ".{0,5}", prop::collection::btree_map(option(), money(), 0..3))
        .prop_map(|(id, about, amounts)| BudgetLine { id, about, amounts });
    prop_oneof![
        ".{0,40}".prop_map(Value::Text),
        number().prop_map(Value::Number),
        money().prop_map(Value::Money),
        day().prop_map(Value::Date),
        month().prop_map(Value::Month),
        any::<bool>().prop_map(Value::YesNo),
        option().prop_map(Value::Choice),
        prop::collection::vec(option(), 0..4).prop_map(Value::Choices),
        any::<i32>().prop_map(Value::Point),
        prop::collection::btree_map(option(), any::<i32>(), 0..3).prop_map(Value::Grid),
        prop::collection::vec(option(), 0..4).prop_map(Value::Ranking),
        any::<u64>().prop_map(|size| Value::File(FileRef {
            name: "f".into(),
            size,
            hash: "0".repeat(64),
            media_type: "text/csv".into()
        })),
        (".{0,5}", prop::option::of(option())).prop_map(|(name, sector)| Value::Organisation(Organisation {
            name,
            sector,
            ..Organisation::default()
        })),
        ".{0,5}".prop_map(|name| Value::Person(Person { name, role: String::new() })),
        ".{0,5}".prop_map(|name| Value::Area(Area { name, code: None })),
        prop::collection::vec(line, 0..4).prop_map(Value::Budget),
        prop::collection::vec(row(), 0..5).prop_map(Value::Rows),
    ]
}

/// Any values under the paths of the application, whether they suit or not.
fn some_answers() -> impl Strategy<Value = Answers> {
    let mut paths: Vec<Path> = vec!["gone".parse().unwrap(), "partners.r1.gone".parse().unwrap()];
    for question in application().sections.iter().flat_map(|s| &s.questions) {
        paths.push(Path::new(&question.key).unwrap());
        for key in ["name", "sector", "amount", "part"] {
            paths.push(Path::in_row("partners", &"r1".parse().unwrap(), key).unwrap());
        }
    }
    prop::collection::vec((prop::sample::select(paths), value()), 0..40).prop_map(|pairs| pairs.into_iter().collect())
}

static COMPILED: LazyLock<CompiledForm> = LazyLock::new(|| application().compile().unwrap());

/// The form with keys that stand once.
fn with_own_keys(mut form: Form) -> Form {
    let mut number = 0;
    let mut name = |key: &mut String| {
        number += 1;
        *key = format!("k{number}");
    };
    for section in &mut form.sections {
        name(&mut section.key);
        for question in &mut section.questions {
            name(&mut question.key);
            if let Kind::Group { questions, .. } = &mut question.kind {
                questions.iter_mut().for_each(|q| name(&mut q.key));
            }
        }
    }
    form
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_form_comes_back_from_a_workbook(form in form().prop_map(with_own_keys)) {
        let (bytes, _) = forms::xlsform::write(&form).unwrap();
        let (back, lost) = forms::xlsform::read(&bytes).unwrap();
        prop_assert_eq!(back, form);
        prop_assert_eq!(lost, vec![]);
    }

    #[test]
    fn any_bytes_are_a_workbook_or_refused(at in 0usize..20_000, byte: u8) {
        let mut bytes = WORKBOOK.clone();
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = forms::xlsform::read(&bytes);
    }
}

static WORKBOOK: LazyLock<Vec<u8>> = LazyLock::new(|| forms::xlsform::write(&application()).unwrap().0);

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in ".{0,80}", pieces in prop::collection::vec(
        prop::sample::select(vec!["a", "(", ")", "and", "or", "not", "if", "then", "else", "in", "has", "1", "£5", "\"x\"", "'", "-", "=", "!=", "sum", ",", ".", "2026-01", "2026-01-99", "£"]), 0..30)) {
        let _ = parse(&text);
        for text in [pieces.join(" "), pieces.concat()] {
            if let Ok(expr) = parse(&text) {
                prop_assert_eq!(parse(&expr.to_string()).unwrap(), expr);
            }
        }
    }

    #[test]
    fn a_printed_expression_reads_as_the_same(expr in expr()) {
        let text = expr.to_string();
        prop_assume!(text.len() < 4000);
        prop_assert_eq!(parse(&text).unwrap(), expr, "{}", text);
    }

    #[test]
    fn forms_come_back_from_json_and_toml(form in form()) {
        let json = serde_json::to_string(&form).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Form>(&json).unwrap(), &form);
        let text = toml::to_string(&form).unwrap();
        prop_assert_eq!(toml::from_str::<Form>(&text).unwrap(), form, "{}", text);
    }

    #[test]
    fn any_form_is_checked_without_panic(form in form()) {
        for flaw in form.flaws() {
            prop_assert!(!flaw.what.is_empty() && !flaw.to_string().is_empty());
        }
        let _ = (form.untranslated(), form.sheets(Lang::Cy));
    }

    #[test]
    fn any_answers_can_be_looked_at_and_exported(answers in some_answers(), cy: bool) {
        let lang = if cy { Lang::Cy } else { Lang::En };
        let form = &*COMPILED;
        let look = form.look(&answers, lang);
        prop_assert_eq!(look.ready(), look.missing.is_empty() && look.problems.is_empty());
        for sheet in form.form().sheets(lang) {
            for row in sheet.rows(&answers, &look) {
                prop_assert_eq!(row.len(), sheet.columns.len());
            }
        }
        let json = serde_json::to_string(&answers).unwrap();
        prop_assert_eq!(serde_json::from_str::<Answers>(&json).unwrap(), answers);
    }

    #[test]
    fn any_fields_are_read_or_refused(
        names in prop::collection::vec("q(\\.(name|code|id|hash|size|rows|staff|l1|r1|year|month|day|people|speed|depth|[.]|[a-z.]{0,4})){0,3}", 0..12),
        texts in prop::collection::vec(prop_oneof![".{0,30}", "[0-9]{1,30}", "-?£?[0-9,.]{1,9}", "food|idea|health|yes|r1|1|2|3"], 12),
    ) {
        let fields: Fields = names.into_iter().zip(texts).collect();
        for question in application().sections.iter().flat_map(|s| &s.questions) {
            match question.kind.read("q", &fields) {
                Ok(None) => {}
                Ok(Some(value)) => {
                    prop_assert!(question.kind.suits(&value));
                    let mut again = Fields::default();
                    question.kind.write("q", &value, &mut again);
                    prop_assert_eq!(question.kind.read("q", &again), Ok(Some(value)));
                }
                Err(problems) => prop_assert!(!problems.is_empty() && problems.iter().all(|p| !p.message.is_empty())),
            }
        }
    }

    #[test]
    fn any_value_can_be_shown(value in value()) {
        for question in application().sections.iter().flat_map(|s| &s.questions) {
            let _ = (question.kind.plain(&value, Lang::Cy), question.kind.problems(&value));
            prop_assert_eq!(question.cells(Some(&value)).len(), question.columns(Lang::En).len());
        }
    }
}

#[test]
fn answers_are_stored_as_readable_json() {
    let answers: Answers = BTreeMap::from([("a", Value::Money(Money::from_pounds(5))), ("b", Value::Choices(vec!["x".into()]))])
        .into_iter()
        .map(|(key, value)| (key.parse().unwrap(), value))
        .collect();
    assert_eq!(serde_json::to_string(&answers).unwrap(), r#"{"a":{"money":500},"b":{"choices":["x"]}}"#);
}
