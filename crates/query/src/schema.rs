use std::sync::Arc;

use filter::{Expr, ParseError};
use schema::Collection;
use sql::{Ident, Projection};

use crate::column;

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

    /// The columns of a collection's records ([`projection`]). An implementation can keep those of the collections it
    /// knows.
    fn projection(&self, collection: &Arc<Collection>) -> Arc<Projection> {
        Arc::new(projection(collection))
    }
}

/// The columns of a collection's records, in the order of its fields.
pub fn projection(collection: &Collection) -> Projection {
    let column = |field: &schema::Field| (Ident::from(&field.name), column::values(collection, field));
    Projection::new(&Ident::from(&collection.name), collection.fields.iter().map(column))
}
