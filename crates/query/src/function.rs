//! The functions of the filter language.

use filter::{Operand as Written, OperandKind, Span};
use sql::{Arithmetic, Expr, Function};

use crate::condition::{Names, operand};
use crate::error::{Error, ErrorKind};
use crate::operand::{Many, Nulls, Operand, Shape};

/// How many arguments strftime takes.
const MAX_STRFTIME: usize = 10;
/// The mean radius of the earth in kilometres.
const EARTH: i32 = 6371;

/// The operand that a function stands for.
pub(crate) fn call(
    names: &mut dyn Names,
    name: &str,
    arguments: &[Written],
    span: Span,
) -> Result<Operand, Error> {
    match name {
        "geoDistance" => geo_distance(names, arguments, span),
        "strftime" => strftime(names, arguments, span),
        _ => Err(ErrorKind::UnknownFunction { name: name.to_owned() }.at(span)),
    }
}

/// The distance of two points in kilometres by the spherical law of cosines. Of several values, one is enough.
fn geo_distance(names: &mut dyn Names, arguments: &[Written], span: Span) -> Result<Operand, Error> {
    let expected = "four fields or numbers: lonA, latA, lonB, latB";
    let wrong = || ErrorKind::Arguments { function: "geoDistance", expected }.at(span);
    let takes = |kind: &OperandKind| matches!(kind, OperandKind::Identifier(_) | OperandKind::Number(_));
    let [lon_a, lat_a, lon_b, lat_b] = arguments else { return Err(wrong()) };
    let mut radians = |written: &Written| {
        if !takes(&written.kind) {
            return Err(wrong());
        }
        Ok(one(Function::Radians, operand(names, written)?.into_expr()))
    };
    let (lon_a, lat_a, lon_b, lat_b) = (radians(lon_a)?, radians(lat_a)?, radians(lon_b)?, radians(lat_b)?);
    let cos = |expr: &Expr| one(Function::Cos, expr.clone());
    let sin = |expr: &Expr| one(Function::Sin, expr.clone());
    let along = times(times(cos(&lat_a), cos(&lat_b)), one(Function::Cos, minus(lon_b, lon_a)));
    let across = times(sin(&lat_a), sin(&lat_b));
    let angle = one(Function::Acos, calculate(Arithmetic::Add, along, across));
    let mut operand = Operand::new(Shape::Computed(times(Expr::integer(EARTH), angle)));
    operand.side.nulls = Nulls::Distinct;
    Ok(operand)
}

/// A time in a format, see <https://sqlite.org/lang_datefunc.html>.
fn strftime(names: &mut dyn Names, arguments: &[Written], span: Span) -> Result<Operand, Error> {
    let expected = "a format text, then a time, then up to eight modifier texts";
    let wrong = || ErrorKind::Arguments { function: "strftime", expected }.at(span);
    let text = |written: &Written| match &written.kind {
        OperandKind::Text(text) => Ok(Expr::value(text.as_str())),
        _ => Err(wrong()),
    };
    let (format, time, modifiers) = match arguments {
        [] => return Err(wrong()),
        _ if arguments.len() > MAX_STRFTIME => return Err(wrong()),
        [format] => (text(format)?, None, &[][..]),
        [format, time, modifiers @ ..] => (text(format)?, Some(time), modifiers),
    };
    let modifiers = modifiers.iter().map(text).collect::<Result<Vec<_>, _>>()?;
    let call = |time: Option<Expr>| {
        let arguments = std::iter::once(format.clone()).chain(time).chain(modifiers.iter().cloned());
        Expr::Call(Function::Strftime, arguments.collect())
    };
    let time = match time {
        Some(Written { kind: OperandKind::Function { .. }, .. }) => return Err(wrong()),
        Some(written) => Some(operand(names, written)?),
        None => None,
    };
    let many = time.as_ref().and_then(|time| time.many.clone());
    let mut result = Operand::new(Shape::Computed(call(time.map(Operand::into_expr))));
    result.side.nulls = Nulls::Empty;
    result.many = many.map(|many| Many { value: call(Some(many.value)), joins: many.joins });
    Ok(result)
}

fn one(function: Function, argument: Expr) -> Expr {
    Expr::Call(function, vec![argument])
}

fn times(left: Expr, right: Expr) -> Expr {
    calculate(Arithmetic::Multiply, left, right)
}

fn minus(left: Expr, right: Expr) -> Expr {
    calculate(Arithmetic::Subtract, left, right)
}

fn calculate(op: Arithmetic, left: Expr, right: Expr) -> Expr {
    Expr::Arithmetic { op, left: Box::new(left), right: Box::new(right) }
}
