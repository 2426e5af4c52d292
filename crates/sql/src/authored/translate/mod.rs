//! From SQLite's SQL to that of PostgreSQL.
//!
//! The text is parsed, every expression gets the kind of its values (see [`term::Kind`]), and what the two databases
//! do differently with them is said explicitly. What cannot be said is an [`Untranslatable`].

mod aggregates;
mod arguments;
mod arithmetic;
mod choice;
mod compare;
mod convert;
mod error;
mod expr;
mod from;
mod functions;
mod grouping;
mod json;
mod literal;
mod order;
mod parse;
mod printf;
mod query;
mod scope;
mod select;
mod term;
mod times;

use self::error::Untranslatable;
use self::query::{Relation, Translator};
use self::scope::Scope;
use super::Authored;

type Result<T, E = Untranslatable> = std::result::Result<T, E>;

/// The stack for a translation, in bytes: a chain of operators is as deep as it is long.
const STACK: usize = 64 << 20;

/// A query for PostgreSQL, and the names of its columns.
pub(crate) struct Translated {
    pub(crate) text: String,
    pub(crate) columns: Vec<String>,
}

/// A query, with its columns of the types that were asked for.
pub(crate) fn query(query: &Authored) -> Result<Translated> {
    stacker::grow(STACK, || {
        let parsed = parse::query(&query.text)?;
        let relation = Translator::new(&query.tables).outermost(&parsed)?;
        Ok(relation.with_types(&query.columns))
    })
}

/// An expression of an index; its table is the only one.
pub(crate) fn expression(expression: &Authored) -> Result<String> {
    let term = term(expression, "index expressions")?;
    Ok(match term.kind {
        // The type json has no order.
        term::Kind::Any => term.key(),
        term::Kind::Null => term.as_text(),
        _ => term.sql,
    })
}

/// A condition of an index; its table is the only one.
pub(crate) fn condition(condition: &Authored) -> Result<String> {
    Ok(term(condition, "partial index WHERE clauses")?.truth())
}

fn term(authored: &Authored, part: &'static str) -> Result<term::Term> {
    stacker::grow(STACK, || {
        let parsed = parse::expression(&authored.text)?;
        let scope = Scope::of_index(&authored.tables);
        Translator::of_index(&authored.tables, part).expr(&parsed, &scope)
    })
}

/// A name in quotes.
fn quoted(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 2);
    crate::ident::push_quoted(name, crate::Dialect::Postgres, &mut text);
    text
}

impl Relation {
    /// The columns by position, under these names and as these types; as they are when there are none.
    fn with_types(self, columns: &[(crate::Ident, super::ColumnType)]) -> Translated {
        let wanted = columns.iter().map(|(name, kind)| (name.as_str(), Some(*kind)));
        let own = self.columns.iter().map(|column| (column.name.as_str(), None));
        let wanted: Vec<_> = if columns.is_empty() { own.collect() } else { wanted.collect() };
        let columns = wanted.iter().map(|(name, _)| (*name).to_owned()).collect();
        let list: Vec<String> = self
            .columns
            .iter()
            .zip(wanted)
            .map(|(column, (name, kind))| {
                let value = column.term("query").stored_as(kind);
                format!("{value} AS {}", quoted(name))
            })
            .collect();
        let text = format!("SELECT {} FROM ({}) AS \"query\"", list.join(", "), self.sql);
        Translated { text, columns }
    }
}

#[cfg(test)]
mod tests;
