//! Our expressions in the words of XPath, as survey tools know it.

use crate::expr::check::Names;
use crate::expr::{Expr, Function, Literal, Node, Op};
use crate::kind::{Choice, Kind};
use crate::value::AMOUNT;

/// What cannot be said there.
pub(super) type Untold = String;

/// One form's names, and the group in whose rows the expression stands.
#[derive(Clone, Copy)]
pub(super) struct ToXPath<'n> {
    pub names: &'n Names,
    pub group: Option<usize>,
}

type Said = Result<String, Untold>;

impl ToXPath<'_> {
    pub fn expression(self, expr: &Expr) -> Said {
        match &expr.node {
            Node::Literal(literal) => of_literal(literal),
            Node::Name(parts) => self.name(parts),
            Node::Not(operand) => Ok(format!("not({})", self.expression(operand)?)),
            Node::Minus(operand) => Ok(format!("-({})", self.expression(operand)?)),
            Node::Two(Op::Has, left, right) => match &left.node {
                Node::Name(parts) if matches!(self.kind(parts), Some((Kind::ChooseSeveral { .. }, false, _))) => {
                    Ok(format!("selected({}, {})", self.name(parts)?, self.expression(right)?))
                }
                _ => Err("asking whether one of several rows is something".to_owned()),
            },
            Node::Two(op, left, right) => {
                let sign = if *op == Op::Over { "div" } else { op.sign() };
                Ok(format!("({} {sign} {})", self.expression(left)?, self.expression(right)?))
            }
            Node::In(left, list) => {
                let left = self.expression(left)?;
                let each = list
                    .iter()
                    .map(|item| Ok(format!("{left} = {}", self.expression(item)?)))
                    .collect::<Result<Vec<_>, Untold>>()?;
                Ok(format!("({})", each.join(" or ")))
            }
            Node::If(parts) => {
                let parts = parts.iter().map(|p| self.expression(p)).collect::<Result<Vec<_>, _>>()?;
                Ok(format!("if({})", parts.join(", ")))
            }
            Node::Call(function, list) => self.call(*function, list),
        }
    }

    /// The kind of question a name means, whether of every row, and what follows it.
    fn kind<'p>(&self, parts: &'p [String]) -> Option<(&Kind, bool, Option<&'p str>)> {
        let (item, taken, every_row) = self.names.find(parts, self.group)?;
        Some((&self.names.items[item].question.kind, every_row, parts.get(taken).map(String::as_str)))
    }

    /// The name by which the workbook calls a question.
    fn reference(&self, parts: &[String]) -> Option<String> {
        let (item, _, _) = self.names.find(parts, self.group)?;
        let item = &self.names.items[item];
        let group = item.group.map(|g| format!("{}.", self.names.items[g].question.key)).unwrap_or_default();
        Some(format!("{group}{}", item.question.key))
    }

    fn name(&self, parts: &[String]) -> Said {
        let unknown = || format!("‘{}’", parts.join("."));
        let (name, (kind, _, part)) = self.reference(parts).zip(self.kind(parts)).ok_or_else(unknown)?;
        let of_own_rows = self
            .names
            .find(parts, self.group)
            .is_some_and(|(item, _, every_row)| every_row && self.group.is_some() && self.names.items[item].group == self.group);
        if of_own_rows {
            // There, the name would mean this row alone.
            return Err(format!("‘{}’ of all rows, from within one of them", parts.join(".")));
        }
        let sum = |columns: Vec<String>| format!("({})", columns.join(" + "));
        Ok(match (kind, part) {
            (Kind::YesNo, None) => format!("(${{{name}}} = 'yes')"),
            (Kind::Computed { value, .. }, None) if crate::expr::parse(value).is_ok_and(|e| is_condition(&e)) => {
                format!("(${{{name}}} = 'true')")
            }
            (Kind::ChooseSeveral { .. }, Some("count")) => format!("count-selected(${{{name}}})"),
            (Kind::ChooseSeveral { options, .. }, Some("score")) => sum(worth(options)?
                .into_iter()
                .map(|(key, score)| format!("if(selected(${{{name}}}, '{key}'), {score}, 0)"))
                .collect()),
            (Kind::ChooseOne { options }, Some("score")) => {
                sum(worth(options)?.into_iter().map(|(key, score)| format!("if(${{{name}}} = '{key}', {score}, 0)")).collect())
            }
            (Kind::Group { .. }, Some("count")) => format!("count(${{{name}}})"),
            (Kind::Ranking { .. }, Some("first")) => format!("selected-at(${{{name}}}, 0)"),
            (Kind::Ranking { .. }, Some(_)) => return Err("the place of an option in a ranking".to_owned()),
            (Kind::Grid { rows, .. }, Some("total")) => {
                sum(rows.iter().map(|r| format!("coalesce(${{{name}.{}}}, 0)", r.key)).collect())
            }
            (Kind::Grid { .. } | Kind::File { .. }, Some(_)) if part == Some("count") || matches!(kind, Kind::File { .. }) => {
                return Err(format!("‘{}’", parts.join(".")));
            }
            (Kind::Budget { .. }, Some("count")) => format!("count(${{{name}}})"),
            (Kind::Budget { columns, .. }, Some("total")) => {
                sum(keys_of(columns).iter().map(|c| format!("sum(${{{name}.{c}}})")).collect())
            }
            (Kind::Budget { .. }, Some(column)) => format!("sum(${{{name}.{column}}})"),
            (_, Some(part)) => format!("${{{name}.{part}}}"),
            (_, None) => format!("${{{name}}}"),
        })
    }

    fn call(self, function: Function, list: &[Expr]) -> Said {
        let all = || list.iter().map(|arg| self.expression(arg)).collect::<Result<Vec<_>, _>>();
        let first = || list.first().map_or_else(|| Ok(String::new()), |arg| self.expression(arg));
        let is_list = |arg: &Expr| matches!(&arg.node, Node::Name(parts) if self.kind(parts).is_some_and(|(_, every, _)| every));
        Ok(match function {
            Function::Sum => {
                let each = list.iter().map(|arg| {
                    let said = self.expression(arg)?;
                    Ok(if is_list(arg) { format!("sum({said})") } else { format!("coalesce({said}, 0)") })
                });
                format!("({})", each.collect::<Result<Vec<_>, Untold>>()?.join(" + "))
            }
            Function::Min | Function::Max => format!("{}({})", function.name(), all()?.join(", ")),
            Function::Count => {
                let each = list.iter().map(|arg| match &arg.node {
                    Node::Name(parts) if matches!(self.kind(parts), Some((Kind::Group { .. }, _, None))) => {
                        Ok(format!("count({})", self.expression(arg)?))
                    }
                    Node::Name(parts) if matches!(self.kind(parts), Some((Kind::ChooseSeveral { .. }, false, None))) => {
                        Ok(format!("count-selected({})", self.expression(arg)?))
                    }
                    Node::Name(_) => Ok(format!("count-non-empty({})", self.expression(arg)?)),
                    _ => Err("counting what is worked out".to_owned()),
                });
                format!("({})", each.collect::<Result<Vec<_>, Untold>>()?.join(" + "))
            }
            Function::Distinct => return Err("counting what differs among rows".to_owned()),
            Function::Words => {
                let text = format!("normalize-space({})", first()?);
                format!("(string-length({text}) - string-length(translate({text}, ' ', '')) + 1)")
            }
            Function::Answered => match list.first().map(|arg| &arg.node) {
                Some(Node::Name(parts)) => match (self.reference(parts), self.kind(parts)) {
                    (Some(name), Some((Kind::Group { .. } | Kind::Budget { .. }, _, None))) => {
                        format!("(count(${{{name}}}) > 0)")
                    }
                    (Some(name), Some((Kind::Organisation { .. } | Kind::Person | Kind::Area, _, None))) => {
                        format!("(${{{name}.name}} != '')")
                    }
                    (Some(_), Some((Kind::Grid { .. }, _, None))) => return Err("whether a grid is answered".to_owned()),
                    (Some(name), Some((_, _, part))) => {
                        let part = part.map(|p| format!(".{p}")).unwrap_or_default();
                        format!("(${{{name}{part}}} != '')")
                    }
                    _ => return Err(format!("‘{}’", parts.join("."))),
                },
                _ => return Err("whether something is answered".to_owned()),
            },
            Function::DaysBetween => {
                let days = all()?;
                let [from, to] = days.as_slice() else { return Err("days between dates".to_owned()) };
                format!("int(decimal-date-time({to}) - decimal-date-time({from}))")
            }
            Function::Round => format!("round({}, 0)", first()?),
        })
    }
}

