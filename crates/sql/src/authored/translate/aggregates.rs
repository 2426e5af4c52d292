use sqlparser::ast::{Function, WindowFrame, WindowSpec, WindowType};

use super::Result;
use super::arguments::Arguments;
use super::error::Untranslatable;
use super::order::directed;
use super::query::Translator;
use super::scope::Scope;
use super::term::{Kind, Term};

/// Functions of all rows of a group or of a window.
const AGGREGATES: [&str; 8] =
    ["count", "sum", "total", "avg", "group_concat", "string_agg", "json_group_array", "json_group_object"];

/// Functions of a window alone.
const WINDOW: [&str; 11] = [
    "row_number",
    "rank",
    "dense_rank",
    "percent_rank",
    "cume_dist",
    "ntile",
    "lag",
    "lead",
    "first_value",
    "last_value",
    "nth_value",
];

/// Whether a call looks at several rows.
pub(super) fn is_aggregate(name: &str, arguments: &Arguments<'_>, function: &Function) -> bool {
    AGGREGATES.contains(&name)
        || function.over.is_some()
        || matches!(name, "min" | "max") && arguments.exprs.len() == 1
}

impl Translator<'_> {
    pub(super) fn aggregate(
        &mut self,
        name: &str,
        arguments: &Arguments<'_>,
        function: &Function,
        scope: &Scope<'_>,
    ) -> Result<Term> {
        let over = function.over.as_ref().map(|over| self.over(over, scope)).transpose()?;
        let of_rows = over.is_none();
        if of_rows {
            scope.has_aggregates.set(true);
        }
        let call = |translator: &mut Self| translator.call(name, arguments, function, over.as_deref(), scope);
        let term = if of_rows { scope.in_rows(|| call(self))? } else { call(self)? };
        Ok(term)
    }

    fn call(
        &mut self,
        name: &str,
        arguments: &Arguments<'_>,
        function: &Function,
        over: Option<&str>,
        scope: &Scope<'_>,
    ) -> Result<Term> {
        let args: Result<Vec<Term>> = arguments.exprs.iter().map(|expr| self.expr(expr, scope)).collect();
        let args = args?;
        let mut order = Vec::new();
        for part in &arguments.order_by {
            order.push(directed(&self.expr(&part.expr, scope)?.ordered(), part));
        }
        let mut behind = String::new();
        if let Some(filter) = &function.filter {
            behind.push_str(&format!(" FILTER (WHERE {})", self.expr(filter, scope)?.truth()));
        }
        if let Some(over) = over {
            behind.push_str(&format!(" OVER {over}"));
        }
        let distinct = if arguments.distinct { "DISTINCT " } else { "" };
        let order = if order.is_empty() { String::new() } else { format!(" ORDER BY {}", order.join(", ")) };
        let run = |function: &str, value: &str| format!("{function}({distinct}{value}{order}){behind}");
        Ok(match (name, args.as_slice()) {
            ("count", []) => Term::integer(format!("count(*){behind}")),
            ("count", [value]) => Term::integer(run("count", &distinguishable(value))),
            ("sum", [value]) => {
                let number = value.as_number();
                match number.kind {
                    Kind::Integer => Term::integer(format!("({})::bigint", run("sum", &number.sql))),
                    kind => Term::new(run("sum", &number.sql), kind),
                }
            }
            ("total", [value]) => Term::real(format!("coalesce({}, 0)", run("sum", &value.as_double()))),
            ("avg", [value]) => Term::real(run("avg", &value.as_double())),
            ("min" | "max", [value]) => {
                if over.is_none() {
                    scope.extremes.borrow_mut().push((value.clone(), name == "max"));
                }
                extreme(name, value, &behind)
            }
            ("group_concat" | "string_agg", [value]) => {
                Term::text(run("string_agg", &format!("{}, ','", value.as_text())))
            }
            ("group_concat" | "string_agg", [value, separator]) => {
                Term::text(run("string_agg", &format!("{}, {}", value.as_text(), separator.as_text())))
            }
            ("json_group_array", [value]) => json_array(value, &run),
            ("json_group_object", [key, value]) => json_object(key, value, &run),
            (name, args) if WINDOW.contains(&name) => window(name, args, &behind)?,
            (name, _) if AGGREGATES.contains(&name) => {
                return Err(Untranslatable::Arguments(name.to_owned()));
            }
            (name, _) => return Err(Untranslatable::Function(name.to_owned())),
        })
    }

    fn over(&mut self, over: &WindowType, scope: &Scope<'_>) -> Result<String> {
        let WindowType::WindowSpec(WindowSpec { window_name: None, partition_by, order_by, window_frame }) =
            over
        else {
            return Err(Untranslatable::unsupported("named windows"));
        };
        let mut parts = Vec::new();
        if !partition_by.is_empty() {
            let list: Result<Vec<String>> =
                partition_by.iter().map(|expr| Ok(distinguishable(&self.expr(expr, scope)?))).collect();
            parts.push(format!("PARTITION BY {}", list?.join(", ")));
        }
        if !order_by.is_empty() {
            let mut list = Vec::new();
            for part in order_by {
                list.push(directed(&self.expr(&part.expr, scope)?.ordered(), part));
            }
            parts.push(format!("ORDER BY {}", list.join(", ")));
        }
        if let Some(frame) = window_frame {
            parts.push(written_frame(frame)?);
        }
        Ok(format!("({})", parts.join(" ")))
    }
}

