//! People write entries in circles, share parts of them, change them and find them again.

use axum::http::Method;
use sea_orm::entity::prelude::*;
use tables::{AppointmentId, EntryId, PersonId, appointment, entry, person};
use testkit::site::PRACTICE;
use testkit::{Draft, TestSite, Visitor, both};

const RIVERSIDE: &str = "/programmes/practice-healthy-communities-together/places/riverside";

/// Records an entry about Riverside in the only way there is, and gives its address.
async fn record(visitor: &mut Visitor, kind: &str, circle: &str, title: &str, text: &str) -> String {
    visitor.open(&format!("{RIVERSIDE}/entries/new?kind={kind}")).await;
    visitor.choose("Who reads this", circle).fill("Title", title).fill("What there is to say", text);
    let page = visitor.press("Record").await;
    page.must_be(200);
    assert_eq!(page.notice(), "Recorded. The people named below can read it now; nobody else can.");
    without_query(&page.path)
}

fn without_query(path: &str) -> String {
    path.split('?').next().unwrap_or_default().to_string()
}

fn id_in(path: &str) -> EntryId {
    path.rsplit('/').next().and_then(|id| id.parse().ok()).unwrap_or_else(|| panic!("no entry in {path}"))
}

async fn finds(visitor: &mut Visitor, word: &str, path: &str) -> bool {
    visitor.open(&format!("/search?q={word}")).await.links().iter().any(|l| l == path)
}

async fn with_title(site: &TestSite, title: &str) -> u64 {
    entry::Entity::find().filter(entry::COLUMN.title.eq(title)).count(site.db().reader()).await.expect("entries")
}

