//! Signing in and out, by password, by link, and in a demonstration.

use sea_orm::entity::prelude::*;
use tables::{AppointmentId, PersonId, appointment, person};
use testkit::{TestSite, both};

const PASSWORD: &str = "four quiet green words";
const WRONG: &str = "No account has this address and password together. Check both, or have a link sent to you";

/// Somebody who has chosen a password: their address.
async fn with_password(site: &TestSite, name: &str) -> String {
    let mut visitor = site.signed_in_as(name).await;
    visitor.open("/account").await;
    visitor.fill("The new password", PASSWORD);
    let saved = visitor.press("Save the password").await;
    assert!(saved.notice().starts_with("Your password is changed."), "{}", saved.notice());
    visitor.press("Sign out").await;
    site.person(name).await.email.expect("an address")
}

both! {
    async fn with_a_password(site: TestSite) {
        let address = with_password(&site, "Consultant, Riverside").await;
        let mut visitor = site.visitor();
        let refused = visitor.sign_in_with(&address, "four quiet green word").await;
        refused.must_be(422);
        assert_eq!(refused.errors(), [WRONG]);
        assert_eq!(visitor.value("E-mail address"), address, "what was typed stays");
        assert_eq!(visitor.value("Password"), "", "but the password");
        // Nobody can tell from the answer which addresses have an account.
        assert_eq!(visitor.sign_in_with("nobody@example.org", PASSWORD).await.errors(), [WRONG]);
        assert_eq!(visitor.sign_in_with(&address.to_uppercase(), PASSWORD).await.heading(), "Today");
        // Whoever was on the way to a page gets there.
        let mut late = site.visitor();
        let page = late.open("/account").await;
        assert_eq!(page.heading(), "Sign in");
        late.fill("E-mail address", &address).fill("Password", PASSWORD);
        assert_eq!(late.press("Sign in").await.heading(), "Your account");
    }

    async fn guessing_is_slowed_down(site: TestSite) {
        let address = with_password(&site, "Consultant, Riverside").await;
        let mut guesser = site.visitor();
        for n in 1..=8 {
            guesser.sign_in_with(&address, &format!("guess number {n}")).await.must_be(422);
        }
        let waiting = guesser.sign_in_with(&address, "guess number 9").await;
        waiting.must_be(429);
        assert!(waiting.errors()[0].starts_with("There were too many attempts. Wait until 10:15"), "{:?}", waiting.errors());
        // The right one has to wait as well, whatever browser it comes from; another person does not.
        site.visitor().sign_in_with(&address, PASSWORD).await.must_be(429);
        let other = with_password(&site, "Evaluator").await;
        assert_eq!(site.visitor().sign_in_with(&other, PASSWORD).await.heading(), "Today");
        site.clock().advance_seconds(15 * 60 + 1);
        assert_eq!(site.visitor().sign_in_with(&address, PASSWORD).await.heading(), "Today");
        // A success clears the count.
        guesser.sign_in_with(&address, "guess number 10").await.must_be(422);
    }

    async fn only_failures_are_counted(site: TestSite) {
        let address = with_password(&site, "Consultant, Riverside").await;
        let mut visitor = site.visitor();
        visitor.sign_in_with(&address, PASSWORD).await;
        let passwords = [PASSWORD, "three loud red words"];
        for n in 0..10 {
            visitor.open("/account").await;
            visitor.fill("Your password now", passwords[n % 2]).fill("The new password", passwords[(n + 1) % 2]);
            assert!(visitor.press("Save the password").await.notice().starts_with("Your password is changed."), "change {n}");
        }
        // Guessing the old one from a browser left open is a failure like any other.
        for n in 1..=8 {
            visitor.open("/account").await;
            visitor.fill("Your password now", &format!("guess number {n}")).fill("The new password", "two mild blue words");
            assert_eq!(visitor.press("Save the password").await.errors(), ["This is not your password now"]);
        }
        visitor.fill("Your password now", PASSWORD).fill("The new password", "two mild blue words");
        assert!(visitor.press("Save the password").await.errors()[0].starts_with("There were too many attempts"));
        site.visitor().sign_in_with(&address, PASSWORD).await.must_be(429);
    }

    async fn an_office_is_not_locked_out_by_its_own_sign_ins(site: TestSite) {
        let address = with_password(&site, "Consultant, Riverside").await;
        // Whoever asks for links to be sent is counted each time, for each sends a mail.
        let mut asking = site.visitor();
        let token = asking.token().await;
        for n in 0..299 {
            let asked = asking.post_raw("/sign-in/link", &format!("form_token={token}&link_email=nobody-{n}%40example.org")).await;
            assert_eq!(asked.status, 303);
        }
        for n in 0..3 {
            assert_eq!(site.visitor().sign_in_with(&address, PASSWORD).await.heading(), "Today", "sign-in {n}");
        }
        site.visitor().sign_in_with(&address, "not this one").await.must_be(422);
        site.visitor().sign_in_with(&address, PASSWORD).await.must_be(429);
    }

    async fn with_a_link_that_works_once_and_not_for_long(site: TestSite) {
        let address = site.person("Evaluator").await.email.expect("an address");
        let mut visitor = site.visitor();
        let ask = async |visitor: &mut testkit::Visitor, address: &str| {
            visitor.open("/sign-in").await;
            visitor.fill("E-mail address to send a link to", address);
            visitor.press("Send me a link").await.notice()
        };
        let said = ask(&mut visitor, &address).await;
        assert_eq!(ask(&mut visitor, "nobody@example.org").await, said, "it says the same whether there is an account or not");
        assert!(site.mails_to("nobody@example.org").await.is_empty());
        let link = site.link_sent_to(&address).await;
        // Mail programmes open links by themselves.
        for _ in 0..2 {
            site.visitor().open(&link).await.must_be(200).must_say("It works once");
        }
        visitor.open(&link).await;
        assert_eq!(visitor.press("Sign in").await.heading(), "Today");
        site.visitor().open(&link).await.must_be(410).must_say("This link has been used, or has run out");

        ask(&mut site.visitor(), &address).await;
        let link = site.link_sent_to(&address).await;
        let mut slow = site.visitor();
        slow.open(&link).await.must_be(200);
        site.clock().advance_seconds(30 * 60 + 1);
        slow.press("Sign in").await.must_be(410);
        site.visitor().open(&link).await.must_be(410);
        // A link to sign in is no invitation.
        ask(&mut site.visitor(), &address).await;
        let link = site.link_sent_to(&address).await;
        site.visitor().open(&link.replace("/sign-in/link/", "/invitations/")).await.must_be(410);
    }

    async fn signing_in_leads_to_the_very_address_that_was_asked_for(site: TestSite) {
        let address = with_password(&site, "Consultant, Riverside").await;
        let asked = "/programmes/practice-healthy-communities-together/places/riverside/entries/new?kind=reflection&from=caf%C3%A9%20%26%20co";
        let recording = "Record: reflection";

        let mut by_password = site.visitor();
        assert_eq!(by_password.open(asked).await.heading(), "Sign in");
        // A wrong password and a link asked for meanwhile do not lose the way.
        by_password.fill("E-mail address", &address).fill("Password", "not this one");
        by_password.press("Sign in").await.must_be(422);
        by_password.fill("E-mail address to send a link to", &address);
        by_password.press("Send me a link").await.must_be(200);
        by_password.fill("E-mail address", &address).fill("Password", PASSWORD);
        let page = by_password.press("Sign in").await;
        assert_eq!(page.heading(), recording);
        assert!(page.path.ends_with("?kind=reflection&from=caf%C3%A9%20%26%20co"), "{}", page.path);

        // In another browser, where the mail is opened.
        let link = site.link_sent_to(&address).await;
        let mut by_link = site.visitor();
        by_link.open(&link).await.must_say("It works once");
        assert_eq!(by_link.press("Sign in").await.heading(), recording);
        let mut late = site.visitor();
        late.open(&link).await.must_be(410);
        let again = late.page().links().into_iter().find(|l| l.starts_with("/sign-in?next=")).expect("a way to ask for a new one");
        late.open(&again).await;
        late.fill("E-mail address", &address).fill("Password", PASSWORD);
        assert_eq!(late.press("Sign in").await.heading(), recording, "a link that was used leads there by another way");

        let mut in_demonstration = site.visitor();
        in_demonstration.open(asked).await;
        assert_eq!(in_demonstration.press("Consultant, Riverside").await.heading(), recording);
    }

    async fn signing_in_leads_nowhere_else(site: TestSite) {
        let address = with_password(&site, "Evaluator").await;
        for evil in ["//evil.example", "/\\evil.example", "https://evil.example/", "\\\\evil.example", "/\t/evil.example", "evil.example"] {
            let mut visitor = site.visitor();
            let next: String = evil.bytes().map(|b| format!("%{b:02X}")).collect();
            visitor.open(&format!("/sign-in?next={next}")).await;
            let filled = visitor.fill("E-mail address", &address).fill("Password", PASSWORD).filled_form("Sign in");
            let fields: Vec<(&str, &str)> = filled.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            let led = visitor.post("/sign-in", &fields).await;
            assert_eq!((led.status, led.location()), (303, "/"), "{evil}");

            let mut visitor = site.visitor();
            visitor.open(&format!("/sign-in?next={next}")).await;
            visitor.fill("E-mail address to send a link to", &address);
            visitor.press("Send me a link").await;
            let link = site.link_sent_to(&address).await;
            assert!(!link.contains("next"), "{link}");
            visitor.open(&format!("{link}?next={next}")).await;
            let form = visitor.filled_form("Sign in");
            let led = visitor.post(&form.action, &[("next", evil)]).await;
            assert_eq!((led.status, led.location()), (303, "/"), "{evil}");
            site.clock().advance_seconds(16 * 60);
        }
    }

    async fn a_session_is_made_anew_and_ends_when_it_should(site: TestSite) {
        let mut visitor = site.signed_in_as("Evaluator").await;
        let mut stolen = visitor.second_window();
        assert_eq!(stolen.open("/account").await.heading(), "Your account");
        let first = visitor.cookie("commonweal_session").map(ToString::to_string);
        visitor.sign_in_as("Grant manager").await;
        assert_ne!(visitor.cookie("commonweal_session").map(ToString::to_string), first);
        assert_eq!(stolen.open("/account").await.heading(), "Sign in", "the one before ended");

        let mut copy = visitor.second_window();
        visitor.open("/").await;
        let out = visitor.press("Sign out").await;
        assert_eq!((out.notice().as_str(), visitor.cookie("commonweal_session")), ("You are signed out.", None));
        assert_eq!(copy.open("/account").await.heading(), "Sign in", "signing out ends it on the server");

        let mut forgotten = site.signed_in_as("Evaluator").await;
        site.clock().advance_seconds(14 * 24 * 3600 - 1);
        assert_eq!(forgotten.open("/account").await.heading(), "Your account");
        site.clock().advance_seconds(2);
        assert_eq!(forgotten.open("/account").await.heading(), "Sign in", "after two weeks");
        // A cookie that somebody made up opens nothing.
        let mut forger = site.visitor();
        forger.set_cookie("commonweal_session", &"0".repeat(64));
        assert_eq!(forger.open("/account").await.heading(), "Sign in");
    }

    async fn a_browser_elsewhere_is_signed_out(site: TestSite) {
        let (mut here, mut there) = (site.signed_in_as("Evaluator").await, site.signed_in_as("Evaluator").await);
        here.open("/account").await.must_say("This browser");
        let ended = here.press("Sign out there").await;
        assert_eq!(ended.notice(), "That browser is signed out.");
        assert!(!here.sees_button("Sign out there"));
        assert_eq!(there.open("/account").await.heading(), "Sign in");
        assert_eq!(here.open("/account").await.heading(), "Your account");
    }

    async fn nobody_ends_the_session_of_somebody_else(site: TestSite) {
        let (mut here, mut there) = (site.signed_in_as("Evaluator").await, site.signed_in_as("Evaluator").await);
        here.open("/account").await;
        let form = here.filled_form("Sign out there");
        let mut stranger = site.signed_in_as("Programme lead, funder").await;
        assert_eq!(stranger.post(&form.action, &[]).await.status, 404);
        assert_eq!(there.open("/account").await.heading(), "Your account");
    }

    async fn a_new_password_ends_all_other_sessions(site: TestSite) {
        let address = with_password(&site, "Evaluator").await;
        let (mut here, mut there) = (site.visitor(), site.visitor());
        here.sign_in_with(&address, PASSWORD).await;
        there.sign_in_with(&address, PASSWORD).await;
        here.open("/account").await;
        here.fill("Your password now", "not this one").fill("The new password", "three loud red words");
        assert_eq!(here.press("Save the password").await.errors(), ["This is not your password now"]);
        here.fill("Your password now", PASSWORD).fill("The new password", "short");
        assert_eq!(here.press("Save the password").await.errors(), ["Choose a password of at least 12 characters, such as three or four words"]);
        assert_eq!(there.open("/account").await.heading(), "Your account", "nothing has changed yet");
        here.fill("Your password now", PASSWORD).fill("The new password", "three loud red words");
        here.press("Save the password").await.must_be(200);
        assert_eq!(there.open("/account").await.heading(), "Sign in");
        assert_eq!(here.open("/account").await.heading(), "Your account");
        site.visitor().sign_in_with(&address, PASSWORD).await.must_be(422);
        assert_eq!(site.visitor().sign_in_with(&address, "three loud red words").await.heading(), "Today");
        site.journal_is_whole().await;
    }

    async fn without_a_demonstration_nobody_gets_in_without_a_password(site: TestSite) {
        let person = site.person("Evaluator").await.id.to_string();
        let site = site.in_earnest();
        let mut visitor = site.visitor();
        let page = visitor.open("/sign-in").await;
        page.must_not_say("Evaluator").must_not_say("demonstration");
        let before = site.written().await;
        assert_eq!(visitor.post("/sign-in/practice", &[("person", &person)]).await.status, 404);
        assert_eq!((visitor.cookie("commonweal_session"), site.written().await), (None, before));
    }

    async fn a_demonstration_opens_to_practice_people_only(site: TestSite) {
        let mut lead = site.signed_in_as("Programme lead, funder").await;
        lead.open("/programmes/practice-healthy-communities-together/people/new").await;
        lead.fill("Name", "Real Person").fill("E-mail address", "real@example.org").choose("Role", "Evaluator");
        let page = lead.press("Appoint").await;
        let real = page.path.split('?').next().and_then(|p| p.rsplit('/').next()).unwrap_or_default().to_string();
        assert_eq!(site.visitor().post("/sign-in/practice", &[("person", &real)]).await.status, 404);
        site.visitor().open("/sign-in").await.must_not_say("Real Person");
    }

    async fn a_demonstration_offers_everybody_fifty_a_page_or_place_by_place(site: TestSite) {
        let held = site.appointment("Consultant, Saltmarsh").await;
        let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
        for n in 100..230 {
            let (id, name) = (PersonId(write.id()), format!("Helper {n}"));
            let person = person::Model { id, name, email: None, password_hash: None, practice: true, created_at: write.at() };
            write.insert(person).await.expect("a person");
            // Whoever held a role twice stands there once.
            for _ in 0..2 {
                let appointment = appointment::Model { id: AppointmentId(write.id()), person_id: id, ..held.clone() };
                write.insert(appointment).await.expect("an appointment");
            }
        }
        write.save().await.expect("helpers");
        let everybody = person::Entity::find().filter(person::COLUMN.practice.eq(true)).count(site.db().reader()).await.expect("people");

        let mut visitor = site.visitor();
        let mut seen = Vec::new();
        let mut next = Some("/sign-in".to_string());
        while let Some(path) = next {
            let names = visitor.open(&path).await.texts(".choices button");
            assert!(names.len() <= 50, "{path}: {}", names.len());
            seen.extend(names);
            next = visitor.page().link("Next page →");
        }
        assert_eq!(seen.len() as u64, everybody, "each once");
        assert!(seen.contains(&"Helper 100".to_string()) && seen.contains(&"Helper 229".to_string()));
        visitor.open("/sign-in?page=999").await.must_be(200).must_say("Page 4 of 4");
        visitor.open("/sign-in?page=0&at=nonsense").await.must_say("Page 1 of 4");

        // Narrowed to a place, and still on the way to where it was asked from.
        visitor.open("/account").await;
        let page = visitor.follow("Riverside").await;
        assert!(page.texts(".choices button").iter().all(|n| n.ends_with(", Riverside")), "{:?}", page.texts(".choices button"));
        assert_eq!(page.link("Next page →"), None);
        visitor.follow("The whole programme").await.must_say("Grant manager").must_not_say("Consultant, Riverside");
        visitor.follow("Saltmarsh").await.must_say("Page 1 of 3").must_not_say("Grant manager");
        visitor.follow("Next page →").await;
        visitor.follow("Next page →").await;
        assert_eq!(visitor.press("Helper 229").await.heading(), "Your account");
    }
}
