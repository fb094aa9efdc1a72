//! Expressions: what they come to, and what is said of those that are wrong.

use crate::common::{answers, compiled, of_questions, path};
use forms::expr::parse;
use forms::{Flaw, Form, Lang, Value};

/// Questions that expressions can be about.
const QUESTIONS: &str = r#"questions = [
  { key = "award", label = "A", kind = "money" },
  { key = "share", label = "A", kind = "money" },
  { key = "people", label = "P", kind = "number" },
  { key = "zero", label = "P", kind = "number" },
  { key = "blank", label = "P", kind = "number" },
  { key = "text", label = "T", kind = "long-text" },
  { key = "agreed", label = "Y", kind = "yes-no" },
  { key = "start", label = "S", kind = "date" },
  { key = "month", label = "S", kind = "month" },
  { key = "sector", label = "S", kind = "choose-one", options = [{ key = "health", label = "H", score = 2 }, { key = "other", label = "O" }] },
  { key = "needs", label = "N", kind = "choose-several", options = [{ key = "food", label = "F", score = 1 }, { key = "rent", label = "R", score = 3 }] },
  { key = "order", label = "O", kind = "ranking", options = [{ key = "a", label = "A" }, { key = "b", label = "B" }] },
  { key = "lead", label = "L", kind = "organisation", sectors = [{ key = "health", label = "H" }] },
  { key = "budget", label = "B", kind = "budget", columns = [{ key = "y1", label = "1" }, { key = "y2", label = "2" }] },
  { key = "rows", label = "G", kind = "group", questions = [
      { key = "cost", label = "C", kind = "money" },
      { key = "kind", label = "K", kind = "choose-one", options = [{ key = "x", label = "X" }, { key = "y", label = "Y" }] } ] },
  { key = "empty", label = "G", kind = "group", questions = [{ key = "cost", label = "C", kind = "money" }] },
  { key = "result", label = "R", kind = "computed", value = '''EXPR''' },
]"#;

const ANSWERS: &str = r#"{
  "award": {"money": 1000050}, "share": {"money": 300}, "people": {"number": 3}, "zero": {"number": 0},
  "text": {"text": "three small  words"}, "agreed": {"yes-no": true}, "start": {"date": "2026-02-27"}, "month": {"month": "2026-02"},
  "sector": {"choice": "health"}, "needs": {"choices": ["food", "rent"]}, "order": {"ranking": ["b", "a"]},
  "lead": {"organisation": {"name": "Kite", "sector": "health"}},
  "budget": {"budget": [{"id": "l1", "about": "x", "amounts": {"y1": 100, "y2": 50}}, {"id": "l2", "about": "y", "amounts": {"y1": 25}}]},
  "rows": {"rows": ["r1", "r2", "r3"]},
  "rows.r1.cost": {"money": 1000}, "rows.r2.cost": {"money": 500}, "rows.r1.kind": {"choice": "x"}, "rows.r2.kind": {"choice": "x"}
}"#;

fn form(expression: &str) -> String {
    of_questions(&QUESTIONS.replace("EXPR", expression))
}

/// What an expression comes to, as people read it; `?` where it cannot be told.
fn comes_to(expression: &str) -> String {
    let form = compiled(&form(expression));
    let look = form.look(&answers(ANSWERS), Lang::En);
    let result = &look.at(&path("result")).unwrap().computed;
    let kind = &form.form().question(None, "result").unwrap().kind;
    result.as_ref().map_or_else(|| "?".to_owned(), |value: &Value| kind.plain(value, Lang::En))
}

fn flaw(expression: &str) -> Flaw {
    let form: Form = toml::from_str(&form(expression)).unwrap();
    let mut flaws = form.flaws();
    assert_eq!(flaws.len(), 1, "{expression}: {flaws:?}");
    flaws.remove(0)
}

