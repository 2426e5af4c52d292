//! What is sent to both servers, as data that can be made smaller.

mod case;
mod collection;
mod expression;
mod field;

pub use case::{Action, Caller, Case, List};
pub use collection::{Collection, Index, Kind, Rules};
pub use expression::{Comparison, Expression, Join};
pub use field::{Field, Type};

/// A schema, and requests to it. The first requests create the rows.
#[derive(Debug, Clone, Default)]
pub struct Scenario {
    /// The collections, in the order in which they are created.
    pub collections: Vec<Collection>,
    /// The requests, in order.
    pub cases: Vec<Case>,
}

impl Scenario {
    /// The collection of this name.
    pub fn collection(&self, name: &str) -> Option<&Collection> {
        self.collections.iter().find(|collection| collection.name == name)
    }
}
