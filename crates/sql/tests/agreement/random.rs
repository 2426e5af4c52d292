//! Random expressions over two rows, `l` and `r`, of the table.

use baibase_sql::{ColumnType, Comparison, Expr, Function, PathSegment, Select, Source, Value, Values};
use proptest::prelude::*;
use proptest::sample::select;

use crate::rows::{DOCUMENTS, NUMBERS, TEXTS};

fn column() -> impl Strategy<Value = Expr> {
    let names = [
        ("text", ColumnType::Text),
        ("number", ColumnType::Number),
        ("flag", ColumnType::Bool),
        ("json", ColumnType::Json),
    ];
    (select(vec!["l", "r"]), select(names.to_vec()))
        .prop_map(|(table, (name, kind))| Expr::column_of(table, name, Values::Stored(kind)))
}

fn document() -> impl Strategy<Value = Expr> {
    let names = vec![("text", ColumnType::Text), ("json", ColumnType::Json)];
    (select(vec!["l", "r"]), select(names))
        .prop_map(|(table, (name, kind))| Expr::column_of(table, name, Values::Stored(kind)))
}

fn extracted() -> impl Strategy<Value = Expr> {
    let step = prop_oneof![
        4 => select(vec!["a", "b", "c", "d", "0", "x\"", "x\\"]).prop_map(|key| PathSegment::Key(key.into())),
        2 => (0_u64..4).prop_map(PathSegment::Index),
        1 => Just(PathSegment::Index(u64::MAX)),
    ];
    (document(), prop::collection::vec(step, 0..3))
        .prop_map(|(document, path)| Expr::JsonExtract { document: Box::new(document), path })
}

fn bound() -> impl Strategy<Value = Expr> {
    prop_oneof![
        3 => select(TEXTS.to_vec()).prop_map(Expr::value),
        1 => select(DOCUMENTS.to_vec()).prop_map(Expr::value),
        3 => select(NUMBERS.to_vec()).prop_map(Expr::value),
        1 => (-2_i64..10).prop_map(Expr::value),
        1 => any::<bool>().prop_map(Expr::value),
        1 => Just(Expr::Value(Value::Null)),
    ]
}

fn literal() -> impl Strategy<Value = Expr> {
    select(vec![Expr::NULL, Expr::TRUE, Expr::FALSE, Expr::EMPTY, Expr::integer(5), Expr::integer(0)])
}

/// A value of any kind.
pub(crate) fn value() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        5 => column(),
        3 => extracted(),
        4 => bound(),
        2 => literal(),
        1 => document().prop_map(|document| Expr::JsonArrayLength(Box::new(document))),
        1 => document().prop_map(|document| Expr::JsonArrayOf(Box::new(document))),
        1 => document().prop_map(|document| Expr::JsonArrayLast(Box::new(document))),
        1 => prop_oneof![column(), extracted()].prop_map(|expr| Expr::Scalar(Box::new(Select::new().column(expr)))),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        let pair = (inner.clone(), inner.clone());
        prop_oneof![
            2 => pair.clone().prop_map(|(one, other)| Expr::coalesce([one, other])),
            1 => inner.clone().prop_map(Expr::lower),
            1 => pair.clone().prop_map(|(one, other)| Expr::Concat(vec![one, "%".into(), other])),
            1 => (pair, column()).prop_map(|((one, other), column)| Expr::Case {
                branches: vec![(column.is_null(), one), (Expr::integer(0).eq(1), Expr::NULL)],
                otherwise: Some(Box::new(other)),
            }),
        ]
    })
}

fn comparison() -> impl Strategy<Value = Comparison> {
    select(vec![
        Comparison::Eq,
        Comparison::NotEq,
        Comparison::Lt,
        Comparison::Lte,
        Comparison::Gt,
        Comparison::Gte,
        Comparison::Is,
        Comparison::IsNot,
    ])
}

/// Whether something holds.
pub(crate) fn condition() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        8 => (value(), comparison(), value()).prop_map(|(left, op, right)| left.compare(op, right)),
        2 => (value(), value(), any::<bool>()).prop_map(|(subject, pattern, negated)| Expr::Like {
            subject: Box::new(subject), pattern: Box::new(pattern), negated,
        }),
        1 => (value(), prop_oneof![bound(), literal()]).prop_map(|(subject, pattern)| {
            subject.like(Expr::Call(Function::Lower, vec![pattern]))
        }),
        1 => (select(TEXTS.to_vec()), select(vec!["l", "r"])).prop_map(|(text, table)| {
            Expr::column(table, "text").compare(Comparison::EqIgnoreCase, text)
        }),
        1 => value().prop_map(Expr::is_null),
        2 => (value(), prop::collection::vec(prop_oneof![bound(), literal()], 0..3), any::<bool>())
            .prop_map(|(operand, list, negated)| Expr::InList { operand: Box::new(operand), list, negated }),
        2 => (value(), document(), any::<bool>()).prop_map(|(operand, list, negated)| {
            let items = Select::from(Source::json_each(list, "item")).column(Expr::item("item"));
            Expr::InSelect { operand: Box::new(operand), select: Box::new(items), negated }
        }),
    ];
    leaf.prop_recursive(2, 4, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(Expr::not),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| one.and(other)),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| one.or(other)),
            (inner.clone(), comparison(), value()).prop_map(|(one, op, other)| one.compare(op, other)),
        ]
    })
}
