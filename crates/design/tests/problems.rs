//! Whoever makes a mistake in a design is told where it is, what it is and what would be right.

mod small;

use design::Programme;
use proptest::prelude::*;
use small::{DESIGN, HISTORY, changed, read};

/// What is said about the small programme when one text in it is exchanged for another.
fn said(from: &str, to: &str) -> Vec<String> {
    changed(from, to).expect_err("this should not be sound").iter().map(ToString::to_string).collect()
}

/// The line and column at which a text stands in the small programme.
fn position(text: &str) -> String {
    let (file, whole) = if DESIGN.contains(text) { ("programme.toml", DESIGN) } else { ("history.toml", HISTORY) };
    let before = &whole[..whole.find(text).expect("the test's own text is sound")];
    let line = before.matches('\n').count() + 1;
    format!("{file}:{line}:{}", before.rsplit('\n').next().expect("the test's own text is sound").chars().count() + 1)
}

#[test]
fn the_small_programme_is_sound() {
    let programme = read(DESIGN, HISTORY).unwrap();
    assert_eq!(programme.design.slug, "small");
    assert_eq!(programme.design.days[0].quarter_days, 30);
    assert_eq!(programme.design.totals[0].sources[0].section.as_deref(), Some("2 Money"));
    assert!(programme.contents().contains("Money: 1: Grants 2 × £50,000 = £100,000"));
}

#[test]
fn a_misspelt_role_is_found_wherever_it_stands() {
    let near = "There is no role ‘consultent’. Did you mean ‘consultant’?";
    assert_eq!(said("by = [\"consultant\"]", "by = [\"consultent\"]"), ["programme.toml:97:7: ".to_owned() + near]);
    assert_eq!(said("role = \"consultant\"", "role = \"consultent\""), ["programme.toml:122:8: ".to_owned() + near]);
    assert_eq!(said("readers = [\"consultant\", ", "readers = [\"consultent\", ")[0], "programme.toml:84:12: ".to_owned() + near);
    let far = said("decided_by = [\"lead\"]", "decided_by = [\"everybody\"]");
    assert_eq!(far, ["programme.toml:48:15: There is no role ‘everybody’. There are ‘lead’, ‘consultant’ and ‘member’."]);
}

#[test]
fn numbers_that_would_give_people_away_are_refused() {
    let found = said("name = \"Small\"", "name = \"Small\"\nsmall_numbers = 1");
    assert!(found.iter().any(|f| f.contains("small_numbers = 1 would tell what one person said")), "{found:?}");
}

#[test]
fn names_of_other_parts_are_checked_too() {
    for (from, to, message) in [
        ("after = \"first\"", "after = \"frist\"", "There is no phase ‘frist’. Did you mean ‘first’?"),
        ("component = \"support\"", "component = \"suport\"", "There is no component ‘suport’. Did you mean ‘support’?"),
        ("circles = [\"support\"]", "circles = [\"suport\"]", "There is no circle ‘suport’. Did you mean ‘support’?"),
        ("to = \"team\"", "to = \"teem\"", "There is no circle ‘teem’. Did you mean ‘team’?"),
        ("of = [\"grants\"]", "of = [\"grant\"]", "There is no money line ‘grant’. Did you mean ‘grants’?"),
        ("place = \"north\"", "place = \"nort\"", "There is no place ‘nort’. Did you mean ‘north’?"),
        ("lead = \"friends\"", "lead = \"freinds\"", "There is no organisation ‘freinds’. Did you mean ‘friends’?"),
        ("sources = [\"S1 1\"]", "sources = [\"S2 1\"]", "There is no document ‘S2’. Did you mean ‘S1’?"),
    ] {
        let found = said(from, to);
        assert!(found.iter().any(|f| f.ends_with(message)), "{message} is not in {found:?}");
        let line = position(from);
        let line = line.rsplit_once(':').unwrap().0;
        assert!(found.iter().all(|f| f.starts_with(line)), "{found:?} should be in {line}");
    }
}

