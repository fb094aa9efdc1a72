//! Questions are filled in as people do, and come back as they were answered.

use std::collections::HashSet;

use forms::{FieldProblem, Fields, Kind, Lang, Path, Question, RowId, Value};
use scraper::Html;
use ui::answers::{self, Asked, Clash, Kept, Row};
use ui::gallery_answers::{self as gallery, every_kind};

use super::asking::{answered, ask, named, path, written};
use super::browser::Browser;
use super::common::{all, attr, description, one, page, text};

/// How a person gives the gallery's answer to each question.
fn fill(key: &str, b: &mut Browser) {
    match key {
        "lead" => {
            b.write("Name of the organisation", "Kite Common Trust");
            b.tick("Community");
            b.choose("Register", "Charity register");
            b.write("Number in the register", "1234567");
        }
        "contact" => {
            b.write("Name", "Wren Hollow");
            b.write("Role", "Chair");
        }
        "area" => {
            b.write("Name of the area", "Riverside");
            b.write("Statistics (GSS) code", "e08000003");
        }
        "called" => b.write("What is the partnership called? (optional)", "Kite Common and the river streets"),
        "worked-together" => b.tick("Yes"),
        "since" => b.write("Since when? (optional)", "March 2020"),
        "different" => {
            b.write("What would be different? (optional)", "People would know whom to ask.\n\nThe surgery would know them too.")
        }
        "needs" => ["Food", "Housing"].into_iter().for_each(|need| b.tick(need)),
        "stage" => b.tick("Started"),
        "town" => b.choose("The nearest town (optional)", "Hull"),
        "people" => b.write("How many people live there? (optional)", "12,000"),
        "trust" => b.tick("2 Mostly"),
        "deciding" => b.tick("2 Growing"),
        "likely" => b.tick("7"),
        "ready" => {
            b.tick("People: 2 Mostly");
            b.tick("Money: 0 Not yet");
        }
        "order" => [("Depth", "1"), ("Reach", "2"), ("Speed", "3")].into_iter().for_each(|(what, place)| b.choose(what, place)),
        "start" => b.write("When would you start? (optional)", "27 March 2027"),
        "ask" => b.write("How much do you ask for? (optional)", "25,000.50"),
        "budget" => {
            b.write("Staff: Year 1 (£)", "12,000");
            b.write("Staff: Year 2 (£)", "9000");
            b.write("Line 3: what for", "Minibus and fuel");
            b.write("Line 3: Year 1 (£)", "3000.50");
        }
        "quarters" => {
            b.write("Line 1: what for", "Wages");
            b.write("Line 1: Quarter 1 (£)", "500");
            b.write("Line 1: Quarter 6 (£)", "125.50");
        }
        other => panic!("nobody has said how {other} is filled in"),
    }
}

#[test]
fn what_a_person_fills_in_by_the_names_they_hear_is_the_answer() {
    for (question, value) in answered() {
        // A file is taken in by the server before it is an answer.
        if question.key == "letter" {
            continue;
        }
        let mut browser = Browser::open(&ask(&question, &Fields::default(), Lang::En));
        assert_eq!(question.kind.read("q", &browser.send()), Ok(None), "{} is answered before anybody answered it", question.key);
        fill(&question.key, &mut browser);
        assert_eq!(question.kind.read("q", &browser.send()), Ok(Some(value)), "{}", question.key);
    }
}

#[test]
fn an_answer_that_is_shown_again_and_sent_untouched_stays_as_it_was() {
    for (question, value) in answered() {
        for lang in [Lang::En, Lang::Cy] {
            let sent = Browser::open(&ask(&question, &written(&question, &value), lang)).send();
            assert_eq!(question.kind.read("q", &sent), Ok(Some(value.clone())), "{}", question.key);
            assert_eq!(sent.get("version.q"), "0");
        }
    }
}

#[test]
fn what_was_mistyped_comes_back_to_be_put_right() {
    for (key, name, typed) in
        [("ask", "q", "lots"), ("start", "q", "next spring"), ("budget", "q.line-1.year-1", "many"), ("area", "q.code", "M1")]
    {
        let question = named(&every_kind(), key);
        let fields = Fields::from_iter([(name, typed)]);
        assert_eq!(Browser::open(&ask(&question, &fields, Lang::En)).send().get(name), typed);
    }
}

