//! Influence: a place asks a sponsor to use its name, and both sides see what became of it; audiences that were reached,
//! stages that were offered, policies that changed.

use testkit::site::PRACTICE;
use testkit::{Visitor, both};

use crate::agreements::{has_row, row, waits, without_query};

const RIVERSIDE: &str = "/programmes/practice-healthy-communities-together/places/riverside";
const INFLUENCE: &str = "/programmes/practice-healthy-communities-together/influence";
const LEAD: &str = "Project lead, Riverside";
const NEIGHBOUR: &str = "Project lead, Lantern Hill";
const FUNDER: &str = "Programme lead, funder";
const MANAGER: &str = "Grant manager";

const LETTER: &str = "A letter to the hospital board";
const SAVED: &str = "Saved. It stands below, and those who wait for it see it in their Today.";
const NONE: &str = "No ask for backing that you may read";

/// The place asks for backing, of somebody or of nobody in particular; gives its address.
async fn ask(lead: &mut Visitor, title: &str, on: &str, to: &str) -> String {
    lead.open(&format!("{RIVERSIDE}/entries/new?kind=ask-for-backing")).await.must_be(200);
    lead.fill("Title", title).fill("What we ask you to do", "Write to them, by heron post.");
    lead.fill("Why you, and why now", "They read what you sign.").fill("When it happened", on).choose("To whom", to);
    without_query(&lead.press("Record").await.must_be(200).path)
}

/// Takes a step that the page of a matter offers, with these words.
async fn take(visitor: &mut Visitor, matter: &str, (key, name): (&str, &str), words: &[(&str, &str)]) {
    let step = format!("{matter}/steps/{key}");
    assert!(visitor.open(matter).await.must_be(200).links().contains(&step), "{name} is not offered");
    assert_eq!(visitor.open(&step).await.must_be(200).heading(), name);
    for (field, text) in words {
        visitor.fill(field, text);
    }
    assert_eq!(visitor.press(name).await.notice(), SAVED);
}

/// Records something for the programme or for a place; gives its address.
async fn record(visitor: &mut Visitor, home: &str, kind: &str, words: &[(&str, &str)]) -> String {
    visitor.open(&format!("{home}/entries/new?kind={kind}")).await.must_be(200);
    for (field, text) in words {
        visitor.fill(field, text);
    }
    without_query(&visitor.press("Record").await.must_be(200).path)
}

/// What both sides count stands in both tables of each.
async fn count(sides: [&mut Visitor; 2], cells: &str) {
    for side in sides {
        side.open(INFLUENCE).await.must_be(200);
        assert!(has_row(side, &format!("The funder {cells}")), "{}", side.page().text());
        assert!(has_row(side, &format!("Riverside {cells}")), "{}", side.page().text());
    }
}

