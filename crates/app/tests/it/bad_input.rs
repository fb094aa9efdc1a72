//! Whatever arrives, nobody gets further than they may, nothing is lost that somebody typed, and nothing breaks.

use axum::body::Body;
use axum::http::Method;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use tables::{AppointmentId, appointment};
use testkit::site::{OTHER, PRACTICE, today};
use testkit::visitor::encoded;
use testkit::{Draft, TestSite, Visitor, both};

const RIVERSIDE: &str = "/programmes/practice-healthy-communities-together/places/riverside";
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

async fn status(visitor: &mut Visitor, path: &str) -> u16 {
    let reply = visitor.get(path).await;
    let status = reply.status;
    if reply.is_page() {
        reply.page(path);
    }
    status
}

both! {
    async fn what_is_not_there_is_not_found(site: TestSite) {
        let entry = site.put(Draft::default()).await;
        let person = site.person("Evaluator").await.id;
        let mut lead = site.signed_in_as("Programme lead, funder").await;
        for path in [
            "/nothing".to_string(),
            "/programmes/nothing".into(),
            "/programmes/nothing/places".into(),
            format!("{PRACTICE}/places/nowhere"),
            format!("{PRACTICE}/places/nowhere/entries"),
            format!("{PRACTICE}/entries/nonsense"),
            format!("{PRACTICE}/entries/ent_00000000000070008000000000000000"),
            format!("{PRACTICE}/entries/ent_{}", "0".repeat(5000)),
            format!("{PRACTICE}/entries/{}", entry.id.to_string().to_uppercase()),
            format!("{PRACTICE}/entries/{}", entry.id.to_string().replace("ent_", "per_")),
            format!("{PRACTICE}/entries/{}%20", entry.id),
            format!("{PRACTICE}/entries/{}/../../journal", entry.id),
            format!("{PRACTICE}/people/{}", person.to_string().replace("per_", "app_")),
            format!("{PRACTICE}/people/per_00000000000070008000000000000000"),
            format!("{PRACTICE}/people/'%20OR%201=1"),
            "/assets/../Cargo.toml".into(),
            "/assets/%2e%2e/Cargo.toml".into(),
        ] {
            assert_eq!(status(&mut lead, &path).await, 404, "{path}");
        }
        for end in ["/account/sessions/nonsense/end".to_string(), format!("{PRACTICE}/appointments/nonsense/end")] {
            assert_eq!(lead.post(&end, &[]).await.status, 404, "{end}");
        }
    }

    async fn a_parents_permission_does_not_open_anothers_child(site: TestSite) {
        // Somebody with a role in both programmes: each opens its own and nothing of the other.
        let consultant = site.person("Consultant, Riverside").await;
        let elsewhere = site.programme(OTHER).await;
        let held = appointment::Model {
            id: AppointmentId("00000000000070008000000000000001".parse().expect("an id")),
            programme_id: elsewhere.id,
            person_id: consultant.id,
            role: "programme-lead".into(),
            organisation_id: None,
            sponsor: None,
            place_id: None,
            from_day: today(),
            to_day: None,
            ended_at: None,
            created_at: site.now(),
        };
        let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
        write.insert(held).await.expect("an appointment");
        write.save().await.expect("a saved appointment");
        let session = site.put(Draft { title: "Only here", ..Draft::default() }).await;
        let mut visitor = site.signed_in_as("Consultant, Riverside").await;
        visitor.open(&format!("{PRACTICE}/entries/{}", session.id)).await.must_be(200);
        for end in ["", "/history", "/change", "/share"] {
            visitor.open(&format!("{OTHER}/entries/{}{end}", session.id)).await.must_be(404).must_not_say("Only here");
        }
        visitor.open(&format!("{OTHER}/journal")).await.must_be(200);
        visitor.open(&format!("{PRACTICE}/journal")).await.must_be(403);
        visitor.open(&format!("{OTHER}/places/saltmarsh")).await.must_be(404);
        // The other programme's Riverside is another place.
        visitor.open(&format!("{OTHER}/places/riverside/entries")).await.must_be(200).must_not_say("Only here");
        let manager = site.appointment("Grant manager").await;
        visitor.open(&format!("{OTHER}/people/{}", manager.person_id)).await.must_be(404);
        let before = site.written().await;
        assert_eq!(visitor.post(&format!("{OTHER}/appointments/{}/end", manager.id), &[]).await.status, 404);
        assert_eq!(visitor.post(&format!("{OTHER}/entries/{}/change", session.id), &[("title", "Mine")]).await.status, 404);
        assert_eq!(site.written().await, before);
        // Being the lead there opens nothing here.
        let other_place = site.put(Draft { author: "Project lead, Riverside", circle: "place", ..Draft::default() }).await;
        visitor.open(&format!("{PRACTICE}/entries/{}", other_place.id)).await.must_be(404);
    }

    async fn bodies_that_are_no_form_are_refused(site: TestSite) {
        let mut visitor = site.signed_in_as("Consultant, Riverside").await;
        let token = visitor.token().await;
        let path = format!("{RIVERSIDE}/entries/new");
        let before = site.written().await;
        let huge = format!("form_token={token}&text={}", "x".repeat(10 * 1024 * 1024));
        let reply = visitor.post_raw(&path, &huge).await;
        assert_eq!(reply.status, 413);
        reply.page(&path).must_say("Nothing was saved");
        for body in ["title=%FF%FE", "title=a%00b", "a%00b=title", "title=%ED%A0%80"] {
            let reply = visitor.post_raw(&path, &format!("form_token={token}&{body}")).await;
            assert_eq!(reply.status, 400, "{body}");
            reply.page(&path).must_say("not valid text");
        }
        let raw = visitor.request(Method::POST, &path, &[FORM], Body::from(vec![0xff, 0x00, 0xfe])).await;
        assert_eq!(raw.status, 400);
        for path in ["/search?q=%FF", "/search?q=%00", "/?%00"] {
            assert_eq!(visitor.get(path).await.status, 400, "{path}");
        }
        for path in ["/programmes/%FF", "/programmes/%00", &format!("{PRACTICE}/places/%00"), "/invitations/%00", "/assets/%00"] {
            assert_eq!(visitor.get(path).await.status, 400, "{path}");
        }
        assert_eq!(site.written().await, before);
    }

    async fn a_forged_form_writes_nothing_and_loses_nothing(site: TestSite) {
        let mut visitor = site.signed_in_as("Consultant, Riverside").await;
        let others = site.signed_in_as("Consultant, Lantern Hill").await.token().await;
        visitor.open(&format!("{RIVERSIDE}/entries/new?kind=note")).await;
        visitor.fill("Title", "Typed with care").fill("What there is to say", "An hour's work, <b>all</b> of it.");
        let form = visitor.filled_form("Record");
        let before = site.written().await;
        for token in ["", "0000", &others] {
            let page = visitor.send(&form.clone().with("form_token", token)).await;
            page.must_be(403).must_say("This form has gone stale").must_say("Typed with care").must_say("An hour's work, <b>all</b> of it.");
        }
        // Signed out meanwhile, in another window.
        let mut other_window = visitor.second_window();
        other_window.open("/").await;
        other_window.press("Sign out").await;
        let page = visitor.send(&form).await;
        page.must_be(403).must_say("You are signed out").must_say("An hour's work, <b>all</b> of it.");
        let (records, mails) = site.written().await;
        assert_eq!((records, mails), (before.0 + 1, before.1), "only the signing out");
        // A form sent by another site carries no cookie, and gets nowhere either.
        let mut cross_site = site.visitor();
        let reply = cross_site.post_raw("/sign-in", &encoded(&[("email", "a@example.org"), ("password", "x"), ("form_token", &others)])).await;
        assert_eq!(reply.status, 403);
        assert!(!reply.text().contains("password\" value"), "a password is not shown again");
    }

    async fn other_methods_are_refused(site: TestSite) {
        let mut visitor = site.signed_in_as("Consultant, Riverside").await;
        for (method, path) in [
            (Method::PUT, "/account"),
            (Method::DELETE, PRACTICE),
            (Method::PATCH, "/sign-in"),
            (Method::OPTIONS, "/"),
            (Method::POST, PRACTICE),
            (Method::GET, "/sign-out"),
        ] {
            let reply = visitor.request(method.clone(), path, &[], Body::empty()).await;
            assert_eq!(reply.status, 405, "{method} {path}");
            assert!(reply.headers.contains_key("allow"), "{method} {path} does not say what is allowed");
        }
        assert_eq!(visitor.request(Method::HEAD, "/account", &[], Body::empty()).await.status, 200);
    }

    async fn script_in_what_people_write_is_cleaned(site: TestSite) {
        let text = "<script>alert(1)</script><img src=x onerror=alert(1)><iframe src=//evil.example></iframe>\n\n\
            [press](javascript:alert(1)) **bold** <a href=\"data:text/html,x\" style=\"position:fixed\">here</a> </main></body>";
        let title = "\"><script>alert(1)</script>";
        let mut visitor = site.signed_in_as("Consultant, Riverside").await;
        visitor.open(&format!("{RIVERSIDE}/entries/new?kind=note")).await;
        visitor.fill("Title", title).fill("What there is to say", text);
        // Every page is looked over for script when it arrives.
        let page = visitor.press("Record").await;
        page.must_be(200);
        assert_eq!((page.heading().as_str(), page.texts("main strong")), (title, vec!["bold".to_string()]));
        let path = page.path.split('?').next().unwrap_or_default().to_string();
        for end in ["/history", "/share", "/change"] {
            visitor.open(&format!("{path}{end}")).await.must_be(200);
        }
        assert_eq!(visitor.value("Title"), title);
        visitor.open("/search?q=alert").await.must_be(200);
        visitor.open(&format!("{RIVERSIDE}/entries")).await.must_be(200);
        visitor.open(RIVERSIDE).await.must_be(200);
        let mut lead = site.signed_in_as("Project lead, Riverside").await;
        lead.open(&format!("{RIVERSIDE}/describe")).await;
        lead.fill("The problem", text).fill("The vision", title);
        lead.press("Save").await.must_be(200);
        lead.open(&format!("{RIVERSIDE}/history")).await.must_be(200);
    }

    async fn mistakes_are_told_and_nothing_typed_is_lost(site: TestSite) {
        let mut visitor = site.signed_in_as("Consultant, Riverside").await;
        let before = site.written().await;
        let long = "é".repeat(201);
        for (label, typed, said) in [
            ("Title", "", "Give it a title, in a few words"),
            ("Title", long.as_str(), "Shorten the title to 200 characters; it has 201"),
            ("Title", "two\nlines", "Keep the title to one line"),
            ("When it happened", "31 February 2026", "Enter a date, like 27 March 2026 or 27/3/2026"),
            ("When it happened", "", "Enter a date, like 27 March 2026 or 27/3/2026"),
            ("When it happened", "99999999999/1/1", "Enter a date, like 27 March 2026 or 27/3/2026"),
            ("When it happened", "21 November 2026", "Enter a day that has come: today is 20 November 2026"),
            ("What there is to say", "  \n ", "Write what there is to say"),
        ] {
            visitor.open(&format!("{RIVERSIDE}/entries/new?kind=note")).await;
            visitor.fill("Title", "Kept").fill("What there is to say", "Kept as well.\n\n  As typed.").fill(label, typed);
            let page = visitor.press("Record").await;
            page.must_be(422);
            assert_eq!(page.errors(), [said], "{label}: {typed}");
            assert!(page.source.contains("<title>Error: "));
            let kept = if label == "Title" { "What there is to say" } else { "Title" };
            assert!(visitor.value(kept).starts_with("Kept"));
            if !typed.trim().is_empty() && !typed.contains('\n') {
                assert_eq!(visitor.value(label), typed, "what was wrong can be put right");
            }
        }
        assert_eq!(site.written().await, before);
        // What its kind does not ask is not heard, also where somebody sends it.
        let unasked = [("kind", "note"), ("title", "Kept"), ("text", ""), ("to", "nobody"), ("due", "never")];
        let refused = visitor.post(&format!("{RIVERSIDE}/entries/new"), &unasked).await;
        assert!(refused.status == 422 && !refused.text().contains("nobody in particular"), "{}", refused.status);
        // The longest that is allowed is kept to the last letter, in any script.
        let title = "界".repeat(200);
        visitor.fill("Title", &title).fill("What there is to say", "🌿 naïve ‏עברית").fill("When it happened", "20/11/2026");
        visitor.press("Record").await.must_be(200).must_say("🌿 naïve ‏עברית");
        assert_eq!(visitor.page().heading(), title);
    }

    async fn what_is_typed_goes_along_into_another_kind_of_entry(site: TestSite) {
        let mut visitor = site.signed_in_as("Consultant, Riverside").await;
        let before = site.written().await;
        visitor.open(&format!("{RIVERSIDE}/entries/new?kind=note")).await;
        visitor.fill("Title", "By the river").fill("What there is to say", "We talked.\n\nThen we walked.");
        let other = visitor.choices("Record it as").into_iter().find(|c| c == "Session").expect("another kind");
        visitor.choose("Record it as", &other);
        let page = visitor.press("Go on with that").await;
        page.must_be(200);
        assert_eq!(page.heading(), "Record: session");
        assert_eq!(visitor.value("Title"), "By the river");
        assert!(visitor.page().source.contains("Then we walked."), "the words are in one of its fields");
        assert_eq!(site.written().await, before, "nothing is recorded yet");
        visitor.press("Record").await.must_be(200).must_say("Then we walked.");
    }

    async fn hostile_addresses_do_no_harm(site: TestSite) {
        let mut visitor = site.signed_in_as("Programme lead, funder").await;
        let entry = site.put(Draft { author: "Grant manager", circle: "programme-team", ..Draft::default() }).await;
        let home = format!("{PRACTICE}/entries/{}", entry.id);
        let long = "a".repeat(20_000);
        for value in ["-1", "0", "99999999999999999999", "1e9", "%27%20OR%201=1--", "%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "%E2%80%AE", "a%26b=c", &long] {
            for path in [
                format!("{PRACTICE}/places?page={value}"),
                format!("{PRACTICE}/entries?before={value}"),
                format!("{PRACTICE}/entries?before=2026-11-20.{value}"),
                format!("{PRACTICE}/entries?kind={value}&circle={value}"),
                format!("{PRACTICE}/places/riverside/entries?circle={value}"),
                format!("{PRACTICE}/journal?before={value}"),
                format!("{PRACTICE}/design/versions?version={value}"),
                format!("{PRACTICE}/entries/new?kind={value}"),
                format!("{PRACTICE}/people/new?role={value}&place={value}"),
                format!("{home}/history?from={value}&to={value}"),
                format!("/search?q={value}&before={value}"),
                format!("/?done={value}"),
                format!("/sign-in?next={value}&done={value}"),
            ] {
                assert_eq!(status(&mut visitor, &path).await, 200, "{}", path.chars().take(200).collect::<String>());
            }
        }
        for question in ["\"", "*", "a*b", "NEAR(a b)", "reach:xc", "words : x", "' & !x", "a:*", "\\", "(((", "xc", "AND", "-1", "é", "🌿"] {
            let asked = encoded(&[("q", question)]);
            assert_eq!(status(&mut visitor, &format!("/search?{asked}")).await, 200, "{question}");
        }
    }

    async fn nobody_is_led_away_from_the_site(site: TestSite) {
        let mut setup = site.signed_in_as("Evaluator").await;
        setup.open("/account").await;
        setup.fill("The new password", "four quiet green words");
        setup.press("Save the password").await;
        let address = site.person("Evaluator").await.email.expect("an address");
        for next in ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/%0d%0aSet-Cookie:x=y", "/\r\nx", "evil"] {
            let mut visitor = site.visitor();
            let fields = [("email", address.as_str()), ("password", "four quiet green words"), ("next", next)];
            let reply = visitor.post("/sign-in", &fields).await;
            assert_eq!(reply.status, 303, "{next}");
            assert!(reply.location().starts_with('/') && !reply.location().starts_with("//") && !reply.location().contains('\\'), "{next}: {}", reply.location());
            assert!(reply.headers.get_all("set-cookie").iter().all(|c| c.to_str().is_ok_and(|c| c.starts_with("commonweal_"))), "{next}");
        }
    }
}

