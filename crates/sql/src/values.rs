use crate::ColumnType;

/// What is known of the values of a column before a statement runs.
///
/// SQLite asks each value for its type; PostgreSQL must know it beforehand, to compare values of different types as
/// SQLite does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Values {
    /// Nothing. Whoever wrote the statement compares them with values of their own type only.
    #[default]
    Unknown,
    /// The values of a table's column, to which SQLite fits what they are compared with. Only JSON can be null.
    Stored(ColumnType),
    /// The values of a view's column: the same, but all can be null.
    Viewed(ColumnType),
    /// The results of a query, to which SQLite fits nothing.
    Computed(ColumnType),
    /// The items of [`Source::JsonEach`](crate::Source::JsonEach).
    Items,
}
