//! XPath, as survey tools use it, in the words of our expressions.

use super::to_xpath::Untold;
use crate::expr::{Expr, Function, Literal, Node, Op};
use crate::limits;

/// What a name of the workbook stands for here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Meant {
    /// The name in expressions.
    pub name: Vec<String>,
    pub sort: Sort,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    YesNo,
    Several,
    Group,
    Other,
}

/// Reads an expression and writes it in our words. `own` is the question that `.` stands for.
pub(super) fn translate(text: &str, own: Option<&Meant>, meant: &dyn Fn(&str) -> Option<Meant>) -> Result<String, Untold> {
    if text.len() > limits::EXPRESSION_BYTES {
        return Err("it is too long".to_owned());
    }
    let mut reader = Reader { tokens: lex(text)?, next: 0, depth: 0, own, meant };
    let expr = reader.expression(0)?;
    if reader.next < reader.tokens.len() {
        return Err(format!("‘{}’ stands where nothing is expected", reader.tokens[reader.next]));
    }
    Ok(expr.to_string())
}

/// Splits into names like `${award}`, words, numbers, texts and signs.
fn lex(text: &str) -> Result<Vec<String>, Untold> {
    let letters: Vec<char> = text.chars().collect();
    let (mut tokens, mut at) = (Vec::new(), 0);
    let run = |from: usize, sound: &dyn Fn(char) -> bool| letters[from..].iter().take_while(|c| sound(**c)).count();
    while let Some(first) = letters.get(at).copied() {
        let next = letters.get(at + 1).copied();
        let length = match first {
            c if c.is_whitespace() => {
                at += 1;
                continue;
            }
            '$' if next == Some('{') => run(at, &|c| c != '}') + 1,
            '"' | '\'' => run(at + 1, &|c| c != first) + 2,
            c if c.is_ascii_digit() => run(at, &|c| c.is_ascii_digit() || c == '.'),
            c if c.is_alphabetic() => run(at, &|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ':')),
            '!' | '<' | '>' if next == Some('=') => 2,
            '=' | '<' | '>' | '+' | '-' | '*' | '(' | ')' | ',' | '.' => 1,
            other => return Err(format!("‘{other}’ is not known here")),
        };
        let end = at + length;
        if end > letters.len() {
            return Err("it does not end".to_owned());
        }
        tokens.push(letters[at..end].iter().collect());
        at = end;
    }
    Ok(tokens)
}

struct Reader<'r> {
    tokens: Vec<String>,
    next: usize,
    depth: usize,
    own: Option<&'r Meant>,
    meant: &'r dyn Fn(&str) -> Option<Meant>,
}

type Told = Result<Expr, Untold>;

const SIGNS: [(&str, Op); 12] = [
    ("or", Op::Or),
    ("and", Op::And),
    ("=", Op::Equal),
    ("!=", Op::NotEqual),
    ("<", Op::Less),
    ("<=", Op::LessEqual),
    (">", Op::More),
    (">=", Op::MoreEqual),
    ("+", Op::Plus),
    ("-", Op::Minus),
    ("*", Op::Times),
    ("div", Op::Over),
];

fn of(node: Node) -> Expr {
    Expr::new(node, 0)
}
fn call(function: Function, list: Vec<Expr>) -> Expr {
    of(Node::Call(function, list))
}
fn is_text(expr: &Expr, text: &str) -> bool {
    matches!(&expr.node, Node::Literal(Literal::Text(t)) if t == text)
}