both! {
    async fn a_place_asks_a_sponsor_acts_and_both_see_the_same_count(site: TestSite) {
        let (mut lead, mut funder) = (site.signed_in_as(LEAD).await, site.signed_in_as(FUNDER).await);
        lead.open(INFLUENCE).await.must_be(200).must_say(NONE).must_not_say("Who was asked");
        assert_eq!(lead.page().heading(), "Influence");
        lead.follow("Record: ask for backing, for Riverside").await.must_be(200);
        assert_eq!(lead.choices("Who reads this"), ["Asks for backing"]);
        assert_eq!(lead.choices("To whom"), ["Nobody in particular", MANAGER, FUNDER, "Programme lead, support partner"]);
        let path = ask(&mut lead, LETTER, "10 November 2026", FUNDER).await;
        lead.page().must_say("It is with Programme lead, funder. Expected by 24 November 2026: Programme lead, Grant manager.");
        count([&mut lead, &mut funder], "1 0 — 0 0 0").await;
        lead.page().must_not_say("Have asked for nothing");
        funder.page().must_say("Have asked for nothing: Lantern Hill, Saltmarsh.").must_say(LETTER);

        // It waits for whom it was said to; nobody else of the programme reads it.
        assert!(waits(&mut funder).await.contains(&LETTER.to_string()));
        let mut manager = site.signed_in_as(MANAGER).await;
        assert!(!waits(&mut manager).await.contains(&LETTER.to_string()));
        for name in [NEIGHBOUR, "Consultant, Riverside", "Evaluator", "Community member, Riverside"] {
            let mut other = site.signed_in_as(name).await;
            other.open(INFLUENCE).await.must_be(200).must_say(NONE).must_not_say(LETTER).must_not_say("Who was asked");
            other.open(&path).await.must_be(404).must_not_say(LETTER);
        }

        take(&mut funder, &path, ("will-do", "Say that you will"), &[("What you will do, and by when", "We write this week.")]).await;
        funder.page().must_say("It is promised.");
        count([&mut lead, &mut funder], "1 1 10 0 0 0").await;
        site.clock().advance_seconds(2 * 24 * 3600);
        take(&mut funder, &path, ("done", "Say that it is done"), &[("What was done, and with whom", "The chair has the letter.")]).await;
        count([&mut lead, &mut funder], "1 1 10 1 0 0").await;
        assert!(waits(&mut lead).await.contains(&LETTER.to_string()), "the place says what came of it");
        take(&mut lead, &path, ("came-of-it", "Say what came of it"), &[("What came of it", "Two of us spoke to the board.")]).await;
        lead.page().must_say("It is closed, and led to something.");
        count([&mut lead, &mut funder], "1 1 10 1 1 0").await;
        assert_eq!(row(&lead, "Riverside"), row(&funder, "Riverside"));
        for side in [&mut lead, &mut funder] {
            side.page().must_say("None is open.");
            side.follow("What came of those that are closed").await.must_be(200).must_say(LETTER);
        }
        let mut neighbour = site.signed_in_as(NEIGHBOUR).await;
        neighbour.open(INFLUENCE).await.must_be(200).must_say(NONE).must_not_say(LETTER);
        site.journal_is_whole().await;
    }

    async fn a_refusal_has_its_reasons_and_silence_is_counted(site: TestSite) {
        let (mut lead, mut manager) = (site.signed_in_as(LEAD).await, site.signed_in_as(MANAGER).await);
        let silent = ask(&mut lead, "A word with the mayor", "1 November 2026", "Nobody in particular").await;
        let path = ask(&mut lead, LETTER, "10 November 2026", MANAGER).await;
        manager.open(&format!("{path}/steps/not-now")).await.must_be(200);
        manager.press("Say why not now").await.must_be(422);
        assert_eq!(manager.page().errors(), ["Say something under “Why not”"]);
        take(&mut manager, &path, ("not-now", "Say why not now"), &[("Why not", "We fund them as well, and must not lean on them.")]).await;
        lead.open(&path).await.must_say("It is declined for now.").must_say("We fund them as well, and must not lean on them.");
        for side in [&mut lead, &mut manager] {
            side.open(INFLUENCE).await.must_be(200);
            assert!(has_row(side, "Grant manager 1 1 10 0 0 0"), "{}", side.page().text());
            assert!(has_row(side, "Nobody in particular 1 0 — 0 0 1"), "{}", side.page().text());
            assert!(has_row(side, "Riverside 2 1 10 0 0 1"), "{}", side.page().text());
            let open = "A word with the mayor Riverside Nobody in particular 1 November 2026 open Programme lead, Grant manager 15 November 2026 silent";
            assert!(has_row(side, open), "{}", side.page().text());
            assert!(side.page().links().contains(&silent) && !side.page().links().contains(&path), "what is closed is not among what is open");
        }
        // The place takes it back: it stays among what was asked, and nobody is silent any more.
        take(&mut lead, &silent, ("withdrawn", "Withdraw it"), &[("What there is to say", "The mayor came by herself.")]).await;
        lead.open(INFLUENCE).await;
        assert!(has_row(&lead, "Riverside 2 1 10 0 0 0"), "{}", lead.page().text());
    }

    async fn whoever_is_never_offered_a_stage_is_seen(site: TestSite) {
        let (mut funder, mut lead) = (site.signed_in_as(FUNDER).await, site.signed_in_as(LEAD).await);
        let words = [("Title", "The spring conference"), ("What it is, where and when", "A day in a hall."), ("Who will be there", "Many.")];
        let stage = record(&mut funder, PRACTICE, "stage", &words).await;
        lead.open(INFLUENCE).await.must_say("Never stood anywhere: Lantern Hill, Riverside, Saltmarsh.");
        assert!(has_row(&lead, "Riverside 0 0 never"), "{}", lead.page().text());
        take(&mut funder, &stage, ("offered", "Offer it to the places"), &[("To which places", "Riverside and Lantern Hill")]).await;
        lead.open(INFLUENCE).await;
        assert!(has_row(&lead, "The spring conference Lantern Hill, Riverside nobody yet offered"), "{}", lead.page().text());
        take(&mut funder, &stage, ("offered", "Offer it to the places"), &[("To which places", "All places")]).await;
        let told = [("Which places told their story", "Lantern Hill"), ("What was told, and what was said back", "As Riverside had heard it before.")];
        take(&mut funder, &stage, ("told", "Say that the story was told"), &told).await;
        for side in [&mut lead, &mut funder] {
            side.open(INFLUENCE).await.must_say("Never stood anywhere: Riverside, Saltmarsh.");
            assert!(has_row(side, "The spring conference all places Lantern Hill told"), "{}", side.page().text());
            assert!(has_row(side, "Lantern Hill 1 1 20 November 2026"), "{}", side.page().text());
            assert!(has_row(side, "Saltmarsh 1 0 never"), "{}", side.page().text());
        }
        // Who is not in the network is told of none.
        let mut evaluator = site.signed_in_as("Evaluator").await;
        evaluator.open(INFLUENCE).await.must_be(200).must_say("No stage that you may read").must_not_say("The spring conference");
    }

    async fn what_reached_an_audience_and_how_strong_evidence_is_stands_there(site: TestSite) {
        let (mut funder, mut lead) = (site.signed_in_as(FUNDER).await, site.signed_in_as(LEAD).await);
        funder.open(&format!("{PRACTICE}/entries/new?kind=audience")).await.must_be(200);
        assert_eq!(funder.choices("Who reads this"), ["Network", "Oversight"]);
        let words = [("Title", "Ward managers"), ("Who they are", "Eleven people."), ("What they should come to know, do or decide", "A number to ring.")];
        let audience = record(&mut funder, PRACTICE, "audience", &words).await;
        lead.open(INFLUENCE).await.must_say("Nobody has been reached yet.").must_say("Whom nobody has reached yet");
        assert!(has_row(&lead, "Ward managers The programme 20 November 2026 0 days"), "{}", lead.page().text());
        let reached = [("What reached whom, and how", "A morning on the ward."), ("What was said back", "Come again in spring.")];
        take(&mut funder, &audience, ("reached", "Say what reached them"), &reached).await;
        lead.open(INFLUENCE).await.must_not_say("Whom nobody has reached yet");
        assert!(has_row(&lead, "Ward managers The programme 1 20 November 2026 Come again in spring. reached"), "{}", lead.page().text());

        let words = [("Title", "Fares within a week"), ("What changed, where and when", "A rule."), ("What we contributed", "A count."), ("How strong the evidence for it is", "Weak. Others counted too.")];
        let policy = record(&mut lead, RIVERSIDE, "policy-change", &words).await;
        funder.open(INFLUENCE).await.must_say("as those say who brought it: strong: 0, some: 0, weak: 1.");
        assert!(has_row(&funder, "Fares within a week Riverside weak Weak. Others counted too. 0 — open"), "{}", funder.page().text());
        let evidence = [("The evidence", "Their minutes."), ("How strong the evidence is now", "Strong. They name the count.")];
        take(&mut lead, &policy, ("evidence", "Bring evidence"), &evidence).await;
        funder.open(INFLUENCE).await.must_say("strong: 1, some: 0, weak: 0.");
        let now = "Fares within a week Riverside strong Strong. They name the count. 1 20 November 2026 backed by evidence";
        assert!(has_row(&funder, now), "{}", funder.page().text());
        site.journal_is_whole().await;
    }

    async fn the_page_is_for_those_who_take_part(site: TestSite) {
        for (name, may) in [(LEAD, true), ("Finance person, Riverside", true), ("Advisory group member", true), ("Panel member, funder", false), ("Assessor 1", false)] {
            let mut visitor = site.signed_in_as(name).await;
            visitor.open(&format!("{PRACTICE}/needs")).await.must_be(200);
            assert_eq!(visitor.page().link("Influence").is_some(), may, "{name}");
            let page = visitor.open(INFLUENCE).await;
            match may {
                true => page.must_be(200).must_say("Asks for backing"),
                false => page.must_be(403).must_say("This is for those who take part"),
            };
        }
        // A place's own page leads there for those who may ask for it.
        for (name, may) in [(LEAD, true), (NEIGHBOUR, false), (FUNDER, false)] {
            let mut visitor = site.signed_in_as(name).await;
            assert_eq!(visitor.open(RIVERSIDE).await.link("Ask for backing").is_some(), may, "{name}");
        }
    }
}
