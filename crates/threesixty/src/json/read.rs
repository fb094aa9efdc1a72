//! A JSON file, grant by grant.

use std::io::Read;

use super::parse::{No, Parser};
use crate::place::Origin;
use crate::value::At;
use crate::window::{Encoding, Window};
use crate::{Grant, Note, Sink, Source, Stop};

/// Reads a package or a bare list of grants, and hands each on as it comes.
pub(crate) fn read(from: impl Read, sink: &mut dyn Sink) -> Result<(), Stop> {
    let mut file = File { window: Window::new(from, Encoding::Utf8), grants: 0 };
    match file.next_byte()? {
        Some(b'[') => {
            sink.source(Source::BareList);
            file.window.take(1);
            file.list(sink)?;
        }
        Some(b'{') => {
            sink.source(Source::Package);
            file.window.take(1);
            file.package(sink)?;
        }
        Some(_) => return Err(file.wrong(0, "a package of grants begins with {")),
        None => return Err(Stop::Unreadable("it is empty".to_owned())),
    }
    match file.next_byte()? {
        None => Ok(()),
        Some(_) => Err(file.wrong(0, "something follows after the end of the package")),
    }
}

struct File<R> {
    window: Window<R>,
    grants: u64,
}

impl<R: Read> File<R> {
    fn wrong(&self, at: usize, what: &str) -> Stop {
        let before = self.window.rest().get(..at).unwrap_or("");
        let line = self.window.line() + crate::window::lines(before.as_bytes());
        let column = self.window.column(at);
        let grant = if self.grants == 0 { String::new() } else { format!(", after grant {}", self.grants) };
        Stop::Unreadable(format!("line {line}, column {column}{grant}: {what}"))
    }

    fn no(&self, no: &No) -> Stop {
        match no {
            No::More => self.wrong(self.window.rest().len(), "the file ends here, before the package does"),
            No::Bad(at, what) => self.wrong(*at, what),
        }
    }

    /// The next byte that is no space; it stays where it is.
    fn next_byte(&mut self) -> Result<Option<u8>, Stop> {
        loop {
            let spaces = self.window.rest().bytes().take_while(|b| b" \n\r\t".contains(b)).count();
            self.window.take(spaces);
            if let Some(byte) = self.window.rest().bytes().next() {
                return Ok(Some(byte));
            }
            if self.window.ended() {
                return Ok(None);
            }
            self.window.fill()?;
        }
    }

    fn must(&mut self) -> Result<u8, Stop> {
        self.next_byte()?.ok_or_else(|| self.no(&No::More))
    }

    /// Reads with what is at hand, and with more as long as that does not do.
    fn with<T>(&mut self, mut read: impl FnMut(&mut Parser<'_>, u64) -> Result<Result<T, Stop>, No>) -> Result<T, Stop> {
        loop {
            let mut parser = Parser::new(self.window.rest(), self.window.before());
            match read(&mut parser, self.window.line()) {
                Ok(done) => {
                    let read = parser.at;
                    self.window.take(read);
                    return done;
                }
                Err(No::More) if !self.window.ended() => self.window.fill()?,
                Err(no) => return Err(self.no(&no)),
            }
        }
    }

    /// After a value: whether another follows.
    fn goes_on(&mut self, end: u8, what: &str) -> Result<bool, Stop> {
        let byte = self.must()?;
        if byte != b',' && byte != end {
            return Err(self.wrong(0, what));
        }
        self.window.take(1);
        Ok(byte == b',')
    }

    fn package(&mut self, sink: &mut dyn Sink) -> Result<(), Stop> {
        if self.must()? == b'}' {
            self.window.take(1);
            return Ok(());
        }
        let mut listed = false;
        loop {
            let name = self.with(|parser, _| Ok(Ok(parser.name()?.into_owned())))?;
            if name == "grants" && self.must()? == b'[' {
                if listed {
                    return Err(self.wrong(0, "the package has ‘grants’ twice"));
                }
                listed = true;
                self.window.take(1);
                self.list(sink)?;
            } else {
                self.with(|parser, line| {
                    let node = parser.inner()?;
                    Ok(sink.field(&name, &node, line))
                })?;
            }
            if !self.goes_on(b'}', "between two fields stands one comma, and after the last a }")? {
                return Ok(());
            }
        }
    }

    fn list(&mut self, sink: &mut dyn Sink) -> Result<(), Stop> {
        sink.grants_begin()?;
        if self.must()? == b']' {
            self.window.take(1);
            return Ok(());
        }
        loop {
            let number = self.grants + 1;
            self.must()?;
            self.with(|parser, line| {
                let root = parser.inner()?;
                let twice = std::mem::take(&mut parser.twice);
                let notes: Vec<Note> = twice.into_iter().map(|(at, name)| twice_named(at, &name)).collect();
                Ok(sink.grant(&Grant {
                    number,
                    root: &root,
                    notes: &notes,
                    origin: Origin::Json { text: parser.text, from: parser.from, line },
                }))
            })?;
            self.grants = number;
            if !self.goes_on(b']', "between two grants stands one comma, and after the last a ]")? {
                return Ok(());
            }
        }
    }
}

fn twice_named(at: At, name: &str) -> Note {
    let what = format!("the field ‘{name}’ stands twice in one object; the last was taken");
    Note { at, what, fix: "keep one of them".to_owned(), mild: false }
}