#[test]
fn every_box_has_a_name_of_its_own() {
    for (question, value) in answered() {
        for fields in [Fields::default(), written(&question, &value)] {
            let browser = Browser::open(&ask(&question, &fields, Lang::En));
            let labels = browser.labels();
            assert!(labels.iter().all(|l| !l.is_empty()), "{}: {labels:?}", question.key);
            assert_eq!(labels.iter().collect::<HashSet<_>>().len(), labels.len(), "{}: {labels:?}", question.key);
        }
    }
}

#[test]
fn what_was_wrong_is_told_where_the_summary_leads() {
    for (key, name, typed) in [
        ("different", "q", "word ".repeat(51)),
        ("people", "q", "some".into()),
        ("ask", "q", "lots".into()),
        ("start", "q", "soon".into()),
        ("since", "q", "soon".into()),
        ("town", "q", "nowhere".into()),
        ("lead", "q.id", "12#4".into()),
        ("lead", "q.sector", "health".into()),
        ("area", "q.code", "M1 1AA".into()),
        ("contact", "q.role", "Chair".into()),
        ("order", "q.speed", "9".into()),
        ("ready", "q.hands", "9".into()),
        ("budget", "q.line-1.year-2", "many".into()),
        ("budget", "q.line-1.year-1", "5".into()),
        ("worked-together", "q", "maybe".into()),
        ("needs", "q", "nothing".into()),
    ] {
        let question = named(&every_kind(), key);
        let fields = Fields::from_iter([(name, typed)]);
        let problems = question.kind.read("q", &fields).unwrap_err();
        let page = page(answers::question(&Asked::new(&question, &path("q"), Lang::En, &fields).problems(&problems)));
        for problem in problems {
            let led_to = one(&page, &format!("[id='{}']", problem.field("q")));
            let tag = led_to.value().name();
            assert!(["input", "textarea", "select"].contains(&tag) || attr(led_to, "tabindex") == "-1", "{key}: {tag}");
            let said = format!(
                "{} {}",
                description(&page, led_to),
                all(&page, "fieldset").into_iter().map(|f| description(&page, f)).collect::<String>()
            );
            assert!(said.contains(&format!("Error: {}", problem.message)), "{key} says {said}");
            let marked = attr(led_to, "aria-invalid") == "true";
            assert!(marked || tag == "fieldset" || attr(led_to, "type") == "radio", "{key}");
        }
    }
}

#[test]
fn a_problem_of_a_part_that_has_no_box_is_still_told() {
    let question = named(&every_kind(), "ready");
    let fields = Fields::default();
    let problems = [FieldProblem { part: "gone".into(), message: "This row is gone".into() }];
    let page = page(answers::question(&Asked::new(&question, &path("q"), Lang::En, &fields).problems(&problems)));
    assert!(description(&page, one(&page, "fieldset")).contains("This row is gone"));
}

