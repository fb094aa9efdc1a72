//! Every kind of question, answered, wrongly answered and not answered; to look at and to test.

use forms::{
    Answers, Area, Choice, FieldProblem, Fields, FileKind, FileRef, Form, Kind, Lang, Look, Number, Organisation, Path, Person,
    Point, Question, Required, Section, SectionState, Text, Value,
};
use kernel::Money;

use crate::answers::{self, Asked, Clash, Row, Whole};
use crate::dsl::*;
use crate::parts;
use crate::shell::FormKeys;

/// A form with every kind of question in it.
#[must_use]
pub fn every_kind() -> Form {
    let section = |key: &str, title: Text, questions: Vec<Question>| Section {
        key: key.into(),
        title,
        about: Text::default(),
        shown_when: None,
        questions,
    };
    let mut partners = section("together", "Who is with you".into(), vec![group()]);
    partners.about = "Partners share the work and the money. *Neighbours* who wish you well are not partners.".into();
    partners.shown_when = Some("ask > £20000".into());
    Form {
        key: "every-kind".into(),
        title: Text::new("Expression of interest", "Mynegiant o ddiddordeb"),
        about: "Take your time. **Nothing is sent** until you send it.".into(),
        sections: vec![
            section("about-you", Text::new("About you", "Amdanoch chi"), about_you()),
            section("plan", Text::new("Your plan", "Eich cynllun"), plan()),
            section("money-asked", "Money".into(), money()),
            partners,
        ],
        rules: Vec::new(),
        scores: Vec::new(),
    }
}

fn choice(key: &str, label: &str, help: &str) -> Choice {
    Choice { help: help.into(), ..Choice::new(key, label) }
}

fn about_you() -> Vec<Question> {
    let mut lead = Question::new(
        "lead",
        Text::new("Who leads the partnership?", "Pwy sy’n arwain y bartneriaeth?"),
        Kind::Organisation {
            schemes: vec![choice("gb-chc", "Charity register", ""), choice("gb-coh", "Company register", "")],
            sectors: vec![choice("community", "Community", ""), choice("health", "Health", ""), choice("council", "Council", "")],
        },
    )
    .required();
    lead.help = Text::new("The organisation that signs for the money.", "Y sefydliad sy’n llofnodi am yr arian.");
    let since = Question::new("since", "Since when?", Kind::Month { min: None, max: "2026-11".parse().ok() })
        .required()
        .shown_when("worked-together");
    vec![
        lead,
        Question::new("contact", "Who can we speak to?", Kind::Person),
        Question::new("area", Text::new("Where will you work?", "Ble byddwch chi’n gweithio?"), Kind::Area),
        Question::new("called", "What is the partnership called?", Kind::ShortText { max_chars: Some(60) }).required(),
        Question::new("worked-together", "Have you worked together before?", Kind::YesNo).required(),
        since,
    ]
}

fn plan() -> Vec<Question> {
    let mut all = chosen();
    all.extend(scaled());
    all.push(Question::new(
        "order",
        "What matters most?",
        Kind::Ranking {
            options: vec![choice("speed", "Speed", ""), choice("depth", "Depth", ""), choice("reach", "Reach", "")],
            max: None,
        },
    ));
    let start = Kind::Date { min: "2026-12-01".parse().ok(), max: None };
    all.push(Question::new("start", "When would you start?", start).required());
    let letter = Kind::File { accept: vec![FileKind::Pdf, FileKind::Image], max_mb: Some(5) };
    all.push(Question::new("letter", "A letter of support", letter));
    all
}

fn chosen() -> Vec<Question> {
    let words = Kind::LongText { max_words: Some(50) };
    let mut different =
        Question::new("different", Text::new("What would be different?", "Beth fyddai’n wahanol?"), words).required();
    different.help = "For the people who live there.".into();
    different.guidance =
        "Two or three paragraphs are enough.\n\n- Say what people told you.\n- Say how you would know that it worked.".into();
    let needs = Kind::ChooseSeveral { options: needs(), min: None, max: Some(2) };
    let stage =
        Kind::ChooseOne { options: vec![choice("idea", "An idea", "Nothing is agreed yet."), choice("started", "Started", "")] };
    let towns = "Aberdeen Bangor Cardiff Derby Exeter Falmouth Glasgow Hull Ipswich Jarrow Kendal Ludlow Margate";
    let town = Kind::ChooseOne { options: towns.split(' ').map(|town| choice(&town.to_lowercase(), town, "")).collect() };
    let people = Kind::Number {
        unit: Some("people".into()),
        min: Some(Number::whole(100)),
        max: Some(Number::whole(2_000_000)),
        decimals: None,
    };
    vec![
        different,
        Question::new("needs", "What will you work on?", needs),
        Question::new("stage", "How far are you?", stage).required(),
        Question::new("town", "The nearest town", town),
        Question::new("people", "How many people live there?", people),
    ]
}

