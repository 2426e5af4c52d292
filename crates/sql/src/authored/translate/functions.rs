use sqlparser::ast::Function;

use super::arguments::Arguments;
use super::choice;
use super::compare::{self, Comparison};
use super::error::Untranslatable;
use super::from::last;
use super::literal;
use super::query::Translator;
use super::scope::Scope;
use super::term::{Kind, Term};
use super::{Result, json, times};

/// Functions that take floats and give one, and null where PostgreSQL has an error.
const MATHEMATICS: [&str; 18] = [
    "acos", "asin", "atan", "cos", "sin", "tan", "cosh", "sinh", "tanh", "acosh", "asinh", "atanh",
    "degrees", "radians", "exp", "ln", "log10", "sqrt",
];

/// What SQLite has and nothing in PostgreSQL does the same.
const MISSING: [&str; 12] = [
    "changes",
    "total_changes",
    "last_insert_rowid",
    "load_extension",
    "randomblob",
    "zeroblob",
    "sqlite_version",
    "sqlite_source_id",
    "soundex",
    "unhex",
    "json_patch",
    "json_tree",
];

impl Translator<'_> {
    pub(super) fn function(&mut self, function: &Function, scope: &Scope<'_>) -> Result<Term> {
        let name = last(&function.name).map(|name| name.value.to_lowercase()).unwrap_or_default();
        let arguments = Arguments::of(function)?;
        if super::aggregates::is_aggregate(&name, &arguments, function) {
            return self.aggregate(&name, &arguments, function, scope);
        }
        match name.as_str() {
            "json_extract" | "json_array_length" | "json_type" if arguments.exprs.len() > 1 => {
                let document = arguments.exprs.first().map(|expr| self.expr(expr, scope));
                let document =
                    document.transpose()?.ok_or_else(|| Untranslatable::Arguments(name.clone()))?;
                json::at_path(&name, &document, arguments.exprs.get(1..).unwrap_or_default())
            }
            "current_timestamp" | "current_date" | "current_time" if arguments.exprs.is_empty() => {
                self.unsteady()?;
                Ok(times::current(&name))
            }
            _ => {
                let args: Result<Vec<Term>> =
                    arguments.exprs.iter().map(|expr| self.expr(expr, scope)).collect();
                self.scalar(&name, &args?)
            }
        }
    }

    /// Refuses what has another value each time where that cannot be.
    fn unsteady(&self) -> Result<()> {
        self.index.map_or(Ok(()), |part| Err(Untranslatable::Unsteady(part)))
    }

    /// A function of single values.
    pub(super) fn scalar(&mut self, name: &str, args: &[Term]) -> Result<Term> {
        let wrong = || Err(Untranslatable::Arguments(name.to_owned()));
        if name == "random" {
            self.unsteady()?;
        }
        if self.index.is_some() && times::is_present(name, args) {
            return Err(Untranslatable::Present(name.to_owned()));
        }
        if let Some(term) = text_function(name, args).or_else(|| number_function(name, args)) {
            return Ok(term);
        }
        let is_fixed = self.index.is_some();
        if let Some(term) = times::function(name, args, is_fixed).or_else(|| json::function(name, args)) {
            return Ok(term);
        }
        match (name, args) {
            ("coalesce" | "ifnull", [_, _, ..]) => Ok(choice::coalesce(args)),
            ("if" | "iif", [condition, value, rest @ ..]) => {
                let mut branches = vec![(condition.truth(), value.clone())];
                let mut pairs = rest.chunks_exact(2);
                for pair in pairs.by_ref() {
                    if let [condition, value] = pair {
                        branches.push((condition.truth(), value.clone()));
                    }
                }
                Ok(choice::case(&branches, pairs.remainder().first()))
            }
            ("nullif", [value, other]) => {
                let equal = compare::compare(value, Comparison::Equal, other).sql;
                let sql = format!("(CASE WHEN {equal} THEN NULL ELSE {} END)", value.sql);
                Ok(Term::new(sql, value.kind))
            }
            ("max", [_, _, ..]) => Ok(choice::extreme(args, "greatest")),
            ("min", [_, _, ..]) => Ok(choice::extreme(args, "least")),
            ("likely" | "unlikely", [value]) | ("likelihood", [value, _]) => Ok(value.clone()),
            ("typeof", [value]) => Ok(Term::text(type_of(value))),
            ("printf" | "format", [format, values @ ..]) => super::printf::printf(format, values),
            _ if MISSING.contains(&name) => {
                Err(Untranslatable::unsupported(format!("the function {name}()")))
            }
            _ if KNOWN.contains(&name) => wrong(),
            _ => Err(Untranslatable::Function(name.to_owned())),
        }
    }
}

/// Functions that are known with other numbers of arguments.
const KNOWN: [&str; 34] = [
    "abs",
    "char",
    "coalesce",
    "concat",
    "concat_ws",
    "glob",
    "hex",
    "ifnull",
    "iif",
    "if",
    "instr",
    "length",
    "like",
    "lower",
    "ltrim",
    "max",
    "min",
    "nullif",
    "quote",
    "random",
    "replace",
    "round",
    "rtrim",
    "sign",
    "substr",
    "substring",
    "trim",
    "typeof",
    "unicode",
    "upper",
    "json_extract",
    "json_array_length",
    "json_type",
    "json_valid",
];

