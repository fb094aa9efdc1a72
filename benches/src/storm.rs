//! A person who writes an application in its last minutes: what they have open, what they send, what they are told.

use std::time::{Duration, Instant};

use crate::Outcome;
use crate::http::{Answer, Connection, encode};

/// Somebody who writes one answer of an application.
pub struct Writer {
    pub cookies: String,
    /// The address of the section they write in, and the answer in it that is theirs.
    pub section: String,
    pub path: String,
    /// What they add with every save, so that it can be found again: `a12w3n` and a number.
    pub mark: String,
    pub saves: u64,
    how: How,
    /// The fields of the page that they have open.
    open: Vec<(String, String)>,
}

/// How somebody saves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// The page is told how it stands, and stays.
    AsOneWrites,
    /// It leads to the page anew.
    Button,
}

/// What became of a save.
#[derive(Debug, PartialEq, Eq)]
pub enum Told {
    Saved,
    /// Somebody else changed the answer; both are put together and sent again.
    Clash,
    /// The call has closed, and the page says so.
    Closed,
    /// The application is submitted, and the page says so.
    Submitted,
}

impl Writer {
    pub fn new(cookie: &str, section: String, path: &str, mark: String, how: How) -> Self {
        let cookies = format!("commonweal_session={cookie}");
        Self { cookies, section, path: path.to_owned(), mark, saves: 0, how, open: Vec::new() }
    }

    pub fn has_page(&self) -> bool {
        !self.open.is_empty()
    }

    pub fn open(&mut self, connection: &mut Connection) -> Outcome<()> {
        let answer = connection.get(&self.section, &self.cookies)?;
        self.look(&answer)
    }

    fn look(&mut self, answer: &Answer) -> Outcome<()> {
        if answer.status != 200 {
            return Err(format!("{} answered {}", self.section, answer.status).into());
        }
        self.open = fields(&answer.text(), &self.section).ok_or_else(|| format!("{} has no form", self.section))?;
        Ok(())
    }

    /// As the page's script does: the text stays, and its keys and versions are new.
    fn go_on(&mut self, answer: &Answer) -> Outcome<()> {
        let fresh = fields(&answer.text(), &self.section).ok_or("a save without new keys")?;
        for (name, value) in fresh {
            if let Some((_, now)) = self.open.iter_mut().find(|(known, _)| *known == name) {
                *now = value;
            }
        }
        self.open.retain(|(name, _)| !name.starts_with("clash") && !name.starts_with("mine."));
        Ok(())
    }

    /// Writes on in the text that stands there, and saves. Says how long that took.
    pub fn save(&mut self, connection: &mut Connection) -> Outcome<(Told, Duration)> {
        let mark = format!("{}{}", self.mark, self.saves + 1);
        let before = self.open.iter().find(|(name, _)| *name == self.path).map(|(_, text)| text.clone()).unwrap_or_default();
        let text = with_mark(&before, &self.mark, &mark);
        self.open.retain(|(name, _)| *name != self.path && name != "then");
        self.open.push((self.path.clone(), text));
        let then = if self.how == How::Button { "stay" } else { "auto" };
        self.open.push(("then".into(), then.into()));
        let asked = Instant::now();
        let answer = connection.post(&self.section, &self.cookies, &body(&self.open))?;
        let took = asked.elapsed();
        match answer.status {
            200 => {
                self.saves += 1;
                self.go_on(&answer)?;
                Ok((Told::Saved, took))
            }
            303 => {
                self.saves += 1;
                // As a browser does, which then shows the page anew.
                let to = answer.location.unwrap_or_default();
                let page = connection.get(&to, &self.cookies)?;
                self.look(&page)?;
                Ok((Told::Saved, took))
            }
            409 => {
                let page = answer.text();
                self.open = fields(&page, &self.section).ok_or("a clash without a form")?;
                self.open.push((format!("clash.{}", self.path), "both".into()));
                Ok((Told::Clash, took))
            }
            403 => {
                let page = answer.text();
                match (page.contains("This call has closed"), page.contains("submitted")) {
                    (true, _) => Ok((Told::Closed, took)),
                    (_, true) => Ok((Told::Submitted, took)),
                    _ => Err(format!("{} refused a save: {}", self.section, said(&page)).into()),
                }
            }
            status => Err(format!("a save was answered {status}: {}", said(&answer.text())).into()),
        }
    }
}