fn scaled() -> Vec<Question> {
    let point = |value, label: &str, help: &str| Point { value, label: label.into(), help: help.into() };
    let four = || vec![point(0, "Not yet", ""), point(1, "A little", ""), point(2, "Mostly", ""), point(3, "Fully", "")];
    let anchored = vec![
        point(1, "Weak", "The partners meet when the funder asks them to."),
        point(2, "Growing", "They meet by themselves, and one decides."),
        point(3, "Strong", "They decide together, about money too."),
    ];
    let ends = |value| match value {
        0 => "Not at all",
        10 => "Certain",
        _ => "",
    };
    let likely = (0..=10).map(|value| point(value, ends(value), "")).collect();
    let rows = vec![
        choice("hands", "People", "Paid and unpaid"),
        choice("purse", "Money", ""),
        choice("trust", "Trust between the organisations", ""),
    ];
    let mut trust = Question::new("trust", "We trust each other", Kind::Scale { points: four() });
    trust.required = Required::When("worked-together".into());
    vec![
        trust,
        Question::new("deciding", "How do you decide?", Kind::Scale { points: anchored }),
        Question::new("likely", "How likely is it that you will still be together in ten years?", Kind::Scale { points: likely }),
        Question::new("ready", "How ready are you?", Kind::Grid { rows, points: four() }),
    ]
}

fn needs() -> Vec<Choice> {
    vec![
        Choice { help: "Growing it, cooking it, sharing it".into(), ..Choice::new("food", Text::new("Food", "Bwyd")) },
        choice("transport", "Transport", ""),
        choice("housing", "Housing", ""),
    ]
}

fn money() -> Vec<Question> {
    let lines = vec![choice("staff", "Staff", "With pensions"), choice("rooms", "Rooms", "")];
    let columns = vec![choice("year-1", "Year 1", ""), choice("year-2", "Year 2", "")];
    vec![
        Question::new(
            "ask",
            "How much do you ask for?",
            Kind::Money { min: Some(Money::from_pounds(1_000)), max: Some(Money::from_pounds(50_000)) },
        )
        .required(),
        Question::new(
            "budget",
            "What is it for?",
            Kind::Budget { columns, lines, max_lines: Some(10), max: Some(Money::from_pounds(50_000)) },
        ),
        Question::new(
            "quarters",
            "When is it spent?",
            Kind::Budget {
                columns: (1..=6).map(|i| choice(&format!("q{i}"), &format!("Quarter {i}"), "")).collect(),
                lines: Vec::new(),
                max_lines: Some(3),
                max: None,
            },
        ),
        Question::new("for-each", "For each person", Kind::Computed { value: "ask / people".into(), unit: None }),
    ]
}

fn group() -> Question {
    Question::new(
        "partners",
        "Partners",
        Kind::Group {
            item: Text::new("Partner", "Partner"),
            questions: vec![
                Question::new("name", "Name", Kind::ShortText { max_chars: None }).required(),
                Question::new(
                    "sector",
                    "Sector",
                    Kind::ChooseOne { options: vec![choice("health", "Health", ""), choice("other", "Other", "")] },
                ),
                Question::new("amount", "Their share", Kind::Money { min: None, max: None }).shown_when("sector = \"other\""),
            ],
            min: Some(1),
            max: Some(5),
        },
    )
    .required()
}

