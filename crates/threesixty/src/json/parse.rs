//! One value of a JSON file, with its strings borrowed from it wherever they need no rewriting.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::number;
use crate::value::{At, Node, Value};

/// No honest grant is nested deeper.
const DEPTH: usize = 64;

/// Why there is no value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum No {
    /// The text ends before the value does.
    More,
    /// What is wrong, and at which byte.
    Bad(usize, &'static str),
}

pub(crate) struct Parser<'a> {
    pub text: &'a str,
    bytes: &'a [u8],
    pub at: usize,
    /// Where the text begins in its file.
    pub from: u64,
    /// Fields that stand twice in one object: the first is left out.
    pub twice: Vec<(At, String)>,
}

/// A text that is one value and nothing else.
pub(crate) fn parse(text: &str) -> Option<Node<'_>> {
    let mut parser = Parser::new(text, 0);
    let node = parser.whole().ok()?;
    parser.space();
    (parser.at == text.len()).then_some(node)
}

impl<'a> Parser<'a> {
    pub fn new(text: &'a str, from: u64) -> Self {
        Self { text, bytes: text.as_bytes(), at: 0, from, twice: Vec::new() }
    }

    pub fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    pub fn peek(&self) -> Result<u8, No> {
        self.bytes.get(self.at).copied().ok_or(No::More)
    }

