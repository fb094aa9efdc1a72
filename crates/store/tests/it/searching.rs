//! Search finds the same on both engines, whatever is typed, and never what is out of reach.

use std::collections::BTreeSet;

use sea_orm::EntityTrait;
use store::search::{Hit, Reach, fold, search};
use tables::{CircleId, EntryId, PlaceId, entry};

use crate::house::{House, Setting, new_id};

on_both!(
    words_are_found_as_people_write_them,
    whatever_is_typed_is_no_error_and_finds_no_more,
    words_of_many_languages_are_found,
    a_changed_entry_is_found_by_its_new_words_only,
    nothing_out_of_reach_is_found,
    what_was_shared_is_found_by_who_may_read_its_source,
    pages_follow_on_without_gap_or_repetition,
    a_very_long_entry_can_be_written_and_found,
    an_entry_without_a_word_can_be_written,
);

struct Library {
    house: House,
    setting: Setting,
    titles: Vec<(EntryId, String)>,
}

impl Library {
    async fn new(house: House) -> Self {
        let setting = house.programme("small").await;
        Self { house, setting, titles: Vec::new() }
    }
    async fn with(mut self, title: &str, text: &str) -> Self {
        let entry = self.setting.entry(title, text);
        self.titles.push((self.house.record(entry).await, title.to_string()));
        self
    }
    async fn hits(&self, typed: &str, reach: &[Reach]) -> Vec<Hit> {
        search(&self.house.db, &fold(typed), reach, None, 100).await.unwrap()
    }
    /// The titles of what is found, the latest first.
    async fn found_within(&self, typed: &str, reach: &[Reach]) -> Vec<&str> {
        let hits = self.hits(typed, reach).await;
        hits.iter().map(|h| self.titles.iter().find(|(id, _)| *id == h.entry).map_or("?", |(_, title)| title)).collect()
    }
    async fn found(&self, typed: &str) -> Vec<&str> {
        self.found_within(typed, &[everywhere(&self.setting.circles)]).await
    }
}

fn everywhere(circles: &[CircleId]) -> Reach {
    Reach { place: None, circles: circles.to_vec() }
}
fn at(place: PlaceId, circles: &[CircleId]) -> Reach {
    Reach { place: Some(place), circles: circles.to_vec() }
}

async fn words_are_found_as_people_write_them(house: House) {
    let library = Library::new(house).await;
    let library = library.with("Café morning", "The carers' group met; Zoë and O’Brien came.").await;
    let library = library.with("A walk", "Kingfishers by the RIVER. 27/3, £1,250.50").await;
    let library = library.with("A plan", "co-production, re-use, naïve coöperation").await;
    for (typed, found) in [
        ("cafe", &["Café morning"][..]),
        ("CAFÉ", &["Café morning"]),
        ("cafe\u{301}", &["Café morning"]),
        ("zoe", &["Café morning"]),
        ("carer", &["Café morning"]),
        ("obrien", &[]),
        ("o'brien", &["Café morning"]),
        ("brien o", &["Café morning"]),
        ("kingfisher", &["A walk"]),
        ("walking", &["A walk"]),
        ("plans planned", &["A plan"]),
        ("King", &[]),
        ("kingfisher river", &["A walk"]),
        ("fisher", &[]),
        ("kingfisher cafe", &[]),
        ("1,250", &["A walk"]),
        ("27/3", &["A walk"]),
        ("production", &["A plan"]),
        ("co-production", &["A plan"]),
        ("cooperation NAIVE", &["A plan"]),
        ("a", &["A plan", "A walk"]),
        ("walk walk walk", &["A walk"]),
    ] {
        assert_eq!(library.found(typed).await, found, "{typed}");
    }
}

