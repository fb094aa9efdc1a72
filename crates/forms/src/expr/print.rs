//! Writes an expression as text, with no more parentheses than it needs.

use std::fmt;

use super::{COMPARED, Expr, Literal, NEGATED, Node, SIGNED};

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(self, 0, f)
    }
}

/// How closely the outermost sign binds.
const fn level(node: &Node) -> u8 {
    match node {
        Node::Literal(_) | Node::Name(_) | Node::Call(..) => u8::MAX,
        Node::Not(_) => NEGATED,
        Node::Minus(_) => SIGNED,
        Node::Two(op, _, _) => op.level(),
        Node::In(..) => COMPARED,
        Node::If(_) => 0,
    }
}

fn print(expr: &Expr, least: u8, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if level(&expr.node) < least {
        f.write_str("(")?;
        print(expr, 0, f)?;
        return f.write_str(")");
    }
    match &expr.node {
        Node::Literal(literal) => write!(f, "{literal}"),
        Node::Name(parts) => f.write_str(&parts.join(".")),
        Node::Not(operand) => {
            f.write_str("not ")?;
            print(operand, NEGATED, f)
        }
        Node::Minus(operand) => {
            f.write_str("-")?;
            print(operand, SIGNED, f)
        }
        Node::Two(op, left, right) => {
            let own = op.level();
            print(left, if own == COMPARED { own + 1 } else { own }, f)?;
            write!(f, " {} ", op.sign())?;
            print(right, own + 1, f)
        }
        Node::In(left, list) => {
            print(left, COMPARED + 1, f)?;
            f.write_str(" in ")?;
            print_list(list, f)
        }
        Node::Call(function, list) => {
            f.write_str(function.name())?;
            print_list(list, f)
        }
        Node::If(parts) => {
            for (word, part) in ["if ", " then ", " else "].into_iter().zip(&**parts) {
                f.write_str(word)?;
                print(part, 1, f)?;
            }
            Ok(())
        }
    }
}

fn print_list(list: &[Expr], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (i, item) in list.iter().enumerate() {
        f.write_str(if i == 0 { "(" } else { ", " })?;
        print(item, 0, f)?;
    }
    f.write_str(")")
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::YesNo(yes) => f.write_str(if *yes { "yes" } else { "no" }),
            Self::Number(number) => f.write_str(&number.plain()),
            Self::Money(money) => f.write_str(&money.to_string().replace(',', "")),
            Self::Text(text) => write!(f, "\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
            Self::Date(day) => f.write_str(&day.iso()),
            Self::Month(month) => f.write_str(&month.iso()),
        }
    }
}
