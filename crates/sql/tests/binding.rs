//! Values stay out of the text, and names stay inside their quotes.

use baibase_sql::{
    ColumnType, Comparison, Delete, Dialect, Expr, Function, Ident, Insert, JoinKind, PathSegment, Select,
    Source, Statement, Update, Value, Values, render,
};
use proptest::prelude::*;

const DIALECTS: [Dialect; 2] = [Dialect::Sqlite, Dialect::Postgres];

/// A query with `text` in every place that takes a value.
fn query(text: &str) -> Select {
    let value = || Expr::value(text);
    let document = || Box::new(Expr::name("doc"));
    let inner = Select::new().column_as(value(), "id");
    let mut select = Select::from(Source::select(inner.clone(), "s"))
        .column(value())
        .column(Expr::Value(Value::Blob(text.as_bytes().to_vec())))
        .column(Expr::Call(Function::Strftime, vec![value(), value(), value()]))
        .column(Expr::JsonExtract { document: document(), path: vec![PathSegment::Key(text.to_owned())] })
        .join(JoinKind::Left, Source::json_each(value(), "je"), Some(value().is(value())))
        .filter(Expr::name("a").like(value()))
        .filter(Expr::name("a").in_list([value(), value()]))
        .filter(Expr::JsonArrayLength(Box::new(value())).eq(value().lower()))
        .filter(Expr::Concat(vec![value(), value()]).eq(Expr::coalesce([value()])))
        .order_by(value(), true);
    select.with = vec![("w".into(), inner)];
    select.group_by = vec![value()];
    with_kinds(select, text)
}

/// Compares `text` with columns of all kinds.
fn with_kinds(select: Select, text: &str) -> Select {
    let value = || Expr::value(text);
    let kinds = [ColumnType::Text, ColumnType::Number, ColumnType::Bool, ColumnType::Json];
    kinds.into_iter().fold(select, |select, kind| {
        let column = || Expr::column_of("t", "c", Values::Stored(kind));
        let comparisons = [Comparison::Eq, Comparison::EqIgnoreCase, Comparison::Lt, Comparison::IsNot];
        let select =
            comparisons.into_iter().fold(select, |select, op| select.filter(column().compare(op, value())));
        select
            .filter(column().like(value()))
            .filter(column().like(value().lower()))
            .filter(column().in_list([value(), Expr::integer(1)]))
            .filter(Expr::item("je").eq(value()))
            .filter(Expr::coalesce([column(), value()]).eq(column()))
    })
}

fn statements(text: &str) -> [Statement; 3] {
    let value = || Expr::value(text);
    let filter = Some(Expr::name("a").eq(value()));
    [
        Insert { table: "t".into(), columns: vec!["a".into()], rows: vec![vec![value()]], on_conflict: None }
            .into(),
        Update { table: "t".into(), set: vec![("a".into(), value())], filter: filter.clone() }.into(),
        Delete { table: "t".into(), filter }.into(),
    ]
}

/// What a quoted name stands for, and what is left after it.
fn unquote(text: &str, quote: char) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix(quote)?;
    let mut name = String::new();
    loop {
        let (before, after) = rest.split_once(quote)?;
        name.push_str(before);
        match after.strip_prefix(quote) {
            Some(more) => {
                name.push(quote);
                rest = more;
            }
            None => return Some((name, after)),
        }
    }
}

proptest! {
    #[test]
    fn the_text_does_not_depend_on_values(first in ".*", second in ".*") {
        for dialect in DIALECTS {
            let (one, other) = (query(&first), query(&second));
            prop_assert_eq!(render(&one, dialect).text, render(&other, dialect).text);
            for (one, other) in statements(&first).iter().zip(&statements(&second)) {
                prop_assert_eq!(render(one, dialect).text, render(other, dialect).text);
            }
        }
    }

    #[test]
    fn a_name_stays_in_its_quotes(name in "[^\0]*") {
        for (dialect, quote) in [(Dialect::Sqlite, '`'), (Dialect::Postgres, '"')] {
            let select = Select::from_table(Ident::from(&name)).all_columns();
            let text = render(&select, dialect).text;
            let quoted = text.strip_prefix("SELECT * FROM ").unwrap();
            let (found, rest) = unquote(quoted, quote).unwrap();
            prop_assert_eq!(rest, "");
            // What PostgreSQL would cut off or refuse has a hash.
            let has_hash = dialect == Dialect::Postgres && (name.len() > 63 || name.is_empty());
            let is_kept = found == name || has_hash && found.len() <= 63 && found.contains('~');
            prop_assert!(is_kept, "{}", found);
        }
    }
}

#[test]
fn parameters_are_numbered_as_the_values_are_ordered() {
    let select = Select::from_table("t").filter(Expr::name("a").eq("x").and(Expr::name("b").eq(2))).limit(3);
    let rendered = render(&select, Dialect::Postgres);
    assert!(rendered.text.ends_with("WHERE (\"a\" = $1) AND (\"b\" = $2) LIMIT $3"), "{}", rendered.text);
    let values: Vec<Value> = rendered.values.into_iter().map(std::borrow::Cow::into_owned).collect();
    assert_eq!(values, ["x".into(), Value::Integer(2), Value::Integer(3)]);
}
