use std::borrow::Cow;

use filter::{Position, Span};

/// Why a filter, a rule or a sort cannot be compiled. The texts are for superusers and logs: they name collections
/// and fields that a client may not know of.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} (at {span})")]
pub struct Error {
    /// Which of the texts that were compiled together.
    pub part: Part,
    /// Where in that text.
    pub span: Span,
    /// What is wrong.
    pub kind: ErrorKind,
}

/// One of the texts that a query is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The access rule.
    Rule,
    /// What the client looks for.
    Filter,
    /// The order.
    Sort,
}

/// What is wrong with a filter, a rule or a sort.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ErrorKind {
    /// The name is neither a field nor one of the roots and macros after `@`.
    #[error("expected {expected}, found {name:?}")]
    UnknownName {
        /// What may stand there.
        expected: Cow<'static, str>,
        /// The name.
        name: String,
    },
    /// The collection has no such field.
    #[error("expected a field of {collection:?}, found {name:?}")]
    UnknownField {
        /// The collection.
        collection: String,
        /// The name.
        name: String,
    },
    /// There is no such collection.
    #[error("expected a collection, found {name:?}")]
    UnknownCollection {
        /// Its name or id.
        name: String,
    },
    /// The field is hidden from everybody but superusers.
    #[error("the field {name:?} of {collection:?} is for superusers")]
    Hidden {
        /// The collection.
        collection: String,
        /// The field.
        name: String,
    },
    /// The collection has no list rule, so that nobody but superusers can look through it.
    #[error("the collection {collection:?} is for superusers")]
    Closed {
        /// The collection.
        collection: String,
    },
    /// A path goes on after a field that leads nowhere.
    #[error("expected a relation or JSON field of {collection:?} before the dot, found {name:?}")]
    NotARelation {
        /// The collection.
        collection: String,
        /// The field.
        name: String,
    },
    /// `<collection>_via_<field>` does not name a relation field that points here.
    #[error("expected a relation that points to {collection:?}, found {name:?}")]
    NotABackRelation {
        /// The collection that the relation should point to.
        collection: String,
        /// The name.
        name: String,
    },
    /// The path has too many relations.
    #[error("a path has at most {limit} relations")]
    TooDeep {
        /// The greatest number.
        limit: usize,
    },
    /// Two collections have one alias, and the field is not the same in both.
    #[error("expected one collection with the alias {alias:?}, found {collection:?} and {other:?}")]
    SharedAlias {
        /// The alias.
        alias: String,
        /// The collection that is named.
        collection: String,
        /// The collection that is read.
        other: String,
    },
    /// The query would read too many tables at once.
    #[error("at most {limit} tables can be joined")]
    TooManyTables {
        /// The greatest number, with the records' own table.
        limit: usize,
    },
    /// There is no such modifier, or it does not apply here.
    #[error("expected {expected} after {name:?}, found {:?}", format!(":{modifier}"))]
    Modifier {
        /// What it is applied to.
        name: String,
        /// The modifiers that may stand there.
        expected: &'static str,
        /// The modifier.
        modifier: String,
    },
    /// There is no such function.
    #[error("expected geoDistance or strftime, found {name:?}")]
    UnknownFunction {
        /// The name.
        name: String,
    },
    /// A function got the wrong arguments.
    #[error("expected {expected} in {function}, found {found}")]
    Arguments {
        /// The function.
        function: &'static str,
        /// What it takes.
        expected: &'static str,
        /// What it got.
        found: String,
    },
    /// A value is no order.
    #[error("expected a field, @random or @rowid, found {name:?}")]
    NotSortable {
        /// The name.
        name: String,
    },
    /// The list rule of a collection that the filter goes through cannot be used.
    #[error("the listRule of {collection:?}, {position}: {problem}")]
    RelatedRule {
        /// The collection.
        collection: String,
        /// Where in its rule.
        position: Position,
        /// What is wrong with its rule.
        problem: String,
    },
}

/// An error in a dotted name.
#[derive(Debug)]
pub(crate) struct NameError {
    kind: ErrorKind,
    /// Which part of the name, counted from its end and from 1; `None` for all of it.
    part: Option<usize>,
}

impl ErrorKind {
    /// The error at a place of a rule.
    pub(crate) fn at(self, span: Span) -> Error {
        Error { part: Part::Rule, span, kind: self }
    }

    /// The error in a part of a dotted name, counted from its end and from 1.
    pub(crate) fn in_part(self, part: usize) -> NameError {
        NameError { kind: self, part: Some(part) }
    }
}

impl From<ErrorKind> for NameError {
    fn from(kind: ErrorKind) -> Self {
        Self { kind, part: None }
    }
}

impl NameError {
    /// The error in a name that stands at `span`.
    pub(crate) fn at(self, name: &str, span: Span) -> Error {
        let place = self.part.and_then(|part| {
            let rest: usize = name.rsplit('.').take(part - 1).map(|after| after.len() + 1).sum();
            let end = span.end.checked_sub(rest)?;
            Some(Span::new(end.checked_sub(name.rsplit('.').nth(part - 1)?.len())?, end))
        });
        self.kind.at(place.unwrap_or(span))
    }
}

impl Error {
    /// The same error in another text.
    #[must_use]
    pub(crate) fn of(self, part: Part) -> Self {
        Self { part, ..self }
    }
}
