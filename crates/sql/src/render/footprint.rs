//! What the result of a query depends on.

use super::{Dialect, Renderer};
use crate::{Ident, Select, Value};

/// What the result of a query depends on, and nothing else: what it asks, and the tables and views that it reads.
///
/// As long as nobody writes to the tables, queries with equal keys have equal results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Footprint {
    /// The same for the same query, values included.
    pub key: Vec<u8>,
    /// The tables and views, each as often as it is named.
    pub tables: Vec<Ident>,
}

/// What a renderer takes down on its way through a query.
#[derive(Debug, Default)]
pub(super) struct Traces<'a> {
    tables: Vec<&'a Ident>,
    /// Whether something else was asked: the time, chance, the database about itself, what a superuser wrote.
    is_open: bool,
}

impl Select {
    /// What its result depends on; `None` when that is more than the content of tables.
    pub fn footprint(&self) -> Option<Footprint> {
        let mut renderer = Renderer::new(Dialect::Sqlite);
        renderer.traces = Some(Traces::default());
        renderer.select(self);
        let Renderer { text, values, traces, .. } = renderer;
        let traces = traces.filter(|traces| !traces.is_open && self.with.is_empty())?;
        let key = values.iter().fold(text.into_bytes(), |key, value| add(key, value));
        Some(Footprint { key, tables: traces.tables.into_iter().cloned().collect() })
    }
}

/// Adds a value to a key: its kind, its length and its content.
fn add(mut key: Vec<u8>, value: &Value) -> Vec<u8> {
    let mut push = |kind: u8, content: &[u8]| {
        key.push(kind);
        key.extend(content.len().to_le_bytes());
        key.extend(content);
    };
    match value {
        Value::Null => push(0, &[]),
        Value::Bool(truth) => push(1, &[u8::from(*truth)]),
        Value::Integer(number) => push(2, &number.to_le_bytes()),
        Value::Real(number) => push(3, &number.to_le_bytes()),
        Value::Text(text) => push(4, text.as_bytes()),
        Value::Blob(bytes) => push(5, bytes),
    }
    key
}

impl<'a> Renderer<'a> {
    /// Takes down that a table or a view is read.
    pub(super) fn reads(&mut self, table: &'a Ident) {
        if let Some(traces) = &mut self.traces {
            traces.tables.push(table);
        }
    }

    /// Takes down that more than tables decides on the result.
    pub(super) fn asks_elsewhere(&mut self) {
        if let Some(traces) = &mut self.traces {
            traces.is_open = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Catalog, Expr, Function, JoinKind, Source};

    fn posts(by: impl Into<Value>) -> Select {
        Select::from_table("posts").column(Expr::count()).filter(Expr::column("posts", "by").eq(by.into()))
    }

    #[test]
    fn a_query_reads_the_tables_it_names() {
        let inner = Select::from_table("tags").column(Expr::integer(1));
        let exists = Expr::Exists { select: Box::new(inner), negated: false };
        let query = posts("a").join(JoinKind::Left, Source::table_as("users", "u"), None).filter(exists);
        let tables = query.footprint().unwrap().tables;
        assert_eq!(tables, ["posts", "users", "tags"].map(Ident::from));
    }

    #[test]
    fn keys_tell_queries_apart() {
        let key = |query: Select| query.footprint().unwrap().key;
        assert_eq!(key(posts("a")), key(posts("a")));
        let others = [posts("b"), posts(1), posts(1.0), posts(true), posts("a").limit(1)];
        for (index, other) in others.iter().enumerate() {
            assert_ne!(key(other.clone()), key(posts("a")));
            assert!(others.iter().skip(index + 1).all(|next| key(next.clone()) != key(other.clone())));
        }
        // Where one value ends and the next begins is a part of it.
        let two = |left: &str, right: &str| {
            key(posts(left).filter(Expr::column("posts", "by").eq(Value::from(right))))
        };
        assert_ne!(two("ab", "c"), two("a", "bc"));
    }

    #[test]
    fn what_changes_by_itself_has_no_footprint() {
        let call = |function| Expr::Call(function, vec![Expr::value("%s"), Expr::value("now")]);
        assert_eq!(posts("a").filter(call(Function::Strftime)).footprint(), None);
        assert_eq!(posts("a").order_by(Expr::Call(Function::Random, Vec::new()), false).footprint(), None);
        assert_eq!(Catalog::tables().footprint(), None);
        let shared = Select { with: vec![("posts".into(), posts("b"))], ..posts("a") };
        assert_eq!(shared.footprint(), None);
    }
}
