//! Passages that people mark, the themes they give them, and how often each theme was seen: told to whoever reads what was
//! written, and to others only where it comes from many.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Day;
use sea_orm::entity::prelude::*;
use tables::{EntryId, MarkId, MarkThemeId, ThemeId, entry, mark, mark_link, mark_theme, theme};
use testkit::site::PRACTICE;
use testkit::{Draft, TestSite, Visitor, both};

use crate::agreements::{finds, has_row, row, without_query};

const RIVERSIDE: &str = "/programmes/practice-healthy-communities-together/places/riverside";
const CONSULTANT: &str = "Consultant, Riverside";
const LEAD: &str = "Project lead, Riverside";
const LEARNING_LEAD: &str = "Learning lead, Riverside";
const PARTNER: &str = "Partner organisation's representative, Riverside";
const MEMBER: &str = "Community member, Riverside";
const TEAM: &str = "Learning capture team";
const MANAGER: &str = "Grant manager";
const ELSEWHERE: &str = "Consultant, Lantern Hill";

const TRUSTED: &str = "Who is trusted";
const ASKED: &str = "Who was never asked";
const ABOUT: &str = "What people say of it.";

const TEXT: &str = "People *trust* the baker.\n\nWe wait. We go on. We wait.";
const MARKED: &str = "Marked. Whoever reads the entry sees it.";
const APART: &str = "Keep it to myself until I show what I marked, to compare it with somebody else’s reading";
const NOT_THERE: &str = "These words do not stand in the text like this. Copy them from the text above";
const TWICE: &str = "These words stand 2 times in the text. Say which of them, from 1 to 2";

/// The quarter in which these stories are told, the one before and the one before that, as addresses name them.
const AUTUMN: i64 = 2026 * 4 + 3;
const SUMMER: i64 = AUTUMN - 1;
const SPRING: i64 = AUTUMN - 2;

fn address(entry: &entry::Model) -> String {
    format!("{PRACTICE}/entries/{}", entry.id)
}

/// The last part of an address.
fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// A note of Riverside, in its circle.
async fn put(site: &TestSite, author: &str, circle: &str, text: &str) -> entry::Model {
    site.put(Draft { author, circle, text, ..Draft::default() }).await
}

/// Puts a theme there that stands on its own.
async fn put_theme(site: &TestSite, name: &str) -> ThemeId {
    let programme_id = site.programme(PRACTICE).await.id;
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    let row = theme::Model {
        id: ThemeId(write.id()),
        programme_id,
        parent_id: None,
        name: name.into(),
        about: ABOUT.into(),
        made_at: write.at(),
        merged_into: None,
        ended_at: None,
    };
    let id = write.insert(row).await.expect("a theme").id;
    write.save().await.expect("a theme");
    id
}

/// Puts an excerpt there, of all that an entry of plain words says, which others see.
pub async fn put_mark(site: &TestSite, of: &entry::Model) -> MarkId {
    let letters = of.text.chars().filter(|c| !c.is_whitespace()).count();
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    let row = mark::Model {
        id: MarkId(write.id()),
        programme_id: of.programme_id,
        entry_id: of.id,
        revision: of.revision,
        circle_id: of.circle_id,
        from_letter: 0,
        to_letter: i32::try_from(letters).expect("a short text"),
        note: String::new(),
        person_id: of.author_id,
        appointment_id: of.appointment_id,
        made_at: write.at(),
        shown_at: Some(write.at()),
        removed_at: None,
    };
    let row = write.insert(row).await.expect("an excerpt");
    write.save().await.expect("an excerpt");
    row.id
}

/// The same with a theme.
async fn put_excerpt(site: &TestSite, of: &entry::Model, theme_id: ThemeId) -> MarkId {
    let mark_id = put_mark(site, of).await;
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
    let given = mark_theme::Model {
        id: MarkThemeId(write.id()),
        programme_id: of.programme_id,
        mark_id,
        theme_id,
        person_id: of.author_id,
        at: write.at(),
        ended_at: None,
    };
    write.insert(given).await.expect("its theme");
    write.save().await.expect("an excerpt");
    mark_id
}

/// An excerpt in Riverside's learning circle, and the theme that it has.
pub async fn put_marked(site: &TestSite) -> (MarkId, ThemeId) {
    let theme = put_theme(site, TRUSTED).await;
    let entry = put(site, TEAM, "learning", "They trust the baker.").await;
    (put_excerpt(site, &entry, theme).await, theme)
}

/// Somebody who keeps the themes adds one, under a wider one where that is named; gives its address.
async fn add_theme(keeper: &mut Visitor, name: &str, wider: &str) -> String {
    keeper.open(&format!("{PRACTICE}/themes")).await.must_be(200);
    keeper.fill("Theme", name).fill("What belongs to it", ABOUT);
    if !wider.is_empty() {
        keeper.choose("The wider theme", wider);
    }
    let page = keeper.press("Add it").await;
    assert_eq!(page.notice(), "Added. It can be given to excerpts from now on.");
    let path = if wider.is_empty() { name.to_string() } else { format!("{wider} › {name}") };
    page.link(&path).unwrap_or_else(|| panic!("“{path}” is not in the vocabulary:\n{}", page.text()))
}

/// Turns to where passages of an entry are marked, and says it all but for the press.
async fn about_to_mark(visitor: &mut Visitor, entry: &str, words: &str, themes: &[&str], note: &str) {
    visitor.open(&format!("{entry}/excerpts")).await.must_be(200);
    visitor.fill("The words", words).fill("A note", note);
    for theme in themes {
        visitor.choose("What it is about", theme);
    }
}

