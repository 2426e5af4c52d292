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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The name as it is in the database.
    pub name: String,
    /// Whether it is a view: without numbers of rows and without a key.
    pub is_view: bool,
    /// The columns in their order.
    pub columns: Vec<(String, ColumnType)>,
}

impl Tables {
    /// The tables by their names.
    pub fn new(tables: impl IntoIterator<Item = Table>) -> Self {
        Self(Arc::new(tables.into_iter().map(|table| (table.name.to_lowercase(), table)).collect()))
    }

    /// The table of this name, with letters in any case.
    pub fn get(&self, name: &str) -> Option<&Table> {
        self.0.get(&name.to_lowercase())
    }

    /// The table, when there is only one.
    pub(crate) fn only(&self) -> Option<&Table> {
        self.0.values().next().filter(|_| self.0.len() == 1)
    }
}
