//! How long it takes to look at a large form. Run with `cargo test --release -p forms -- --ignored --nocapture`.

use std::time::Instant;

use crate::common::compiled;
use forms::{Answers, Lang, Value};

/// A hundred questions in ten sections, each shown by the one before it, with rules, scores and a group of fifty rows.
fn large() -> (String, Answers) {
    let mut text = "key = \"f\"\ntitle = \"F\"\n".to_owned();
    let mut answers = Vec::new();
    for section in 0..10 {
        text += &format!("[[sections]]\nkey = \"s{section}\"\ntitle = \"S\"\n");
        for i in 0..10 {
            let n = section * 10 + i;
            let shown = if n == 0 {
                String::new()
            } else {
                format!("shown_when = \"q{} > 0 and (q{} < 10 or answered(q0))\"\n", n - 1, n / 2)
            };
            text +=
                &format!("[[sections.questions]]\nkey = \"q{n}\"\nlabel = \"Q\"\nkind = \"number\"\nrequired = true\n{shown}");
            answers.push((format!("q{n}"), Value::Number("3".parse().unwrap())));
        }
    }
    text += "[[sections]]\nkey = \"last\"\ntitle = \"L\"\n[[sections.questions]]\nkey = \"g\"\nlabel = \"G\"\nkind = \"group\"\n";
    text += "[[sections.questions.questions]]\nkey = \"cost\"\nlabel = \"C\"\nkind = \"money\"\n";
    text +=
        "[[sections.questions.questions]]\nkey = \"part\"\nlabel = \"P\"\nkind = \"computed\"\nvalue = \"cost / sum(g.cost)\"\n";
    let rows: Vec<forms::RowId> = (0..50).map(forms::RowId::from_bits).collect();
    for row in &rows {
        answers.push((format!("g.{row}.cost"), Value::Money(kernel::Money::from_pounds(5))));
    }
    answers.push(("g".to_owned(), Value::Rows(rows)));
    for i in 0..20 {
        text +=
            &format!("[[rules]]\nholds = \"sum(q{i}, q{}, q{}) > 3\"\nmessage = \"M\"\nquestions = [\"q{i}\"]\n", i + 20, i + 40);
    }
    (text, answers.into_iter().map(|(path, value)| (path.parse().unwrap(), value)).collect())
}

#[test]
#[ignore = "a measurement, not a check"]
fn looking_at_a_hundred_questions() {
    let (text, answers) = large();
    let started = Instant::now();
    let form = compiled(&text);
    let compiling = started.elapsed();
    assert!(form.look(&answers, Lang::En).ready());
    let started = Instant::now();
    let times = 1000;
    for _ in 0..times {
        std::hint::black_box(form.look(std::hint::black_box(&answers), Lang::En));
    }
    println!("read and compiled in {compiling:?}; looked at in {:?}", started.elapsed() / times);
}

#[test]
fn a_thousand_rows_that_each_need_all_the_others_are_quick() {
    let (text, _) = large();
    let form = compiled(&text.replace("kind = \"group\"", "kind = \"group\"\nmax = 1000"));
    let rows: Vec<forms::RowId> = (0..1000).map(forms::RowId::from_bits).collect();
    let mut answers = Answers::default();
    for row in &rows {
        answers.set(format!("g.{row}.cost").parse().unwrap(), Some(Value::Money(kernel::Money::from_pounds(5))));
    }
    let last = rows[999].clone();
    answers.set("g".parse().unwrap(), Some(Value::Rows(rows)));
    let look = form.look(&answers, Lang::En);
    let part = look.at(&format!("g.{last}.part").parse().unwrap()).unwrap().computed.clone();
    assert_eq!(part, Some(Value::Number("1/1000".parse().unwrap())));
}
