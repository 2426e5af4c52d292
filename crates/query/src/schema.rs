use std::sync::Arc;

use filter::{Expr, ParseError};
use schema::Collection;

/// The collections at one moment.
pub trait Schema: Send + Sync {
    /// The collection of this id (exact) or name (ASCII letters in any case).
    fn collection(&self, id_or_name: &str) -> Option<Arc<Collection>>;

    /// The tree of a rule. An implementation can keep the trees of the rules it knows.
    ///
    /// # Errors
    /// [`ParseError`] when the text is no rule.
    fn rule(&self, text: &str) -> Result<Arc<Expr>, ParseError> {
        filter::parse(text).map(Arc::new)
    }
}