#[test]
fn help_guidance_limits_and_source_are_read_with_the_box() {
    let form = every_kind();
    let fields = Fields::default();
    let question = named(&form, "different");
    let shown =
        page(answers::question(&Asked::new(&question, &path("q"), Lang::En, &fields).prefilled_from(Some("your first stage"))));
    let said = description(&shown, one(&shown, "textarea"));
    for part in
        ["For the people who live there.", "Two or three paragraphs", "Filled in for you from your first stage.", "0 of 50 words"]
    {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    for (key, part) in [
        ("people", "From 100 to 2,000,000."),
        ("people", "people"),
        ("ask", "From £1,000 to £50,000."),
        ("start", "No earlier than 1 December 2026. For example, 27 March 2026"),
        ("since", "No later than November 2026."),
        ("letter", "PDF, or JPEG or PNG picture. Up to 5 MB."),
    ] {
        let page = ask(&named(&form, key), &fields, Lang::En);
        let said = description(&page, one(&page, "[id=q]"));
        assert!(said.contains(part), "{key}: {part} is not in {said}");
    }
}

#[test]
fn words_are_counted_before_any_script_runs() {
    let question = named(&every_kind(), "different");
    let count =
        |words: usize| text(one(&ask(&question, &Fields::from_iter([("q", "word ".repeat(words))]), Lang::En), ".counted"));
    assert!(count(0).starts_with("0 of 50 words"));
    assert_eq!(count(53), "53 of 50 words: 3 too many");
    let page = ask(&question, &Fields::from_iter([("q", "a b")]), Lang::En);
    assert!(one(&page, "[data-over]").value().attr("hidden").is_some());
}

#[test]
fn a_choice_that_need_not_be_made_can_be_taken_back() {
    for (key, value) in [("worked-together", "yes"), ("stage", "idea"), ("trust", "2")] {
        let question = named(&every_kind(), key);
        let fields = Fields::from_iter([("q", value)]);
        let mut browser = Browser::open(&ask(&question, &fields, Lang::En));
        browser.tick("No answer");
        assert_eq!(question.kind.read("q", &browser.send()), Ok(None));
        let required = page(answers::question(&Asked::new(&question, &path("q"), Lang::En, &fields).required(true)));
        assert!(!Browser::open(&required).labels().contains(&"No answer"));
    }
    let grid = named(&every_kind(), "ready");
    let mut browser = Browser::open(&ask(&grid, &Fields::from_iter([("q.hands", "2")]), Lang::En));
    browser.tick("People: No answer");
    assert_eq!(grid.kind.read("q", &browser.send()), Ok(None));
}

#[test]
fn a_file_is_kept_by_its_tick_and_replaced_by_another() {
    let (question, value) = answered().into_iter().find(|(q, _)| q.key == "letter").unwrap();
    let page = ask(&question, &written(&question, &value), Lang::En);
    let mut browser = Browser::open(&page);
    browser.tick("Keep Letter from the surgery.pdf (235 kB)");
    assert_eq!(question.kind.read("q", &browser.send()), Ok(None));
    let file = one(&page, "input[type=file]");
    assert_eq!((attr(file, "id"), attr(file, "name"), attr(file, "accept")), ("q", "q.file", ".pdf,.jpg,.jpeg,.png"));
}

#[test]
fn a_scale_and_a_grid_say_each_point_in_words() {
    let page = ask(&named(&every_kind(), "ready"), &Fields::default(), Lang::En);
    let heads: Vec<String> = all(&page, "table[role=table] th[role=columnheader]").into_iter().map(text).collect();
    assert_eq!(heads, ["0 Not yet", "1 A little", "2 Mostly", "3 Fully"]);
    assert_eq!(all(&page, "tr[role=row] > th[role=rowheader]").len(), 3);
    assert_eq!(all(&page, "td[role=cell] input[type=radio]").len(), 12);
}

fn press<'a>(page: &'a Html, words: &str) -> (&'a str, &'a str) {
    let button = all(page, "button").into_iter().find(|b| text(*b) == words).unwrap_or_else(|| panic!("no button ‘{words}’"));
    assert_eq!(attr(button, "type"), "submit");
    (attr(button, "name"), attr(button, "value"))
}

#[test]
fn a_budget_adds_up_and_offers_the_next_line() {
    let (question, value) = answered().into_iter().find(|(q, _)| q.key == "budget").unwrap();
    let page = ask(&question, &written(&question, &value), Lang::En);
    let sums: Vec<String> = all(&page, "[data-sum]").into_iter().map(text).collect();
    assert_eq!(sums, ["£21,000", "£0", "£3,000.50", "£0", "£15,000.50", "£9,000", "£24,000.50"]);
    assert_eq!(press(&page, "Remove line 3"), ("remove.q", "line-1"));
    assert_eq!(press(&page, "Add another line"), ("add.q", "yes"));
    let mut browser = Browser::open(&page);
    browser.write("Line 4: what for", "Tea");
    browser.write("Line 4: Year 2 (£)", "40");
    let Ok(Some(Value::Budget(lines))) = question.kind.read("q", &browser.send()) else { panic!("no budget") };
    assert_eq!(lines.iter().map(|l| l.id.as_str()).collect::<Vec<_>>(), ["staff", "line-1", "line-2"]);
}

