//! What feeds have to be, whoever reads them.

/// What the elements of an XML file say, each with the names of those it stands in; attributes count as elements.
pub fn well_formed(xml: &str) -> Vec<(String, String)> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let (mut path, mut found): (Vec<String>, Vec<(String, String)>) = (Vec::new(), Vec::new());
    loop {
        let event = reader.read_event().unwrap_or_else(|e| panic!("no XML: {e}\n{xml}"));
        let named = |e: &quick_xml::events::BytesStart<'_>| e.name().as_ref().to_string();
        match event {
            Event::Start(ref e) | Event::Empty(ref e) => {
                let here = [path.join("/"), named(e)].join("/");
                for attribute in e.attributes() {
                    let attribute = attribute.unwrap_or_else(|e| panic!("no attribute: {e}\n{xml}"));
                    let name = attribute.key.as_ref().to_string();
                    found.push((format!("{here}@{name}"), attribute.value.to_string()));
                }
                found.push((here, String::new()));
                if matches!(event, Event::Start(_)) {
                    path.push(named(e));
                }
            }
            Event::End(_) => drop(path.pop()),
            Event::Text(text) => {
                let text = text.to_string();
                if !text.trim().is_empty() {
                    found.push((format!("{}/text", path.join("/")), text));
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(path.is_empty(), "elements are left open: {path:?}");
    found
}

/// The rules of RFC 4287 (Atom), sections 4.1.1 and 4.1.2: what a feed and an entry have to hold, and how often.
pub fn feed_is_atom(xml: &str) {
    let found = well_formed(xml);
    let count = |path: &str| found.iter().filter(|(p, _)| p.trim_start_matches('/') == path).count();
    let all =
        |path: &str| found.iter().filter(|(p, _)| p.trim_start_matches('/') == path).map(|(_, v)| v.as_str()).collect::<Vec<_>>();
    assert_eq!(all("feed@xmlns"), ["http://www.w3.org/2005/Atom"]);
    for once in ["feed/id", "feed/title", "feed/updated"] {
        assert_eq!(count(once), 1, "{once}: {xml}");
    }
    let entries = count("feed/entry");
    assert!(entries > 0, "{xml}");
    for each in ["feed/entry/id", "feed/entry/title", "feed/entry/updated", "feed/entry/author", "feed/entry/link"] {
        assert_eq!(count(each), entries, "{each}: {xml}");
    }
    assert_eq!(all("feed/entry/author/name/text").len(), entries, "an author has a name");
    assert!(all("feed/link@rel").contains(&"self"), "a feed says where it is");
    let mut ids = all("feed/entry/id/text");
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), entries, "no identifier stands twice");
    assert!(ids.iter().all(|id| id.starts_with("urn:uuid:")), "{ids:?}");
    for moment in all("feed/entry/updated/text").into_iter().chain(all("feed/updated/text")) {
        assert!(
            moment.len() == 27 && moment.ends_with('Z') && moment.as_bytes()[10] == b'T',
            "{moment} is no moment of RFC 3339"
        );
    }
    assert!(all("feed/entry/link@href").iter().all(|href| href.starts_with("http")), "{xml}");
}