impl Reader<'_> {
    fn peek(&self) -> &str {
        self.tokens.get(self.next).map_or("", String::as_str)
    }
    fn take(&mut self, sign: &str) -> bool {
        let found = self.peek() == sign;
        self.next += usize::from(found);
        found
    }
    fn expect(&mut self, sign: &str) -> Result<(), Untold> {
        if self.take(sign) { Ok(()) } else { Err(format!("‘{sign}’ is missing")) }
    }

    fn expression(&mut self, level: u8) -> Told {
        self.depth += 1;
        if self.depth > limits::EXPRESSION_DEPTH {
            return Err("it is nested too deeply".to_owned());
        }
        let mut left = self.primary()?;
        while let Some((_, op)) = SIGNS.iter().find(|(sign, op)| *sign == self.peek() && op.level() >= level) {
            self.next += 1;
            let right = self.expression(op.level() + 1)?;
            left = self.two(*op, left, right)?;
            if left.depth > 100 {
                return Err("it has too many parts".to_owned());
            }
        }
        self.depth -= 1;
        Ok(left)
    }

    /// Two things and a sign. Comparing with an empty text asks whether there is an answer; yes and no are options there.
    fn two(&self, op: Op, left: Expr, right: Expr) -> Told {
        let (left, right) = if matches!(left.node, Node::Literal(_)) && matches!(op, Op::Equal | Op::NotEqual) {
            (right, left)
        } else {
            (left, right)
        };
        let negated = |expr, yes: bool| if yes { expr } else { of(Node::Not(Box::new(expr))) };
        if let (Op::Equal | Op::NotEqual, Node::Name(parts)) = (op, &left.node) {
            if is_text(&right, "") {
                return Ok(negated(call(Function::Answered, vec![left]), op == Op::NotEqual));
            }
            match (self.sort_of(parts), &right.node) {
                (Sort::YesNo, Node::Literal(Literal::Text(text))) if text == "yes" || text == "no" => {
                    let literal = of(Node::Literal(Literal::YesNo(text == "yes")));
                    return Ok(of(Node::Two(op, Box::new(left), Box::new(literal))));
                }
                (Sort::Several, Node::Literal(Literal::Text(_))) => {
                    return Ok(negated(of(Node::Two(Op::Has, Box::new(left), Box::new(right))), op == Op::Equal));
                }
                _ => {}
            }
        }
        Ok(of(Node::Two(op, Box::new(left), Box::new(right))))
    }

    fn sort_of(&self, parts: &[String]) -> Sort {
        match self.own {
            Some(own) if own.name == parts => own.sort,
            _ => (self.meant)(&parts.join(".")).map_or(Sort::Other, |m| m.sort),
        }
    }

    fn primary(&mut self) -> Told {
        let token = self.peek().to_owned();
        self.next += 1;
        match token.chars().next() {
            None => Err("something is missing at the end".to_owned()),
            Some('(') => {
                let inner = self.expression(0)?;
                self.expect(")")?;
                Ok(inner)
            }
            Some('-') => Ok(of(Node::Minus(Box::new(self.expression(crate::expr::SIGNED)?)))),
            Some('.') => self.own.map(|own| of(Node::Name(own.name.clone()))).ok_or_else(|| "‘.’ means nothing here".to_owned()),
            Some('$') => {
                let name = token.trim_start_matches("${").trim_end_matches('}').trim();
                (self.meant)(name).map(|m| of(Node::Name(m.name))).ok_or_else(|| format!("there is no question ‘{name}’"))
            }
            Some('"' | '\'') => Ok(of(Node::Literal(Literal::Text(token[1..token.len() - 1].to_owned())))),
            Some(c) if c.is_ascii_digit() => {
                token.parse().map(|n| of(Node::Literal(Literal::Number(n)))).map_err(|_| format!("‘{token}’ is no number"))
            }
            Some(c) if c.is_alphabetic() && self.take("(") => self.call(&token),
            _ => Err(format!("‘{token}’ stands where nothing is expected")),
        }
    }

    fn call(&mut self, name: &str) -> Told {
        let mut list = Vec::new();
        if !self.take(")") {
            loop {
                list.push(self.expression(0)?);
                if self.take(")") {
                    break;
                }
                self.expect(",")?;
            }
        }
        let mut args = list.into_iter();
        let untold = || format!("{name}(…) has no counterpart");
        match (name, args.next(), args.next(), args.next()) {
            ("true", None, ..) => Ok(of(Node::Literal(Literal::YesNo(true)))),
            ("false", None, ..) => Ok(of(Node::Literal(Literal::YesNo(false)))),
            ("not", Some(a), None, _) => Ok(of(Node::Not(Box::new(a)))),
            ("if", Some(a), Some(b), Some(c)) => Ok(of(Node::If(Box::new([a, b, c])))),
            ("round", Some(a), zero, None)
                if zero
                    .as_ref()
                    .is_none_or(|z| matches!(&z.node, Node::Literal(Literal::Number(n)) if *n == crate::Number::ZERO)) =>
            {
                Ok(call(Function::Round, vec![a]))
            }
            ("selected", Some(a), Some(b), None) => {
                let several = matches!(&a.node, Node::Name(parts) if self.sort_of(parts) == Sort::Several);
                if several { Ok(of(Node::Two(Op::Has, Box::new(a), Box::new(b)))) } else { self.two(Op::Equal, a, b) }
            }
            ("count-selected" | "count-non-empty" | "count", Some(a), None, _) => Ok(call(Function::Count, vec![a])),
            ("sum", Some(a), None, _) => Ok(call(Function::Sum, vec![a])),
            ("min" | "max", Some(a), b, c) => {
                let function = if name == "min" { Function::Min } else { Function::Max };
                Ok(call(function, [Some(a), b, c].into_iter().flatten().chain(args).collect()))
            }
            ("date", Some(a), None, _) => match &a.node {
                Node::Literal(Literal::Text(text)) => {
                    text.parse().map(|day| of(Node::Literal(Literal::Date(day)))).map_err(|_| format!("‘{text}’ is no date"))
                }
                _ => Err(untold()),
            },
            _ => Err(untold()),
        }
    }
}
