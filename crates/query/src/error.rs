use filter::{ParseError, Span};

/// Why a filter, a rule or a sort cannot be compiled. The texts are for superusers and logs: they name collections
/// and fields that a client may not know of.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} (at {span})")]
pub struct Error {
    /// Where in the text of the filter, rule or sort.
    pub span: Span,
    /// What is wrong.
    pub kind: ErrorKind,
}

/// What is wrong with a filter, a rule or a sort.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ErrorKind {
    /// The name is neither a field nor one of the roots and macros after `@`.
    #[error("expected a field, a macro, @request or @collection, found {name:?}")]
    UnknownName {
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
    /// There is no such modifier, or it does not apply here.
    #[error("{name:?} takes no modifier {modifier:?}")]
    Modifier {
        /// What it is applied to.
        name: String,
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
    #[error("{function} expects {expected}")]
    Arguments {
        /// The function.
        function: &'static str,
        /// What it takes.
        expected: &'static str,
    },
    /// A value is no order.
    #[error("expected a field to sort by, found {name:?}")]
    NotSortable {
        /// The name.
        name: String,
    },
    /// The list rule of a collection that the filter goes through is no rule.
    #[error("the list rule of {collection:?}: {error}")]
    RelatedRuleText {
        /// The collection.
        collection: String,
        /// What is wrong with its rule.
        error: ParseError,
    },
    /// The list rule of a collection that the filter goes through cannot be compiled.
    #[error("the list rule of {collection:?}: {error}")]
    RelatedRule {
        /// The collection.
        collection: String,
        /// What is wrong with its rule.
        error: Box<Error>,
    },
}

impl ErrorKind {
    /// The error at a place.
    pub(crate) fn at(self, span: Span) -> Error {
        Error { span, kind: self }
    }
}
