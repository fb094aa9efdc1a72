//! The functions of the language: what each takes and what it gives.

use super::check::{Checker, Typed, not};
use super::eval::Datum;
use super::types::Ty;
use super::{Expr, ExprError, Function, Node};
use crate::number::Number;

pub(super) fn check(checker: &mut Checker<'_>, function: Function, list: &[Expr], at: usize) -> Result<(Typed, Ty), ExprError> {
    let typed = match function {
        Function::Sum | Function::Min | Function::Max => return several(checker, function, list),
        Function::Count => {
            let typed = list.iter().map(|arg| Ok(argument(checker, arg)?.0)).collect::<Result<Vec<_>, _>>()?;
            Typed::Call(function, typed)
        }
        Function::Distinct => {
            let [arg] = only::<1>(list, function, at)?;
            let (typed, ty) = argument(checker, arg)?;
            if !matches!(&ty, Ty::List(of) if !matches!(**of, Ty::Whole | Ty::Choices(_))) {
                return Err(not(arg.at, &ty, "a question of a group, like partners.sector,"));
            }
            Typed::Call(function, vec![typed])
        }
        Function::Words => {
            let [arg] = only::<1>(list, function, at)?;
            Typed::Call(function, vec![checker.wanted(arg, &Ty::Text)?])
        }
        Function::Answered => {
            let [arg] = only::<1>(list, function, at)?;
            if !matches!(arg.node, Node::Name(_)) {
                return Err(ExprError::new(arg.at, "Only a question can be answered", "Name a question: answered(lead)"));
            }
            let (typed, ty) = argument(checker, arg)?;
            if matches!(ty, Ty::List(_)) {
                return Err(ExprError::new(arg.at, "This question is asked in every row", "Use count(…) = 0 or count(…) > 0"));
            }
            return Ok((Typed::Call(function, vec![typed]), Ty::YesNo));
        }
        Function::DaysBetween => {
            let [from, to] = only::<2>(list, function, at)?;
            Typed::Call(function, vec![checker.wanted(from, &Ty::Date)?, checker.wanted(to, &Ty::Date)?])
        }
        Function::Round => {
            let [arg] = only::<1>(list, function, at)?;
            Typed::Call(function, vec![checker.wanted(arg, &Ty::Number)?])
        }
    };
    Ok((checker.share(typed), Ty::Number))
}

/// Adds up, or picks the least or greatest, of one list or of several things.
fn several(checker: &mut Checker<'_>, function: Function, list: &[Expr]) -> Result<(Typed, Ty), ExprError> {
    let mut typed = Vec::new();
    let mut all: Option<Ty> = None;
    for arg in list {
        let (one, ty) = argument(checker, arg)?;
        let ty = if let Ty::List(of) = ty { *of } else { ty };
        let fits = if function == Function::Sum { ty.is_sum() } else { ty.is_ordered() };
        if !fits {
            let wanted =
                if function == Function::Sum { "numbers or amounts of money" } else { "numbers, amounts of money or dates" };
            return Err(not(arg.at, &ty, wanted));
        }
        if all.as_ref().is_some_and(|all| *all != ty) {
            return Err(ExprError::new(
                arg.at,
                format!("This is {}, unlike what stands before it", ty.words()),
                "Use things of one sort",
            ));
        }
        all = Some(ty);
        typed.push(one);
    }
    let ty = all.unwrap_or(Ty::Number);
    if function == Function::Sum {
        // Where nothing is answered, the sum is nought of its sort.
        typed.push(Typed::Literal(if ty == Ty::Money { Datum::Money(Number::ZERO) } else { Datum::Number(Number::ZERO) }));
    }
    Ok((checker.share(Typed::Call(function, typed)), ty))
}

/// What a function works on: lists and wholes too.
fn argument(checker: &mut Checker<'_>, arg: &Expr) -> Result<(Typed, Ty), ExprError> {
    match &arg.node {
        Node::Name(parts) => checker.name(parts, arg.at),
        _ => checker.check(arg),
    }
}

fn only<const N: usize>(list: &[Expr], function: Function, at: usize) -> Result<&[Expr; N], ExprError> {
    list.try_into().map_err(|_| {
        let wanted = if N == 1 { "one thing" } else { "two things" };
        ExprError::new(
            at,
            format!("{}(…) works on {wanted}", function.name()),
            format!("There are {} in its parentheses", list.len()),
        )
    })
}
