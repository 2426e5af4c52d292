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
        _ => {
            let place = Span::new(span.start, span.start + name.len());
            Err(ErrorKind::UnknownFunction { name: name.to_owned() }.at(place))
        }
    }
}

/// The distance of two points in kilometres by the spherical law of cosines. Of several values, one is enough.
fn geo_distance(names: &mut dyn Names, arguments: &[Written], span: Span) -> Result<Operand, Error> {
    const NAME: &str = "geoDistance";
    let takes = |kind: &OperandKind| matches!(kind, OperandKind::Identifier(_) | OperandKind::Number(_));
    let [lon_a, lat_a, lon_b, lat_b] = arguments else {
        return Err(wrong_count(NAME, "four arguments (lonA, latA, lonB, latB)", arguments, span));
    };
    let mut radians = |written: &Written| {
        if !takes(&written.kind) {
            return Err(wrong_argument(NAME, "a field or a number", written));
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
    const NAME: &str = "strftime";
    let count = "a format, a time and up to eight modifiers";
    let text = |written: &Written, expected| match &written.kind {
        OperandKind::Text(text) => Ok(Expr::value(text.as_str())),
        _ => Err(wrong_argument(NAME, expected, written)),
    };
    let (format, time, modifiers) = match arguments {
        [] => return Err(wrong_count(NAME, count, arguments, span)),
        _ if arguments.len() > MAX_STRFTIME => return Err(wrong_count(NAME, count, arguments, span)),
        [format, rest @ ..] => {
            let (time, modifiers) =
                rest.split_first().map_or((None, rest), |(time, rest)| (Some(time), rest));
            (text(format, "a text as the format")?, time, modifiers)
        }
    };
    let modifiers = modifiers
        .iter()
        .map(|written| text(written, "a text as the modifier"))
        .collect::<Result<Vec<_>, _>>()?;
    let call = |time: Option<Expr>| {
        let arguments = std::iter::once(format.clone()).chain(time).chain(modifiers.iter().cloned());
        Expr::Call(Function::Strftime, arguments.collect())
    };
    let time = match time {
        Some(written @ Written { kind: OperandKind::Function { .. }, .. }) => {
            return Err(wrong_argument(NAME, "a field, a text or a number as the time", written));
        }
        Some(written) => Some(operand(names, written)?),
        None => None,
    };
    let many = time.as_ref().and_then(|time| time.many.clone());
    let mut result = Operand::new(Shape::Computed(call(time.map(Operand::into_expr))));
    result.side.nulls = Nulls::Empty;
    result.many = many.map(|many| Many { value: call(Some(many.value)), joins: many.joins });
    Ok(result)
}

fn wrong_count(function: &'static str, expected: &'static str, arguments: &[Written], span: Span) -> Error {
    let found = match arguments.len() {
        0 => "none".to_owned(),
        1 => "one argument".to_owned(),
        count => format!("{count} arguments"),
    };
    ErrorKind::Arguments { function, expected, found }.at(span)
}

fn wrong_argument(function: &'static str, expected: &'static str, written: &Written) -> Error {
    let found = match &written.kind {
        OperandKind::Identifier(name) => format!("the field {name:?}"),
        OperandKind::Text(_) => "a text".to_owned(),
        OperandKind::Number(_) => "a number".to_owned(),
        OperandKind::Function { name, .. } => format!("the function {name:?}"),
    };
    ErrorKind::Arguments { function, expected, found }.at(written.span)
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