#[test]
fn a_full_budget_offers_no_more_lines() {
    let question = named(&every_kind(), "quarters");
    let full: Fields = (1..=3).map(|i| (format!("q.line-{i}.about"), "Wages")).collect();
    let page = ask(&question, &full, Lang::En);
    assert_eq!(all(&page, "tbody tr").len(), 3);
    assert!(all(&page, "button").into_iter().all(|b| text(b) != "Add another line"));
}

#[test]
fn enter_in_a_box_takes_nothing_away() {
    let form = every_kind();
    let fields = gallery::fields(&form, &gallery::answers());
    for key in ["budget", "quarters", "partners"] {
        let question = named(&form, key);
        let own = path(key);
        let inner = path(&format!("{key}.r1.name"));
        let row: RowId = "r1".parse().unwrap();
        let name = form.at(&path("partners.r1.name")).unwrap();
        let rows = vec![Row { id: &row, questions: vec![Asked::new(name, &inner, Lang::En, &fields)] }];
        let page = page(answers::question(&Asked::new(&question, &own, Lang::En, &fields).rows(rows)));
        let first = all(&page, "button")[0];
        assert!(first.value().attr("name").is_none(), "{key}");
        assert_eq!((attr(first, "tabindex"), attr(first, "aria-hidden")), ("-1", "true"));
    }
}

#[test]
fn a_group_asks_its_questions_for_each_row() {
    let (form, given) = (every_kind(), gallery::answers());
    let fields = gallery::fields(&form, &given);
    let question = named(&form, "partners");
    let own = path("partners");
    let ids = given.rows("partners").to_vec();
    let Kind::Group { questions, .. } = &question.kind else { panic!("not a group") };
    let paths: Vec<Vec<Path>> =
        ids.iter().map(|id| questions.iter().map(|q| Path::in_row("partners", id, &q.key).unwrap()).collect()).collect();
    let rows = ids.iter().zip(&paths).map(|(id, paths)| Row {
        id,
        questions: questions.iter().zip(paths).map(|(q, path)| Asked::new(q, path, Lang::En, &fields)).collect(),
    });
    let page = page(answers::question(&Asked::new(&question, &own, Lang::En, &fields).rows(rows.collect())));
    let legends: Vec<String> = all(&page, "fieldset.row > legend").into_iter().map(text).collect();
    assert_eq!(legends, ["Partner 1", "Partner 2"]);
    assert_eq!(press(&page, "Remove this partner (Partner 2)"), ("remove.partners", "r2"));
    assert_eq!(press(&page, "Add another partner"), ("add.partners", "yes"));
    let sent = Browser::open(&page).send();
    assert_eq!(question.kind.read("partners", &sent), Ok(given.get(&own).cloned()));
    for path in paths.iter().flatten() {
        assert_eq!(form.at(path).unwrap().kind.read(&path.to_string(), &sent), Ok(given.get(path).cloned()), "{path}");
        assert_eq!(sent.get(&format!("version.{path}")), "0");
    }
}

#[test]
fn a_group_of_nobody_offers_the_first() {
    let question = named(&every_kind(), "partners");
    let page = ask(&question, &Fields::default(), Lang::En);
    assert_eq!(press(&page, "Add a partner"), ("add.q", "yes"));
}

#[test]
fn a_computed_answer_is_shown_and_sends_nothing() {
    let question = named(&every_kind(), "for-each");
    let (fields, value) = (Fields::default(), Value::Money(kernel::Money::from_pence(208)));
    let page = page(answers::question(&Asked::new(&question, &path("q"), Lang::En, &fields).computed(Some(&value))));
    assert_eq!(text(one(&page, ".computed-value")), "£2.08");
    assert_eq!(all(&page, "input").len(), 0);
    assert!(text(one(&ask(&question, &fields, Lang::En), ".computed-value")).starts_with("Not known yet"));
}

fn clashing(question: &Question, theirs: &Value, fields: &Fields) -> Html {
    let clash = Clash { theirs: Some(theirs), who: "Bethan Rees", when: "12 March 2026 at 14:02", problem: None };
    page(answers::question(&Asked::new(question, &path("q"), Lang::En, fields).required(true).clash(Some(clash))))
}