/// Rows, and numbers of rows as literals: the same words on both.
fn written_frame(frame: &WindowFrame) -> Result<String> {
    let text = match &frame.end_bound {
        Some(end) => format!("{} BETWEEN {} AND {end}", frame.units, frame.start_bound),
        None => format!("{} {}", frame.units, frame.start_bound),
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || c == ' ';
    match text.chars().all(plain) {
        true => Ok(text),
        false => Err(Untranslatable::unsupported("this kind of window")),
    }
}

/// A value in a form that has an equality.
fn distinguishable(value: &Term) -> String {
    match value.kind {
        Kind::Any | Kind::Null => value.as_text(),
        _ => value.sql.clone(),
    }
}

fn extreme(name: &str, value: &Term, behind: &str) -> Term {
    let sql = match value.kind {
        Kind::Bool => {
            let of = value.as_number();
            return Term::integer(format!("{name}({}){behind}", of.sql));
        }
        Kind::Integer | Kind::Numeric | Kind::Real => format!("{name}({}){behind}", value.sql),
        Kind::Text => format!("{name}({}){behind}", value.collated()),
        Kind::Null => return Term::null(),
        Kind::Json | Kind::Any => {
            let order = if name == "max" { "DESC" } else { "ASC" };
            // Nulls do not count.
            format!("(array_agg({} ORDER BY {} {order} NULLS LAST){behind})[1]", value.sql, value.key())
        }
    };
    Term { affinity: value.affinity, ..Term::new(sql, value.kind) }
}

fn window(name: &str, args: &[Term], behind: &str) -> Result<Term> {
    let wrong = || Untranslatable::Arguments(name.to_owned());
    let value = |args: &[Term]| args.first().cloned().ok_or_else(wrong);
    Ok(match (name, args) {
        ("row_number" | "rank" | "dense_rank", []) => Term::integer(format!("{name}(){behind}")),
        ("percent_rank" | "cume_dist", []) => Term::real(format!("{name}(){behind}")),
        ("ntile", [buckets]) => {
            Term::integer(format!("(ntile({}::integer){behind})::bigint", buckets.as_integer()))
        }
        ("first_value" | "last_value", [value]) => {
            Term::new(format!("{name}({}){behind}", value.sql), value.kind)
        }
        ("nth_value", [value, at]) => {
            Term::new(format!("nth_value({}, {}::integer){behind}", value.sql, at.as_integer()), value.kind)
        }
        ("lag" | "lead", [_, rest @ ..]) if rest.len() <= 2 => {
            let value = value(args)?;
            let mut list = vec![value.sql.clone()];
            list.extend(rest.first().map(|offset| format!("{}::integer", offset.as_integer())));
            list.extend(rest.get(1).map(|default| default.coerced(value.kind)));
            Term::new(format!("{name}({}){behind}", list.join(", ")), value.kind)
        }
        _ => return Err(wrong()),
    })
}

/// The values of the rows as a JSON array; `run` writes an aggregate of a value.
fn json_array(value: &Term, run: &dyn Fn(&str, &str) -> String) -> Term {
    let list = run("string_agg", &format!("{}, ','", super::json::written(value)));
    Term::text(format!("('[' || coalesce({list}, '') || ']')"))
}

/// The keys and values of the rows as a JSON object.
fn json_object(key: &Term, value: &Term, run: &dyn Fn(&str, &str) -> String) -> Term {
    let pair = format!("baibase_value({})::text || ':' || {}", key.as_text(), super::json::written(value));
    let list = run("string_agg", &format!("{pair}, ','"));
    Term::text(format!("('{{' || coalesce({list}, '') || '}}')"))
}