/// What each option is worth, where it is worth anything.
fn worth(options: &[Choice]) -> Result<Vec<(&str, String)>, Untold> {
    let worth: Vec<_> = options.iter().filter_map(|o| Some((o.key.as_str(), o.score?.plain()))).collect();
    if worth.is_empty() || worth.len() > 50 || worth.iter().any(|(_, score)| score.contains('/')) {
        return Err("what options are worth".to_owned());
    }
    Ok(worth)
}

pub(super) fn keys_of(columns: &[Choice]) -> Vec<&str> {
    if columns.is_empty() { vec![AMOUNT] } else { columns.iter().map(|c| c.key.as_str()).collect() }
}

/// Whether an expression comes to yes or no.
pub(super) fn is_condition(expr: &Expr) -> bool {
    match &expr.node {
        Node::Literal(Literal::YesNo(_)) | Node::Not(_) | Node::In(..) | Node::Call(Function::Answered, _) => true,
        Node::Two(op, ..) => op.level() <= crate::expr::COMPARED,
        Node::If(parts) => is_condition(&parts[1]),
        _ => false,
    }
}

fn of_literal(literal: &Literal) -> Said {
    Ok(match literal {
        Literal::YesNo(yes) => format!("{yes}()"),
        Literal::Number(number) => number.plain(),
        Literal::Money(money) => money.to_string().replace(['£', ','], ""),
        Literal::Text(text) if !text.contains('\'') => format!("'{text}'"),
        Literal::Text(text) if !text.contains('"') => format!("\"{text}\""),
        Literal::Text(_) => return Err("a text with both kinds of quotation marks".to_owned()),
        Literal::Date(day) => format!("date('{}')", day.iso()),
        Literal::Month(month) => format!("date('{}-01')", month.iso()),
    })
}
