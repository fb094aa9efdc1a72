//! Outputs on their way to everybody: written together, agreed to by those who are quoted and by the places they are about,
//! published, and taken back. Nobody's words are seen by anybody who may not, at any time.

use sea_orm::entity::prelude::*;
use tables::{EntryId, MarkId, OutputId, entry, output, programme, publication, quotation};
use testkit::site::PRACTICE;
use testkit::{Draft, TestSite, Visitor, both};

use crate::feeds::{feed_is_atom, well_formed};
use crate::learning::put_mark;

const CONSULTANT: &str = "Consultant, Riverside";
const LEAD: &str = "Project lead, Riverside";
const LEARNING_LEAD: &str = "Learning lead, Riverside";
const TEAM: &str = "Learning capture team";
const MANAGER: &str = "Grant manager";

const WORDS: &str = "They trust the baker, and nobody else.";
const TITLE: &str = "What waiting teaches";
const NEW: &str = "/programmes/practice-healthy-communities-together/outputs/new?place=riverside&kind=insight";
const GONE: &str = "A quotation stood here. Whoever said it has taken it back.";
const HIDDEN: &str = "A quotation stands here that you may not read before whoever said it agrees.";

/// Something that was said in Riverside, in this circle, by somebody, marked as a whole.
pub async fn put_said(site: &TestSite, author: &str, circle: &str, words: &str) -> (entry::Model, MarkId) {
    let of = site.put(Draft { author, circle, text: words, title: "A visit", ..Draft::default() }).await;
    let mark = put_mark(site, &of).await;
    (of, mark)
}

/// Starts an insight about Riverside; gives its address.
pub async fn start(writer: &mut Visitor, title: &str) -> String {
    writer.open(NEW).await.must_be(200);
    writer.fill("Title", title).fill("What there is to say", "Everybody waits.").fill("Whom it is for", "Other funders");
    let page = writer.press("Start it").await;
    page.must_be(200).must_say("An idea");
    page.path.split('?').next().unwrap_or_default().to_string()
}

/// Writes on, so that it can be put to those it is about.
pub async fn write_on(writer: &mut Visitor, home: &str, text: &str) {
    writer.open(&format!("{home}/write")).await.must_be(200);
    writer.fill("In one sentence", "That nobody is asked.").fill("Who wrote it", "The learning capture team").fill("Text", text);
    let saved = writer.press("Save").await.notice();
    assert!(saved.starts_with("Saved") && saved.contains("he version before is kept"), "{saved}");
}

/// Quotes an excerpt as what its author said.
pub async fn quote(writer: &mut Visitor, home: &str, excerpt: MarkId, attribution: &str) {
    writer.open(&format!("{home}/quote?excerpt={excerpt}")).await.must_be(200);
    writer.fill("Shown beneath them as", attribution);
    // Nobody's words are made somebody's by not looking.
    writer.press("Quote it").await.must_be(422).must_say("Choose whose words they are");
    let theirs = writer.choices("Whose words they are").swap_remove(0);
    writer.choose("Whose words they are", &theirs);
    writer.press("Quote it").await.must_be(200).must_say("Quoted.");
}

/// Puts it to those it is about.
pub async fn ask(writer: &mut Visitor, home: &str) {
    writer.open(home).await.must_be(200);
    if writer.sees_button("Begin to write it") {
        writer.press("Begin to write it").await.must_be(200);
    }
    writer.press("Put it to those it is about").await.must_say("They are asked now");
}

/// The quotations of an output that stand.
async fn quotations(site: &TestSite, home: &str) -> Vec<quotation::Model> {
    let found = quotation::Entity::find()
        .filter(quotation::COLUMN.entry_id.eq(entry_of(home)))
        .filter(quotation::COLUMN.removed_at.is_null());
    let mut all = found.all(site.db().reader()).await.expect("quotations");
    all.sort_by_key(|q| q.number);
    all
}

fn entry_of(home: &str) -> EntryId {
    home.rsplit('/').next().and_then(|id| id.parse().ok()).unwrap_or_else(|| panic!("no output at {home}"))
}

pub async fn output_of(site: &TestSite, home: &str) -> output::Model {
    let found = output::Entity::find().filter(output::COLUMN.entry_id.eq(entry_of(home)));
    found.one(site.db().reader()).await.expect("outputs").expect("the output")
}