async fn whatever_is_typed_is_no_error_and_finds_no_more(house: House) {
    let library = Library::new(house).await;
    let library = library.with("One", "kingfisher").await.with("Two", "heron and not OR near").await;
    for typed in ["", "   ", "!?…", "'", "\"", "*", "\\", "--", ";", "()", "%", "_", "\u{301}", "🙂", "\u{200b}"] {
        assert_eq!(library.found(typed).await, Vec::<&str>::new(), "{typed:?}");
    }
    for typed in [
        "\"kingfisher\"",
        "'kingfisher'",
        "kingfisher*",
        "+kingfisher",
        "words:* kingfisher",
        "kingfisher:*",
        "(kingfisher",
        "kingfisher)",
    ] {
        let found = library.found(typed).await;
        let expected: &[&str] = if typed.starts_with("words") { &[] } else { &["One"] };
        assert_eq!(found, expected, "{typed}");
    }
    // Operators of either engine are words like others.
    assert_eq!(library.found("heron AND not OR NEAR").await, ["Two"]);
    for typed in [
        "kingfisher OR heron",
        "kingfisher | heron",
        "NOT kingfisher",
        "heron & !kingfisher",
        "NEAR(kingfisher)",
        "reach : kingfisher",
    ] {
        let found = library.found(typed).await;
        assert!(!found.contains(&"Two"), "{typed}: {found:?}");
    }
    assert_eq!(library.found("'; DROP TABLE entries; --").await, Vec::<&str>::new());
    assert_eq!(library.house.count("entries").await, 2);
    // How the index notes who may read is no word of anybody's.
    let circle = format!("xc{}", library.setting.circles[0].0.simple());
    let place = format!("xp{}", library.setting.places[0].0.simple());
    for typed in ["x", "xc", "xp", circle.as_str(), place.as_str()] {
        assert_eq!(library.found(typed).await, Vec::<&str>::new(), "{typed}");
    }
}

async fn words_of_many_languages_are_found(house: House) {
    let mut library = Library::new(house).await;
    let texts = [
        ("Welsh", "Ŵyl y tŷ, llŷn", "tŷ"),
        ("Polish", "Żółta łódź w świetlicy", "swietlicy"),
        ("Ukrainian", "Їжак сидить у лісі", "їжак"),
        ("Greek", "Καλημέρα σε όλους", "ΚΑΛΗΜΕΡΑ"),
        ("Arabic", "مَرْحَبًا بالجميع", "مرحبا"),
        ("Urdu", "پڑوسیوں کا اجلاس", "اجلاس"),
        ("Bengali", "আমাদের পাড়ার সভা", "পাড়ার"),
        ("Hindi", "पड़ोस की बैठक", "बैठक"),
        ("Gujarati", "પડોશની સભા", "સભા"),
        ("Tamil", "அண்டை வீட்டார்", "வீட்டார்"),
        ("Tigrinya", "ናይ ጎረቤት ኣኼባ", "ጎረቤት"),
        ("Chinese", "社区 会议", "会议"),
        ("Korean", "이웃 모임", "이웃"),
        ("Turkish", "İstanbul’dan komşular", "istanbul"),
        ("German", "Straße und Größe", "GRÖSSE straße"),
        ("Somali", "Kulanka deriska", "DERISKA"),
    ];
    for (language, text, _) in texts {
        library = library.with(language, text).await;
    }
    for (language, _, typed) in texts {
        let expected: &[&str] = if language == "German" { &[] } else { &[language] };
        assert_eq!(library.found(typed).await, expected, "{language}");
    }
}

async fn a_changed_entry_is_found_by_its_new_words_only(house: House) {
    let library = Library::new(house).await.with("First", "kingfisher").await.with("Second", "heron").await;
    let first = library.hits("kingfisher", &[everywhere(&library.setting.circles)]).await[0];
    let mut write = library.house.write("change an entry").await;
    let before = write.lock::<entry::Entity>(first.entry).await.unwrap().unwrap();
    let wider = library.setting.circles[1];
    let after = entry::Model { text: "saxifrage".into(), circle_id: wider, revision: 2, ..before.clone() };
    let after = write.replace(&before, after).await.unwrap();
    write.index(&[after]).await.unwrap();
    write.save().await.unwrap();
    assert_eq!(library.found("kingfisher").await, Vec::<&str>::new());
    assert_eq!(library.found("saxifrage").await, ["First"]);
    assert_eq!(library.found_within("saxifrage", &[everywhere(&[before.circle_id])]).await, Vec::<&str>::new());
    assert_eq!(library.hits("saxifrage", &[everywhere(&[wider])]).await, [first], "it keeps its place");
    assert_eq!(library.house.count("search_documents").await, 2);
}