#[test]
fn a_circle_needs_readers_and_a_places_own_circle_has_only_its_people() {
    assert_eq!(
        said("readers = [\"lead\"]\nwriters = [\"lead\"]", "readers = []\nwriters = []")[0],
        "programme.toml:91:11: Nobody can read the circle ‘team’. Name the roles that read it, or write public = true."
    );
    assert_eq!(
        said("readers = [\"member\"]", "readers = [\"member\", \"consultant\"]"),
        [
            "programme.toml:76:22: ‘consultant’ sits with the support partner, and ‘place’ is the place's own circle. Only roles with side = \"place\" may read it."
        ]
    );
    assert!(
        said("writers = [\"lead\"]", "writers = [\"lead\", \"member\"]")[0]
            .contains("‘member’ may write in the circle ‘team’ but not read it")
    );
}

#[test]
fn flows_lead_from_readers_to_others() {
    assert!(
        said("by = [\"consultant\"]", "by = [\"lead\"]")[0].contains("‘lead’ cannot read ‘support’ and so cannot share from it")
    );
    assert!(
        said("may = [\"write-entries\", \"share-extracts\"]\ncomponent", "may = [\"write-entries\"]\ncomponent")[0]
            .contains("‘consultant’ may not share extracts")
    );
    let narrow = said("to = \"team\"", "to = \"place\"");
    assert_eq!(
        narrow,
        [
            "programme.toml:96:6: Everybody who reads ‘place’ reads ‘support’ already. Share into a wider circle, or write narrower = true if this is meant."
        ]
    );
    assert!(changed("to = \"team\"", "to = \"place\"\nnarrower = true").is_ok());
}

#[test]
fn information_has_to_come_from_somebody_who_has_it() {
    assert_eq!(
        said("supplies = [\"progress\"]", "supplies = [\"gossip\"]"),
        [
            "programme.toml:22:66: Grants needs ‘progress’ from ‘support’, which does not supply it. Add \"progress\" to what ‘support’ supplies, or get it from elsewhere."
        ]
    );
    assert_eq!(
        said(", from = [\"support\"]", ""),
        [
            "programme.toml:22:10: Nobody supplies ‘progress’, which Grants needs. ‘support’ supplies it: write from = [\"support\"]."
        ]
    );
    assert!(changed("from = [\"support\"]", "from = [\"places\"]").is_ok());
}

#[test]
fn money_that_does_not_add_up_is_wrong_only_where_it_is_said_to() {
    let found = said("amount = \"£100,000\"", "amount = \"£90,000\"");
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with("programme.toml:116:10: The lines of ‘all’ come to £100,000, not £90,000. Write £100,000"),
        "{found:?}"
    );
    let noted =
        changed("amount = \"£100,000\"\nof = [\"grants\"]\nexact = true", "amount = \"£90,000\"\nof = [\"grants\"]").unwrap();
    assert_eq!(
        noted.notes(),
        [
            "The planned lines (2 × £50,000) come to £100,000: £10,000 more than all grants, stated as £90,000 (S1 §2 Money). Both stand."
        ]
    );
    assert_eq!(
        said("\"£20,000\"]", "\"£25,000\"]"),
        ["history.toml:23:15: The instalments come to £55,000, but the award is £50,000. Let them add up to £50,000."]
    );
}

#[test]
fn facts_need_sources_and_stand_in_order() {
    assert_eq!(
        said("name = \"South\"\nsources = [\"S1\"]", "name = \"South\""),
        [
            "history.toml:14:1: This fact has no source. Write sources = [\"…\"] with the document and section that give it, or leave the fact out."
        ]
    );
    assert_eq!(
        said("slug = \"south\"", "slug = \"north\""),
        ["history.toml:15:8: ‘north’ stands twice in places. Give each a key of its own."]
    );
    assert_eq!(
        said("to = \"2021-03\"", "to = \"2021-01\""),
        ["history.toml:32:6: It ends (January 2021) before it begins (15 February 2021). Put the later date in to."]
    );
    assert!(
        said("after = \"first\"\nbefore = \"second\"", "after = \"second\"\nbefore = \"first\"")[0]
            .contains("comes after a phase that starts later (2022) than the phase it comes before (February 2021)")
    );
}

