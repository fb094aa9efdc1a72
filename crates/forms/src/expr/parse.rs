//! Reads the text of an expression.

use super::lex::{Token, lex};
use super::{COMPARED, Expr, ExprError, Function, NEGATED, Node, Op, SIGNED};
use crate::limits;
use crate::words::{count, did_you_mean};

/// Parts after one another, such as a + b + c, stand within each other too; this many are enough for any form.
const LEVELS: usize = 100;

/// Reads an expression.
///
/// # Errors
/// The first thing that is wrong with it, and where.
pub fn parse(text: &str) -> Result<Expr, ExprError> {
    if text.len() > limits::EXPRESSION_BYTES {
        let most = count(limits::EXPRESSION_BYTES, "character", "characters");
        return Err(ExprError::new(0, format!("This expression is longer than {most}"), "Split it with computed questions"));
    }
    let tokens = lex(text)?;
    let mut parser = Parser { tokens, next: 0, end: text.trim_end().len(), depth: 0 };
    if parser.tokens.is_empty() {
        return Err(ExprError::new(0, "There is nothing here", "Write a condition, like award > £10000, or leave it out"));
    }
    let expr = parser.expression(0)?;
    match parser.tokens.get(parser.next) {
        None => Ok(expr),
        Some((token, at)) => Err(unexpected(token, *at)),
    }
}

struct Parser {
    tokens: Vec<(Token, usize)>,
    next: usize,
    end: usize,
    depth: usize,
}

/// What to say of a token that nothing can follow with.
fn unexpected(token: &Token, at: usize) -> ExprError {
    match token {
        Token::Sign(")") => ExprError::new(at, "This parenthesis closes nothing", "Leave it out, or open one before"),
        Token::Sign(sign @ ("then" | "else")) => {
            ExprError::new(at, format!("‘{sign}’ belongs to an ‘if’"), "Write if … then … else …")
        }
        Token::Sign(sign) => {
            ExprError::new(at, format!("‘{sign}’ cannot stand here"), "Put a name, a number or a text before it")
        }
        _ => ExprError::new(at, "Something is missing before this", "Put a sign or a word like and, or, = between the two"),
    }
}

impl Parser {
    fn at(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |(_, at)| *at)
    }
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(token, _)| token)
    }
    /// Goes past a sign, where it stands next.
    fn take(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(found)) if *found == sign);
        self.next += usize::from(found);
        found
    }
    fn expect(&mut self, sign: &str, instead: &str) -> Result<(), ExprError> {
        if self.take(sign) { Ok(()) } else { Err(ExprError::new(self.at(), format!("‘{sign}’ is missing here"), instead)) }
    }
    fn node(&self, node: Node, at: usize) -> Result<Expr, ExprError> {
        let expr = Expr::new(node, at);
        if expr.depth > LEVELS {
            let what = "There are too many parts here";
            return Err(ExprError::new(self.at(), what, "Split it with computed questions, or add up with sum(…)"));
        }
        Ok(expr)
    }

    /// An expression whose signs bind at least so closely.
    fn expression(&mut self, level: u8) -> Result<Expr, ExprError> {
        self.depth += 1;
        if self.depth > limits::EXPRESSION_DEPTH {
            return Err(ExprError::new(self.at(), "This is nested too deeply", "Split it with computed questions"));
        }
        let mut left = self.prefix()?;
        while let Some(op) = self.operator() {
            let own = op.map_or(COMPARED, Op::level);
            if own < level {
                break;
            }
            let at = left.at;
            self.next += 1;
            let node = match op {
                None => Node::In(Box::new(left), self.list("Write the texts to choose from: in (\"one\", \"two\")")?),
                Some(op) => Node::Two(op, Box::new(left), Box::new(self.expression(own + 1)?)),
            };
            left = self.node(node, at)?;
            if own == COMPARED && self.operator().is_some_and(|op| op.map_or(COMPARED, Op::level) == COMPARED) {
                let what = "Two comparisons stand after one another";
                return Err(ExprError::new(self.at(), what, "Compare two things at a time: a < b and b < c"));
            }
        }
        self.depth -= 1;
        Ok(left)
    }

    /// The sign between two things that stands next; `in` is none of two.
    fn operator(&self) -> Option<Option<Op>> {
        const OPS: [Op; 13] = [
            Op::Or,
            Op::And,
            Op::Equal,
            Op::NotEqual,
            Op::Less,
            Op::LessEqual,
            Op::More,
            Op::MoreEqual,
            Op::Has,
            Op::Plus,
            Op::Minus,
            Op::Times,
            Op::Over,
        ];
        match self.peek() {
            Some(Token::Sign("in")) => Some(None),
            Some(Token::Sign(sign)) => OPS.into_iter().find(|op| op.sign() == *sign).map(Some),
            _ => None,
        }
    }

    fn prefix(&mut self) -> Result<Expr, ExprError> {
        let at = self.at();
        if self.take("not") {
            let operand = self.expression(NEGATED)?;
            return self.node(Node::Not(Box::new(operand)), at);
        }
        if self.take("-") {
            let operand = self.expression(SIGNED)?;
            return self.node(Node::Minus(Box::new(operand)), at);
        }
        if self.take("(") {
            let inner = self.expression(0)?;
            self.expect(")", "Close the parenthesis")?;
            return Ok(inner);
        }
        if self.take("if") {
            const HOW: &str = "Write if … then … else …";
            let condition = self.expression(0)?;
            self.expect("then", HOW)?;
            let then = self.expression(0)?;
            self.expect("else", HOW)?;
            let otherwise = self.expression(0)?;
            return self.node(Node::If(Box::new([condition, then, otherwise])), at);
        }
        match self.tokens.get(self.next).cloned() {
            Some((Token::Literal(literal), at)) => {
                self.next += 1;
                self.node(Node::Literal(literal), at)
            }
            Some((Token::Name(parts), at)) => {
                self.next += 1;
                self.name(parts, at)
            }
            Some((token, at)) => Err(unexpected(&token, at)),
            None => Err(ExprError::new(self.end, "Something is missing at the end", "Finish it with a name, a number or a text")),
        }
    }

    /// A name, or a call where a parenthesis follows.
    fn name(&mut self, parts: Vec<String>, at: usize) -> Result<Expr, ExprError> {
        if self.peek() != Some(&Token::Sign("(")) {
            if let Some(part) = parts.iter().find(|p| p.contains('_')) {
                let what = format!("‘{part}’ has an underscore");
                return Err(ExprError::new(at, what, "Keys have hyphens, like lead-partner"));
            }
            return self.node(Node::Name(parts), at);
        }
        let name = parts.join(".");
        let Some(function) = Function::ALL.into_iter().find(|f| f.name() == name) else {
            let instead = did_you_mean(&name, Function::ALL.into_iter().map(Function::name));
            return Err(ExprError::new(at, format!("Nothing here is called ‘{name}(…)’"), instead));
        };
        let list = self.list("Write what it works on in parentheses")?;
        self.node(Node::Call(function, list), at)
    }

    /// Expressions in parentheses, with commas between.
    fn list(&mut self, instead: &str) -> Result<Vec<Expr>, ExprError> {
        self.expect("(", instead)?;
        let mut list = vec![self.expression(0)?];
        while self.take(",") {
            list.push(self.expression(0)?);
        }
        self.expect(")", "Close the parenthesis, or put a comma before the next")?;
        Ok(list)
    }
}