/// An answer to each question that can be answered in one place.
#[must_use]
pub fn answers() -> Answers {
    let text = |t: &str| Value::Text(t.to_owned());
    let organisation = Organisation {
        name: "Kite Common Trust".into(),
        scheme: Some("gb-chc".into()),
        id: Some("1234567".into()),
        sector: Some("community".into()),
    };
    let file = FileRef {
        name: "Letter from the surgery.pdf".into(),
        size: 234_567,
        hash: "a0".repeat(32),
        media_type: "application/pdf".into(),
    };
    let given = [
        ("lead", Value::Organisation(organisation)),
        ("contact", Value::Person(Person { name: "Wren Hollow".into(), role: "Chair".into() })),
        ("area", Value::Area(Area { name: "Riverside".into(), code: Some("E08000003".into()) })),
        ("called", text("Kite Common and the river streets")),
        ("worked-together", Value::YesNo(true)),
        ("different", text("People would know whom to ask.\n\nThe surgery would know them too.")),
        ("needs", Value::Choices(vec!["food".into(), "housing".into()])),
        ("stage", Value::Choice("started".into())),
        ("town", Value::Choice("hull".into())),
        ("people", Value::Number(Number::whole(12_000))),
        ("trust", Value::Point(2)),
        ("deciding", Value::Point(2)),
        ("likely", Value::Point(7)),
        ("ready", Value::Grid([("hands".to_owned(), 2), ("purse".to_owned(), 0)].into())),
        ("order", Value::Ranking(vec!["depth".into(), "reach".into(), "speed".into()])),
        ("letter", Value::File(file)),
        ("ask", Value::Money(Money::from_pence(2_500_050))),
    ];
    let mut answers: Answers = given.into_iter().filter_map(|(key, value)| Some((Path::new(key).ok()?, value))).collect();
    for (key, json) in [
        ("since", r#"{"month":"2020-03"}"#),
        ("start", r#"{"date":"2027-03-27"}"#),
        ("budget", BUDGET),
        ("quarters", r#"{"budget":[{"id":"line-1","about":"Wages","amounts":{"q1":50000,"q6":12550}}]}"#),
        ("partners", r#"{"rows":["r1","r2"]}"#),
        ("partners.r1.name", r#"{"text":"Riverside Surgery"}"#),
        ("partners.r1.sector", r#"{"choice":"health"}"#),
        ("partners.r2.name", r#"{"text":"The Lock Keepers"}"#),
        ("partners.r2.sector", r#"{"choice":"other"}"#),
        ("partners.r2.amount", r#"{"money":1250000}"#),
    ] {
        if let (Ok(path), Ok(value)) = (key.parse(), serde_json::from_str(json)) {
            answers.set(path, Some(value));
        }
    }
    answers
}

const BUDGET: &str = r#"{"budget":[{"id":"staff","amounts":{"year-1":1200000,"year-2":900000}},
    {"id":"line-1","about":"Minibus and fuel","amounts":{"year-1":300050}}]}"#;

/// The fields that show these answers.
#[must_use]
pub fn fields(form: &Form, answers: &Answers) -> Fields {
    let mut fields = Fields::default();
    for (path, value) in answers.iter() {
        if let Some(question) = form.at(path) {
            question.kind.write(&path.to_string(), value, &mut fields);
        }
    }
    fields
}

/// The body of the page: put it into a shell.
#[must_use]
pub fn gallery_answers() -> Html {
    let form = every_kind();
    let given = answers();
    let look = form.compile().ok().map(|compiled| half_way(compiled.look(&given, Lang::En)));
    let fields = fields(&form, &given);
    let keys = FormKeys { token: "token".into(), once: "once".into() };
    html(maud! {
        @if let Some(look) = &look {
            (parts::section("form-sections", "Sections of a form", answers::sections(&form, look, Lang::En, |key| format!("/form/{key}"))))
        }
        (parts::section("form-questions", "Questions, answered", crate::form::form("/save", &keys, asked(&form, &fields))))
        (parts::section("form-wrong", "Questions with something wrong", crate::form::form("/save", &keys, wrong(&form))))
        (parts::section("form-clash", "Two people changed one answer", crate::form::form("/save", &keys, clashes())))
        (parts::section("form-welsh", "In Welsh", crate::form::form("/save", &keys, welsh(&form))))
        (parts::section("form-read", "The whole form to read", answers::whole(&Whole::questions(&form, Lang::En))))
    })
}

/// Every state a section can be in, one below the other.
fn half_way(mut look: Look) -> Look {
    let states = [SectionState::Complete, SectionState::InProgress, SectionState::NotStarted, SectionState::CannotTell];
    for (section, state) in look.sections.iter_mut().zip(states) {
        section.state = state;
        (section.missing, section.problems) = if state == SectionState::InProgress { (2, 1) } else { (0, 0) };
    }
    look
}

fn asked(form: &Form, fields: &Fields) -> Html {
    let computed = Value::Money(Money::from_pence(208));
    let paths: Vec<(&Question, Path)> =
        form.sections.iter().flat_map(|s| &s.questions).filter_map(|q| Some((q, Path::new(&q.key).ok()?))).collect();
    let rows: Vec<_> = fields.all("partners.rows").filter_map(|row| row.parse().ok()).collect();
    let inner: Vec<Vec<(&Question, Path)>> = rows.iter().map(|row| inner_paths(form, row)).collect();
    html(maud! {
        @for (question, path) in &paths {
            @let rows = rows.iter().zip(&inner).map(|(id, questions)| Row {
                id,
                questions: questions.iter().map(|(q, path)| Asked::new(q, path, Lang::En, fields).required(q.required == Required::Always(true))).collect(),
            });
            (answers::question(&Asked::new(question, path, Lang::En, fields)
                .version(3)
                .required(question.required == Required::Always(true))
                .prefilled_from((question.key == "lead").then_some("your organisation’s profile"))
                .computed(Some(&computed))
                .rows(rows.collect())))
        }
    })
}

fn inner_paths<'f>(form: &'f Form, row: &forms::RowId) -> Vec<(&'f Question, Path)> {
    let Some(Kind::Group { questions, .. }) = form.question(None, "partners").map(|q| &q.kind) else { return Vec::new() };
    questions.iter().filter_map(|q| Some((q, Path::in_row("partners", row, &q.key).ok()?))).collect()
}

/// What people typed that cannot be read, under keys of their own.
fn wrong(form: &Form) -> Html {
    let typed = [
        ("different", "", "word ".repeat(53)),
        ("people", "", "a few".into()),
        ("ask", "", "lots".into()),
        ("start", "", "next spring".into()),
        ("needs", "", "food".into()),
        ("lead", "id", "12#4".into()),
        ("area", "code", "M1 1AA".into()),
        ("ready", "hands", "9".into()),
        ("order", "speed", "2".into()),
        ("budget", "line-1.year-1", "many".into()),
        ("stage", "", String::new()),
    ];
    let asked: Vec<(&Question, Path, Fields, Vec<FieldProblem>)> = typed
        .into_iter()
        .filter_map(|(key, part, text)| {
            let question = form.question(None, key)?;
            let path = format!("wrong-{key}");
            let name = if part.is_empty() { path.clone() } else { format!("{path}.{part}") };
            let fields = Fields::from_iter([(name, text)]);
            let mut problems = question.kind.read(&path, &fields).err().unwrap_or_default();
            if problems.is_empty() {
                problems.push(FieldProblem { part: String::new(), message: "Look at this again, please".into() });
            }
            Some((question, Path::new(&path).ok()?, fields, problems))
        })
        .collect();
    html(maud! {
        @for (question, path, fields, problems) in &asked {
            (answers::question(&Asked::new(question, path, Lang::En, fields).problems(problems).required(true)))
        }
    })
}

fn clashes() -> Html {
    let story = Question::new("clash-story", "What would be different?", Kind::LongText { max_words: Some(50) });
    let award = Question::new("clash-award", "How much do you ask for?", Kind::Money { min: None, max: None });
    let theirs =
        [Value::Text("People would know whom to ask, and would ask sooner.".into()), Value::Money(Money::from_pounds(20_000))];
    let fields = Fields::from_iter([
        ("clash-story", "People would know whom to call. The surgery would know them."),
        ("clash-award", "25,000"),
    ]);
    let clash =
        |theirs, problem| Some(Clash { theirs: Some(theirs), who: "Bethan Rees", when: "12 March 2026 at 14:02", problem });
    let [first, second] = &theirs;
    html(maud! {
        @for (question, theirs, problem) in [(&story, first, None), (&award, second, Some("Choose which answer to keep"))] {
            @if let Ok(path) = Path::new(&question.key) {
                (answers::question(&Asked::new(question, &path, Lang::En, &fields).required(true).clash(clash(theirs, problem))))
            }
        }
    })
}

fn welsh(form: &Form) -> Html {
    let fields = Fields::default();
    let asked: Vec<(&Question, Path)> = ["lead", "different", "needs"]
        .into_iter()
        .filter_map(|key| Some((form.question(None, key)?, Path::new(&format!("welsh-{key}")).ok()?)))
        .collect();
    html(maud! {
        @for (question, path) in &asked { (answers::question(&Asked::new(question, path, Lang::Cy, &fields))) }
    })
}