#[test]
fn expressions_come_to_what_people_expect() {
    for (expression, expected) in [
        ("1 + 2 * 3 - 4 / 2", "5"),
        ("-(1 + 2) * 2", "−6"),
        ("people - 2.5", "0.5"),
        ("award / people", "£3,333.50"),
        ("award - share", "£9,997.50"),
        ("award / share * 0.001", "3.3335"),
        ("people / zero", "?"),
        ("award > £10000 and not (people = 4)", "Yes"),
        ("people in (1, 2, 3)", "Yes"),
        ("sector in (\"other\")", "No"),
        ("sector = 'health' and needs has \"rent\"", "Yes"),
        ("sector.score + needs.score + needs.count", "8"),
        ("words(text)", "3"),
        ("answered(blank) or answered(lead.sector)", "Yes"),
        ("if agreed then \"agreed\" else \"open\"", "agreed"),
        ("days_between(start, 2026-03-01)", "2"),
        ("month >= 2026-01", "Yes"),
        ("start = 2026-02-27", "Yes"),
        ("order.first", "b"),
        ("order.a - order.b", "1"),
        ("budget.total - budget.y1 + sum(£1, £0.50)", "£2"),
        ("budget.count", "2"),
        ("rows.count", "3"),
        ("count(rows.cost)", "2"),
        ("sum(rows.cost)", "£15"),
        ("sum(empty.cost)", "£0"),
        ("empty.count", "0"),
        ("max(rows.cost)", "£10"),
        ("min(people, zero)", "0"),
        ("max(empty.cost)", "?"),
        ("rows.kind has 'x'", "Yes"),
        ("rows.kind has 'y'", "No"),
        ("distinct(rows.kind)", "1"),
        ("round(people / 2)", "2"),
        ("blank + 1", "?"),
        ("sum(blank, people)", "3"),
        ("blank > 3 and people > 99", "No"),
        ("blank > 3 and people < 99", "?"),
        ("blank > 3 or agreed", "Yes"),
        ("count(blank, people, text)", "2"),
        ("lead.name = \"Kite\"", "Yes"),
        ("1 / 3 + 1 / 3 + 1 / 3 = 1", "Yes"),
        ("0.1 + 0.2 = 0.3", "Yes"),
    ] {
        assert_eq!(comes_to(expression), expected, "{expression}");
    }
}

#[test]
fn flaws_say_where_and_what_instead() {
    for (expression, at, what, instead) in [
        ("awrd > £1", 0, "There is no question ‘awrd’", "Did you mean ‘award’?"),
        ("people = £1", 9, "This is an amount of money, where a number is wanted", "Write 1"),
        ("award > 50000", 8, "This is a number, where an amount of money is wanted", "Write £50000"),
        ("award > £50,000", 12, "There is a comma in this amount", "Write it without commas, like £50000"),
        ("award-share", 0, "There is no question ‘award-share’", "To subtract, put a space before the minus sign: award - share"),
        ("sector = \"helth\"", 9, "There is no option ‘helth’", "Did you mean ‘health’?"),
        ("needs = \"food\"", 0, "Several options can be chosen here", "Write ‘has’ instead of = or in"),
        ("cost > £1", 0, "‘cost’ is asked in every row of a group", "For all rows of ‘rows’ write ‘rows.cost’"),
        ("rows.cost > £1", 0, "‘rows.cost’ has an answer in every row", "Use sum, count, min, max, distinct or ‘has’ with it"),
        (
            "budget > £1",
            0,
            "This answer has several parts",
            "Use answered(budget), or ‘budget.total’, ‘budget.count’, ‘budget.y1’ or ‘budget.y2’",
        ),
        ("budget.totl", 0, "An answer to ‘budget’ has no part ‘totl’", "Did you mean ‘total’?"),
        ("agreed + 1", 0, "This is yes or no, not a number", "Add numbers or amounts of money"),
        (
            "people and agreed",
            0,
            "This is a number, where yes or no is wanted",
            "Compare it with something, like = \"…\" or > 0, or ask answered(…)",
        ),
        ("award * award", 8, "Money cannot be multiplied by money", "Make one of the two a number"),
        ("people == 3", 7, "This sign is not used here", "Write ="),
        ("1 < people < 3", 11, "Two comparisons stand after one another", "Compare two things at a time: a < b and b < c"),
        (
            "total(people)",
            0,
            "Nothing here is called ‘total(…)’",
            "There are ‘sum’, ‘count’, ‘min’, ‘max’, ‘distinct’, ‘words’, ‘answered’, ‘days_between’ and ‘round’",
        ),
        ("people +", 8, "Something is missing at the end", "Finish it with a name, a number or a text"),
        ("(people", 7, "‘)’ is missing here", "Close the parenthesis"),
        ("people 3", 7, "Something is missing before this", "Put a sign or a word like and, or, = between the two"),
        ("text = “x”", 7, "This quotation mark is curly", "Write a straight one: \"…\""),
        ("2026-13-01 = start", 0, "The calendar has no such date", "Write a date like 2026-03-27, or a month like 2026-03"),
        ("result + 1", 0, "‘result’ is worked out from itself", "Take one of them out of the circle"),
        ("answered(3)", 9, "Only a question can be answered", "Name a question: answered(lead)"),
        ("", 0, "There is nothing here", "Write a condition, like award > £10000, or leave it out"),
    ] {
        let flaw = flaw(expression);
        let way: Vec<String> = flaw.way.iter().map(ToString::to_string).collect();
        assert_eq!(way.join("/"), "sections/0/questions/16/value", "{expression}");
        assert_eq!((flaw.offset, flaw.what.as_str(), flaw.instead.as_str()), (Some(at), what, instead), "{expression}");
    }
}