const ACTIONS: [&str; 10] = [
    "/sign-in",
    "/sign-in/link",
    "/sign-in/practice",
    "/account/password",
    "/programmes/practice-healthy-communities-together/places/riverside/entries/new",
    "/programmes/practice-healthy-communities-together/entries/new",
    "/programmes/practice-healthy-communities-together/places/riverside/describe",
    "/programmes/practice-healthy-communities-together/people/new",
    "ENTRY/change",
    "ENTRY/share",
];
const NAMES: [&str; 26] = [
    "title",
    "text",
    "happened_on",
    "circle",
    "kind",
    "reason",
    "revision",
    "to",
    "step",
    "name",
    "email",
    "role",
    "place",
    "organisation",
    "from",
    "to",
    "problem",
    "vision",
    "password",
    "new_password",
    "next",
    "link_email",
    "person",
    "once",
    "done",
    "",
];

/// Forms of known fields with any text in them, and bodies that are nothing at all.
fn bodies() -> impl Strategy<Value = (usize, String)> {
    let known = prop::sample::select(vec![
        "support",
        "note",
        "riverside",
        "partner",
        "share",
        "1",
        "2026-11-19",
        "a@b.example",
        "consultant",
    ]);
    let text = prop_oneof![3 => known.prop_map(str::to_string), 2 => any::<String>(), 1 => "[a-z]{0,300}"];
    let field = (prop::sample::select(NAMES.to_vec()), text);
    let form = prop::collection::vec(field, 0..10).prop_map(|fields| encoded(&fields));
    let body = prop_oneof![6 => form, 1 => "[ -~]{0,80}"];
    (0..ACTIONS.len(), body)
}

async fn never_breaks(site: TestSite) {
    let entry = site.put(Draft { author: "Project lead, Riverside", ..Draft::default() }).await;
    let visitor = site.signed_in_as("Project lead, Riverside").await;
    let token = visitor.second_window().token().await;
    // PROPTEST_CASES asks for more of them.
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    for _ in 0..runner.config().cases {
        let (action, body) = bodies().new_tree(&mut runner).expect("a body").current();
        let path = ACTIONS[action].replace("ENTRY", &format!("{PRACTICE}/entries/{}", entry.id));
        let body = format!("form_token={token}&{body}");
        // A window of its own each time, as some of these sign somebody else in.
        let reply = visitor.second_window().post_raw(&path, &body).await;
        assert!(reply.status < 500, "{path} with {body}: {} {}", reply.status, reply.text());
        if reply.is_page() {
            reply.page(&path);
        }
    }
    site.journal_is_whole().await;
}

both! {
    async fn no_form_breaks_the_site(site: TestSite) {
        never_breaks(site).await;
    }
}