#[test]
fn what_cannot_be_read_says_how_to_write_it() {
    for (from, to, message) in [
        ("summary = ", "sumary = ", "programme.toml:2:1: There is no key ‘sumary’ here. Did you mean ‘summary’?"),
        (
            "scope = \"programme\"",
            "scope = \"program\"",
            "programme.toml:53:9: ‘program’ is not a word that this design language knows. Did you mean ‘programme’?",
        ),
        (
            "amount = \"£50,000\"",
            "amount = 50000",
            "programme.toml:110:10: The number ‘50000’ cannot stand here. Write text in quotation marks, like \"…\".",
        ),
        (
            "amount = \"£50,000\"",
            "amount = \"fifty\"",
            "programme.toml:110:10: ‘fifty’ is not an amount of money. Enter an amount in pounds, like £50,000 or £12.50.",
        ),
        (
            "days = 7.5",
            "days = 7.6",
            "programme.toml:123:8: 7.6 is not a number of days in quarters. Write days in steps of a quarter, like 8 or 0.25.",
        ),
        (
            "from = \"2021-02\"",
            "from = \"Feb 2021\"",
            "programme.toml:34:8: ‘Feb 2021’ is not a date. Write a year, a month or a day, like \"2021\", \"2021-02\" or \"2021-02-15\".",
        ),
        (
            "key = \"team\"",
            "key = \"The Team\"",
            "programme.toml:88:7: ‘The Team’ cannot be a key. Use small letters, numbers and hyphens, like ‘learning-lead’.",
        ),
    ] {
        let found = said(from, to);
        assert_eq!(found[0], message);
    }
    assert!(said("[[phases]]", "[[phases]")[0].starts_with("programme.toml:31:"));
}

#[test]
fn all_problems_are_told_at_once_in_their_order() {
    let design =
        DESIGN.replacen("after = \"first\"", "after = \"last\"", 1).replacen("role = \"consultant\"", "role = \"consultent\"", 1);
    let history = HISTORY.replacen("place = \"north\"", "place = \"west\"", 1);
    let found = read(&design, &history).unwrap_err();
    let lines: Vec<(&str, usize)> = found.iter().map(|p| (p.file.as_str(), p.line)).collect();
    assert_eq!(lines, [("programme.toml", 46), ("programme.toml", 122), ("history.toml", 20)]);

    let shapes = DESIGN
        .replacen("kind = \"grants\"", "kind = \"money\"", 1)
        .replacen("days = 7.5", "days = \"many\"", 1)
        .replacen("side = \"place\"", "side = 3", 1);
    assert_eq!(read(&shapes, HISTORY).unwrap_err().iter().map(|p| p.line).collect::<Vec<_>>(), [20, 69, 123]);
}

#[test]
fn a_key_stands_in_one_file_only() {
    let history = format!("{HISTORY}\n[[days]]\nrole = \"consultant\"\ndays = 1\nper = \"year\"\n");
    let found = read(DESIGN, &history).unwrap_err();
    assert!(found[0].to_string().contains("‘days’ stands in two files. Keep it in one of them."), "{found:?}");
    assert_eq!(found[0].file, "history.toml");
}

#[test]
fn what_is_asked_twice_is_noted() {
    let design = DESIGN.replacen("from = [\"support\"]", "from = [\"places\"]", 1).replacen(
        "supplies = [\"progress\"]",
        "needs = [{ key = \"progress\", what = \"how places get on\", from = [\"places\"] }]",
        1,
    );
    let notes = read(&design, HISTORY).unwrap().notes();
    assert!(notes.contains(&"Grants and Support would each ask the places for the same thing (how places get on): ask once and share the answer.".to_owned()), "{notes:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn mangled_text_never_breaks_the_reader(at in 0usize..3000, length in 0usize..40, put in "[\\[\\]\"={}#a-z0-9£é\\n.,' -]{0,12}", history in any::<bool>()) {
        let mangle = |text: &str| {
            let letters: Vec<char> = text.chars().collect();
            let at = at % letters.len();
            let end = (at + length).min(letters.len());
            letters[..at].iter().chain(put.chars().collect::<Vec<_>>().iter()).chain(&letters[end..]).collect::<String>()
        };
        let (design, history) = if history { (DESIGN.to_owned(), mangle(HISTORY)) } else { (mangle(DESIGN), HISTORY.to_owned()) };
        match read(&design, &history) {
            Ok(programme) => prop_assert!(!programme.contents().is_empty()),
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                for problem in problems {
                    prop_assert!(problem.line >= 1 && problem.column >= 1 && !problem.what.is_empty());
                }
            }
        }
    }

    #[test]
    fn any_text_at_all_is_read_or_refused(text in "\\PC{0,200}") {
        let files = [("programme.toml".to_owned(), text)];
        let _ = Programme::from_files("small", &files, &small::sources());
    }
}