#[test]
fn only_earlier_answers_decide_what_is_shown() {
    let text = of_questions(
        r#"questions = [
          { key = "a", label = "A", kind = "short-text", shown_when = "answered(b)" },
          { key = "b", label = "B", kind = "short-text", shown_when = "c > 1" },
          { key = "c", label = "C", kind = "computed", value = "if answered(b) then d else 2" },
          { key = "d", label = "D", kind = "number", shown_when = "c > 0" },
        ]"#,
    );
    let flaws = toml::from_str::<Form>(&text.replace("c > 1", "yes")).unwrap().flaws();
    let told: Vec<String> = flaws.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "sections/0/questions/2/value, character 1: ‘c’ and ‘d’ are worked out from one another. Take one of them out of the circle"
        ]
    );
    let flaws = toml::from_str::<Form>(&text.replace("c > 0", "yes")).unwrap().flaws();
    let told: Vec<String> = flaws.iter().map(|f| f.to_string()).collect();
    assert_eq!(
        told[0],
        "sections/0/questions/0/shown_when, character 10: ‘b’ is asked later; only earlier answers can be used here. Use questions that come before this one, or move this one down"
    );
    assert_eq!(told.len(), 2);
}

#[test]
fn absurd_expressions_are_refused_politely() {
    for (text, what) in [
        ("(".repeat(1000), "This is nested too deeply"),
        ("not ".repeat(900), "This is nested too deeply"),
        (vec!["1"; 500].join(" + "), "There are too many parts here"),
        ("1".repeat(5000), "This expression is longer than 4,000 characters"),
        ("1".repeat(50), "This number has too many digits"),
        (format!("£{}", "1".repeat(50)), "This number has too many digits"),
    ] {
        assert_eq!(parse(&text).unwrap_err().what, what);
    }
}

#[test]
fn a_form_is_held_to_its_own_rules() {
    let text = r#"
        key = "Form"
        title = ""
        [[sections]]
        key = "s"
        title = "S"
        questions = [
          { key = "and", label = "A", kind = "yes-no" },
          { key = "b", label = "", kind = "yes-no" },
          { key = "b", label = "B", kind = "number", min = 3, max = 2 },
          { key = "c", label = "C", kind = "choose-one", options = [{ key = "x", label = "X" }, { key = "x", label = "X" }] },
          { key = "d", label = "D", kind = "group", questions = [] },
        ]
        [[rules]]
        holds = "yes"
        message = "M"
        questions = ["bb"]
        [[scores]]
        key = "t"
        label = "T"
        section = "other"
        value = "1"
    "#;
    let told: Vec<String> = toml::from_str::<Form>(text).unwrap().flaws().iter().map(ToString::to_string).collect();
    for expected in [
        "key: ‘Form’ cannot be a key",
        "title: The form has no title",
        "sections/0/questions/0/key: ‘and’ has a meaning of its own",
        "sections/0/questions/1/label: This question has no label",
        "sections/0/questions/2/key: There are two questions ‘b’",
        "sections/0/questions/2/max: The most is below the least",
        "sections/0/questions/3/options/1/key: There are two options ‘x’",
        "sections/0/questions/4/questions: This group asks nothing",
        "rules/0/questions/0: There is no question ‘bb’. Did you mean ‘b’?",
        "scores/0/section: There is no section ‘other’",
    ] {
        assert!(told.iter().any(|t| t.starts_with(expected)), "{expected}\n{told:#?}");
    }
    assert_eq!(told.len(), 10, "{told:#?}");
}
