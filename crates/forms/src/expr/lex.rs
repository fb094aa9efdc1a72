//! An expression as a row of tokens.

use kernel::{Day, Money};

use super::{ExprError, Literal};
use crate::month::Month;
use crate::number::Number;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Literal(Literal),
    Name(Vec<String>),
    /// A word of the language, or a sign.
    Sign(&'static str),
}

/// Signs, the longer first.
const SIGNS: [&str; 13] = ["!=", "<=", ">=", "=", "<", ">", "+", "-", "*", "/", "(", ")", ","];
/// What other languages write, and what it is here.
const FOREIGN: [(&str, &str); 10] = [
    ("==", "="),
    ("<>", "!="),
    ("&&", "and"),
    ("||", "or"),
    ("≤", "<="),
    ("≥", ">="),
    ("≠", "!="),
    ("×", "*"),
    ("!", "not"),
    ("−", "-"),
];

/// The tokens with their positions.
pub(super) fn lex(text: &str) -> Result<Vec<(Token, usize)>, ExprError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (token, length) = token(&text[at..], at)?;
        tokens.push((token, at));
        at += length;
    }
    Ok(tokens)
}

/// The token that the text begins with, and its length.
fn token(text: &str, at: usize) -> Result<(Token, usize), ExprError> {
    let first = text.chars().next().unwrap_or(' ');
    match first {
        'a'..='z' => return word(text, at),
        '0'..='9' => return number(text, at),
        '£' => return money(text, at),
        '"' | '\'' => return quoted(text, first, at),
        '“' | '”' | '‘' | '’' => {
            return Err(ExprError::new(at, "This quotation mark is curly", "Write a straight one: \"…\""));
        }
        _ => {}
    }
    if let Some((_, ours)) = FOREIGN.iter().find(|(theirs, _)| text.starts_with(theirs) && !text.starts_with("!=")) {
        return Err(ExprError::new(at, "This sign is not used here", format!("Write {ours}")));
    }
    if let Some(sign) = SIGNS.iter().find(|sign| text.starts_with(**sign)) {
        return Ok((Token::Sign(sign), sign.len()));
    }
    let instead = if first.is_alphabetic() {
        "Names of questions are written in small letters, texts in quotation marks".to_owned()
    } else {
        "Use names, numbers, texts in quotation marks, + - * / = != < > ( ) and the words and, or, not".to_owned()
    };
    Err(ExprError::new(at, format!("‘{first}’ cannot stand here"), instead))
}

/// A name or a word of the language.
fn word(text: &str, at: usize) -> Result<(Token, usize), ExprError> {
    let bytes = text.as_bytes();
    let sound = |i: usize| bytes.get(i).is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let mut end = 0;
    // A hyphen or a full stop belongs to the name where it stands between its letters; an underscore is for days_between.
    while sound(end) || (end > 0 && matches!(bytes.get(end), Some(b'-' | b'.' | b'_')) && sound(end + 1)) {
        end += 1;
    }
    let name = &text[..end];
    if bytes.get(end).is_some_and(|b| b.is_ascii_uppercase()) {
        return Err(ExprError::new(at + end, "There is a capital letter in this name", "Write names in small letters"));
    }
    let word = match name {
        "yes" | "true" => Token::Literal(Literal::YesNo(true)),
        "no" | "false" => Token::Literal(Literal::YesNo(false)),
        _ => match ["and", "or", "not", "in", "has", "if", "then", "else"].iter().find(|w| **w == name) {
            Some(word) => Token::Sign(word),
            None => Token::Name(name.split('.').map(ToOwned::to_owned).collect()),
        },
    };
    if matches!(&word, Token::Name(parts) if parts.len() > 3) {
        return Err(ExprError::new(
            at,
            "This name has too many parts",
            "Write a question, or a group and a question of it, and a part",
        ));
    }
    Ok((word, end))
}

fn digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|b| b.is_ascii_digit()).count()
}

/// A number, or a date or a month: 2026-03-27, 2026-03.
fn number(text: &str, at: usize) -> Result<(Token, usize), ExprError> {
    let bytes = text.as_bytes();
    let whole = digits(bytes);
    if whole == 4 && bytes.get(4) == Some(&b'-') && digits(&bytes[5..]) == 2 {
        return date(text, at);
    }
    let mut end = whole;
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end += 1 + digits(&bytes[end + 1..]);
    }
    if bytes.get(end) == Some(&b',') && digits(&bytes[end + 1..]) == 3 {
        return Err(ExprError::new(at + end, "There is a comma in this number", "Write it without commas, like 50000"));
    }
    if bytes.get(end).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'%') {
        return Err(ExprError::new(
            at + end,
            "A number ends here, and something else begins",
            "Put a space or a sign between them",
        ));
    }
    let number: Number = text[..end].parse().map_err(|_| too_long(at))?;
    Ok((Token::Literal(Literal::Number(number)), end))
}

fn too_long(at: usize) -> ExprError {
    ExprError::new(at, "This number has too many digits", "Use at most 15 before the point and 9 after it")
}

fn date(text: &str, at: usize) -> Result<(Token, usize), ExprError> {
    let bytes = text.as_bytes();
    let (literal, end) = if bytes.get(7) == Some(&b'-') && digits(&bytes[8..]) == 2 {
        (text[..10].parse::<Day>().map(Literal::Date).ok(), 10)
    } else {
        (text[..7].parse::<Month>().map(Literal::Month).ok(), 7)
    };
    match literal {
        Some(literal) => Ok((Token::Literal(literal), end)),
        None => Err(ExprError::new(at, "The calendar has no such date", "Write a date like 2026-03-27, or a month like 2026-03")),
    }
}

fn money(text: &str, at: usize) -> Result<(Token, usize), ExprError> {
    let sign = '£'.len_utf8();
    let bytes = &text.as_bytes()[sign..];
    let mut end = digits(bytes);
    if bytes.get(end) == Some(&b'.') {
        end += 1 + digits(&bytes[end + 1..]);
    }
    if bytes.get(end) == Some(&b',') && digits(&bytes[end + 1..]) == 3 {
        return Err(ExprError::new(at + sign + end, "There is a comma in this amount", "Write it without commas, like £50000"));
    }
    if end > 20 {
        return Err(too_long(at));
    }
    let money: Money = text[..sign + end]
        .parse()
        .map_err(|_| ExprError::new(at, "This is not an amount of money", "Write it like £50000 or £12.50"))?;
    Ok((Token::Literal(Literal::Money(money)), sign + end))
}

/// A text between quotation marks; a backslash makes the next character stand for itself.
fn quoted(text: &str, mark: char, at: usize) -> Result<(Token, usize), ExprError> {
    let mut content = String::new();
    let mut letters = text.char_indices().skip(1);
    while let Some((i, letter)) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some((_, next)) => content.push(next),
                None => break,
            },
            letter if letter == mark => return Ok((Token::Literal(Literal::Text(content)), i + mark.len_utf8())),
            letter => content.push(letter),
        }
    }
    Err(ExprError::new(at, "This text does not end", format!("Close it with {mark}")))
}
