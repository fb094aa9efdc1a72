//! How several see an entry: each sponsor's assent to a joint decision, and each person's voice on an idea, of which nobody can
//! be in favour of all.

use sea_orm::entity::prelude::*;
use tables::{EntryId, appointment, consent};
use testkit::site::PRACTICE;
use testkit::{TestSite, Visitor, both};

use crate::agreements::{has_row, waits, without_query};
use crate::calls::newcomer;

const RIVERSIDE: &str = "/programmes/practice-healthy-communities-together/places/riverside";
const FUNDER: &str = "Programme lead, funder";
const SUPPORT: &str = "Programme lead, support partner";
const CONSULTANT: &str = "Consultant, Riverside";
const LEAD: &str = "Project lead, Riverside";
const LEARNING_LEAD: &str = "Learning lead, Riverside";
const PARTNER: &str = "Partner organisation's representative, Riverside";

const SAID: &str = "Said. It counts as yours until you say something else.";
const EARLIER: &str = "of an earlier version";

/// Who says what of an idea, and why.
type Said = &'static [(usize, &'static str, &'static str)];

/// What is asked of sponsors, and what they can say to it.
const DECISION: &str = "Three more months for all";
const ASSENT: &str = "We assent";
const DIFFER: &str = "We see it differently";

/// Ideas of a place, with what its people can say to them.
const IDEAS: [&str; 4] = ["Tea on the stairs", "A list of doors", "Benches by the bus", "Cycling to the clinic"];
const OWN: &str = "The place's own";
const YES: &str = "Yes, take it up";
const LATER: &str = "Not now";
const DOUBT: &str = "I have a doubt";

/// A programme lead records what the sponsors decided; gives its address.
async fn decide(lead: &mut Visitor) -> String {
    lead.open(&format!("{PRACTICE}/entries/new?kind=joint-decision")).await.must_be(200);
    lead.fill("Title", DECISION).fill("Options", "To go on, or to stop.").fill("What was decided", "To go on until summer.");
    lead.fill("Reasons", "Two places need the time.");
    without_query(&lead.press("Record").await.must_be(200).path)
}

/// The project lead records an idea; gives its address.
async fn idea(lead: &mut Visitor, circle: &str, title: &str) -> String {
    lead.open(&format!("{RIVERSIDE}/entries/new?kind=idea")).await.must_be(200);
    lead.choose("Who reads this", circle).fill("Title", title).fill("What there is to say", "Shall we try it?");
    without_query(&lead.press("Record").await.must_be(200).path)
}

/// All four ideas, in the place's own circle.
async fn ideas(lead: &mut Visitor) -> Vec<String> {
    let mut all = Vec::new();
    for title in IDEAS {
        all.push(idea(lead, OWN, title).await);
    }
    all
}

/// Somebody who has said nothing of anything yet joins Riverside.
async fn neighbour(site: &TestSite, lead: &mut Visitor, name: &str) -> Visitor {
    let email = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
    let visitor = newcomer(site, name, &email).await;
    lead.open(&format!("{PRACTICE}/people/new")).await.must_be(200);
    lead.fill("Name", name).fill("E-mail address", &email).choose("Role", "Community member").choose("For", "Riverside");
    lead.press("Appoint").await.must_be(200);
    visitor
}

/// Turns to where one says how one sees an entry, and says it all but for the press.
async fn about_to_say(visitor: &mut Visitor, entry: &str, answer: &str, why: &str) {
    visitor.open(&format!("{entry}/voice")).await.must_be(200);
    visitor.choose("How you see it", answer).fill("Why", why);
}

async fn speak(visitor: &mut Visitor, entry: &str, answer: &str, why: &str) {
    about_to_say(visitor, entry, answer, why).await;
    assert_eq!(visitor.press("Say it").await.notice(), SAID);
}

/// What each says now of the entry in front of the visitor.
fn said_now(visitor: &Visitor) -> Vec<String> {
    visitor.page().texts("#voices > table tbody tr")
}
fn said_before(visitor: &Visitor) -> Vec<String> {
    visitor.page().texts("#voices details tbody tr")
}

/// Everything that was said of an entry, with what was replaced.
async fn voices(site: &TestSite, entry: &str) -> Vec<consent::Model> {
    let id: EntryId = entry.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an entry");
    consent::Entity::find().filter(consent::COLUMN.entry_id.eq(id)).all(site.db().reader()).await.expect("voices")
}