async fn nothing_out_of_reach_is_found(house: House) {
    let other = house.programme("other").await;
    let mut library = Library::new(house).await;
    let [place, support, programme] = library.setting.circles;
    let [riverside, saltmarsh] = library.setting.places;
    for (title, circle, about) in [
        ("Riverside place", place, Some(riverside)),
        ("Riverside support", support, Some(riverside)),
        ("Saltmarsh place", place, Some(saltmarsh)),
        ("Saltmarsh support", support, Some(saltmarsh)),
        ("Of the programme", programme, None),
    ] {
        let entry = entry::Model { circle_id: circle, place_id: about, ..library.setting.entry(title, "kingfisher") };
        library.titles.push((library.house.record(entry).await, title.to_string()));
    }
    library.house.record(other.entry("Of another programme", "kingfisher")).await;
    for (reach, found) in [
        (vec![], &[][..]),
        (vec![everywhere(&[])], &[]),
        (vec![at(riverside, &[])], &[]),
        (vec![at(riverside, &[place])], &["Riverside place"]),
        (vec![at(riverside, &[place, support])], &["Riverside support", "Riverside place"]),
        (vec![at(riverside, &[place]), at(saltmarsh, &[support])], &["Saltmarsh support", "Riverside place"]),
        (vec![everywhere(&[support])], &["Saltmarsh support", "Riverside support"]),
        (vec![everywhere(&[programme]), at(saltmarsh, &[place])], &["Of the programme", "Saltmarsh place"]),
        (vec![at(riverside, &[programme])], &[]),
        (vec![at(other.places[0], &[place, support, programme])], &[]),
        (vec![everywhere(&[CircleId(new_id())])], &[]),
    ] {
        assert_eq!(library.found_within("kingfisher", &reach).await, found, "{reach:?}");
        assert_eq!(library.found_within("Kingfishers", &reach).await, found, "{reach:?}");
        assert_eq!(library.found_within("kingfisher nothing", &reach).await, Vec::<&str>::new());
    }
    // Nobody writes an entry into somebody else's reach by what they write in it.
    let told = format!("heron xc{} xp{}", place.0.simple(), riverside.0.simple());
    library.house.record(other.entry("Smuggled", &told)).await;
    assert_eq!(library.found_within("heron", &[everywhere(&[place]), at(riverside, &[place])]).await, Vec::<&str>::new());
}

async fn what_was_shared_is_found_by_who_may_read_its_source(house: House) {
    let mut library = Library::new(house).await;
    let [place, support, programme] = library.setting.circles;
    let source = library.house.record(library.setting.entry("Source", "heron and kingfisher")).await;
    library.titles.push((source, "Source".into()));
    let extract = entry::Model {
        circle_id: programme,
        source_id: Some(source),
        source_circle_id: Some(place),
        source_revision: Some(1),
        ..library.setting.entry("Extract", "kingfisher")
    };
    library.titles.push((library.house.record(extract).await, "Extract".into()));
    assert_eq!(library.found_within("kingfisher", &[everywhere(&[programme])]).await, ["Extract"]);
    assert_eq!(library.found_within("kingfisher", &[everywhere(&[place])]).await, ["Extract", "Source"]);
    assert_eq!(library.found_within("heron", &[everywhere(&[programme])]).await, Vec::<&str>::new());
    assert_eq!(library.found_within("kingfisher", &[everywhere(&[support])]).await, Vec::<&str>::new());
}

async fn pages_follow_on_without_gap_or_repetition(house: House) {
    let setting = house.programme("small").await;
    let entries: Vec<_> = (0..53).map(|n| setting.entry(&format!("Entry {n}"), if n % 2 == 0 { "heron" } else { "" })).collect();
    let mut write = house.write("fill").await;
    write.insert_all(entries.clone()).await.unwrap();
    write.index(&entries).await.unwrap();
    write.save().await.unwrap();
    let reach = [everywhere(&setting.circles)];
    let (mut pages, mut before) = (Vec::new(), None);
    loop {
        let page = search(&house.db, &fold("heron"), &reach, before, 10).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.number);
        pages.push(page);
    }
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 7]);
    let all: Vec<Hit> = pages.concat();
    assert!(all.is_sorted_by(|a, b| a.number > b.number));
    let expected: Vec<EntryId> = entries.iter().step_by(2).map(|e| e.id).rev().collect();
    assert_eq!(all.iter().map(|h| h.entry).collect::<Vec<_>>(), expected, "the latest first");
    assert_eq!(all.iter().map(|h| h.entry).collect::<BTreeSet<_>>().len(), 27);
}

async fn a_very_long_entry_can_be_written_and_found(house: House) {
    // A book of words that are all different, and one word that never ends.
    let text: String = (0..60_000).map(|n| format!("word{n} ")).collect::<String>() + &"z".repeat(5_000) + " needle";
    let library = Library::new(house).await.with("Long", &text).await;
    for typed in ["needle", "word59999", &"z".repeat(5_000)] {
        assert_eq!(library.found(typed).await, ["Long"], "{:.20}", typed);
    }
    // Nor does a question that never ends trouble anybody.
    assert_eq!(library.found(&text).await.len(), 1);
}

async fn an_entry_without_a_word_can_be_written(house: House) {
    let library = Library::new(house).await.with("…", "🙂!").await;
    let stored = entry::Entity::find().one(library.house.db.reader()).await.unwrap().unwrap();
    assert_eq!(stored.text, "🙂!");
    assert_eq!(library.found("🙂").await, Vec::<&str>::new());
}