    /// A value that is the whole text: nothing can follow that would change it.
    fn whole(&mut self) -> Result<Node<'a>, No> {
        self.value(0, true)
    }

    /// A value that something else follows, as in an object or a list.
    pub fn inner(&mut self) -> Result<Node<'a>, No> {
        self.value(0, false)
    }

    fn value(&mut self, depth: usize, whole: bool) -> Result<Node<'a>, No> {
        self.space();
        let at = At(self.from + u64::try_from(self.at).unwrap_or(0));
        let value = match self.peek()? {
            b'"' => Value::Text(self.string()?),
            b'{' => self.object(depth + 1)?,
            b'[' => self.list(depth + 1)?,
            b't' => self.word("true", Value::Bool(true))?,
            b'f' => self.word("false", Value::Bool(false))?,
            b'n' => self.word("null", Value::Null)?,
            b'-' | b'0'..=b'9' => self.number(whole)?,
            0 => return Err(No::Bad(self.at, "there is a NUL here, where a value should begin")),
            _ => {
                return Err(No::Bad(
                    self.at,
                    "a value should begin here: a text in quotation marks, a number, a list or an object",
                ));
            }
        };
        Ok(Node::new(at, value))
    }

    fn word(&mut self, word: &'static str, value: Value<'a>) -> Result<Value<'a>, No> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if rest.starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(value);
        }
        if word.as_bytes().starts_with(rest) { Err(No::More) } else { Err(No::Bad(self.at, "texts stand in quotation marks")) }
    }

    fn number(&mut self, whole: bool) -> Result<Value<'a>, No> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let run = rest.iter().take_while(|b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')).count();
        if run == rest.len() && !whole {
            return Err(No::More);
        }
        if number::scan(rest) != Some(run) {
            return Err(No::Bad(self.at, "this is not a number as JSON writes them, like 1250.50"));
        }
        let text = self.text.get(self.at..self.at + run).unwrap_or("0");
        self.at += run;
        Ok(Value::Number(Cow::Borrowed(text)))
    }

    fn deeper(&self, depth: usize) -> Result<(), No> {
        if depth > DEPTH { Err(No::Bad(self.at, "this is nested deeper than 64 levels")) } else { Ok(()) }
    }

    fn list(&mut self, depth: usize) -> Result<Value<'a>, No> {
        self.deeper(depth)?;
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.peek()? == b']' {
            self.at += 1;
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth, false)?);
            self.space();
            match self.peek()? {
                b',' => self.at += 1,
                b']' => break,
                _ => return Err(No::Bad(self.at, "between two values of a list stands one comma, and after the last a ]")),
            }
        }
        self.at += 1;
        Ok(Value::List(items))
    }

    fn object(&mut self, depth: usize) -> Result<Value<'a>, No> {
        self.deeper(depth)?;
        self.at += 1;
        let mut fields: Vec<(Cow<'a, str>, Node<'a>)> = Vec::with_capacity(if depth == 1 { 16 } else { 6 });
        let mut many: HashSet<Cow<'a, str>> = HashSet::new();
        let mut seen = 0_u64;
        self.space();
        if self.peek()? == b'}' {
            self.at += 1;
            return Ok(Value::Object(fields));
        }
        loop {
            let name = self.name()?;
            let node = self.value(depth, false)?;
            // A name that is unlike all others is new; others of a few are compared, of many looked up.
            let like = 1 << (looks(&name) & 63);
            let known = if fields.len() < 48 {
                seen & like != 0 && fields.iter().any(|(own, _)| *own == name)
            } else {
                if many.is_empty() {
                    many.extend(fields.iter().map(|(own, _)| own.clone()));
                }
                !many.insert(name.clone())
            };
            seen |= like;
            if known {
                self.twice.push((node.at, name.to_string()));
                fields.retain(|(own, _)| *own != name);
            }
            fields.push((name, node));
            self.space();
            match self.peek()? {
                b',' => self.at += 1,
                b'}' => break,
                _ => return Err(No::Bad(self.at, "between two fields stands one comma, and after the last a }")),
            }
        }
        self.at += 1;
        Ok(Value::Object(fields))
    }

    /// The name of a field, and the colon after it.
    pub fn name(&mut self) -> Result<Cow<'a, str>, No> {
        self.space();
        if self.peek()? != b'"' {
            return Err(No::Bad(self.at, "the name of a field should begin here, in quotation marks"));
        }
        let name = self.string()?;
        self.space();
        if self.peek()? != b':' {
            return Err(No::Bad(self.at, "after the name of a field stands a colon"));
        }
        self.at += 1;
        Ok(name)
    }

    fn string(&mut self) -> Result<Cow<'a, str>, No> {
        let start = self.at + 1;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let length = memchr::memchr2(b'"', b'\\', rest);
        let own = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
        // Looked through without stopping, which takes many bytes at once.
        if own.iter().fold(false, |odd, byte| odd | (*byte < 0x20)) {
            let at = own.iter().position(|byte| *byte < 0x20).unwrap_or(0);
            return Err(control(start + at, own.get(at)));
        }
        let end = start + length.ok_or(No::More)?;
        if self.bytes.get(end) == Some(&b'\\') {
            return self.escaped(start, end);
        }
        self.at = end + 1;
        Ok(Cow::Borrowed(self.text.get(start..end).unwrap_or("")))
    }

    #[cold]
    fn escaped(&mut self, start: usize, first: usize) -> Result<Cow<'a, str>, No> {
        let mut out = String::with_capacity(first - start + 32);
        let (mut from, mut at) = (start, first);
        loop {
            match self.bytes.get(at) {
                None => return Err(No::More),
                Some(b'"') => break,
                Some(b'\\') => {
                    out.push_str(self.text.get(from..at).unwrap_or(""));
                    let (letter, length) = self.escape(at)?;
                    out.push(letter);
                    at += length;
                    from = at;
                }
                Some(0..=0x1f) => return Err(control(at, self.bytes.get(at))),
                Some(_) => at += 1,
            }
        }
        out.push_str(self.text.get(from..at).unwrap_or(""));
        self.at = at + 1;
        Ok(Cow::Owned(out))
    }

    /// The letter that an escape at this byte stands for, and how long it is.
    fn escape(&self, at: usize) -> Result<(char, usize), No> {
        let letter = match self.bytes.get(at + 1).ok_or(No::More)? {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let half = |at: usize| {
                    let digits = self.bytes.get(at + 2..at + 6).ok_or(No::More)?;
                    let digits = std::str::from_utf8(digits).ok().filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
                    digits
                        .and_then(|d| u32::from_str_radix(d, 16).ok())
                        .ok_or(No::Bad(at, "\\u is followed by four digits or letters a to f"))
                };
                let first = half(at)?;
                if let Some(letter) = char::from_u32(first) {
                    return Ok((letter, 6));
                }
                const PAIR: &str = "this is half of a letter: \\ud800 to \\udfff stand in pairs";
                let next = self.bytes.get(at + 6..at + 8).ok_or(No::More)?;
                if next != b"\\u" || first >= 0xdc00 {
                    return Err(No::Bad(at, PAIR));
                }
                let second = half(at + 6)?.checked_sub(0xdc00).filter(|s| *s < 0x400).ok_or(No::Bad(at, PAIR))?;
                let whole = char::from_u32(0x10000 + ((first - 0xd800) << 10) + second);
                return whole.map(|letter| (letter, 12)).ok_or(No::Bad(at, PAIR));
            }
            _ => return Err(No::Bad(at, "after \\ stands one of \" \\ / b f n r t u")),
        };
        Ok((letter, 2))
    }
}

/// A number that most names of an object do not share.
fn looks(name: &str) -> u8 {
    let bytes = name.as_bytes();
    let at = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let length = u8::try_from(bytes.len() & 0xff).unwrap_or(0);
    at(0)
        .wrapping_mul(5)
        .wrapping_add(at(bytes.len() / 2).wrapping_mul(11))
        .wrapping_add(at(bytes.len().wrapping_sub(1)))
        .wrapping_add(length.wrapping_mul(3))
}

fn control(at: usize, byte: Option<&u8>) -> No {
    let what = match byte {
        Some(0) => "there is a NUL in this text; take it out, or write \\u0000",
        Some(b'\n' | b'\r') => "the line ends within this text; a line break in a text is written \\n",
        Some(b'\t') => "there is a tab in this text; it is written \\t",
        _ => "there is a letter in this text that cannot be seen; take it out",
    };
    No::Bad(at, what)
}