/// The beginning of what a page says.
pub fn said(page: &str) -> String {
    crate::form::main_text(page).unwrap_or_default().chars().take(200).collect()
}

/// The text with one's own mark counted up, and as many words as before.
fn with_mark(text: &str, mine: &str, mark: &str) -> String {
    let mut words: Vec<&str> = text.split_whitespace().filter(|word| !is_count(word, mine)).collect();
    let mut seen = std::collections::BTreeSet::new();
    // Where two texts were put together, the second says again what the first said.
    if words.len() > 170 {
        let half = words.len() / 2;
        let marks: Vec<&str> = words[half..].iter().copied().filter(|w| marked(w)).collect();
        words.truncate(half);
        words.extend(marks);
    }
    words.retain(|word| !marked(word) || seen.insert(*word));
    words.push(mark);
    words.join(" ")
}

fn is_count(word: &str, mark: &str) -> bool {
    word.strip_prefix(mark).is_some_and(|count| !count.is_empty() && count.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a word is somebody's mark.
pub fn marked(word: &str) -> bool {
    word.strip_prefix('a')
        .is_some_and(|rest| rest.contains('w') && rest.contains('n') && rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn body(fields: &[(String, String)]) -> String {
    fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect::<Vec<_>>().join("&")
}

/// What a browser would send of the form with this address: every box as it stands, no button. Read in one pass, because
/// whoever reads thousands of pages shares the machine with the server.
pub fn fields(page: &str, action: &str) -> Option<Vec<(String, String)>> {
    let at = page.find(&format!("action=\"{action}\""))?;
    let form = &page[at..];
    let form = &form[..form.find("</form>")?];
    let mut found = Vec::new();
    let mut rest = form;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let Some(end) = rest.find('>') else { break };
        let (tag, after) = (&rest[..end], &rest[end + 1..]);
        if let Some(input) = tag.strip_prefix("input ") {
            let unticked = matches!(attribute(input, "type"), Some("radio" | "checkbox")) && !input.contains(" checked");
            if let (Some(name), false) = (attribute(input, "name"), unticked) {
                found.push((unescaped(name), unescaped(attribute(input, "value").unwrap_or_default())));
            }
        } else if let Some(area) = tag.strip_prefix("textarea ") {
            let text = &after[..after.find("</textarea>")?];
            found.extend(attribute(area, "name").map(|name| (unescaped(name), unescaped(text))));
        } else if let Some(list) = tag.strip_prefix("select ") {
            let options = &after[..after.find("</select>")?];
            let chosen =
                options.split("<option ").find(|option| option.split('>').next().is_some_and(|t| t.contains(" selected")));
            let value = chosen.and_then(|option| attribute(option.split('>').next()?, "value")).unwrap_or_default();
            found.extend(attribute(list, "name").map(|name| (unescaped(name), unescaped(value))));
        }
        rest = after;
    }
    Some(found)
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let mut from = 0;
    while let Some(at) = tag[from..].find(name).map(|at| at + from) {
        let alone = at == 0 || tag.as_bytes().get(at - 1) == Some(&b' ');
        if let (true, Some(value)) = (alone, tag[at + name.len()..].strip_prefix("=\"")) {
            return value.split('"').next();
        }
        from = at + name.len();
    }
    None
}

fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_sent_as_it_stands() {
        let page = r#"<form action="/other"><input name="no" value="no"></form><form method="post" action="/here">
            <input type="hidden" name="once" value="a&amp;b"><input type="radio" name="r" value="1"><input type="radio" name="r" value="2" checked>
            <textarea id="t" name="t" rows="3">old &lt;text&gt;</textarea><select name="s"><option value="x">X</option><option value="y" selected>Y</option></select>
            <button name="then" value="next">Go</button></form>"#;
        let pairs = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let expected = [pairs("once", "a&b"), pairs("r", "2"), pairs("t", "old <text>"), pairs("s", "y")];
        assert_eq!(fields(page, "/here").as_deref(), Some(&expected[..]));
    }

    #[test]
    fn marks_are_counted_up_and_others_stay() {
        assert_eq!(with_mark("we met a1w2n3 a1w3n9", "a1w2n", "a1w2n4"), "we met a1w3n9 a1w2n4");
    }
}
