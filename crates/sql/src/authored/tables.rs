use std::collections::HashMap;
use std::sync::Arc;

/// What a column of a table or a view holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// Text.
    Text,
    /// A 64-bit float.
    Number,
    /// True or false.
    Bool,
    /// JSON text or null. Text that reads like a number counts as one.
    Json,
}

/// The tables and views that authored SQL can name. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tables(Arc<HashMap<String, Table>>);

/// A table or a view.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// The name as it is in the database.
    pub name: String,
    /// The columns in their order.
    pub columns: Vec<(String, ColumnType)>,
}

impl Tables {
    /// Tables by their names, each with its columns in their order.
    pub fn new(tables: impl IntoIterator<Item = (String, Vec<(String, ColumnType)>)>) -> Self {
        let table = |(name, columns): (String, _)| (name.to_lowercase(), Table { name, columns });
        Self(Arc::new(tables.into_iter().map(table).collect()))
    }

    /// The table of this name, with letters in any case.
    pub fn get(&self, name: &str) -> Option<&Table> {
        self.0.get(&name.to_lowercase())
    }
}