#[test]
fn one_more_programme_takes_a_folder_and_no_code() {
    let dir = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("an-eighth");
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("programme.toml"), DESIGN).unwrap();
    std::fs::write(dir.join("history.toml"), HISTORY).unwrap();
    std::fs::write(dir.join("notes.txt"), "not read").unwrap();
    assert_eq!(Programme::read(&dir, &small::sources()).unwrap().design.slug, "an-eighth");

    std::fs::write(dir.join("history.toml"), HISTORY.replacen("[\"S1\"]", "[\"S7\"]", 1)).unwrap();
    let problem = Programme::read(&dir, &small::sources()).unwrap_err().remove(0);
    assert_eq!(
        problem.to_string(),
        format!("{}:5:12: There is no document ‘S7’. Did you mean ‘S1’?", dir.join("history.toml").display())
    );

    let nowhere = Programme::read(&dir.join("nowhere"), &small::sources()).unwrap_err().remove(0);
    assert!(nowhere.what.starts_with("This cannot be read"));
}

#[test]
fn the_list_of_documents_is_checked_too() {
    let text = small::SOURCES.replacen("publisher", "editor", 1) + "\n[S2]\ntitle = \"Another\"\nkind = \"report\"\n";
    let found: Vec<String> =
        design::Sources::from_text("sources.toml", &text).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(
        found[0],
        "sources.toml:3:1: There is no key ‘editor’ here. There are ‘title’, ‘publisher’, ‘date’, ‘kind’ and ‘note’."
    );
    assert_eq!(found[1], "sources.toml:6:1: ‘publisher’ is missing here. Write publisher = ….");
}

#[test]
fn a_gate_without_a_phase_is_told_at_the_gate() {
    let found = said("after = \"first\"\n", "");
    assert_eq!(found, ["programme.toml:43:1: ‘after’ is missing here. Write after = …."]);
}

#[test]
fn days_belong_to_work_that_there_is() {
    let line = "days = 7.5\nper = \"year\"";
    let with = |more: &str| said(line, &format!("{line}\n{more}"));
    let one = |more: &str, words: &str| {
        let found = with(more);
        assert!(found.len() == 1 && found[0].contains(words), "{more}: {found:?}");
    };
    one("per_place = true\nkinds = [\"sesion\"]", "There is no kind of entry ‘sesion’. Did you mean ‘session’?");
    one("kinds = [\"session\"]", "Days are logged with entries only where they are for places");
    one("per_place = true\nprotected = true", "Only time on the programme's own work is protected");
    one("[[days]]\nrole = \"consultant\"\ndays = 1\nper = \"year\"", "The days of this role for this work stand here twice");
    one(
        "per_place = true\n[[days]]\nrole = \"lead\"\nper_place = true\nkinds = [\"session\"]\ndays = 1\nper = \"year\"",
        "‘lead’ writes no session",
    );
    one("carry = \"sometimes\"", "sometimes");
    let sound = changed(line, &format!("{line}\nper_place = true\nkinds = [\"session\"]\ncarry = \"carry-over\"")).unwrap();
    assert_eq!(sound.design.days[0].carry, design::Carry::CarryOver);
    assert!(sound.contents().contains("7.5 days a year for each place, carried over"), "{}", sound.contents());
    assert_eq!((sound.design.place_days().count(), sound.design.staff_days().count()), (1, 0));
}

#[test]
fn what_the_page_on_influence_counts_is_there() {
    let line = "circles = [\"support\"]\n";
    let with = |asked: &str, mark: &str| {
        let step = |key: &str, more: &str| {
            format!("[[kinds.steps]]\nkey = \"{key}\"\nname = \"Say so\"\nstands = \"{key}\"\nby = [\"member\"]\n{more}\n")
        };
        let steps = step("done", "first = true") + &step("over", "from = [\"done\"]\nends = true");
        format!("{line}{asked}[kinds.influence]\n{mark}\n{steps}")
    };
    let (asked, mark) = ("addressed_to = [\"member\"]\n", "part = \"backing\"\ndone = \"done\"\ncame = \"over\"");
    let sound = changed(line, &with(asked, mark)).unwrap();
    assert_eq!(sound.design.influences(design::InfluencePart::Backing).count(), 1);
    assert_eq!(sound.design.influences(design::InfluencePart::Stage).count(), 0);
    for (asked, mark, words) in [
        (asked, mark.replace("done = \"done\"", "done = \"don\""), "There is no step ‘don’ of ‘session’. Did you mean ‘done’?"),
        ("", mark.to_owned(), "Nobody is asked by a ‘session’"),
        ("", mark.replace("backing", "policy"), "A ‘session’ does not say how strong its evidence is"),
        ("", mark.replace("backing", "policy") + "\nstrength = \"sure\"", "There is no part ‘sure’ of ‘session’"),
        ("", mark.replace("backing", "fame"), "fame"),
    ] {
        let found = said(line, &with(asked, &mark));
        assert!(found.len() == 1 && found[0].contains(words), "{words}: {found:?}");
    }
}

