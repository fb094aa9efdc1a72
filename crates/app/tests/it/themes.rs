//! The words that all share for what is said: how they are kept, and what stands behind each for whoever asks.

use sea_orm::entity::prelude::*;
use tables::{MarkId, mark_theme};
use testkit::site::PRACTICE;
use testkit::{Draft, both};

use crate::agreements::{has_row, without_query};
use crate::learning::*;

both! {
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
}