both! {
    async fn a_consultant_shares_two_lines_and_nothing_else(site: TestSite) {
        let start = site.last_record().await;
        let mut consultant = site.signed_in_as("Consultant, Riverside").await;
        consultant.open(&format!("{RIVERSIDE}/entries/new?kind=session")).await;
        assert_eq!(consultant.choices("Who reads this"), ["Support"]);
        let session = record(&mut consultant, "session", "Support", "A hard talk about money", "The treasurer whispered periwinkle.\n\nNobody else knows.").await;
        consultant.page().must_say("The treasurer whispered periwinkle.").must_say("Who reads this: Support");

        // She sees the page as its readers will, and only then shares it.
        consultant.follow("Share part of it").await;
        assert_eq!(consultant.choices("Share it with"), ["Learning", "Programme team", "Support team"]);
        consultant.choose("Share it with", "Programme team").fill("Title", "Where Riverside stands");
        consultant.fill("What they will read", "The partners talked openly.\nThey ask for a marigold of time.");
        let before = site.written().await;
        let preview = consultant.press("See it as they will").await;
        assert_eq!(preview.heading(), "Look before you share");
        preview.must_say("marigold").must_say("Who reads this: Programme team").must_say("Grant manager").must_not_say("periwinkle");
        assert_eq!(site.written().await, before, "looking shares nothing");
        let shared = consultant.press("Share with Programme team").await;
        assert_eq!(shared.notice(), "Shared. Its readers see what stands below, and not the entry it was taken from.");
        let extract = without_query(&shared.path);
        assert_ne!(extract, session);

        let mut lead = site.signed_in_as("Project lead, Riverside").await;
        lead.open(&session).await.must_be(200).must_say("periwinkle");
        assert!(lead.page().links().contains(&extract), "the session leads to what was shared of it");
        lead.open(&extract).await.must_be(200).must_say("marigold").must_say("Taken from A hard talk about money");

        let mut manager = site.signed_in_as("Grant manager").await;
        manager.open(&session).await.must_be(404).must_not_say("periwinkle");
        manager.open(&extract).await.must_be(200).must_say("marigold").must_not_say("periwinkle").must_not_say("A hard talk");
        assert!(!manager.page().source.contains(&session), "the extract does not lead to its source");
        assert!(!finds(&mut manager, "periwinkle", &session).await);
        manager.page().must_say("Nothing that you may read");
        assert!(finds(&mut manager, "marigold", &extract).await);
        manager.open(&format!("{RIVERSIDE}/entries")).await.must_say("Where Riverside stands").must_not_say("A hard talk");
        manager.open("/").await.must_say("Where Riverside stands").must_not_say("A hard talk");
        assert!(manager.open(&format!("{extract}/change")).await.status == 403, "an extract does not change");

        let mut partner = site.signed_in_as("Partner organisation's representative, Riverside").await;
        for path in [&session, &extract] {
            partner.open(path).await.must_be(404).must_not_say("periwinkle").must_not_say("marigold");
        }
        assert!(!finds(&mut partner, "marigold", &extract).await && !finds(&mut partner, "periwinkle", &session).await);

        // The consultant leaves: from that moment she reads nothing, not even what she wrote.
        let mut programme_lead = site.signed_in_as("Programme lead, funder").await;
        programme_lead.open(&format!("{PRACTICE}/people")).await;
        programme_lead.follow("Consultant, Riverside").await;
        let ended = programme_lead.press("End it now").await;
        assert!(ended.notice().starts_with("Ended."), "{}", ended.notice());
        assert!(!programme_lead.sees_button("End it now"));
        for path in [&session, &extract] {
            consultant.open(path).await.must_be(404);
        }
        consultant.open(&format!("{PRACTICE}/entries")).await.must_be(403);
        consultant.open("/").await.must_say("You hold no role today").must_not_say("A hard talk");
        assert!(!finds(&mut consultant, "periwinkle", &session).await);

        // Her successor gets in by mail, and reads all that the role reads.
        programme_lead.open(&format!("{PRACTICE}/people")).await;
        programme_lead.page().must_not_say("Consultant, Riverside");
        programme_lead.open(&format!("{PRACTICE}/people/new")).await;
        programme_lead.fill("Name", "Sam Okafor").fill("E-mail address", "Sam@Support.example");
        programme_lead.choose("Role", "Consultant").choose("For", "Riverside");
        let appointed = programme_lead.press("Appoint").await;
        assert!(appointed.notice().starts_with("Appointed."), "{}", appointed.notice());
        let mails = site.mails_to("sam@support.example").await;
        assert_eq!(mails.len(), 1);
        assert!(mails[0].1.contains("as: Consultant") && !mails[0].1.contains("periwinkle"), "{}", mails[0].1);
        let link = site.link_sent_to("sam@support.example").await;
        let mut successor = site.visitor();
        successor.open(&link).await.must_say("You are invited as sam@support.example");
        assert_eq!(successor.value("Your name"), "Sam Okafor");
        successor.fill("A password", "four quiet green words");
        assert_eq!(successor.press("Accept the invitation").await.heading(), "Today");
        successor.open(&session).await.must_be(200).must_say("periwinkle").must_say("Consultant, Riverside");
        assert_eq!(successor.page().link("Change"), None, "it stays the words of who wrote it");
        successor.open(&extract).await.must_be(200).must_say("marigold");
        assert!(finds(&mut successor, "periwinkle", &session).await && finds(&mut successor, "marigold", &extract).await);
        site.visitor().open(&link).await.must_be(410);
        programme_lead.open(&format!("{PRACTICE}/people")).await;
        programme_lead.follow("Sam Okafor").await.must_say("Appoint somebody").must_say("Accept an invitation");

        let acts = site.acts_since(start).await;
        let expected = ["record an entry", "share an extract", "end an appointment", "appoint somebody", "accept an invitation"];
        assert_eq!(acts, expected);
        let journal = programme_lead.open(&format!("{PRACTICE}/journal")).await;
        journal.must_say("Accept an invitation").must_say("Sam Okafor");
        journal.must_say("Share an extract").must_say("Where Riverside stands").must_say("an entry in a circle that you are not in");
        journal.must_not_say("A hard talk").must_not_say("periwinkle");
        site.journal_is_whole().await;
    }

    async fn earlier_versions_are_kept_and_compared(site: TestSite) {
        let mut consultant = site.signed_in_as("Consultant, Riverside").await;
        let path = record(&mut consultant, "reflection", "Support", "On listening", "We heard the word apple.").await;
        site.clock().advance_seconds(3600);
        consultant.follow("Change").await;
        assert_eq!(consultant.value("What there is to say"), "We heard the word apple.");
        consultant.fill("What there is to say", "We heard the word quince.").fill("Why you change it", "It was another fruit");
        assert_eq!(consultant.press("Save the change").await.notice(), "Changed. The version before is kept in the history.");
        consultant.page().must_say("quince").must_not_say("apple");

        let mut lead = site.signed_in_as("Learning lead, Riverside").await;
        assert!(finds(&mut lead, "quince", &path).await && !finds(&mut lead, "apple", &path).await);
        lead.open(&path).await;
        let history = lead.follow("History").await;
        history.must_say("From version 1 to version 2").must_say("It was another fruit").must_say("As first written");
        assert!(history.texts("del").join(" ").contains("apple"), "{}", history.source);
        assert!(history.texts("ins").join(" ").contains("quince"));
        history.must_say("Change an entry").must_say("Record an entry");
        // Saving what is there already is no further version.
        consultant.follow("Change").await;
        consultant.press("Save the change").await;
        assert_eq!(site.entry(id_in(&path)).await.revision, 2);
        site.journal_is_whole().await;
    }

    async fn who_comes_second_loses_nothing_and_overwrites_nothing(site: TestSite) {
        let mut here = site.signed_in_as("Consultant, Riverside").await;
        let path = record(&mut here, "note", "Support", "A shared note", "As it was first.").await;
        let mut there = here.second_window();
        here.open(&format!("{path}/change")).await;
        there.open(&format!("{path}/change")).await;
        here.fill("What there is to say", "Somebody said hawthorn.");
        here.press("Save the change").await.must_be(200);
        there.fill("What there is to say", "Somebody said blackthorn.").fill("Why you change it", "To be exact");
        let refused = there.press("Save the change").await;
        refused.must_be(409).must_say("Nothing was overwritten").must_say("hawthorn").must_say("blackthorn");
        assert_eq!(there.value("What there is to say"), "Somebody said blackthorn.");
        assert_eq!(there.value("Why you change it"), "To be exact");
        assert_eq!(site.entry(id_in(&path)).await.text, "Somebody said hawthorn.");
        // Having seen both, they may still choose theirs; the other is kept.
        there.press("Save the change").await.must_be(200).must_say("blackthorn");
        there.open(&format!("{path}/history")).await.must_say("hawthorn").must_say("From version 2 to version 3");
    }

    async fn moving_an_entry_does_not_open_its_past(site: TestSite) {
        let mut lead = site.signed_in_as("Learning lead, Riverside").await;
        let path = record(&mut lead, "reflection", "The place's own", "What we think", "Between us: the chair is a bramble.").await;
        let mut team = site.signed_in_as("Learning capture team").await;
        team.open(&path).await.must_be(404);
        lead.open(&format!("{path}/change")).await;
        lead.choose("Who reads this", "Learning").fill("What there is to say", "Chairing in turns helps.").fill("Why you change it", "Said as a rose");
        lead.press("Save the change").await.must_be(200);

        team.open(&path).await.must_be(200).must_say("Chairing in turns helps.");
        let history = team.open(&format!("{path}/history?from=1&to=2")).await;
        history.must_be(200).must_not_say("bramble").must_not_say("Said as a rose").must_not_say("From version 1");
        assert!(!finds(&mut team, "bramble", &path).await);
        // Who was in the circle before still has the whole history.
        lead.open(&format!("{path}/history")).await.must_say("bramble").must_say("Said as a rose");
        // A partner was in the first circle and is not in the second: the past is theirs no more than the present.
        let mut partner = site.signed_in_as("Partner organisation's representative, Riverside").await;
        partner.open(&format!("{path}/history")).await.must_be(404);
    }

    async fn what_was_shared_of_an_entry_follows_it_to_its_new_circle(site: TestSite) {
        let mut lead = site.signed_in_as("Project lead, Riverside").await;
        let source = record(&mut lead, "reflection", "The place's own", "What we think", "Between us: a bramble of a month.").await;
        lead.follow("Share part of it").await;
        lead.choose("Share it with", "Programme team").fill("Title", "A hard month").fill("What they will read", "We need a marigold of time.");
        lead.press("See it as they will").await;
        let extract = without_query(&lead.press("Share with Programme team").await.path);
        let mut partner = site.signed_in_as("Partner organisation's representative, Riverside").await;
        let mut team = site.signed_in_as("Learning capture team").await;
        let mut manager = site.signed_in_as("Grant manager").await;
        partner.open(&extract).await.must_be(200).must_say("Taken from What we think");
        assert!(finds(&mut partner, "marigold", &extract).await);
        team.open(&extract).await.must_be(404);

        lead.open(&format!("{source}/change")).await;
        lead.choose("Who reads this", "Learning").fill("What there is to say", "Between us: a bramble of a month, and a rose.");
        lead.press("Save the change").await.must_be(200);
        // Whoever reads the source reads what was shared of it: the new circle does, the one before does no longer.
        for path in [&source, &extract] {
            team.open(path).await.must_be(200);
            partner.open(path).await.must_be(404).must_not_say("marigold").must_not_say("bramble");
        }
        assert!(finds(&mut team, "marigold", &extract).await);
        assert!(!finds(&mut partner, "marigold", &extract).await);
        partner.open(&format!("{RIVERSIDE}/entries")).await.must_not_say("A hard month");
        // Those it was shared with read it as before, and nothing else of it.
        manager.open(&extract).await.must_be(200).must_say("marigold").must_say("Who reads this: Programme team");
        assert!(manager.page().texts(".who-reads-names li").contains(&"Learning capture team".to_string()), "{}", manager.page().text());
        assert!(finds(&mut manager, "marigold", &extract).await);
        manager.open(&source).await.must_be(404);
        let row = site.entry(id_in(&extract)).await;
        assert_eq!((row.revision, row.text.as_str()), (1, "We need a marigold of time."), "its words are frozen");
        site.journal_is_whole().await;
    }

    async fn before_one_writes_one_sees_who_will_read_by_name(site: TestSite) {
        let mut consultant = site.signed_in_as("Consultant, Riverside").await;
        let page = consultant.open(&format!("{RIVERSIDE}/entries/new?kind=session")).await;
        page.must_say("3 people: consultant, project lead, learning lead.");
        assert_eq!(page.texts("fieldset summary"), ["Their names: Support"]);
        let support = ["Consultant, Riverside", "Learning lead, Riverside", "Project lead, Riverside"];
        assert_eq!(page.texts("fieldset details li"), support);
        let session = record(&mut consultant, "session", "Support", "A first session", "We met.").await;
        assert_eq!(consultant.page().texts(".who-reads-names li"), support, "the entry’s page says the same");
        let page = consultant.open(&format!("{session}/share")).await;
        assert!(page.texts("fieldset details").iter().any(|d| d.contains("Programme team") && d.contains("Grant manager")));

        // Of very many, the first fifty are named and the others counted; an entry's page leaves both out.
        let held = site.appointment("Community member, Riverside").await;
        let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
        for n in 10..70 {
            let (id, name) = (PersonId(write.id()), format!("Neighbour {n}"));
            let person = person::Model { id, name, email: None, password_hash: None, practice: false, created_at: write.at() };
            write.insert(person).await.expect("a person");
            let appointment = appointment::Model { id: AppointmentId(write.id()), person_id: id, ..held.clone() };
            write.insert(appointment).await.expect("an appointment");
        }
        write.save().await.expect("sixty neighbours");
        let mut partner = site.signed_in_as("Partner organisation's representative, Riverside").await;
        let page = partner.open(&format!("{RIVERSIDE}/entries/new?kind=note")).await;
        page.must_say("64 people: ").must_say("Neighbour 10");
        let own = page.texts("fieldset details").into_iter().find(|d| d.starts_with("Their names: The place's own")).expect("names");
        assert!(own.ends_with("and 14 more"), "{own}");
        record(&mut partner, "note", "The place's own", "To very many", "We are sixty-four.").await;
        partner.page().must_say("more than 50 people: ").must_not_say("Neighbour 10");
    }

    async fn a_double_click_writes_once(site: TestSite) {
        let mut consultant = site.signed_in_as("Consultant, Riverside").await;
        consultant.open(&format!("{RIVERSIDE}/entries/new?kind=note")).await;
        consultant.fill("Title", "Pressed twice").fill("What there is to say", "Once is enough.");
        let form = consultant.filled_form("Record");
        let first = consultant.send(&form).await.path.clone();
        assert_eq!(consultant.send(&form).await.path, first);
        assert_eq!(with_title(&site, "Pressed twice").await, 1);
        // Both at the same moment.
        let (mut here, mut there) = (consultant.second_window(), consultant.second_window());
        here.open(&format!("{RIVERSIDE}/entries/new?kind=note")).await;
        here.fill("Title", "Pressed at once").fill("What there is to say", "Once is enough.");
        let form = here.filled_form("Record");
        let (one, other) = tokio::join!(here.send(&form), there.send(&form));
        assert_eq!(one.path, other.path);
        assert_eq!(with_title(&site, "Pressed at once").await, 1);
        // Sharing is no different.
        consultant.open(&format!("{}/share", without_query(&first))).await;
        consultant.choose("Share it with", "Learning").fill("Title", "Shared twice").fill("What they will read", "Once.");
        consultant.press("See it as they will").await;
        let form = consultant.filled_form("Share with Learning");
        consultant.send(&form).await.must_be(200);
        consultant.send(&form).await.must_be(200);
        assert_eq!(with_title(&site, "Shared twice").await, 1);
        site.journal_is_whole().await;
    }

    async fn lists_go_on_where_the_page_before_ended(site: TestSite) {
        let mut seen = Vec::new();
        for n in 0..60 {
            site.put(Draft { circle: "network", author: "Grant manager", place: None, title: &format!("Number {n}"), ..Draft::default() }).await;
        }
        let mut manager = site.signed_in_as("Grant manager").await;
        let mut next = Some(format!("{PRACTICE}/entries?circle=network&kind=note"));
        let mut pages = 0;
        while let Some(path) = next {
            let page = manager.open(&path).await;
            seen.extend(page.texts(".entry-title").into_iter().filter(|t| t.starts_with("Number ")));
            next = page.link("Older entries");
            pages += 1;
        }
        assert!(pages > 1);
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((count, seen.len()), (60, 60), "each once");
    }

    async fn a_viewer_writes_only_what_their_role_writes(site: TestSite) {
        let mut partner = site.signed_in_as("Partner organisation's representative, Riverside").await;
        partner.open(&format!("{RIVERSIDE}/entries/new?kind=note")).await;
        assert_eq!(partner.choices("Who reads this"), ["The place's own", "Network"]);
        let path = format!("{RIVERSIDE}/entries/new");
        for (kind, circle) in [("note", "support"), ("note", "programme-team"), ("note", "oversight"), ("note", "public"), ("note", "nonsense")] {
            let fields = [("kind", kind), ("circle", circle), ("title", "Where it does not belong"), ("text", "x"), ("happened_on", "2026-11-19")];
            let reply = partner.post(&path, &fields).await;
            assert_eq!(reply.status, 422, "{circle}");
            assert!(reply.text().contains("Choose who reads this"));
        }
        let reply = partner.post(&path, &[("kind", "session"), ("circle", "support"), ("title", "Not theirs"), ("text", "x")]).await;
        assert_eq!(reply.status, 403);
        // Nor can a share go where no flow of the design leads.
        let entry = site.put(Draft { author: "Partner organisation's representative, Riverside", circle: "place", ..Draft::default() }).await;
        for to in ["support", "public", "oversight", "place", ""] {
            let fields = [("to", to), ("title", "Onward"), ("text", "x"), ("step", "share")];
            let reply = partner.post(&format!("{PRACTICE}/entries/{}/share", entry.id), &fields).await;
            assert_eq!(reply.status, 422, "{to}");
        }
        assert_eq!(with_title(&site, "Onward").await + with_title(&site, "Where it does not belong").await, 0);
        assert_eq!(partner.request(Method::HEAD, &format!("{PRACTICE}/entries/{}", entry.id), &[], axum::body::Body::empty()).await.status, 200);
    }
}