#[test]
fn an_output_is_signed_off_by_a_place_and_published_by_somebody() {
    let line = "circles = [\"support\"]\n";
    let with = |mark: &str| format!("{line}[kinds.output]\n{mark}\n");
    let sound = changed(line, &with("published_by = [\"member\"]")).unwrap();
    let rule = sound.design.kinds.iter().find_map(|k| k.output.as_ref()).expect("an output");
    assert_eq!((rule.stalls_after, rule.evaluation), (30, false));
    for (mark, words) in [
        ("published_by = []", "Nobody can publish a ‘session’"),
        ("published_by = [\"membr\"]", "Did you mean ‘member’?"),
        ("published_by = [\"member\"]\nstalls_after = 0", "An output cannot stall at once"),
    ] {
        let found = said(line, &with(mark));
        assert!(found.len() == 1 && found[0].contains(words), "{words}: {found:?}");
    }
}

#[test]
fn an_event_can_be_held() {
    let line = "circles = [\"support\"]\n";
    let with = |circle: &str, mark: &str| {
        let step = |key: &str, more: &str| {
            format!("[[kinds.steps]]\nkey = \"{key}\"\nname = \"Say so\"\nstands = \"{key}\"\nby = [\"consultant\"]\n{more}\n")
        };
        let steps =
            step("agreed", "first = true") + &step("held", "from = [\"agreed\"]\nends = true") + &step("off", "ends = true");
        let all = "[[circles]]\nkey = \"all\"\nname = \"All\"\nscope = \"programme\"\nreaders = [\"consultant\", \"member\"]\nwriters = [\"consultant\"]\n";
        format!("circles = [\"{circle}\"]\n[kinds.gathering]\n{mark}\n{steps}{all}")
    };
    let mark = "agreed = \"agreed\"\nheld = \"held\"\ncancelled = \"off\"";
    let sound = changed(line, &with("all", mark)).unwrap();
    let (kind, rule) = sound.design.gatherings().next().unwrap();
    assert_eq!((kind.key.as_str(), rule.days_before, rule.days_after, rule.needs_days), ("session", 3, 1, 14));
    for (circle, mark, words) in [
        ("all", mark.replace("held = \"held\"", "held = \"hold\""), "There is no step ‘hold’ of ‘session’. Did you mean ‘held’?"),
        ("all", mark.replace("agreed = \"agreed\"", "agreed = \"off\""), "The step ‘off’ closes the event"),
        ("all", mark.replace("held = \"held\"", "held = \"agreed\""), "The step ‘agreed’ does not close the event"),
        ("all", format!("{mark}\nneeds_days = 91"), "needs_days = 91 is longer than it may be. Write 90 or less"),
        ("all", format!("{mark}\ndays_before = 31"), "days_before = 31 is longer than it may be"),
        ("all", format!("{mark}\nfeedback = \"how\""), "There is no form ‘how’"),
        ("all", format!("{mark}\nnotes = [\"sesion\"]"), "There is no kind ‘sesion’. Did you mean ‘session’?"),
    ] {
        let found = said(line, &with(circle, &mark));
        assert!(found.len() == 1 && found[0].contains(words), "{words}: {found:?}");
    }
    let found = said(line, &with("support", mark));
    assert!(
        found.iter().any(|said| said.contains("‘session’ is an event, but ‘support’ is public or the circle of one place")),
        "{found:?}"
    );
}