fn live<'a>(all: &'a [consent::Model], side: &str) -> Vec<&'a consent::Model> {
    all.iter().filter(|c| c.replaced_at.is_none() && c.side == side).collect()
}

/// Whose voice somebody's own is.
async fn side_of(site: &TestSite, name: &str) -> String {
    site.person(name).await.id.to_string()
}

async fn sponsor_of(site: &TestSite, name: &str) -> String {
    site.appointment(name).await.sponsor.expect("a sponsor")
}

both! {
    async fn each_sponsor_says_how_it_sees_a_decision(site: TestSite) {
        const WHY: &str = "Two places were never asked, by thistle.";
        let funds = format!("The funder, by {FUNDER} {ASSENT} — 20 November 2026");
        let supports = format!("The support partner, by {SUPPORT} {DIFFER} {WHY} 20 November 2026");
        let (mut funder, mut support) = (site.signed_in_as(FUNDER).await, site.signed_in_as(SUPPORT).await);
        let decision = decide(&mut funder).await;
        funder.page().must_say("Nobody has said anything yet. Not said yet: The funder, The support partner.");
        assert!(waits(&mut support).await.contains(&DECISION.to_string()));
        support.page().must_say("Joint decision waits for what The support partner says.");
        assert!(waits(&mut funder).await.contains(&DECISION.to_string()), "whoever wrote it has not spoken for a sponsor by that");

        funder.follow(DECISION).await.must_be(200).must_say("You speak for The funder.").must_say("To go on until summer.");
        assert_eq!(funder.page().heading(), "Does your organisation assent?");
        assert_eq!(funder.choices("How you see it"), [ASSENT, DIFFER]);
        let page = funder.choose("How you see it", ASSENT).press("Say it").await;
        assert_eq!(page.notice(), SAID);
        page.must_say("We assent: 1 · We see it differently: 0. Not said yet: The support partner.");
        assert!(has_row(&funder, &funds), "{:?}", said_now(&funder));
        assert!(!waits(&mut funder).await.contains(&DECISION.to_string()), "it has spoken");
        assert!(waits(&mut support).await.contains(&DECISION.to_string()), "and the other has not");

        // Whoever sees it differently says why. What was typed and chosen stays.
        support.follow(DECISION).await.must_be(200);
        let before = site.written().await;
        support.fill("Why", WHY).press("Say it").await.must_be(422);
        assert_eq!(support.page().errors(), ["Choose how you see it"]);
        assert_eq!(support.value("Why"), WHY);
        support.choose("How you see it", DIFFER).fill("Why", " ").press("Say it").await.must_be(422);
        assert_eq!(support.page().errors(), ["Say why, so that it can be understood later"]);
        assert_eq!(support.page().texts("#why-error"), ["Error: Say why, so that it can be understood later"], "it is said beside it");
        assert_eq!(support.filled_form("Say it").get("answer"), "differ", "what was chosen stays chosen");
        assert_eq!(site.written().await, before, "nothing is written");
        assert_eq!(support.fill("Why", WHY).press("Say it").await.notice(), SAID);
        for lead in [&mut funder, &mut support] {
            lead.open(&decision).await.must_be(200).must_say("We assent: 1 · We see it differently: 1.").must_not_say("Not said yet");
            assert!(has_row(lead, &funds) && has_row(lead, &supports), "both stand: {:?}", said_now(lead));
            assert_eq!((said_now(lead).len(), said_before(lead).len()), (2, 0));
            assert!(!waits(lead).await.contains(&DECISION.to_string()));
        }

        // One can change one's mind. What was said before stays beneath.
        support.open(&format!("{decision}/voice")).await.must_be(200);
        assert_eq!((support.value("Why").as_str(), support.filled_form("Say it").get("answer")), (WHY, "differ"), "it begins with what one said");
        speak(&mut support, &decision, ASSENT, "").await;
        support.page().must_say("We assent: 2 · We see it differently: 0.").must_say("What they said before");
        funder.open(&decision).await.must_be(200);
        assert_eq!(said_now(&funder).len(), 2);
        assert!(said_now(&funder).iter().all(|row| !row.contains("thistle")), "{:?}", said_now(&funder));
        assert!(matches!(&said_before(&funder)[..], [one] if one.contains(DIFFER) && one.contains("thistle")), "{:?}", said_before(&funder));
        // Saying the same again says nothing new.
        speak(&mut support, &decision, ASSENT, "").await;
        let all = voices(&site, &decision).await;
        assert_eq!((all.len(), all.iter().filter(|c| c.replaced_at.is_none()).count()), (3, 2));
        // It stands where the sponsors decide, and nowhere else.
        let mut manager = site.signed_in_as("Grant manager").await;
        manager.open("/").await.must_not_say(DECISION);
        for end in ["", "/voice"] {
            manager.open(&format!("{decision}{end}")).await.must_be(404).must_not_say("thistle").must_not_say(DECISION);
        }
        site.journal_is_whole().await;
    }

    async fn a_voice_is_of_the_words_that_were_read(site: TestSite) {
        let (mut funder, mut support) = (site.signed_in_as(FUNDER).await, site.signed_in_as(SUPPORT).await);
        let decision = decide(&mut funder).await;
        speak(&mut funder, &decision, ASSENT, "").await;
        assert!(said_now(&funder).iter().all(|row| !row.contains(EARLIER)));
        about_to_say(&mut support, &decision, DIFFER, "Summer is too late, by bramble.").await;

        funder.open(&decision).await;
        funder.follow("Change").await.must_be(200);
        funder.fill("What was decided", "To go on until autumn.").press("Save the change").await.must_be(200).must_say("until autumn");
        assert!(matches!(&said_now(&funder)[..], [one] if one.contains(EARLIER)), "the assent was to other words: {:?}", said_now(&funder));
        // Who read what no longer stands there is told so, and keeps what they typed.
        let before = site.written().await;
        support.press("Say it").await.must_be(409).must_say("Its words have changed").must_say("Summer is too late, by bramble.");
        let forged = [("answer", "assent"), ("why", ""), ("hash", "00")];
        assert_eq!(support.post(&format!("{decision}/voice"), &forged).await.status, 409);
        assert_eq!(site.written().await, before, "nothing is written");
        assert_eq!(voices(&site, &decision).await.len(), 1);

        support.follow("Open it as it stands").await.must_be(200).must_say("until autumn");
        speak(&mut support, &decision, DIFFER, "Autumn is too late as well.").await;
        let now = said_now(&support);
        assert_eq!(now.len(), 2);
        assert!(now.iter().all(|row| row.contains(EARLIER) == row.starts_with("The funder")), "{now:?}");
        // The same answer to the words as they are now is another voice.
        speak(&mut funder, &decision, ASSENT, "").await;
        assert!(said_now(&funder).iter().all(|row| !row.contains(EARLIER)), "{:?}", said_now(&funder));
        assert!(matches!(&said_before(&funder)[..], [one] if one.contains(EARLIER)), "{:?}", said_before(&funder));
        assert_eq!(voices(&site, &decision).await.len(), 3);
        site.journal_is_whole().await;
    }

    async fn who_spoke_of_other_words_is_asked_again(site: TestSite) {
        const SINCE: &str = "The words have changed since The funder said how it sees them.";
        let (mut funder, mut support) = (site.signed_in_as(FUNDER).await, site.signed_in_as(SUPPORT).await);
        let decision = decide(&mut funder).await;
        speak(&mut funder, &decision, ASSENT, "").await;
        assert!(!waits(&mut funder).await.contains(&DECISION.to_string()));
        // Another day leaves the words as they were.
        funder.open(&format!("{decision}/change")).await.must_be(200);
        funder.fill("When it happened", "18 November 2026").press("Save the change").await.must_be(200);
        assert!(!waits(&mut funder).await.contains(&DECISION.to_string()), "the words are the same");
        funder.open(&format!("{decision}/change")).await.must_be(200);
        funder.fill("What was decided", "To go on until autumn.").press("Save the change").await.must_be(200);
        assert!(waits(&mut funder).await.contains(&DECISION.to_string()), "its voice was for other words");
        funder.page().must_say(SINCE);
        // Whoever has said nothing is asked as before.
        assert!(waits(&mut support).await.contains(&DECISION.to_string()));
        support.page().must_say("Joint decision waits for what The support partner says.").must_not_say("The words have changed");

        funder.follow(DECISION).await.must_be(200).must_say("You speak for The funder.").must_say("To go on until autumn.");
        assert_eq!(funder.choose("How you see it", ASSENT).press("Say it").await.notice(), SAID);
        assert!(!waits(&mut funder).await.contains(&DECISION.to_string()), "it has spoken of these words");
        site.journal_is_whole().await;
    }

    async fn those_speak_whose_voice_is_asked_for(site: TestSite) {
        const ANSWER: [(&str, &str); 2] = [("answer", "for"), ("why", "")];
        let mut lead = site.signed_in_as(LEAD).await;
        let learning = idea(&mut lead, "Learning", "A walk to learn from").await;
        let voice = format!("{learning}/voice");
        let mut learns = site.signed_in_as(LEARNING_LEAD).await;
        learns.open(&learning).await.must_be(200);
        learns.follow("Say how you see it").await.must_be(200).must_say("You speak for yourself");
        speak(&mut learns, &learning, DOUBT, "Who walks slowly, by primrose?").await;

        let (mut readers, mut others) = (Vec::new(), Vec::new());
        for name in [CONSULTANT, "Learning capture team"] {
            readers.push(site.signed_in_as(name).await);
        }
        for name in [PARTNER, "Grant manager", "Project lead, Lantern Hill", "Consultant, Lantern Hill"] {
            others.push(site.signed_in_as(name).await);
        }
        let before = site.written().await;
        // Whoever reads it, and has no voice, reads what the others say.
        for reader in &mut readers {
            reader.open(&learning).await.must_be(200).must_say("by primrose");
            assert_eq!(reader.page().link("Say how you see it"), None);
            reader.open(&voice).await.must_be(403).must_say("Others have a voice here");
            assert_eq!(reader.post(&voice, &ANSWER).await.status, 403);
        }
        // To whoever does not read it, it is not there.
        for other in &mut others {
            other.open(&voice).await.must_be(404).must_not_say("A walk to learn from").must_not_say("primrose");
            assert_eq!(other.post(&voice, &ANSWER).await.status, 404);
        }
        site.visitor().open(&voice).await.must_be(404);
        // Nobody says what is not among the answers.
        lead.open(&voice).await.must_be(200);
        let nonsense = lead.choose("How you see it", YES).filled_form("Say it").with("answer", "nonsense");
        assert_eq!(lead.send(&nonsense).await.must_be(422).errors(), ["Choose how you see it"]);
        assert_eq!(site.written().await, before);

        // Whoever leads the programme for no sponsor has no sponsor's voice.
        let mut funder = site.signed_in_as(FUNDER).await;
        let decision = decide(&mut funder).await;
        let held = site.appointment(SUPPORT).await;
        let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("a write");
        write.replace(&held, appointment::Model { sponsor: None, ..held.clone() }).await.expect("a role");
        write.save().await.expect("a role");
        let mut nobodys = site.signed_in_as(SUPPORT).await;
        assert!(!waits(&mut nobodys).await.contains(&DECISION.to_string()));
        nobodys.open(&decision).await.must_be(200).must_say("Not said yet: The funder.");
        nobodys.open(&format!("{decision}/voice")).await.must_be(403).must_say("Your role speaks for no organisation yet");
        assert_eq!(voices(&site, &decision).await.len(), 0);
        site.journal_is_whole().await;
    }

    async fn nobody_is_in_favour_of_everything(site: TestSite) {
        const TOO_MANY: &str =
            "You have said “Yes, take it up” of 3 already, and 3 is the most. Change your mind about one of them first";
        let mut lead = site.signed_in_as(LEAD).await;
        let mut alex = neighbour(&site, &mut lead, "Alex Smith").await;
        let all = ideas(&mut lead).await;
        for idea in &all[..3] {
            speak(&mut alex, idea, YES, "").await;
        }
        about_to_say(&mut alex, &all[3], YES, "It costs nothing, by thistle.").await;
        alex.page().must_say("“Yes, take it up” can be said of 3 at a time, so that everybody has to choose.");
        let before = site.written().await;
        alex.press("Say it").await.must_be(422);
        assert_eq!(alex.page().errors(), [TOO_MANY]);
        assert_eq!(alex.page().texts("#answer-error"), [format!("Error: {TOO_MANY}")], "it is said beside it");
        assert_eq!((alex.value("Why").as_str(), alex.filled_form("Say it").get("answer")), ("It costs nothing, by thistle.", "for"));
        assert_eq!(site.written().await, before, "nothing is written");

        // A doubt takes a reason, and no place among the three; nor does saying the same of one of them with a reason.
        about_to_say(&mut alex, &all[3], DOUBT, "").await;
        alex.press("Say it").await.must_be(422);
        assert_eq!(alex.page().errors(), ["Say why, so that it can be understood later"]);
        speak(&mut alex, &all[3], DOUBT, "Who has the key?").await;
        speak(&mut alex, &all[1], YES, "Still.").await;
        // Changing one's mind about one makes room for another.
        speak(&mut alex, &all[0], LATER, "").await;
        speak(&mut alex, &all[3], YES, "").await;
        about_to_say(&mut alex, &all[0], YES, "").await;
        alex.press("Say it").await.must_be(422);
        // So does what becomes of one.
        lead.open(&format!("{}/steps/dropped", all[1])).await.must_be(200);
        lead.fill("Why", "There is no money for it.").press("Drop it").await.must_be(200).must_say("It is dropped.");
        speak(&mut alex, &all[0], YES, "").await;
        let me = side_of(&site, "Alex Smith").await;
        for idea in &all {
            let said = voices(&site, idea).await;
            assert!(matches!(&live(&said, &me)[..], [one] if one.answer == "for"), "{said:?}");
        }
        // The limit is each person's own.
        let mut billie = neighbour(&site, &mut lead, "Billie Brown").await;
        speak(&mut billie, &all[3], YES, "").await;
        site.journal_is_whole().await;
    }

    async fn ideas_stand_in_the_order_of_favour(site: TestSite) {
        let board = format!("{RIVERSIDE}/matters");
        let mut lead = site.signed_in_as(LEAD).await;
        let all = ideas(&mut lead).await;
        let said: [(&str, Said); 3] = [
            ("Alex Smith", &[(2, YES, ""), (0, YES, "")]),
            ("Billie Brown", &[(2, YES, ""), (1, DOUBT, "Who keeps it, by thistle?")]),
            ("Chris Green", &[(0, YES, ""), (2, YES, ""), (3, LATER, "")]),
        ];
        for (name, said) in said {
            let mut somebody = neighbour(&site, &mut lead, name).await;
            for (which, answer, why) in said {
                speak(&mut somebody, &all[*which], answer, why).await;
            }
        }
        lead.open(&board).await.must_be(200);
        lead.page().must_say("In the order of how many say “Yes, take it up”. Each person can say it of 3 at a time.");
        lead.page().must_say("These have a voice: Project lead, Learning lead, Partner organisation's representative, Community member.");
        // What else the place thought of stands between them.
        let rows = lead.page().texts("#ranked-idea tbody tr");
        let order: Vec<&str> = rows.iter().filter_map(|row| IDEAS.into_iter().find(|title| row.starts_with(title))).collect();
        assert_eq!(order, ["Benches by the bus", "Tea on the stairs", "A list of doors", "Cycling to the clinic"]);
        for (title, counts) in [(IDEAS[2], "3 0 0"), (IDEAS[0], "2 0 0"), (IDEAS[1], "0 0 1"), (IDEAS[3], "0 1 0")] {
            assert!(has_row(&lead, &format!("{title} {counts}")), "{title}: {rows:?}");
        }
        lead.open(&all[1]).await.must_say("Yes, take it up: 0 · Not now: 0 · I have a doubt: 1.");
        assert!(has_row(&lead, &format!("Billie Brown {DOUBT} Who keeps it, by thistle? 20 November 2026")));
        // What is closed is ranked no more.
        lead.open(&format!("{}/steps/dropped", all[2])).await.must_be(200);
        lead.fill("Why", "The bus no longer stops there.").press("Drop it").await.must_be(200);
        for narrowed in ["", "?state=closed"] {
            lead.open(&format!("{board}{narrowed}")).await.must_be(200);
            assert!(!lead.page().texts("#ranked-idea tbody tr").iter().any(|row| row.starts_with(IDEAS[2])), "{narrowed}");
        }

        for name in [CONSULTANT, "Project lead, Lantern Hill", "Community member, Lantern Hill", "Grant manager", FUNDER] {
            let mut other = site.signed_in_as(name).await;
            for address in [board.clone(), format!("{PRACTICE}/matters"), "/".into(), format!("{RIVERSIDE}/entries")] {
                let page = other.open(&address).await;
                page.must_be(200).must_not_say("thistle");
                IDEAS.iter().for_each(|title| _ = page.must_not_say(title));
            }
            for end in ["", "/voice"] {
                other.open(&format!("{}{end}", all[1])).await.must_be(404).must_not_say("thistle").must_not_say(IDEAS[1]);
            }
        }
        site.journal_is_whole().await;
    }

    async fn who_speaks_twice_at_once_is_counted_once(site: TestSite) {
        let (mut funder, mut support) = (site.signed_in_as(FUNDER).await, site.signed_in_as(SUPPORT).await);
        let (funds, supports) = (sponsor_of(&site, FUNDER).await, sponsor_of(&site, SUPPORT).await);
        let decision = decide(&mut funder).await;
        // The same press, sent twice.
        about_to_say(&mut funder, &decision, ASSENT, "").await;
        let press = funder.filled_form("Say it");
        let mut again = funder.second_window();
        let (one, other) = futures::join!(funder.send(&press), again.send(&press));
        one.must_be(200);
        other.must_be(200);
        let all = voices(&site, &decision).await;
        assert_eq!((all.len(), live(&all, &funds).len()), (1, 1), "{all:?}");
        // Two windows that say different things: one of them counts.
        about_to_say(&mut funder, &decision, ASSENT, "We looked again.").await;
        about_to_say(&mut again, &decision, DIFFER, "We did not look again.").await;
        let (mine, theirs) = (funder.filled_form("Say it"), again.filled_form("Say it"));
        let (one, other) = futures::join!(funder.send(&mine), again.send(&theirs));
        one.must_be(200);
        other.must_be(200);
        let all = voices(&site, &decision).await;
        assert_eq!((all.len(), live(&all, &funds).len()), (3, 1), "{all:?}");

        // Two people of one sponsor, while the other sponsor speaks as well.
        let mut robin = newcomer(&site, "Robin Jones", "robin@example.org").await;
        funder.open(&format!("{PRACTICE}/people/new")).await.must_be(200);
        funder.fill("Name", "Robin Jones").fill("E-mail address", "robin@example.org").choose("Role", "Programme lead");
        funder.choose("Speaks for", "The support partner").press("Appoint").await.must_be(200);
        about_to_say(&mut support, &decision, ASSENT, "").await;
        about_to_say(&mut robin, &decision, DIFFER, "I was not there.").await;
        about_to_say(&mut funder, &decision, ASSENT, "At last.").await;
        let (hers, his, theirs) = (support.filled_form("Say it"), robin.filled_form("Say it"), funder.filled_form("Say it"));
        let (one, two, three) = futures::join!(support.send(&hers), robin.send(&his), funder.send(&theirs));
        for page in [one, two, three] {
            page.must_be(200);
        }
        let all = voices(&site, &decision).await;
        assert_eq!((live(&all, &supports).len(), live(&all, &funds).len(), all.len()), (1, 1, 6), "{all:?}");
        support.open(&decision).await.must_be(200);
        assert_eq!(said_now(&support).len(), 2);

        // Nobody is in favour of four by being quick.
        let mut lead = site.signed_in_as(LEAD).await;
        let mut alex = neighbour(&site, &mut lead, "Alex Smith").await;
        let ideas = ideas(&mut lead).await;
        for idea in &ideas[..2] {
            speak(&mut alex, idea, YES, "").await;
        }
        let mut again = alex.second_window();
        about_to_say(&mut alex, &ideas[2], YES, "").await;
        about_to_say(&mut again, &ideas[3], YES, "").await;
        let (third, fourth) = (alex.filled_form("Say it"), again.filled_form("Say it"));
        let (one, other) = futures::join!(alex.send(&third), again.send(&fourth));
        let mut both = [one.status.as_u16(), other.status.as_u16()];
        both.sort_unstable();
        assert_eq!(both, [200, 422]);
        let me = side_of(&site, "Alex Smith").await;
        let mut favours = 0;
        for idea in &ideas {
            favours += live(&voices(&site, idea).await, &me).len();
        }
        assert_eq!(favours, 3);
        site.journal_is_whole().await;
    }
}
