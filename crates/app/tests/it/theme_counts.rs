//! How often each theme was seen: told to whoever reads what was written, and to others only where it comes from many.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Day;
use sea_orm::entity::prelude::*;
use tables::{entry, mark};
use testkit::site::PRACTICE;
use testkit::{Draft, TestSite, Visitor, both};

use crate::agreements::{has_row, row, without_query};
use crate::learning::*;

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
        let of_these: Vec<_> = all.iter().filter(|e| [&said, &shared].iter().any(|path| e.entry_id.is_some_and(|id| last(path) == id.to_string()))).collect();
        assert_eq!(of_these.len(), 3);
        assert!(of_these.iter().all(|e| e.removed_at.is_some() && e.note.is_empty()), "{of_these:?}");
        site.journal_is_whole().await;
    }

    /// What a server holds of excerpts in its memory follows what was done through another one.
    async fn what_is_done_at_another_server_is_counted(site: TestSite) {
        let path = format!("{PRACTICE}/theme-table?place=riverside&quarter={AUTUMN}");
        let (mut here, mut there) = (site.signed_in_as(LEAD).await, site.signed_in_elsewhere_as(LEARNING_LEAD).await);
        let mut team = site.signed_in_as(TEAM).await;
        let trusted = add_theme(&mut team, TRUSTED, "").await;
        add_theme(&mut team, ASKED, "").await;
        let entry = put(&site, LEAD, "learning", "They trust the baker. Nobody asked us.").await;
        let count = async |visitor: &mut Visitor, of: &[(&str, usize)]| {
            visitor.open(&path).await.must_be(200);
            for (theme, many) in of {
                let row = row(visitor, theme);
                assert_eq!(row.as_deref().unwrap_or("0").starts_with('0'), *many == 0, "{theme}: {row:?}");
                assert!(*many == 0 || has_row(visitor, &format!("{theme} {many} {many}")), "{theme} {many}: {}", visitor.page().text());
            }
        };
        count(&mut here, &[(TRUSTED, 0)]).await;
        // Marked here, seen there, and the other way round.
        mark_passage(&mut here, &address(&entry), "They trust the baker.", &[TRUSTED], "").await;
        count(&mut there, &[(TRUSTED, 1), (ASKED, 0)]).await;
        let second = mark_passage(&mut there, &address(&entry), "Nobody asked us.", &[TRUSTED, ASKED], "").await;
        count(&mut here, &[(TRUSTED, 2), (ASKED, 1)]).await;
        // One is removed, and one theme is merged into the other.
        there.open(&second).await.must_be(200);
        there.press("Remove this excerpt").await.must_be(200);
        count(&mut here, &[(TRUSTED, 1), (ASKED, 0)]).await;
        team.open(&trusted).await.must_be(200);
        team.choose("Into which", ASKED).fill("Why they are one", "Nobody tells them apart.");
        team.press("Merge it").await.must_be(200);
        count(&mut there, &[(TRUSTED, 0), (ASKED, 1)]).await;
        // The entry is dated to another quarter.
        let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
        let stands = entry::Entity::find_by_id(entry.id).one(site.db().reader()).await.expect("entries").expect("the entry");
        let earlier = entry::Model { happened_on: Day::new(2026, 8, 3).expect("a day"), ..stands.clone() };
        write.replace(&stands, earlier).await.expect("an entry");
        write.save().await.expect("an entry of another quarter");
        for visitor in [&mut here, &mut there] {
            count(visitor, &[(TRUSTED, 0), (ASKED, 0)]).await;
        }
    }
}