/// Whoever is quoted first says yes.
pub async fn agree(site: &TestSite, who: &mut Visitor, home: &str) {
    let first = quotations(site, home).await.remove(0);
    who.open(&format!("/your-words/{}", first.id)).await.must_be(200);
    who.choose("Your answer", "Yes, as it stands here");
    who.press("Answer").await.must_say("Said.");
}

/// A place signs off.
pub async fn sign(site: &TestSite, who: &mut Visitor, home: &str) {
    let id: OutputId = output_of(site, home).await.id;
    who.open(&format!("{PRACTICE}/sign-off/{id}")).await.must_be(200);
    who.choose("Can it be published?", "Yes, it can be published as it stands here");
    who.press("Say it").await.must_say("Said.");
}

/// Publishes; gives the public address.
pub async fn publish(site: &TestSite, who: &mut Visitor, home: &str) -> String {
    who.open(&format!("{home}/publish")).await.must_be(200);
    who.press("Publish it").await.must_say("Published. Everybody can read it now.");
    format!("/library/{}", output_of(site, home).await.slug.expect("an address"))
}

/// An insight that quotes the consultant and is with those it is about: whoever wrote it, and where.
async fn asking(site: &TestSite) -> (Visitor, String) {
    let (_, said) = put_said(site, CONSULTANT, "learning", WORDS).await;
    let mut team = site.signed_in_as(TEAM).await;
    let home = start(&mut team, TITLE).await;
    write_on(&mut team, &home, "People wait for weeks.").await;
    quote(&mut team, &home, said, "A consultant").await;
    ask(&mut team, &home).await;
    (team, home)
}

/// An insight that quotes the consultant, agreed, signed off and published; where it is written and where it is read.
pub async fn published(site: &TestSite, said: MarkId) -> (String, String) {
    let mut team = site.signed_in_as(TEAM).await;
    let home = start(&mut team, TITLE).await;
    write_on(&mut team, &home, "People wait for weeks.").await;
    quote(&mut team, &home, said, "A consultant").await;
    ask(&mut team, &home).await;
    agree(site, &mut site.signed_in_as(CONSULTANT).await, &home).await;
    sign(site, &mut site.signed_in_as(LEARNING_LEAD).await, &home).await;
    let address = publish(site, &mut team, &home).await;
    (home, address)
}

/// The practice programme becomes a real one, whose publications everybody finds.
async fn make_real(site: &TestSite) {
    let home = PRACTICE.trim_start_matches("/programmes/");
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    let row = programme::Entity::find().filter(programme::COLUMN.slug.eq(home)).one(write.tx()).await.expect("it").expect("it");
    write.replace(&row, programme::Model { practice: false, ..row.clone() }).await.expect("a programme");
    write.save().await.expect("a programme");
}

