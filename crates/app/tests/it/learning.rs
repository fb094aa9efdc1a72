//! Passages that people mark, and the themes they give them.

use sea_orm::entity::prelude::*;
use tables::{EntryId, MarkId, MarkThemeId, ThemeId, entry, mark, mark_link, mark_theme, theme};
use testkit::site::PRACTICE;
use testkit::{Draft, TestSite, Visitor, both};

use crate::agreements::{finds, has_row, row};

pub const RIVERSIDE: &str = "/programmes/practice-healthy-communities-together/places/riverside";
pub const CONSULTANT: &str = "Consultant, Riverside";
pub const LEAD: &str = "Project lead, Riverside";
pub const LEARNING_LEAD: &str = "Learning lead, Riverside";
pub const PARTNER: &str = "Partner organisation's representative, Riverside";
pub const MEMBER: &str = "Community member, Riverside";
pub const TEAM: &str = "Learning capture team";
pub const MANAGER: &str = "Grant manager";
pub const ELSEWHERE: &str = "Consultant, Lantern Hill";
pub const HERE: Option<&str> = Some("riverside");
pub const THERE: Option<&str> = Some("lantern-hill");
pub const BEYOND: Option<&str> = Some("saltmarsh");

pub const TRUSTED: &str = "Who is trusted";
pub const ASKED: &str = "Who was never asked";
pub const ABOUT: &str = "What people say of it.";

pub const TEXT: &str = "People *trust* the baker.\n\nWe wait. We go on. We wait.";
pub const MARKED: &str = "Marked. Whoever reads the entry sees it.";
pub const APART: &str = "Keep it to myself until I show what I marked, to compare it with somebody else’s reading";
pub const NOT_THERE: &str = "These words do not stand in the text like this. Copy them from the text above";
pub const TWICE: &str = "These words stand 2 times in the text. Say which of them, from 1 to 2";

/// The quarter in which these stories are told, the one before and the one before that, as addresses name them.
pub const AUTUMN: i64 = 2026 * 4 + 3;
pub const SUMMER: i64 = AUTUMN - 1;
pub const SPRING: i64 = AUTUMN - 2;

pub fn address(entry: &entry::Model) -> String {
    format!("{PRACTICE}/entries/{}", entry.id)
}

/// The last part of an address.
pub fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// A note of Riverside, in its circle.
pub async fn put(site: &TestSite, author: &str, circle: &str, text: &str) -> entry::Model {
    site.put(Draft { author, circle, text, ..Draft::default() }).await
}

/// Puts a theme there that stands on its own.
pub async fn put_theme(site: &TestSite, name: &str) -> ThemeId {
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
        entry_id: Some(of.id),
        revision: of.revision,
        circle_id: Some(of.circle_id),
        from_letter: 0,
        to_letter: i32::try_from(letters).expect("a short text"),
        note: String::new(),
        person_id: of.author_id,
        appointment_id: of.appointment_id,
        made_at: write.at(),
        shown_at: Some(write.at()),
        removed_at: None,
        application_id: None,
        question: None,
    };
    let row = write.insert(row).await.expect("an excerpt");
    write.save().await.expect("an excerpt");
    row.id
}

/// The same with a theme.
pub async fn put_excerpt(site: &TestSite, of: &entry::Model, theme_id: ThemeId) -> MarkId {
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
pub async fn add_theme(keeper: &mut Visitor, name: &str, wider: &str) -> String {
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
pub async fn about_to_mark(visitor: &mut Visitor, entry: &str, words: &str, themes: &[&str], note: &str) {
    visitor.open(&format!("{entry}/excerpts")).await.must_be(200);
    visitor.fill("The words", words).fill("A note", note);
    for theme in themes {
        visitor.choose("What it is about", theme);
    }
}

/// Marks a passage for all who read the entry; gives its address.
pub async fn mark_passage(visitor: &mut Visitor, entry: &str, words: &str, themes: &[&str], note: &str) -> String {
    about_to_mark(visitor, entry, words, themes, note).await;
    assert_eq!(visitor.press("Mark it").await.notice(), MARKED);
    excerpt_with(visitor, &words.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The excerpts on the page in front of the visitor, as they are read out.
pub fn excerpts(visitor: &Visitor) -> Vec<String> {
    visitor.page().texts("ol.excerpts > li")
}

/// The address of the one that says this.
pub fn excerpt_with(visitor: &Visitor, words: &str) -> String {
    let all = excerpts(visitor);
    let at = all.iter().position(|li| li.contains(words)).unwrap_or_else(|| panic!("no excerpt “{words}” among {all:?}"));
    let links: Vec<String> = visitor.page().links().into_iter().filter(|l| l.contains("/excerpts/exc_")).collect();
    links[at].clone()
}

/// The excerpts of an entry that nobody has removed, in the order of the text.
pub async fn standing(site: &TestSite, entry: EntryId) -> Vec<mark::Model> {
    let found = mark::Entity::find().filter(mark::COLUMN.entry_id.eq(entry)).filter(mark::COLUMN.removed_at.is_null());
    let mut all = found.all(site.db().reader()).await.expect("excerpts");
    all.sort_by_key(|e| e.from_letter);
    all
}

/// How many themes of this name are offered.
pub async fn offered(site: &TestSite, name: &str) -> u64 {
    let found = theme::Entity::find().filter(theme::COLUMN.name.eq(name)).filter(theme::COLUMN.ended_at.is_null());
    found.count(site.db().reader()).await.expect("themes")
}

/// The author of an entry says something else there.
pub async fn change(author: &mut Visitor, entry: &str, text: &str) {
    author.open(&format!("{entry}/change")).await.must_be(200);
    author.fill("What there is to say", text).press("Save the change").await.must_be(200);
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
        lead.page().must_say(&format!("What {TEAM} and {LEARNING_LEAD} marked in it."));
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
}