#[test]
fn of_two_texts_one_is_kept_or_both_and_nothing_typed_is_lost() {
    let question = named(&every_kind(), "different");
    let theirs = Value::Text("Their words".into());
    let typed = Fields::from_iter([("q", "My words\r\nand more")]);
    let page = clashing(&question, &theirs, &typed);
    let said = text(one(&page, ".clash"));
    assert!(said.contains("Bethan Rees changed this answer on 12 March 2026 at 14:02"));
    assert!(["My words", "and more", "Their words"].iter().all(|words| said.contains(words)), "{said}");
    let kept = |act: &dyn Fn(&mut Browser)| {
        let mut browser = Browser::open(&page);
        act(&mut browser);
        let sent = browser.send();
        match answers::kept(&question, &path("q"), &sent, Some(&theirs), Lang::En) {
            Kept::Answer(fields) => question.kind.plain(&question.kind.read("q", &fields).unwrap().unwrap(), Lang::En),
            Kept::Theirs => "theirs".into(),
            Kept::Ask(message) => {
                // Asked again, everything is still there.
                let again = Browser::open(&clashing(&question, &theirs, &sent)).send();
                assert_eq!((again.get("mine.q"), again.get("q")), (sent.get("mine.q"), sent.get("q")));
                message
            }
        }
    };
    let both = "Put both together, as they stand below; change them there as you like";
    let edit = |b: &mut Browser| b.write("What would be different?", "Something third");
    assert_eq!(kept(&|b| b.tick("Keep mine")), "My words\nand more");
    assert_eq!(kept(&|b| b.tick("Keep theirs")), "theirs");
    assert_eq!(kept(&|b| b.tick(both)), "My words\nand more\n\nTheir words");
    assert_eq!(
        kept(&|b| {
            edit(b);
            b.tick(both)
        }),
        "Something third"
    );
    assert!(
        kept(&|b| {
            edit(b);
            b.tick("Keep mine")
        })
        .contains("You also wrote")
    );
    assert!(
        kept(&|b| {
            edit(b);
            b.tick("Keep theirs")
        })
        .contains("You also wrote")
    );
    assert_eq!(kept(&|_| {}), "Choose which answer to keep");
}

#[test]
fn every_kind_of_answer_can_clash() {
    for (question, value) in answered() {
        let typed = written(&question, &value);
        let theirs = Value::Text("theirs".into());
        let page = clashing(&question, &theirs, &typed);
        let mut browser = Browser::open(&page);
        browser.tick("Keep mine");
        let Kept::Answer(fields) = answers::kept(&question, &path("q"), &browser.send(), Some(&theirs), Lang::En) else {
            panic!("{} is not kept", question.key)
        };
        assert_eq!(question.kind.read("q", &fields), Ok(Some(value)), "{}", question.key);
    }
}

#[test]
fn an_answer_taken_away_is_one_of_the_two() {
    let question = named(&every_kind(), "different");
    let theirs = Value::Text("Their words".into());
    let page = clashing(&question, &theirs, &Fields::default());
    let mut browser = Browser::open(&page);
    browser.tick("Keep mine");
    let Kept::Answer(fields) = answers::kept(&question, &path("q"), &browser.send(), Some(&theirs), Lang::En) else { panic!() };
    assert_eq!(question.kind.read("q", &fields), Ok(None));
}

#[test]
fn welsh_is_marked_and_so_is_what_has_none() {
    let page = ask(&named(&every_kind(), "needs"), &Fields::default(), Lang::Cy);
    assert_eq!(attr(one(&page, ".question"), "lang"), "cy");
    assert_eq!(text(one(&page, "label[for=q]")), "Bwyd");
    assert_eq!(all(&page, "label[for=q] [lang]").len(), 0);
    assert_eq!(text(one(&page, "label[for=q-2] [lang=en]")), "Transport");
    assert!(text(one(&page, "legend")).ends_with("(dewisol)"));
    let english = ask(&named(&every_kind(), "needs"), &Fields::default(), Lang::En);
    assert!(all(&english, ".question [lang], .question[lang]").is_empty());
}