#[test]
fn feedback_takes_two_minutes() {
    let form =
        |questions: &str| format!("key = \"how\"\ntitle = \"How it was\"\n[[sections]]\nkey = \"s\"\ntitle = \"S\"\n{questions}");
    let question = |key: &str, kind: &str| format!("[[sections.questions]]\nkey = \"{key}\"\nlabel = \"Q\"\nkind = \"{kind}\"\n");
    let design = small::DESIGN.replacen(
        "circles = [\"support\"]\n",
        "circles = [\"all\"]\n[kinds.gathering]\nagreed = \"agreed\"\nheld = \"held\"\ncancelled = \"held\"\nfeedback = \"how\"\n\
         [[kinds.steps]]\nkey = \"agreed\"\nname = \"A\"\nstands = \"a\"\nby = [\"consultant\"]\nfirst = true\n\
         [[kinds.steps]]\nkey = \"held\"\nname = \"H\"\nstands = \"h\"\nby = [\"consultant\"]\nfrom = [\"agreed\"]\nends = true\n\
         [[circles]]\nkey = \"all\"\nname = \"All\"\nscope = \"programme\"\nreaders = [\"consultant\"]\nwriters = [\"consultant\"]\n",
        1,
    );
    let read = |form: String| {
        let files = [
            ("programme.toml".to_owned(), design.clone()),
            ("history.toml".to_owned(), small::HISTORY.to_owned()),
            ("forms/how.toml".to_owned(), form),
        ];
        design::Programme::from_files("small", &files, &small::sources())
    };
    let few: String = (0..6).map(|n| question(&format!("q{n}"), "yes-no")).collect();
    assert!(read(form(&few)).is_ok());
    let wrong = |form: String| read(form).unwrap_err().iter().map(ToString::to_string).collect::<String>();
    let said = wrong(form(&(few + &question("more", "yes-no"))));
    assert!(said.contains("The form ‘how’ asks 7 questions. Ask 6 or fewer: feedback takes two minutes"), "{said}");
    let said = wrong(form(&question("who", "person")));
    assert!(said.contains("The question ‘who’ of ‘how’ is of a kind that feedback does not ask"), "{said}");
}

#[test]
fn peers_talk_in_one_circle_and_can_answer() {
    let line = "circles = [\"support\"]\n";
    let all = "[[circles]]\nkey = \"all\"\nname = \"All\"\nscope = \"programme\"\nreaders = [\"consultant\", \"member\"]\nwriters = [\"consultant\"]\n";
    let kind = |key: &str, part: &str, circle: &str, more: &str| {
        format!(
            "[[kinds]]\nkey = \"{key}\"\nname = \"Said\"\nwriters = [\"consultant\"]\ncircles = [\"{circle}\"]\n[kinds.peers]\npart = \"{part}\"\n{more}"
        )
    };
    let step = "[[kinds.steps]]\nkey = \"done\"\nname = \"Done\"\nstands = \"done\"\nby = [\"consultant\"]\nown = true\nfirst = true\nends = true\n";
    let with = |kinds: &[String]| format!("{line}{all}{}", kinds.concat());
    let (thread, reply, ask) = (kind("t", "thread", "all", ""), kind("r", "reply", "all", ""), kind("a", "ask", "all", step));
    let sound = changed(line, &with(&[thread.clone(), reply.clone(), ask.clone()])).unwrap();
    assert_eq!(sound.design.channel().map(|c| c.key.as_str()), Some("all"));
    assert!(sound.design.kind("a").unwrap().steps[0].own);
    for (kinds, words) in [
        (vec![thread.clone()], "Nobody can reply to ‘t’"),
        (
            vec![thread.clone(), reply.clone(), kind("b", "thread", "all", "")],
            "‘b’ is a second kind for the threads of the channel",
        ),
        (vec![thread.clone(), reply.clone(), kind("a", "ask", "all", "")], "Nothing can become of ‘a’"),
        (vec![thread.clone(), kind("r", "reply", "all", step)], "‘r’ has steps, and is there to talk"),
    ] {
        let found = said(line, &with(&kinds));
        assert!(found.len() == 1 && found[0].contains(words), "{words}: {found:?}");
    }
    let found = said(line, &with(&[thread.clone(), kind("r", "reply", "support", "")]));
    assert!(found.iter().any(|said| said.contains("‘support’ is public or the circle of one place")), "{found:?}");
    assert!(found.iter().any(|said| said.contains("‘r’ stands in another circle than the threads")), "{found:?}");
    let found = said(line, &with(&[ask]));
    assert!(found.iter().any(|said| said.contains("a channel between peers that has no threads")), "{found:?}");
}