both! {
    async fn an_excerpt_is_quoted_agreed_to_signed_off_published_cited_and_taken_back(site: TestSite) {
        let (_, said) = put_said(&site, CONSULTANT, "learning", WORDS).await;
        let mut team = site.signed_in_as(TEAM).await;
        let home = start(&mut team, TITLE).await;
        write_on(&mut team, &home, "People wait for weeks.").await;
        quote(&mut team, &home, said, "A consultant").await;
        // Nobody is asked of what is still being written.
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        consultant.open("/your-words").await.must_say("Nobody quotes you");
        let first = quotations(&site, &home).await.remove(0);
        consultant.open(&format!("/your-words/{}", first.id)).await.must_be(404);
        ask(&mut team, &home).await;
        let address = site.person(CONSULTANT).await.email.expect("an address");
        let mails = site.mails_to(&address).await;
        let (subject, text) = mails.last().expect("a mail");
        assert_eq!(subject, "You are asked for your words");
        assert!(!text.contains("baker"), "no words travel by mail: {text}");
        // They see exactly what would be published, and would have it otherwise.
        let page = consultant.open("/").await;
        let task = page.link(&format!("Say whether your words may be used in “{TITLE}”")).expect("a task");
        consultant.open(&task).await.must_say("People wait for weeks.").must_say(WORDS).must_say("A consultant");
        consultant.choose("Your answer", "Yes, if the words are as I write them below").fill("The words as you would have them", "They trust the baker.");
        consultant.press("Answer").await.must_say("Said.");
        team.open(&home).await.must_say("agreed if it is changed").must_say("They trust the baker.");
        team.press("Use their words for quotation 1").await.must_say("Their words stand now.");
        // The place signs off once everybody quoted has agreed.
        let mut lead = site.signed_in_as(LEARNING_LEAD).await;
        assert!(lead.open("/").await.link(&format!("Sign off “{TITLE}”")).is_some(), "a task");
        team.open(&format!("{home}/publish")).await.must_say("Riverside has not signed it off.");
        sign(&site, &mut lead, &home).await;
        let public = publish(&site, &mut team, &home).await;
        // Everybody reads it, and can cite it.
        let mut anyone = site.visitor();
        let page = anyone.open(&public).await;
        page.must_be(200).must_say("People wait for weeks.").must_say("They trust the baker.").must_say("A consultant");
        page.must_say("The learning capture team (2026). What waiting teaches. ").must_not_say("and nobody else");
        anyone.open(&format!("{public}/1")).await.must_be(200).must_say("They trust the baker.");
        let slug = PRACTICE.trim_start_matches("/programmes/");
        anyone.open(&format!("/library?programme={slug}")).await.must_say(TITLE).must_say("That nobody is asked.");
        anyone.open(&format!("/library?programme={slug}&view=storybook")).await.must_say("They trust the baker.");
        anyone.open("/library").await.must_not_say(TITLE);
        // They take it back: their words are gone at once, wherever they were.
        consultant.open(&format!("/your-words/{}", first.id)).await.must_be(200).must_say("Where they are public");
        consultant.choose("Are you sure?", "I take these words back");
        consultant.press("Take them back").await.must_say("Taken back.");
        for path in [public.clone(), format!("{public}/1"), format!("/library?programme={slug}&view=storybook")] {
            anyone.open(&path).await.must_be(200).must_say(GONE).must_not_say("baker").must_not_say("A consultant");
        }
        team.open(&home).await.must_not_say("baker").must_say(GONE);
        // The place takes it back: the address says so, and not what it said.
        let id = output_of(&site, &home).await.id;
        lead.open(&format!("{PRACTICE}/sign-off/{id}")).await.must_be(200);
        lead.choose("Are you sure?", "We no longer agree to its being published");
        lead.press("Take it back").await.must_be(200);
        anyone.open(&public).await.must_be(410).must_say("withdrawn").must_not_say("People wait");
        anyone.open(&format!("{public}/1")).await.must_be(410).must_not_say("People wait");
        anyone.open(&format!("/library?programme={slug}")).await.must_not_say(TITLE);
        site.journal_is_whole().await;
    }

    async fn words_are_hidden_from_who_may_not_read_where_they_are_from_until_they_are_agreed_to(site: TestSite) {
        let (_, said) = put_said(&site, LEAD, "support", WORDS).await;
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        let home = start(&mut consultant, TITLE).await;
        write_on(&mut consultant, &home, "People wait for weeks.").await;
        quote(&mut consultant, &home, said, "A project lead").await;
        consultant.open(&home).await.must_say(WORDS);
        // Those who write with them do not read the support circle.
        let mut team = site.signed_in_as(TEAM).await;
        for path in [home.clone(), format!("{home}/write"), format!("{home}/publish"), home.replace("/outputs/", "/entries/")] {
            team.open(&path).await.must_be(200).must_not_say("baker").must_not_say("A project lead");
        }
        team.open(&home).await.must_say(HIDDEN);
        // Neither may they quote it themselves, nor change it.
        team.open(&format!("{home}/quote?excerpt={said}")).await.must_not_say("baker").must_say("There is no excerpt of this programme that you may read at this address");
        assert_eq!(team.post(&format!("{home}/quote"), &[("excerpt", &said.to_string()), ("words", "x"), ("whose", "author")]).await.status, 404);
        team.open(&home).await;
        team.fill("Replace", "baker").fill("By", "grocer");
        team.press("Replace it everywhere").await.must_be(422).must_say("stands nowhere in it");
        // Whoever signs for the place waits too, unless they read it anyway.
        ask(&mut consultant, &home).await;
        let mut lead = site.signed_in_as(LEAD).await;
        agree(&site, &mut lead, &home).await;
        team.open(&home).await.must_say(WORDS);
        let search = team.get("/search?q=baker").await.page("/search");
        search.must_not_say("trust the");
    }

    async fn what_changes_is_asked_again_of_those_it_touches(site: TestSite) {
        let (_, said) = put_said(&site, CONSULTANT, "learning", WORDS).await;
        let mut team = site.signed_in_as(TEAM).await;
        let home = start(&mut team, TITLE).await;
        write_on(&mut team, &home, "At the beginning.\n\nPeople wait for weeks.").await;
        quote(&mut team, &home, said, "A consultant").await;
        ask(&mut team, &home).await;
        agree(&site, &mut site.signed_in_as(CONSULTANT).await, &home).await;
        let mut lead = site.signed_in_as(LEARNING_LEAD).await;
        sign(&site, &mut lead, &home).await;
        // Far from the quotation: its consent stands, and the place signs off anew.
        write_on(&mut team, &home, "In the beginning.\n\nPeople wait for weeks.\n\n[quotation 1]").await;
        ask(&mut team, &home).await;
        team.open(&format!("{home}/publish")).await.must_say("Riverside has not signed it off.").must_not_say("has not answered");
        sign(&site, &mut lead, &home).await;
        // Beside it: both are asked again.
        write_on(&mut team, &home, "In the beginning.\n\nPeople love to wait.\n\n[quotation 1]").await;
        ask(&mut team, &home).await;
        team.open(&format!("{home}/publish")).await.must_say("Whoever said quotation 1 has not answered.").must_say("Riverside has not signed it off.");
        assert!(!team.sees_button("Publish it"));
        let forged = team.post(&format!("{home}/publish"), &[("hash", "00")]).await;
        assert_eq!(forged.status, 200, "the page that says what is missing");
        assert_eq!(publication::Entity::find().count(site.db().reader()).await.expect("rows"), 0);
        // The place may not sign before those who are quoted.
        let id = output_of(&site, &home).await.id;
        lead.open(&format!("{PRACTICE}/sign-off/{id}")).await.must_say("1 has not.");
        assert_eq!(lead.choices("Can it be published?").len(), 2, "no yes yet");
    }

    async fn an_answer_to_words_that_have_changed_meanwhile_counts_for_nothing(site: TestSite) {
        let (mut team, home) = asking(&site).await;
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        let first = quotations(&site, &home).await.remove(0);
        consultant.open(&format!("/your-words/{}", first.id)).await.must_be(200);
        team.open(&home).await;
        team.fill("Replace", "A consultant").fill("By", "The well-known consultant");
        team.press("Replace it everywhere").await.must_say("Replaced wherever it stood.");
        ask(&mut team, &home).await;
        consultant.choose("Your answer", "Yes, as it stands here");
        consultant.press("Answer").await.must_be(409).must_say("Its words have changed");
        team.open(&home).await.must_say("not answered yet");
    }

    async fn words_that_are_taken_back_at_their_source_are_gone_where_they_were_quoted(site: TestSite) {
        let (source, said) = put_said(&site, CONSULTANT, "learning", WORDS).await;
        let (_, public) = published(&site, said).await;
        let mut anyone = site.visitor();
        anyone.open(&public).await.must_say(WORDS);
        // As a conversation, which those who are quoted in it can take back.
        let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("rows");
        let row = site.entry(source.id).await;
        write.replace(&row, entry::Model { kind: "conversation".into(), ..row.clone() }).await.expect("rows");
        write.save().await.expect("rows");
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        consultant.open(&format!("{PRACTICE}/entries/{}/withdraw", source.id)).await.must_be(200);
        consultant.choose("Are you sure?", "Those who said it want it taken back");
        consultant.press("Take it back").await.must_be(200);
        anyone.open(&public).await.must_be(200).must_say(GONE).must_not_say("baker");
        consultant.open("/your-words").await.must_not_say("baker");
    }

    async fn names_are_found_replaced_and_else_have_to_be_meant(site: TestSite) {
        let mut team = site.signed_in_as(TEAM).await;
        let home = start(&mut team, TITLE).await;
        write_on(&mut team, &home, "Write to ana@example.org, said Consultant, Riverside, of Lantern Hill.").await;
        let page = team.open(&home).await;
        page.must_say("ana@example.org").must_say("somebody in this programme").must_say("a place that it is not said to be about");
        team.fill("Replace", "Consultant, Riverside").fill("By", "a consultant");
        team.press("Replace it everywhere").await.must_say("said a consultant, of Lantern Hill").must_not_say("somebody in this programme");
        ask(&mut team, &home).await;
        sign(&site, &mut site.signed_in_as(LEARNING_LEAD).await, &home).await;
        team.open(&format!("{home}/publish")).await;
        team.choose("Names that stand in it, and are meant to", "“Lantern Hill” – a place that it is not said to be about");
        let page = team.press("Publish it").await;
        page.must_be(422).must_say("Tick each of these that may be public, or replace it before you publish");
        team.choose("Names that stand in it, and are meant to", "“ana@example.org” – an address of mail");
        team.press("Publish it").await.must_say("Published.");
    }

    async fn two_who_write_at_once_overwrite_nothing(site: TestSite) {
        let mut team = site.signed_in_as(TEAM).await;
        let home = start(&mut team, TITLE).await;
        let mut lead = site.signed_in_as(LEARNING_LEAD).await;
        lead.open(&format!("{home}/write")).await.must_be(200);
        write_on(&mut team, &home, "From the team.").await;
        lead.fill("Text", "From the lead.");
        lead.press("Save").await.must_be(409).must_say("Nothing was overwritten.").must_say("From the lead.").must_say("[Taken out: team.]");
        lead.press("Save").await.must_say("Saved.").must_say("From the lead.");
        let history = lead.open(&format!("{}/history", home.replace("/outputs/", "/entries/"))).await;
        history.must_say("From the").must_say("Version");
    }

    async fn a_new_version_stands_beside_the_one_before(site: TestSite) {
        let (_, said) = put_said(&site, CONSULTANT, "learning", WORDS).await;
        let (home, public) = published(&site, said).await;
        let mut team = site.signed_in_as(TEAM).await;
        write_on(&mut team, &home, "People wait for months.\n\n[quotation 1]").await;
        let mut anyone = site.visitor();
        anyone.open(&public).await.must_say("for weeks").must_not_say("for months");
        ask(&mut team, &home).await;
        agree(&site, &mut site.signed_in_as(CONSULTANT).await, &home).await;
        sign(&site, &mut site.signed_in_as(LEARNING_LEAD).await, &home).await;
        assert_eq!(publish(&site, &mut team, &home).await, public, "the address stays");
        anyone.open(&public).await.must_say("for months").must_say(WORDS).must_say("Version 1");
        anyone.open(&format!("{public}/1")).await.must_say("for weeks").must_say(WORDS).must_say("There is a newer version.");
        // Taking the words back reaches both.
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        let first = quotations(&site, &home).await.remove(0);
        consultant.open(&format!("/your-words/{}", first.id)).await;
        consultant.choose("Are you sure?", "I take these words back");
        consultant.press("Take them back").await.must_be(200);
        for path in [public.clone(), format!("{public}/1"), format!("{public}/2")] {
            anyone.open(&path).await.must_say(GONE).must_not_say("baker");
        }
    }

    async fn feeds_and_the_sitemap_tell_of_what_is_published_and_hold_no_words(site: TestSite) {
        let (_, said) = put_said(&site, CONSULTANT, "learning", WORDS).await;
        let (_, public) = published(&site, said).await;
        let mut anyone = site.visitor();
        for path in ["/library/feed.atom", "/library/feed.rss", "/sitemap.xml"] {
            assert!(!anyone.get(path).await.text().contains("waiting"), "{path}: what is made up stands among the real");
        }
        make_real(&site).await;
        for path in ["/library/feed.atom", "/library/feed.rss", "/sitemap.xml"] {
            let reply = anyone.get(path).await;
            let text = reply.text();
            assert!(text.contains("what-waiting-teaches") && !text.contains("baker"), "{path}: {text}");
            well_formed(&text);
        }
        feed_is_atom(&anyone.get("/library/feed.atom").await.text());
        let page = anyone.open("/library?q=waits").await;
        page.must_say("Nothing here matches");
        anyone.open("/library?q=WAIT+weeks").await.must_say(TITLE);
        anyone.open("/library?q=baker").await.must_not_say(TITLE);
        anyone.open("/library?kind=Insight&place=Riverside&year=2026").await.must_say(TITLE);
        anyone.open("/library?place=Lantern%20Hill").await.must_not_say(TITLE);
        let html = anyone.get(&public).await.text();
        for part in ["application/ld+json", "\"@type\":\"CreativeWork\"", "og:title", "rel=\"canonical\"", "rel=\"license\""] {
            assert!(html.contains(part), "{part} is missing");
        }
        assert!(html.len() < 100_000, "{} bytes", html.len());
        assert!(anyone.get("/robots.txt").await.text().contains("/sitemap.xml"));
    }

    async fn outputs_are_for_those_who_read_them_and_each_step_for_those_who_may(site: TestSite) {
        let mut team = site.signed_in_as(TEAM).await;
        let home = start(&mut team, TITLE).await;
        write_on(&mut team, &home, "People wait for weeks.").await;
        ask(&mut team, &home).await;
        let id = output_of(&site, &home).await.id;
        // Page, and who gets: 2 what they asked for, 3 a refusal, 4 nothing.
        let writers = [TEAM, CONSULTANT, LEAD, LEARNING_LEAD];
        for name in [TEAM, CONSULTANT, LEAD, LEARNING_LEAD, MANAGER, "Evaluator", "Programme lead, funder", "Partner organisation's representative, Riverside", "Learning lead, Lantern Hill", "Assessor 1"] {
            let mut visitor = site.signed_in_as(name).await;
            let writes = writers.contains(&name);
            let signs = [LEAD, LEARNING_LEAD].contains(&name);
            for (path, in_it) in [
                (home.clone(), writes),
                (format!("{home}/write"), writes),
                (format!("{home}/quote"), writes),
                (format!("{PRACTICE}/sign-off/{id}"), signs),
            ] {
                assert_eq!(visitor.get(&path).await.status, if in_it { 200 } else { 404 }, "{name} {path}");
            }
            let publishes = visitor.get(&format!("{home}/publish")).await.status;
            assert_eq!(publishes, if name == TEAM { 200 } else if writes { 403 } else { 404 }, "{name} publishes");
            let sees = visitor.get(&format!("{PRACTICE}/outputs")).await;
            assert_eq!(sees.text().contains(TITLE), writes, "{name} sees it in the list");
            if !writes {
                for what in ["draft", "asking", "plan", "replace", "unquote", "withdraw"] {
                    assert_eq!(visitor.post(&home, &[("do", what)]).await.status, 404, "{name} {what}");
                }
                assert_eq!(visitor.post(&format!("{home}/write"), &[("title", "x"), ("text", "x")]).await.status, 404, "{name}");
            }
            if writes && name != TEAM {
                assert_eq!(visitor.post(&home, &[("do", "withdraw"), ("why", "x")]).await.status, 403, "{name} withdraws");
                assert_eq!(visitor.post(&format!("{home}/publish"), &[("hash", "x")]).await.status, 403, "{name} publishes");
            }
        }
        // Nobody else answers for those who are quoted.
        let (_, said) = put_said(&site, CONSULTANT, "learning", WORDS).await;
        quote(&mut team, &home, said, "").await;
        ask(&mut team, &home).await;
        let first = quotations(&site, &home).await.remove(0);
        for name in [TEAM, LEAD, LEARNING_LEAD, MANAGER] {
            let mut visitor = site.signed_in_as(name).await;
            assert_eq!(visitor.get(&format!("/your-words/{}", first.id)).await.status, 404, "{name}");
            assert_eq!(visitor.post(&format!("/your-words/{}", first.id), &[("answer", "yes")]).await.status, 404, "{name}");
        }
    }

    async fn who_answers_for_somebody_else_says_how_they_agreed(site: TestSite) {
        let (_, said) = put_said(&site, CONSULTANT, "learning", WORDS).await;
        let mut team = site.signed_in_as(TEAM).await;
        let home = start(&mut team, TITLE).await;
        write_on(&mut team, &home, "People wait for weeks.").await;
        team.open(&format!("{home}/quote?excerpt={said}")).await.must_be(200);
        team.choose("Whose words they are", "Those of somebody whom Consultant, Riverside quotes").fill("Shown beneath them as", "A parent");
        team.press("Quote it").await.must_say("Quoted.");
        ask(&mut team, &home).await;
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        let first = quotations(&site, &home).await.remove(0);
        consultant.open(&format!("/your-words/{}", first.id)).await.must_be(200);
        consultant.choose("Your answer", "Yes, as it stands here");
        consultant.press("Answer").await.must_be(422).must_say("Say how they agreed. Without that, their words cannot be published");
        consultant.fill("How they agreed", "Spoken, at the door, without their name.");
        consultant.press("Answer").await.must_say("Said.");
        // How somebody agreed is theirs and the consultant's, and no text.
        team.open(&home).await.must_say("agreed").must_not_say("at the door");
    }

    async fn an_output_is_planned_and_shows_when_it_stalls(site: TestSite) {
        let mut team = site.signed_in_as(TEAM).await;
        let home = start(&mut team, TITLE).await;
        team.fill("When it should be out", "tomorrow morning").fill("Days booked for it", "1.3");
        let page = team.press("Save the plan").await;
        page.must_be(422).must_say("Write days in quarters, such as 0.5 or 2.25, and no more than 400");
        assert_eq!(team.value("When it should be out"), "tomorrow morning");
        team.fill("When it should be out", "1 December 2026").fill("Days booked for it", "1.5").choose("Places it is about", "Lantern Hill");
        team.press("Save the plan").await.must_say("Saved.").must_say("Riverside, Lantern Hill").must_say("1½ days");
        site.clock().advance_seconds(40 * 24 * 3600);
        let mut team = site.signed_in_as(TEAM).await;
        let list = team.open(&format!("{PRACTICE}/outputs")).await;
        list.must_say(TITLE).must_say("silent for 40 days").must_say("late").must_say("1½ days");
        team.open("/").await.must_say(&format!("Bring “{TITLE}” out"));
        // Both places sign it off, once it says all that would be published.
        team.open(&home).await.must_be(200);
        team.press("Begin to write it").await.must_say("It does not say who wrote it.");
        assert_eq!(team.post(&home, &[("do", "asking")]).await.status, 409, "something is missing");
        write_on(&mut team, &home, "People wait for weeks.").await;
        ask(&mut team, &home).await;
        team.open(&format!("{home}/publish")).await.must_say("Riverside has not signed it off.").must_say("Lantern Hill has not signed it off.");
        sign(&site, &mut site.signed_in_as("Learning lead, Lantern Hill").await, &home).await;
        team.open(&format!("{home}/publish")).await.must_say("Riverside has not signed it off.").must_not_say("Lantern Hill has not signed it off.");
        // Another name is another text.
        team.open(&format!("{home}/write")).await.must_be(200);
        team.fill("Who wrote it", "The learning capture team, with Riverside").press("Save").await.must_be(200);
        ask(&mut team, &home).await;
        team.open(&format!("{home}/publish")).await.must_say("Lantern Hill has not signed it off.");
        let mut lead = site.signed_in_as("Learning lead, Lantern Hill").await;
        let asked = lead.open(&format!("{PRACTICE}/sign-off/{}", output_of(&site, &home).await.id)).await;
        asked.must_say("Written by: The learning capture team, with Riverside").must_say("That nobody is asked.");
    }

    async fn of_something_shared_whoever_wrote_it_first_is_asked(site: TestSite) {
        let source = site.put(Draft { author: LEAD, circle: "support", text: WORDS, title: "A visit", ..Draft::default() }).await;
        let shared = Draft { author: CONSULTANT, circle: "learning", text: WORDS, title: "A visit", source: Some(&source), ..Draft::default() };
        let shared = site.put(shared).await;
        let said = put_mark(&site, &shared).await;
        let mut team = site.signed_in_as(TEAM).await;
        let home = start(&mut team, TITLE).await;
        write_on(&mut team, &home, "People wait for weeks.").await;
        team.open(&format!("{home}/quote?excerpt={said}")).await.must_say("in the words of whoever wrote it").must_not_say("in the words of Project lead");
        quote(&mut team, &home, said, "").await;
        ask(&mut team, &home).await;
        let first = quotations(&site, &home).await.remove(0);
        assert_eq!(first.person_id, site.person(LEAD).await.id, "whoever wrote the words is asked, and not whoever passed them on");
        let consultant = site.signed_in_as(CONSULTANT).await.get(&format!("/your-words/{}", first.id)).await;
        assert_eq!(consultant.status, 404);
        agree(&site, &mut site.signed_in_as(LEAD).await, &home).await;
    }

    async fn a_place_that_says_no_is_not_passed_over_and_what_it_had_agreed_to_is_withdrawn(site: TestSite) {
        let mut team = site.signed_in_as(TEAM).await;
        let home = start(&mut team, TITLE).await;
        write_on(&mut team, &home, "People wait for weeks.").await;
        team.open(&home).await;
        team.choose("Places it is about", "Lantern Hill");
        team.press("Save the plan").await.must_say("Saved.");
        ask(&mut team, &home).await;
        let mut other = site.signed_in_as("Learning lead, Lantern Hill").await;
        sign(&site, &mut other, &home).await;
        sign(&site, &mut site.signed_in_as(LEARNING_LEAD).await, &home).await;
        let public = publish(&site, &mut team, &home).await;
        // The next version is not to their liking.
        write_on(&mut team, &home, "People wait for ever.").await;
        ask(&mut team, &home).await;
        let id = output_of(&site, &home).await.id;
        other.open(&format!("{PRACTICE}/sign-off/{id}")).await.must_be(200);
        other.choose("Can it be published?", "No");
        other.press("Say it").await.must_be(422).must_say("Say what should change, or why not, so that it can be written anew");
        other.fill("What should change, or why not", "It is not for ever.");
        other.press("Say it").await.must_say("Said.");
        site.visitor().open(&public).await.must_be(410).must_not_say("weeks");
        // Nobody gets round them by saying that it is about somebody else.
        team.open(&home).await.must_say("It is not for ever.");
        let plain = [("do", "plan"), ("owner", &site.person(TEAM).await.id.to_string()), ("audience", ""), ("due", ""), ("booked", "")];
        assert_eq!(team.post(&home, &plain).await.status, 303);
        sign(&site, &mut site.signed_in_as(LEARNING_LEAD).await, &home).await;
        team.open(&format!("{home}/publish")).await.must_say("Lantern Hill has not signed it off.");
        assert!(!team.sees_button("Publish it"));
    }

    async fn nobodys_words_are_taken_over_once_they_have_said_no(site: TestSite) {
        let (mut team, home) = asking(&site).await;
        let first = quotations(&site, &home).await.remove(0);
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        consultant.open(&format!("/your-words/{}", first.id)).await;
        consultant.choose("Your answer", "Yes, if the words are as I write them below").fill("The words as you would have them", "They trust the baker.");
        consultant.press("Answer").await.must_say("Said.");
        team.open(&home).await;
        // Between the look and the press they change their mind.
        consultant.choose("Your answer", "No, leave them out");
        consultant.press("Answer").await.must_say("Said.");
        team.press("Use their words for quotation 1").await.must_be(409).must_say("Its words have changed");
        team.open(&home).await.must_say("not agreed").must_say(WORDS);
    }

    async fn a_publication_is_withdrawn_with_a_reason_for_everybody(site: TestSite) {
        let (_, said) = put_said(&site, CONSULTANT, "learning", WORDS).await;
        let (home, public) = published(&site, said).await;
        let mut team = site.signed_in_as(TEAM).await;
        team.open(&home).await;
        team.press("Withdraw it from the library").await.must_be(422).must_say("Say why, in a sentence that everybody may read");
        team.fill("Why it is withdrawn", "A figure was wrong.");
        team.press("Withdraw it from the library").await.must_say("Withdrawn.");
        site.visitor().open(&public).await.must_be(410).must_say("A figure was wrong.").must_not_say("baker").must_not_say("weeks");
        let stood = publication::Entity::find().filter(publication::COLUMN.withdrawn_at.is_null());
        assert_eq!(stood.count(site.db().reader()).await.expect("rows"), 0);
    }
}
