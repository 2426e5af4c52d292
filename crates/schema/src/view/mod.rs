//! The queries of view collections: the fields that their columns become.
//!
//! PocketBase looks at a query as a list of words and not as SQL, and what fields a view has is part of the
//! protocol: a query that it misreads must be misread here in the same way.

mod fields;
mod identifiers;
mod scan;

pub use fields::{Origin, ViewQuery, check_names};

/// What is wrong with the query of a view, in PocketBase's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ViewQueryError {
    /// There is a `;` between statements.
    #[error("multiple statements are not supported")]
    MultipleStatements,
    /// A column is `*`.
    #[error(
        "wildcard columns (*) are not supported - manually type the collection field names you want the view query to have"
    )]
    Wildcard,
    /// No column is named `id`.
    #[error("missing required id column (you can use `(ROW_NUMBER() OVER()) as id` if you don't have one)")]
    MissingId,
    /// A parenthesis or a quote is not closed; the text from where that part begins.
    #[error("unbalanced parenthesis or quoted expression: {}", crate::value::go_quote(.0))]
    Unbalanced(String),
    /// Three words of a column or table of which the second is not `as`.
    #[error("invalid identifier part - expected \"as\", got {0}")]
    ExpectedAs(String),
    /// A column or table of no or too many words.
    #[error("invalid identifier parts [{}]", .0.join(" "))]
    Parts(Vec<String>),
    /// A column has a name that no field can have.
    #[error("invalid field {} ({position}): name: {reason}.", crate::value::go_quote(.name))]
    FieldName {
        /// The name.
        name: String,
        /// The column, from 0.
        position: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The sample has a record without an id.
    #[error("the query could return records with empty or invalid ids")]
    EmptyId,
    /// The sample has two records of one id.
    #[error("the query could return records with non-unique ids")]
    RepeatedId,
}

/// A query without spaces and `;` around it.
///
/// # Errors
/// [`ViewQueryError::MultipleStatements`] when there is another `;` outside of quotes and parentheses. That helps
/// people; it is no protection: a comment can hide one.
pub fn normalize(query: &str) -> Result<&str, ViewQueryError> {
    let query = trimmed(query);
    // What cannot be divided is not refused here.
    match scan::parts(query, &[';'], false) {
        Ok(statements) if statements.len() > 1 => Err(ViewQueryError::MultipleStatements),
        _ => Ok(query),
    }
}

fn trimmed(query: &str) -> &str {
    query.trim().trim_matches(';')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_stands_alone() {
        assert_eq!(normalize(" ;select 1; ").unwrap(), "select 1");
        assert_eq!(normalize("select ';' from (a;b)").unwrap(), "select ';' from (a;b)");
        assert_eq!(normalize("select 1; select 2"), Err(ViewQueryError::MultipleStatements));
        assert_eq!(normalize("select 1 /* ; */"), Err(ViewQueryError::MultipleStatements));
        assert_eq!(normalize("select (1; select 2").unwrap(), "select (1; select 2");
    }

    #[test]
    fn errors_are_worded_as_clients_know_them() {
        let parts = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
        assert_eq!(ViewQueryError::Parts(parts).to_string(), "invalid identifier parts [a b c d]");
        let unbalanced = ViewQueryError::Unbalanced("(a\n".to_owned()).to_string();
        assert_eq!(unbalanced, r#"unbalanced parenthesis or quoted expression: "(a\n""#);
    }
}