fn text_function(name: &str, args: &[Term]) -> Option<Term> {
    let text = |position: usize| args.get(position).map(Term::as_text).unwrap_or_default();
    Some(match (name, args) {
        ("upper" | "lower", [_]) => Term::text(format!("{name}({} COLLATE \"C\")", text(0))),
        ("length", [_]) => Term::integer(format!("length({})::bigint", text(0))),
        ("trim", [_]) => Term::text(format!("btrim({})", text(0))),
        ("trim", [_, _]) => Term::text(format!("btrim({}, {})", text(0), text(1))),
        ("ltrim" | "rtrim", [_]) => Term::text(format!("{name}({})", text(0))),
        ("ltrim" | "rtrim", [_, _]) => Term::text(format!("{name}({}, {})", text(0), text(1))),
        ("replace", [_, _, _]) => {
            Term::text(format!("baibase_replace({}, {}, {})", text(0), text(1), text(2)))
        }
        ("substr" | "substring", [_, start]) => {
            Term::text(format!("baibase_substr({}, {}, NULL)", text(0), start.as_integer()))
        }
        ("substr" | "substring", [_, start, length]) => {
            let (start, length) = (start.as_integer(), length.as_integer());
            Term::text(format!("baibase_substr({}, {start}, coalesce({length}, 0))", text(0)))
        }
        ("instr", [_, _]) => Term::integer(format!("strpos({}, {})::bigint", text(0), text(1))),
        ("concat", [_, ..]) => {
            let parts: Vec<String> = args.iter().map(Term::as_text).collect();
            Term::text(format!("baibase_concat('', {})", parts.join(", ")))
        }
        ("concat_ws", [_, _, ..]) => {
            let parts: Vec<String> = args.iter().map(Term::as_text).collect();
            Term::text(format!("baibase_concat({})", parts.join(", ")))
        }
        ("hex", [_]) => Term::text(format!("upper(encode(baibase_bytes(coalesce({}, '')), 'hex'))", text(0))),
        ("unicode", [_]) => Term::integer(format!("ascii(nullif({}, ''))::bigint", text(0))),
        ("char", _) => {
            let parts: Vec<String> =
                args.iter().map(|arg| format!("baibase_char({})", arg.as_integer())).collect();
            let parts = if parts.is_empty() { "''".into() } else { parts.join(", ") };
            Term::text(format!("baibase_concat('', {parts})"))
        }
        ("quote", [value]) => match value.kind {
            Kind::Text | Kind::Json => {
                Term::text(format!("coalesce('''' || replace({}, '''', '''''') || '''', 'NULL')", text(0)))
            }
            _ => Term::text(format!("coalesce({}, 'NULL')", text(0))),
        },
        ("glob", [_, _]) => Term::bool(format!("baibase_glob({}, {})", text(1), text(0))),
        ("like", [_, _]) => Term::bool(format!("(({} COLLATE \"C\") ILIKE {} ESCAPE '')", text(1), text(0))),
        _ => return None,
    })
}

fn number_function(name: &str, args: &[Term]) -> Option<Term> {
    Some(match (name, args) {
        ("abs", [value]) => {
            let number = value.as_number();
            Term::new(format!("abs({})", number.sql), number.kind)
        }
        ("sign", [value]) => Term::integer(format!("sign({})::bigint", value.as_double())),
        ("round", [value]) => Term::real(format!("baibase_round({}, 0)", value.as_double())),
        ("round", [value, digits]) => {
            Term::real(format!("baibase_round({}, {})", value.as_double(), digits.as_integer()))
        }
        ("ceil" | "ceiling" | "floor" | "trunc", [value]) => {
            let number = value.as_number();
            match number.kind {
                Kind::Integer => number,
                kind => Term::new(format!("{name}({})", number.sql), kind),
            }
        }
        ("mod", [value, by]) => Term::real(format!("baibase_mod({}, {})", value.as_double(), by.as_double())),
        ("pow" | "power", [base, exponent]) => {
            Term::real(format!("power({}, {})", base.as_double(), exponent.as_double()))
        }
        ("atan2", [y, x]) => Term::real(format!("atan2({}, {})", y.as_double(), x.as_double())),
        ("log", [value]) => Term::real(format!("log({})", value.as_double())),
        ("pi", []) => Term::real("pi()"),
        ("random", []) => Term::integer("((random() - 0.5) * 18446744073709549568)::bigint"),
        ("acos" | "cos" | "sin" | "radians", [value]) => {
            Term::real(format!("baibase_{name}({})", value.as_double()))
        }
        (name, [value]) if MATHEMATICS.contains(&name) => {
            Term::real(format!("{name}({})", value.as_double()))
        }
        _ => return None,
    })
}

/// The name of the type of a value, as SQLite has it.
fn type_of(value: &Term) -> String {
    let sql = &value.sql;
    let known = match value.kind {
        Kind::Null => return literal::text("null").sql,
        Kind::Text => "'text'".to_owned(),
        Kind::Integer | Kind::Bool => "'integer'".to_owned(),
        Kind::Real => "'real'".to_owned(),
        Kind::Numeric => format!("CASE WHEN {sql} = trunc({sql}) THEN 'integer' ELSE 'real' END"),
        Kind::Json | Kind::Any => {
            let number = format!("baibase_number({})", value.as_text());
            let is_text = match value.kind {
                Kind::Json => format!("{number} IS NULL"),
                _ => format!("json_typeof({sql}) = 'string'"),
            };
            format!(
                "CASE WHEN {is_text} THEN 'text' WHEN {number} = trunc({number}) THEN 'integer' ELSE 'real' END"
            )
        }
    };
    format!("(CASE WHEN {sql} IS NULL THEN 'null' ELSE {known} END)")
}