/// Marks a passage for all who read the entry; gives its address.
async fn mark_passage(visitor: &mut Visitor, entry: &str, words: &str, themes: &[&str], note: &str) -> String {
    about_to_mark(visitor, entry, words, themes, note).await;
    assert_eq!(visitor.press("Mark it").await.notice(), MARKED);
    excerpt_with(visitor, &words.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The excerpts on the page in front of the visitor, as they are read out.
fn excerpts(visitor: &Visitor) -> Vec<String> {
    visitor.page().texts("ol.excerpts > li")
}

/// The address of the one that says this.
fn excerpt_with(visitor: &Visitor, words: &str) -> String {
    let all = excerpts(visitor);
    let at = all.iter().position(|li| li.contains(words)).unwrap_or_else(|| panic!("no excerpt “{words}” among {all:?}"));
    let links: Vec<String> = visitor.page().links().into_iter().filter(|l| l.contains("/excerpts/exc_")).collect();
    links[at].clone()
}

/// The excerpts of an entry that nobody has removed, in the order of the text.
async fn standing(site: &TestSite, entry: EntryId) -> Vec<mark::Model> {
    let found = mark::Entity::find().filter(mark::COLUMN.entry_id.eq(entry)).filter(mark::COLUMN.removed_at.is_null());
    let mut all = found.all(site.db().reader()).await.expect("excerpts");
    all.sort_by_key(|e| e.from_letter);
    all
}

/// How many themes of this name are offered.
async fn offered(site: &TestSite, name: &str) -> u64 {
    let found = theme::Entity::find().filter(theme::COLUMN.name.eq(name)).filter(theme::COLUMN.ended_at.is_null());
    found.count(site.db().reader()).await.expect("themes")
}

/// The author of an entry says something else there.
async fn change(author: &mut Visitor, entry: &str, text: &str) {
    author.open(&format!("{entry}/change")).await.must_be(200);
    author.fill("What there is to say", text).press("Save the change").await.must_be(200);
}

/// An answer without what is another each time: the keys of its forms.
fn without_keys(source: &str) -> String {
    let mut kept = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once("name=\"once\" value=\"") {
        kept.push_str(before);
        rest = after.split_once('"').map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept
}

/// What stands at these addresses for somebody.
async fn seen(visitor: &mut Visitor, addresses: &[String]) -> Vec<String> {
    let mut all = Vec::with_capacity(addresses.len());
    for address in addresses {
        let reply = visitor.get(address).await;
        assert_eq!(reply.status, 200, "{address}");
        all.push(without_keys(&reply.text()));
    }
    all
}

/// Every way to cut the table of themes, the vocabulary, and the excerpts of these themes in every way.
fn cuts(themes: &[String]) -> Vec<String> {
    let places = ["", "&place=riverside", "&place=lantern-hill", "&place=saltmarsh", "&place=-", "&place=nowhere"];
    let quarters = ["".to_string(), format!("&quarter={AUTUMN}"), format!("&quarter={SUMMER}"), format!("&quarter={SPRING}")];
    let narrowed: Vec<String> = places.iter().flat_map(|p| quarters.iter().map(move |q| format!("{p}{q}"))).collect();
    let across = ["", "across=places", "across=time"].map(|across| format!("{PRACTICE}/theme-table?{across}"));
    let bases: Vec<String> = across.into_iter().chain(themes.iter().map(|theme| format!("{theme}?"))).collect();
    let mut all: Vec<String> = bases.iter().flat_map(|base| narrowed.iter().map(move |n| format!("{base}{n}"))).collect();
    all.push(format!("{PRACTICE}/themes"));
    all
}

/// What somebody wrote and somebody marked: in which circle, about which place, who wrote it, who marked it, with which of two
/// themes, in which quarter, and whether those who may not read it are told something of it.
struct Said(&'static str, Option<&'static str>, &'static str, &'static str, usize, i64, bool);

const FEW: bool = false;
const MANY: bool = true;
const HERE: Option<&str> = Some("riverside");
const THERE: Option<&str> = Some("lantern-hill");
const BEYOND: Option<&str> = Some("saltmarsh");

const SAID: &[Said] = &[
    // Four people in two circles are too few.
    Said("support", HERE, CONSULTANT, CONSULTANT, 0, AUTUMN, FEW),
    Said("support", HERE, LEAD, LEARNING_LEAD, 0, AUTUMN, FEW),
    Said("learning", HERE, LEARNING_LEAD, CONSULTANT, 0, AUTUMN, FEW),
    Said("learning", HERE, TEAM, TEAM, 0, AUTUMN, FEW),
    // Everybody reads this.
    Said("network", HERE, MANAGER, MANAGER, 0, AUTUMN, MANY),
    // A place's own is never told, however many say it.
    Said("place", HERE, LEAD, LEARNING_LEAD, 0, AUTUMN, FEW),
    Said("place", HERE, LEARNING_LEAD, LEAD, 0, AUTUMN, FEW),
    Said("place", HERE, PARTNER, PARTNER, 0, AUTUMN, FEW),
    Said("place", HERE, MEMBER, LEAD, 0, AUTUMN, FEW),
    Said("place", HERE, "Project lead before, Riverside", LEAD, 0, AUTUMN, FEW),
    Said("support", HERE, CONSULTANT, LEAD, 1, SUMMER, FEW),
    Said("support", HERE, LEAD, LEAD, 1, SUMMER, FEW),
    Said("support", HERE, LEARNING_LEAD, CONSULTANT, 1, SUMMER, FEW),
    // Five are enough.
    Said("support", THERE, ELSEWHERE, ELSEWHERE, 0, AUTUMN, MANY),
    Said("support", THERE, "Project lead, Lantern Hill", ELSEWHERE, 0, AUTUMN, MANY),
    Said("support", THERE, "Learning lead, Lantern Hill", ELSEWHERE, 0, AUTUMN, MANY),
    Said("support", THERE, "Partner organisation's representative, Lantern Hill", ELSEWHERE, 0, AUTUMN, MANY),
    Said("support", THERE, "Community member, Lantern Hill", ELSEWHERE, 0, AUTUMN, MANY),
    Said("support", BEYOND, "Consultant, Saltmarsh", "Consultant, Saltmarsh", 1, SUMMER, MANY),
    Said("support", BEYOND, "Project lead, Saltmarsh", "Consultant, Saltmarsh", 1, SUMMER, MANY),
    Said("learning", BEYOND, "Learning lead, Saltmarsh", "Consultant, Saltmarsh", 1, SUMMER, MANY),
    Said("learning", BEYOND, "Partner organisation's representative, Saltmarsh", TEAM, 1, SUMMER, MANY),
    Said("learning", BEYOND, "Community member, Saltmarsh", TEAM, 1, SUMMER, MANY),
    Said("place", BEYOND, "Community member, Saltmarsh", "Learning lead, Saltmarsh", 1, SUMMER, FEW),
    Said("evaluation", None, "Evaluator", "Evaluator", 1, AUTUMN, FEW),
    Said("advisory", None, "Advisory group member", "Advisory group member", 0, AUTUMN, FEW),
];

/// Everything that was said, each marked on its own page by whoever marked it: gives the browsers, and where each excerpt is.
async fn say_all(site: &TestSite, names: [&str; 2]) -> (BTreeMap<&'static str, Visitor>, Vec<String>) {
    let markers: BTreeSet<&'static str> = SAID.iter().map(|said| said.3).collect();
    let (mut people, mut all) = (BTreeMap::new(), Vec::new());
    for name in markers {
        people.insert(name, site.signed_in_as(name).await);
    }
    for (number, Said(circle, place, author, marker, theme, quarter, _)) in SAID.iter().enumerate() {
        let (title, text) = (format!("Entry {number}"), format!("Number {number} says so."));
        let mut entry = site.put(Draft { author, circle, place: *place, title: &title, text: &text, ..Draft::default() }).await;
        if *quarter == SUMMER {
            let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
            let earlier = entry::Model { happened_on: Day::new(2026, 8, 3).expect("a day"), ..entry.clone() };
            entry = write.replace(&entry, earlier).await.expect("an entry");
            write.save().await.expect("an entry of another quarter");
        }
        let marker = people.get_mut(marker).expect("a browser");
        all.push(mark_passage(marker, &address(&entry), &text, &[names[*theme]], "").await);
    }
    (people, all)
}

both! {
    async fn a_passage_is_marked_in_the_words_that_stand_there(site: TestSite) {
        let entry = put(&site, CONSULTANT, "support", TEXT).await;
        let (home, here) = (address(&entry), format!("{}/excerpts", address(&entry)));
        let trusted = add_theme(&mut site.signed_in_as(TEAM).await, TRUSTED, "").await;
        let start = site.last_record().await;
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        consultant.open(&home).await.must_be(200);
        consultant.follow("Excerpts").await.must_be(200).must_say("Nothing is marked yet.");

        // What is wrong is said beside it, and nothing is lost of what was typed and ticked.
        let before = site.written().await;
        consultant.press("Mark it").await.must_be(422);
        assert_eq!(consultant.page().errors(), ["Copy the words that you want to mark from the text"]);
        about_to_mark(&mut consultant, &home, "The baker trusts people.", &[TRUSTED], "Who says so, by thistle?").await;
        consultant.choose("Who sees it", APART).press("Mark it").await.must_be(422);
        assert_eq!(consultant.page().errors(), [NOT_THERE]);
        assert_eq!(consultant.page().texts("#words-error"), [format!("Error: {NOT_THERE}")]);
        let kept = consultant.filled_form("Mark it");
        assert_eq!((kept.get("words"), kept.get("note")), ("The baker trusts people.", "Who says so, by thistle?"));
        assert_eq!((kept.get("theme"), kept.get("apart")), (last(&trusted), "yes"));
        about_to_mark(&mut consultant, &home, "We go on.", &[], &"x".repeat(2_001)).await;
        consultant.press("Mark it").await.must_be(422);
        assert_eq!(consultant.page().errors(), ["Shorten this to 2,000 characters"]);

        // Words that stand there twice: which of them?
        about_to_mark(&mut consultant, &home, "We wait.", &[], "").await;
        consultant.press("Mark it").await.must_be(422);
        assert_eq!(consultant.page().errors(), [TWICE]);
        consultant.fill("Which of them", "3").press("Mark it").await.must_be(422);
        assert_eq!((consultant.page().errors(), consultant.value("Which of them")), (vec![TWICE.to_string()], "3".into()));
        assert_eq!(site.written().await, before, "nothing is written");
        assert_eq!(consultant.fill("Which of them", "2").press("Mark it").await.notice(), MARKED);
        assert_eq!(consultant.page().texts("main mark"), ["We wait."]);
        let letters = |all: Vec<mark::Model>| all.iter().map(|e| (e.from_letter, e.to_letter)).collect::<Vec<_>>();
        assert_eq!(letters(standing(&site, entry.id).await), [(34, 41)], "the second of them");

        // Other blanks between the words do not matter.
        let baker = mark_passage(&mut consultant, &home, "People   trust\n the\nbaker.", &[TRUSTED], "Twice said.").await;
        assert_eq!(letters(standing(&site, entry.id).await), [(0, 20), (34, 41)]);
        let all = excerpts(&consultant);
        assert!(all[0].contains("People trust the baker.") && all[0].contains("Excerpt 1") && all[0].contains(TRUSTED), "{all:?}");
        assert!(all[1].contains("We wait.") && all[1].contains("Excerpt 2"), "{all:?}");
        consultant.open(&baker).await.must_be(200).must_say("People trust the baker.").must_say("Twice said.").must_say(CONSULTANT);

        // A press that is sent twice is one.
        about_to_mark(&mut consultant, &home, "We go on.", &[], "").await;
        let press = consultant.filled_form("Mark it");
        let mut again = consultant.second_window();
        let (one, other) = futures::join!(consultant.send(&press), again.send(&press));
        one.must_be(200);
        other.must_be(200);
        assert_eq!(standing(&site, entry.id).await.len(), 3);
        // One of the three has a theme, which is a record of its own.
        assert_eq!(site.acts_since(start).await, ["mark a passage"; 4]);
        consultant.open(&here).await.must_be(200).must_not_say("Compare what");
        site.journal_is_whole().await;
    }

    async fn who_reads_an_entry_reads_its_excerpts_and_nobody_else(site: TestSite) {
        let home = address(&put(&site, CONSULTANT, "support", TEXT).await);
        let here = format!("{home}/excerpts");
        let trusted = add_theme(&mut site.signed_in_as(TEAM).await, TRUSTED, "").await;
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        let excerpt = mark_passage(&mut consultant, &home, "People trust the baker.", &[TRUSTED], "Said by thistle.").await;
        let mine = [("do", "change"), ("note", "Mine now"), ("words", "We go on.")];
        let mut others = Vec::new();
        for name in [PARTNER, MANAGER, "Evaluator", "Programme lead, funder", ELSEWHERE] {
            others.push((name, site.signed_in_as(name).await));
        }
        let (mut lead, mut learning) = (site.signed_in_as(LEAD).await, site.signed_in_as(LEARNING_LEAD).await);
        let before = site.written().await;
        for reader in [&mut lead, &mut learning] {
            reader.open(&here).await.must_be(200).must_say("People trust the baker.").must_say("Said by thistle.").must_say(CONSULTANT);
            reader.open(&excerpt).await.must_be(200).must_say("Said by thistle.").must_say("From “A note” of 18 November 2026.");
            assert!(!reader.sees_button("Save") && !reader.sees_button("Remove this excerpt"), "whoever marked it changes it");
            for what in ["change", "remove", "unlink", "nonsense", ""] {
                let reply = reader.post(&excerpt, &[("do", what), ("note", "Mine now")]).await;
                assert!(matches!(reply.status, 403 | 404), "{what}: {}", reply.status);
            }
        }
        for (name, other) in &mut others {
            for path in [&here, &excerpt, &format!("{here}/compare")] {
                other.open(path).await.must_be(404).must_not_say("thistle").must_not_say("baker");
            }
            assert_eq!(other.post(&here, &mine).await.status, 404, "{name}");
            assert_eq!(other.post(&excerpt, &mine).await.status, 404, "{name}");
            for path in [&trusted, &format!("{PRACTICE}/themes"), &format!("{PRACTICE}/theme-table"), &format!("{RIVERSIDE}/entries")] {
                other.open(path).await.must_be(200).must_not_say("thistle").must_not_say("baker");
            }
            assert!(!finds(other, "thistle").await, "{name}");
        }
        let mut nobody = site.visitor();
        assert_eq!((nobody.get(&here).await.status, nobody.get(&excerpt).await.status), (404, 303));
        assert_eq!(site.written().await, before, "nothing is written");
        // What is noted beside a passage is no entry.
        assert!(!finds(&mut consultant, "thistle").await);
        for made_up in ["exc_00000000000070008000000000000000", "nonsense"] {
            consultant.open(&format!("{PRACTICE}/excerpts/{made_up}")).await.must_be(404);
        }
        // Whoever leaves reads it no more, though they marked it.
        let mut funder = site.signed_in_as("Programme lead, funder").await;
        funder.open(&format!("{PRACTICE}/people")).await;
        funder.follow(CONSULTANT).await;
        assert!(funder.press("End it now").await.notice().starts_with("Ended."));
        consultant.open(&here).await.must_be(404).must_not_say("thistle");
        consultant.open(&excerpt).await.must_be(403).must_not_say("thistle");
        site.journal_is_whole().await;
    }

    async fn what_is_marked_apart_is_seen_once_it_is_shown_and_compared(site: TestSite) {
        const HALL: &str = "The hall is cold. People come all the same. Nobody has a key.";
        let home = address(&put(&site, LEARNING_LEAD, "learning", HALL).await);
        let (here, compare) = (format!("{home}/excerpts"), format!("{home}/excerpts/compare"));
        let (mut team, mut lead) = (site.signed_in_as(TEAM).await, site.signed_in_as(LEARNING_LEAD).await);
        let trusted = add_theme(&mut team, TRUSTED, "").await;
        add_theme(&mut team, ASKED, "").await;
        mark_passage(&mut lead, &home, "The hall is cold.", &[TRUSTED], "").await;

        // Two passages that only those see who marked them.
        for (words, theme, note) in [("The hall is cold. People come all the same.", TRUSTED, "By thistle."), ("Nobody has a key.", ASKED, "By bramble.")] {
            about_to_mark(&mut team, &home, words, &[theme], note).await;
            assert_eq!(team.choose("Who sees it", APART).press("Mark it").await.notice(), "Marked. Only you see it, until you show what you marked.");
        }
        let hidden = excerpt_with(&team, "Nobody has a key.");
        assert_eq!(excerpts(&team).iter().filter(|e| e.contains("only you see it")).count(), 2);
        team.page().must_say("By thistle.").must_not_say("Compare what");
        team.open(&hidden).await.must_be(200).must_say("By bramble.");
        let row_of = |theme: &str, many: usize| format!("{theme} {ABOUT} {many}");
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        for reader in [&mut lead, &mut consultant] {
            reader.open(&here).await.must_be(200).must_not_say("By thistle.").must_not_say("By bramble.");
            assert_eq!(excerpts(reader).len(), 1);
            reader.open(&hidden).await.must_be(404).must_not_say("bramble");
            reader.open(&compare).await.must_be(404);
            reader.open(&trusted).await.must_be(200).must_not_say("thistle");
            reader.open(&format!("{PRACTICE}/themes")).await;
            assert!(has_row(reader, &row_of(TRUSTED, 1)) && has_row(reader, &row_of(ASKED, 0)), "{}", reader.page().text());
            reader.open(&format!("{PRACTICE}/theme-table?place=riverside&quarter={AUTUMN}")).await.must_be(200);
            assert!(has_row(reader, &format!("{TRUSTED} 1 1")) && row(reader, ASKED).is_none(), "{}", reader.page().text());
        }
        // Nobody shows what others marked.
        assert_eq!(lead.post(&here, &[("do", "show")]).await.status, 303);
        consultant.open(&here).await.must_not_say("By thistle.");

        team.open(&here).await;
        assert_eq!(team.press("Show the 2 that only you see").await.notice(), "Shown. Whoever reads the entry sees what you marked.");
        assert!(!team.sees_button("Show the 2 that only you see"));
        for reader in [&mut lead, &mut consultant] {
            reader.open(&here).await.must_say("By thistle.").must_say("By bramble.");
            reader.open(&hidden).await.must_be(200);
            reader.open(&format!("{PRACTICE}/themes")).await;
            assert!(has_row(reader, &row_of(TRUSTED, 2)) && has_row(reader, &row_of(ASKED, 1)), "{}", reader.page().text());
        }

        // Where they read it alike, and where they do not.
        lead.open(&here).await;
        assert_eq!(lead.follow("Compare what 2 people marked").await.must_be(200).heading(), "Two readings");
        lead.page().must_say(&format!("What {TEAM} and {LEARNING_LEAD} marked in this entry."));
        for cells in [
            format!("The hall is cold. {TRUSTED} {TRUSTED} alike"),
            format!("People come all the same. {TRUSTED} — differently"),
            format!("Nobody has a key. {ASKED} — differently"),
            // Two of three sentences alike, four of nine by chance.
            format!("{TRUSTED} 1 1 0.40"),
        ] {
            assert!(has_row(&lead, &cells), "{cells}: {}", lead.page().text());
        }
        mark_passage(&mut consultant, &home, "People come all the same.", &[ASKED], "").await;
        consultant.open(&compare).await.must_be(200);
        assert!(consultant.page().says("Compare with another reading"), "a third has marked something");
        site.signed_in_as(PARTNER).await.open(&compare).await.must_be(404);
        site.journal_is_whole().await;
    }

    async fn an_excerpt_follows_its_words_and_is_lost_rather_than_wrong(site: TestSite) {
        let entry = put(&site, CONSULTANT, "support", "They wait. We go on.").await;
        let (home, here) = (address(&entry), format!("{}/excerpts", address(&entry)));
        let (mut consultant, mut lead) = (site.signed_in_as(CONSULTANT).await, site.signed_in_as(LEAD).await);
        mark_passage(&mut lead, &home, "We go on.", &[], "").await;
        let lost = mark_passage(&mut lead, &home, "They wait.", &[], "By thistle.").await;
        change(&mut consultant, &home, "First of all: they came. We go on.").await;
        for reader in [&mut lead, &mut consultant] {
            reader.open(&here).await.must_be(200);
            let all = excerpts(reader);
            assert!(all[0].contains("We go on.") && all[0].contains("moved with the text"), "{all:?}");
            assert!(all[1].contains("They wait.") && all[1].contains("By thistle.") && all[1].contains("no longer in the text"), "{all:?}");
            assert_eq!(reader.page().texts("main mark"), ["We go on."], "what is lost is marked nowhere");
            reader.open(&lost).await.must_be(200).must_say("They wait.").must_say("no longer in the text");
        }
        change(&mut consultant, &home, "They wait. We go on.").await;
        lead.open(&here).await.must_not_say("moved with the text").must_not_say("no longer in the text");
        assert_eq!(lead.page().texts("main mark"), ["They wait.", "We go on."]);

        // A version that stood in another circle is for that circle alone, and so is what was marked in it.
        let entry = site.put(Draft { author: LEARNING_LEAD, circle: "place", kind: "reflection", text: "Between us: a bramble.", ..Draft::default() }).await;
        let home = address(&entry);
        let mut learning = site.signed_in_as(LEARNING_LEAD).await;
        let made = mark_passage(&mut learning, &home, "a bramble.", &[], "").await;
        learning.open(&format!("{home}/change")).await.must_be(200);
        learning.choose("Who reads this", "Learning").fill("What there is to say", "Chairing in turns helps.").press("Save the change").await.must_be(200);
        learning.open(&format!("{home}/excerpts")).await.must_say("a bramble.").must_say("no longer in the text");
        let mut team = site.signed_in_as(TEAM).await;
        team.open(&format!("{home}/excerpts")).await.must_be(200).must_not_say("bramble").must_say("Nothing is marked yet");
        team.open(&made).await.must_be(404);
        site.journal_is_whole().await;
    }

    async fn a_link_is_shown_to_those_who_read_both(site: TestSite) {
        const OWN: &str = "Tea on the stairs, by thistle";
        const BACK: &str = "Take back the link to “Tea on the stairs, by thistle”";
        const NO_SUCH: &str = "There is no entry of this programme that you may read at this address";
        const FROM: &str = "An excerpt of “Chairs, by bramble”";
        let source = site.put(Draft { title: "Chairs, by bramble", text: "We go on.", ..Draft::default() }).await;
        let own = site.put(Draft { author: LEAD, circle: "place", title: OWN, ..Draft::default() }).await;
        let (source, own) = (address(&source), address(&own));
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        let excerpt = mark_passage(&mut consultant, &source, "We go on.", &[], "").await;
        let mut lead = site.signed_in_as(LEAD).await;
        let before = site.written().await;
        for (address, wrong) in [("nonsense", NO_SUCH), ("", NO_SUCH), (source.as_str(), "This is the entry that the excerpt is from. Name another")] {
            lead.open(&excerpt).await.must_be(200);
            lead.fill("The entry’s address", address).press("Link it").await.must_be(422);
            assert_eq!((lead.page().errors(), lead.value("The entry’s address")), (vec![wrong.to_string()], address.to_string()));
        }
        // Nobody links what they may not read, and nobody learns by that what it is.
        consultant.open(&excerpt).await.must_be(200);
        consultant.fill("The entry’s address", &own).press("Link it").await.must_be(422).must_not_say("thistle");
        assert_eq!(consultant.page().errors(), [NO_SUCH]);
        assert_eq!(site.written().await, before);

        // Said twice it is one.
        for _ in 0..2 {
            lead.open(&excerpt).await;
            lead.fill("The entry’s address", &format!("https://commonweal.example{own}?done=recorded"));
            assert_eq!(lead.press("Link it").await.notice(), "Linked. Those who see the excerpt and may read the other entry see it.");
        }
        let links = mark_link::Entity::find().filter(mark_link::COLUMN.mark_id.eq(last(&excerpt).parse::<MarkId>().expect("an id")));
        let live = links.filter(mark_link::COLUMN.ended_at.is_null());
        assert_eq!(live.count(site.db().reader()).await.expect("links"), 1);
        let mut learning = site.signed_in_as(LEARNING_LEAD).await;
        for reader in [&mut lead, &mut learning] {
            reader.open(&excerpt).await.must_say("What it speaks to").must_say(OWN);
            reader.open(&format!("{own}/excerpts")).await.must_be(200).must_say("What speaks to this entry");
            assert_eq!(reader.page().link(FROM), Some(excerpt.clone()));
        }
        consultant.open(&excerpt).await.must_be(200).must_not_say("thistle").must_not_say("What it speaks to");
        let mut partner = site.signed_in_as(PARTNER).await;
        partner.open(&format!("{own}/excerpts")).await.must_be(200).must_not_say("bramble").must_not_say("What speaks to this entry");

        // Whoever linked it takes it back.
        learning.open(&excerpt).await;
        assert!(!learning.sees_button(BACK), "it is not theirs");
        lead.open(&excerpt).await;
        let press = lead.filled_form(BACK);
        let forged = [("do", "unlink"), ("link", press.get("link"))];
        assert_eq!(learning.post(&excerpt, &forged).await.status, 404);
        assert_eq!(lead.send(&press).await.notice(), "The link is gone.");
        for reader in [&mut lead, &mut learning] {
            reader.open(&excerpt).await.must_not_say("thistle");
            reader.open(&format!("{own}/excerpts")).await.must_not_say("bramble");
        }
        site.journal_is_whole().await;
    }

    async fn who_names_a_wrong_entry_loses_nothing_of_the_excerpt(site: TestSite) {
        let home = address(&put(&site, CONSULTANT, "support", TEXT).await);
        let trusted = add_theme(&mut site.signed_in_as(TEAM).await, TRUSTED, "").await;
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        let excerpt = mark_passage(&mut consultant, &home, "We go on.", &[TRUSTED], "As it stands.").await;
        consultant.open(&excerpt).await;
        consultant.fill("The entry’s address", "nonsense").press("Link it").await.must_be(422);
        // Whoever goes on to save it saves what stood there.
        let change = consultant.filled_form("Save");
        assert_eq!((change.get("note"), change.get("theme")), ("As it stands.", last(&trusted)));
    }

    async fn whoever_marked_it_changes_and_removes_it(site: TestSite) {
        let home = address(&put(&site, CONSULTANT, "support", TEXT).await);
        let mut team = site.signed_in_as(TEAM).await;
        let trusted = add_theme(&mut team, TRUSTED, "").await;
        let asked = add_theme(&mut team, ASKED, "").await;
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        let excerpt = mark_passage(&mut consultant, &home, "We go on.", &[TRUSTED], "By thistle.").await;
        consultant.open(&trusted).await.must_say("We go on.");
        consultant.open(&asked).await.must_say("None.");
        consultant.open(&excerpt).await;
        assert_eq!((consultant.value("A note").as_str(), consultant.filled_form("Save").get("theme")), ("By thistle.", last(&trusted)));
        consultant.fill("A note", &"x".repeat(2_001)).press("Save").await.must_be(422);
        assert_eq!(consultant.page().errors(), ["Shorten this to 2,000 characters"]);

        // Another theme and other words in place of those it had.
        consultant.open(&excerpt).await;
        consultant.choose("What it is about", ASKED).fill("A note", "By bramble.");
        let mut form = consultant.filled_form("Save");
        form.fields.retain(|(name, value)| name != "theme" || value == last(&asked));
        assert_eq!(consultant.send(&form).await.notice(), "Saved.");
        consultant.page().must_say("By bramble.").must_not_say("By thistle.");
        consultant.open(&trusted).await.must_say("None.").must_not_say("We go on.");
        consultant.open(&asked).await.must_say("We go on.").must_say("By bramble.");
        // A theme that is none is not given.
        consultant.open(&excerpt).await;
        let forged = consultant.filled_form("Save").with("theme", "thm_00000000000070008000000000000000");
        assert_eq!(consultant.send(&forged).await.must_be(422).errors(), ["One of these themes is no longer offered. Choose again"]);

        consultant.open(&excerpt).await;
        let press = consultant.filled_form("Remove this excerpt");
        let removed = consultant.send(&press).await;
        assert_eq!(removed.notice(), "Removed.");
        removed.must_say("Nothing is marked yet.");
        assert_eq!(consultant.send(&press.with("once", "another press")).await.must_be(404).heading(), "There is no such page");
        for path in [&asked, &format!("{home}/excerpts")] {
            consultant.open(path).await.must_be(200).must_not_say("By bramble.");
        }
        consultant.open(&excerpt).await.must_be(404);
        consultant.open(&format!("{PRACTICE}/themes")).await;
        assert!(has_row(&consultant, &format!("{ASKED} {ABOUT} 0")), "{}", consultant.page().text());
        site.journal_is_whole().await;
    }

    async fn themes_are_added_worded_and_moved_and_nothing_of_it_is_lost(site: TestSite) {
        const SAME: &str = "There is a theme of this name already. Take that one, or another name";
        let all = format!("{PRACTICE}/themes");
        let (mut team, mut consultant) = (site.signed_in_as(TEAM).await, site.signed_in_as(CONSULTANT).await);
        let before = site.written().await;
        consultant.open(&all).await.must_be(200);
        assert!(!consultant.sees_button("Add it"), "others keep them");
        assert_eq!(consultant.post(&all, &[("name", "Mine"), ("about", "All of it")]).await.status, 403);
        team.open(&all).await.must_be(200);
        team.press("Add it").await.must_be(422);
        assert_eq!(team.page().errors(), ["Give the theme a name", "Say what belongs to it, so that others give it as you do"]);
        team.fill("Theme", &"x".repeat(81)).fill("What belongs to it", "Much.").press("Add it").await.must_be(422);
        assert_eq!((team.page().errors(), team.value("What belongs to it")), (vec!["Shorten this to 80 characters".to_string()], "Much.".into()));
        assert_eq!(site.written().await, before);

        let trusted = add_theme(&mut team, TRUSTED, "").await;
        let between = add_theme(&mut team, "Between two of them", TRUSTED).await;
        let narrow = format!("{TRUSTED} › Between two of them");
        team.fill("Theme", &format!("  {}  ", TRUSTED.to_uppercase())).fill("What belongs to it", "By thistle.").press("Add it").await.must_be(422);
        assert_eq!((team.page().errors(), team.value("What belongs to it")), (vec![SAME.to_string()], "By thistle.".into()));
        assert_eq!(offered(&site, TRUSTED).await, 1);

        consultant.open(&trusted).await.must_be(200).must_say(ABOUT);
        assert!(!consultant.sees_button("Save the theme") && !consultant.sees_button("End this theme"));
        assert_eq!(consultant.post(&trusted, &[("do", "end")]).await.status, 403);
        consultant.open(&format!("{PRACTICE}/themes/thm_00000000000070008000000000000000")).await.must_be(404);

        // Not below itself, nor below what stands below it.
        team.open(&trusted).await.must_be(200);
        let wider = team.choices("The wider theme");
        assert!(!wider.contains(&TRUSTED.to_string()) && !wider.contains(&narrow), "{wider:?}");
        for below in [&trusted, &between] {
            team.open(&trusted).await;
            let forged = team.filled_form("Save the theme").with("parent", last(below));
            assert_eq!(team.send(&forged).await.must_be(422).errors(), ["Choose a theme that stands, and not below this one"]);
        }
        // Nor under the name of another.
        team.open(&between).await;
        team.fill("Theme", TRUSTED).press("Save the theme").await.must_be(422);
        assert_eq!((team.page().errors(), team.value("Theme")), (vec![SAME.to_string()], TRUSTED.into()));

        team.open(&trusted).await;
        assert_eq!(team.fill("Theme", "Whom people trust").press("Save the theme").await.notice(), "Saved. How it was stays below.");
        assert_eq!(team.page().heading(), "Whom people trust");
        assert!(has_row(&team, &format!("worded {TRUSTED} Whom people trust {TEAM}")), "{}", team.page().text());
        team.fill("What belongs to it", "And whom not.").press("Save the theme").await.must_be(200);
        assert!(has_row(&team, &format!("worded {ABOUT} And whom not. {TEAM}")), "{}", team.page().text());
        team.open(&between).await.must_say("Whom people trust › Between two of them");
        team.choose("The wider theme", "None: it stands on its own").press("Save the theme").await.must_be(200);
        assert!(has_row(&team, &format!("moved Whom people trust on its own {TEAM}")), "{}", team.page().text());
        let moved = add_theme(&mut team, "A third", "").await;
        team.open(&moved).await;
        team.choose("The wider theme", "Between two of them").press("Save the theme").await.must_be(200).must_say("Between two of them › A third");
        assert!(has_row(&team, &format!("moved on its own Between two of them {TEAM}")), "{}", team.page().text());
        consultant.open(&trusted).await.must_say("What was done to it").must_say(TRUSTED);
        site.journal_is_whole().await;
    }

    async fn themes_are_merged_split_and_ended_and_their_excerpts_follow(site: TestSite) {
        let home = address(&put(&site, CONSULTANT, "support", TEXT).await);
        let (mut evaluator, mut lead) = (site.signed_in_as("Evaluator").await, site.signed_in_as("Support lead").await);
        let trusted = add_theme(&mut evaluator, TRUSTED, "").await;
        let asked = add_theme(&mut evaluator, ASKED, "").await;
        let below = add_theme(&mut evaluator, "By whom", ASKED).await;
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        let both = mark_passage(&mut consultant, &home, "People trust the baker.", &[TRUSTED, ASKED], "").await;
        mark_passage(&mut consultant, &home, "We go on.", &[ASKED], "").await;

        // One becomes a part of another, also where whoever keeps them may not read what has it.
        lead.open(&asked).await.must_be(200).must_say("None.");
        lead.press("Merge it").await.must_be(422);
        assert_eq!(lead.page().errors(), ["Choose the theme that it becomes a part of", "Say in a few words why they are one"]);
        lead.choose("Into which", TRUSTED).fill("Why they are one", "Nobody tells them apart.");
        assert_eq!(lead.press("Merge it").await.notice(), "Merged. Its excerpts have the other theme now.");
        consultant.open(&trusted).await.must_say("People trust the baker.").must_say("We go on.");
        assert_eq!(consultant.page().texts(".theme-excerpt").len(), 2, "each once");
        let of_both = mark_theme::Entity::find().filter(mark_theme::COLUMN.mark_id.eq(last(&both).parse::<MarkId>().expect("an id")));
        assert_eq!(of_both.filter(mark_theme::COLUMN.ended_at.is_null()).count(site.db().reader()).await.expect("themes"), 1);
        for path in [&asked, &trusted] {
            consultant.open(path).await.must_be(200);
            assert!(has_row(&consultant, &format!("merged {ASKED} {TRUSTED} Nobody tells them apart. Support lead")), "{}", consultant.page().text());
        }
        consultant.open(&asked).await.must_say("It is no longer offered.").must_say("It became a part of").must_say("None.");
        consultant.open(&below).await.must_say(&format!("{TRUSTED} › By whom"));
        consultant.open(&format!("{home}/excerpts")).await.must_not_say(ASKED);
        assert!(!lead.open(&asked).await.texts("button").contains(&"Merge it".to_string()));
        assert_eq!(lead.post(&asked, &[("do", "end")]).await.status, 403);

        // Some are split off, by somebody who reads them.
        let mut funder = site.signed_in_as("Programme lead, funder").await;
        let open = site.put(Draft { author: MANAGER, circle: "network", text: "They ask the chemist. They ask the vicar.", ..Draft::default() }).await;
        for words in ["They ask the chemist.", "They ask the vicar."] {
            mark_passage(&mut funder, &address(&open), words, &[TRUSTED], "").await;
        }
        funder.open(&trusted).await.must_be(200).must_not_say("baker");
        funder.press("Split it").await.must_be(422);
        assert_eq!(
            funder.page().errors(),
            ["Give the new theme a name of at most 80 characters", "Say what belongs to the new one, in at most 2,000 characters", "Choose the excerpts that belong to the new theme"]
        );
        funder.fill("The new theme", "Who is asked first").fill("What belongs to the new one", "Those at the door.");
        funder.choose("Excerpts that belong to the new one", "They ask the vicar.");
        assert_eq!(funder.press("Split it").await.notice(), "Split. This is the new theme, with the excerpts you chose.");
        assert_eq!(funder.page().heading(), "Who is asked first");
        funder.page().must_say("They ask the vicar.").must_not_say("They ask the chemist.");
        let first = without_query(&funder.page().path);
        consultant.open(&trusted).await.must_say("They ask the chemist.").must_not_say("They ask the vicar.").must_say("We go on.");
        assert!(has_row(&consultant, &format!("split {TRUSTED} {TRUSTED} and Who is asked first Those at the door.")), "{}", consultant.page().text());

        // What has ended is offered no more, and stays where it was given.
        funder.open(&first).await;
        assert_eq!(funder.press("End this theme").await.notice(), "Ended. Excerpts that have it keep it; nobody is offered it any more.");
        funder.open(&format!("{}/excerpts", address(&open))).await.must_be(200);
        let choices = funder.choices("What it is about");
        assert!(!choices.contains(&"Who is asked first".to_string()) && choices.contains(&TRUSTED.to_string()), "{choices:?}");
        assert!(excerpts(&funder)[1].contains("Who is asked first"), "{:?}", excerpts(&funder));
        funder.open(&first).await.must_say("It is no longer offered.").must_say("They ask the vicar.");
        site.journal_is_whole().await;
    }

    async fn what_has_ended_stays_on_excerpts_that_are_changed(site: TestSite) {
        let home = address(&put(&site, CONSULTANT, "support", TEXT).await);
        let mut team = site.signed_in_as(TEAM).await;
        add_theme(&mut team, TRUSTED, "").await;
        let asked = add_theme(&mut team, ASKED, "").await;
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        let excerpt = mark_passage(&mut consultant, &home, "We go on.", &[TRUSTED, ASKED], "").await;
        team.open(&asked).await;
        team.press("End this theme").await.must_be(200);
        consultant.open(&excerpt).await.must_be(200).must_say(ASKED);
        assert_eq!(consultant.fill("A note", "Looked at again.").press("Save").await.notice(), "Saved.");
        consultant.page().must_say("Looked at again.").must_say(TRUSTED).must_say(ASKED);
    }

    async fn two_who_keep_the_themes_at_once_make_no_knot(site: TestSite) {
        let (mut team, mut evaluator) = (site.signed_in_as(TEAM).await, site.signed_in_as("Evaluator").await);
        for keeper in [&mut team, &mut evaluator] {
            keeper.open(&format!("{PRACTICE}/themes")).await.must_be(200);
        }
        // The same name, written by each in their own way.
        team.fill("Theme", TRUSTED).fill("What belongs to it", ABOUT);
        evaluator.fill("Theme", "who is TRUSTED").fill("What belongs to it", ABOUT);
        let (mine, theirs) = (team.filled_form("Add it"), evaluator.filled_form("Add it"));
        let (one, other) = futures::join!(team.send(&mine), evaluator.send(&theirs));
        let mut both = [one.status.as_u16(), other.status.as_u16()];
        both.sort_unstable();
        assert_eq!(both, [200, 422]);
        assert_eq!(offered(&site, TRUSTED).await + offered(&site, "who is TRUSTED").await, 1);

        // Each into the other: one of them is merged, and the other stands.
        let (first, second) = (add_theme(&mut team, ASKED, "").await, add_theme(&mut team, "Who was asked too late", "").await);
        team.open(&first).await;
        team.choose("Into which", "Who was asked too late").fill("Why they are one", "They are.");
        evaluator.open(&second).await;
        evaluator.choose("Into which", ASKED).fill("Why they are one", "They are.");
        let (mine, theirs) = (team.filled_form("Merge it"), evaluator.filled_form("Merge it"));
        let (one, other) = futures::join!(team.send(&mine), evaluator.send(&theirs));
        let mut both = [one.status.as_u16(), other.status.as_u16()];
        both.sort_unstable();
        assert_eq!(both, [200, 422]);
        assert_eq!(offered(&site, ASKED).await + offered(&site, "Who was asked too late").await, 1);
        site.journal_is_whole().await;
    }

    async fn a_theme_shows_everybody_the_excerpts_they_may_read(site: TestSite) {
        let theme = put_theme(&site, TRUSTED).await;
        let path = format!("{PRACTICE}/themes/{theme}");
        let (baker, chemist, milkman, vicar) = ("They trust the baker.", "We trust the chemist.", "All trust the milkman.", "Here they trust the vicar.");
        for (author, circle, place, text) in [
            (CONSULTANT, "support", HERE, baker),
            (LEAD, "place", HERE, chemist),
            (MANAGER, "network", None, milkman),
            (ELSEWHERE, "support", THERE, vicar),
        ] {
            let entry = site.put(Draft { author, circle, place, text, ..Draft::default() }).await;
            put_excerpt(&site, &entry, theme).await;
        }
        let all = [baker, chemist, milkman, vicar];
        let readers: [(&str, &[&str]); 6] = [
            (CONSULTANT, &[baker, milkman]),
            (LEAD, &[baker, chemist, milkman]),
            (PARTNER, &[chemist, milkman]),
            (ELSEWHERE, &[milkman, vicar]),
            (MANAGER, &[milkman]),
            ("Evaluator", &[]),
        ];
        for (name, reads) in readers {
            let mut reader = site.signed_in_as(name).await;
            let page = reader.open(&path).await;
            page.must_be(200);
            for words in all {
                assert_eq!(page.source.contains(words), reads.contains(&words), "{name}: {words}");
            }
            assert_eq!(page.says("None."), reads.is_empty(), "{name}");
            reader.open(&format!("{PRACTICE}/themes")).await.must_be(200);
            assert!(has_row(&reader, &format!("{TRUSTED} {ABOUT} {}", reads.len())), "{name}: {}", reader.page().text());
        }
        let mut lead = site.signed_in_as(LEAD).await;
        let here = format!("place=riverside&quarter={AUTUMN}");
        let narrowings: [(&str, &[&str]); 4] =
            [("place=riverside", &[baker, chemist]), ("place=-", &[milkman]), (&here, &[baker, chemist]), ("place=nowhere", &[])];
        for (narrowed, found) in narrowings {
            let page = lead.open(&format!("{path}?{narrowed}")).await;
            page.must_be(200);
            for words in all {
                assert_eq!(page.says(words), found.contains(&words), "{narrowed}: {words}");
            }
        }
        for nothing in [format!("quarter={SUMMER}"), format!("quarter={}", i64::MAX), format!("quarter={}", i64::MIN)] {
            lead.open(&format!("{path}?{nothing}")).await.must_be(200).must_say("None.");
        }
        for name in ["Assessor 1", "Panel member, funder"] {
            let mut other = site.signed_in_as(name).await;
            for path in [&path, &format!("{PRACTICE}/themes"), &format!("{PRACTICE}/theme-table")] {
                other.open(path).await.must_be(403).must_say("This is for those who learn here").must_not_say("trust the");
            }
        }
    }

    async fn what_one_may_not_read_is_counted_only_where_it_comes_from_many(site: TestSite) {
        let everybody = [CONSULTANT, LEAD, LEARNING_LEAD, PARTNER, MEMBER];
        let theme = put_theme(&site, TRUSTED).await;
        let here = format!("{PRACTICE}/theme-table?place=riverside&quarter={AUTUMN}");
        let (mut manager, mut lead, mut partner) =
            (site.signed_in_as(MANAGER).await, site.signed_in_as(LEAD).await, site.signed_in_as(PARTNER).await);
        // Four people, of whom one says it twice; and the place says it among itself.
        for author in everybody[..4].iter().chain([&CONSULTANT]) {
            put_excerpt(&site, &put(&site, author, "support", "They trust the baker.").await, theme).await;
        }
        for author in everybody {
            put_excerpt(&site, &put(&site, author, "place", "We trust the chemist.").await, theme).await;
        }
        let told = |many: usize| format!("{TRUSTED} {many} {many}");
        manager.open(&here).await.must_be(200).must_not_say("baker").must_not_say("chemist");
        assert_eq!(row(&manager, TRUSTED), None, "four are too few, and what is the place's own is never counted");
        lead.open(&here).await.must_be(200);
        assert!(has_row(&lead, &told(10)), "who reads both sees both: {}", lead.page().text());
        partner.open(&here).await.must_be(200);
        assert!(has_row(&partner, &told(5)), "{}", partner.page().text());

        // The fifth person.
        put_excerpt(&site, &put(&site, MEMBER, "support", "They trust the baker.").await, theme).await;
        for (visitor, many) in [(&mut manager, 6), (&mut lead, 11), (&mut partner, 11)] {
            for across in ["places", "time"] {
                visitor.open(&format!("{here}&across={across}")).await.must_be(200).must_say("at least 5 people in one place and quarter");
                assert!(has_row(visitor, &told(many)), "{many}: {}", visitor.page().text());
            }
        }
        // A number leads to what may be read of it, and to no more.
        manager.open(&here).await;
        manager.follow("6").await.must_be(200).must_say("None.").must_not_say("baker");
        // In another quarter there is nothing of it.
        manager.open(&format!("{PRACTICE}/theme-table?place=riverside&quarter={SUMMER}")).await.must_be(200);
        assert!(!has_row(&manager, &told(6)));
    }

    /// Two worlds that differ only in what few people said, or in what a place says among itself, look alike to whoever may not
    /// read it, on every page and in whichever way they cut it.
    async fn no_cut_of_the_table_tells_what_is_not_told(site: TestSite) {
        const BETWEEN: &str = "Between two of them";
        let mut team = site.signed_in_as(TEAM).await;
        let themes = [add_theme(&mut team, TRUSTED, "").await, add_theme(&mut team, BETWEEN, TRUSTED).await];
        let narrow = format!("{TRUSTED} › {BETWEEN}");
        let (mut people, excerpts) = say_all(&site, [TRUSTED, &narrow]).await;
        let cuts = cuts(&themes);
        let (mut manager, mut elsewhere, mut lead) =
            (site.signed_in_as(MANAGER).await, site.signed_in_as(ELSEWHERE).await, site.signed_in_as(LEAD).await);

        // What is told is told, so that there is something to be changed.
        let at = |place: &str, quarter: i64| format!("{PRACTICE}/theme-table?place={place}&quarter={quarter}");
        for visitor in [&mut manager, &mut elsewhere] {
            for (place, quarter, told) in [
                ("riverside", AUTUMN, format!("{TRUSTED} 1 1")),
                ("lantern-hill", AUTUMN, format!("{TRUSTED} 5 5")),
                ("saltmarsh", SUMMER, format!("{narrow} 5 5")),
                ("saltmarsh", SUMMER, format!("{TRUSTED} 5 5")),
            ] {
                visitor.open(&at(place, quarter)).await.must_be(200);
                assert!(has_row(visitor, &told), "{place} {quarter}, {told}: {}", visitor.page().text());
            }
            visitor.open(&at("riverside", SUMMER)).await.must_be(200);
            assert!(!has_row(visitor, &format!("{TRUSTED} 3 3")), "three are too few");
        }
        let before = [seen(&mut manager, &cuts).await, seen(&mut elsewhere, &cuts).await];
        let known = seen(&mut lead, &cuts[..24]).await;

        for (Said(_, _, _, marker, ..), excerpt) in SAID.iter().zip(&excerpts).filter(|(said, _)| said.6 == FEW) {
            let marker = people.get_mut(marker).expect("a browser");
            marker.open(excerpt).await.must_be(200);
            assert_eq!(marker.press("Remove this excerpt").await.notice(), "Removed.");
        }
        for (visitor, before) in [&mut manager, &mut elsewhere].into_iter().zip(&before) {
            let now = seen(visitor, &cuts).await;
            for ((address, before), now) in cuts.iter().zip(before).zip(&now) {
                assert_eq!(now, before, "{address} tells of what was never told");
            }
        }
        assert_ne!(seen(&mut lead, &cuts[..24]).await, known, "who may read some of it sees that it is gone");

        // With one of five gone the other four are told no more.
        let fifth = SAID.iter().zip(&excerpts).find(|(said, _)| said.1 == BEYOND && said.6 == MANY).expect("an excerpt");
        let marker = people.get_mut(fifth.0.3).expect("a browser");
        marker.open(fifth.1).await.must_be(200);
        marker.press("Remove this excerpt").await.must_be(200);
        manager.open(&at("saltmarsh", SUMMER)).await.must_be(200);
        assert!(!has_row(&manager, &format!("{narrow} 4 4")) && !has_row(&manager, &format!("{narrow} 5 5")), "{}", manager.page().text());
    }

    async fn what_is_taken_back_takes_its_excerpts_and_counts_along(site: TestSite) {
        let (mut lead, mut team) = (site.signed_in_as(LEAD).await, site.signed_in_as(TEAM).await);
        let trusted = add_theme(&mut team, TRUSTED, "").await;
        lead.open(&format!("{RIVERSIDE}/entries/new?kind=conversation")).await.must_be(200);
        lead.choose("Who reads this", "The place's own").fill("Title", "At the horse trough");
        lead.fill("What there is to say", "Nobody asks us at the horse trough. They wave.").fill("How they agreed", "Spoken, for the place.");
        let said = without_query(&lead.press("Record").await.must_be(200).path);
        lead.follow("Share part of it").await.must_be(200);
        lead.choose("Share it with", "Network").fill("Title", "Waving").fill("What they will read", "Nobody asks us at the horse trough.");
        lead.press("See it as they will").await.must_be(200);
        let shared = without_query(&lead.press("Share with Network").await.must_be(200).path);

        let (mut learning, mut partner, mut manager) =
            (site.signed_in_as(LEARNING_LEAD).await, site.signed_in_as(PARTNER).await, site.signed_in_as(MANAGER).await);
        let ours = mark_passage(&mut learning, &said, "Nobody asks us at the horse trough.", &[TRUSTED], "Heard by bramble.").await;
        let theirs = mark_passage(&mut manager, &shared, "Nobody asks us at the horse trough.", &[TRUSTED], "Heard by marigold.").await;
        about_to_mark(&mut partner, &said, "They wave.", &[TRUSTED], "Heard by primrose.").await;
        partner.choose("Who sees it", APART).press("Mark it").await.must_be(200);
        let apart = excerpt_with(&partner, "They wave.");
        let table = format!("{PRACTICE}/theme-table?place=riverside&quarter={AUTUMN}");
        for (visitor, many) in [(&mut learning, 2), (&mut manager, 1)] {
            visitor.open(&table).await.must_be(200);
            assert!(has_row(visitor, &format!("{TRUSTED} {many} {many}")), "{}", visitor.page().text());
            visitor.open(&trusted).await.must_say("horse trough");
        }
        lead.open(&format!("{said}/withdraw")).await.must_be(200);
        lead.choose("Are you sure?", "Those who said it want it taken back").press("Take it back").await.must_be(200);

        for visitor in [&mut lead, &mut learning, &mut partner, &mut manager, &mut team] {
            for path in [&ours, &theirs, &apart, &format!("{said}/excerpts/compare")] {
                visitor.open(path).await.must_be(404).must_not_say("horse trough").must_not_say("Heard by");
            }
            visitor.open(&format!("{shared}/excerpts")).await.must_be(200).must_say("What stood here was taken back by those who said it.");
            visitor.page().must_not_say("horse trough").must_not_say("Heard by");
            assert!(!visitor.sees_button("Mark it"));
            visitor.open(&trusted).await.must_be(200).must_say("None.").must_not_say("horse trough").must_not_say("Heard by");
            visitor.open(&format!("{PRACTICE}/themes")).await;
            assert!(has_row(visitor, &format!("{TRUSTED} {ABOUT} 0")), "{}", visitor.page().text());
            visitor.open(&table).await.must_be(200);
            assert_eq!(row(visitor, TRUSTED), None);
        }
        partner.open(&format!("{said}/excerpts")).await.must_be(200).must_not_say("They wave.").must_not_say("primrose");
        for fields in [[("words", "What stood here"), ("note", "")], [("do", "show"), ("note", "")]] {
            assert_eq!(partner.post(&format!("{said}/excerpts"), &fields).await.status, 403);
        }
        // What was noted beside the words is gone as well.
        let all = mark::Entity::find().all(site.db().reader()).await.expect("excerpts");
        let of_these: Vec<_> = all.iter().filter(|e| [&said, &shared].iter().any(|path| last(path) == e.entry_id.to_string())).collect();
        assert_eq!(of_these.len(), 3);
        assert!(of_these.iter().all(|e| e.removed_at.is_some() && e.note.is_empty()), "{of_these:?}");
        site.journal_is_whole().await;
    }
}
