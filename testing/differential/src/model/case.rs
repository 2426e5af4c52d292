use serde_json::{Map, Value};

use super::Expression;

/// Who sends a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Caller {
    /// Nobody in particular.
    Guest,
    /// Who may do everything.
    Superuser,
    /// A record of an auth collection.
    Record {
        /// The name of the collection.
        collection: String,
        /// The id of the record.
        id: String,
    },
}

/// What a list is asked for; what is `None` is not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    /// The filter.
    pub filter: Option<Expression>,
    /// The items of the sort.
    pub sort: Vec<String>,
    /// The page, as written.
    pub page: Option<String>,
    /// The items of a page, as written.
    pub per_page: Option<String>,
    /// Whether to leave out the count, as written.
    pub skip_total: Option<String>,
}

/// What is done to a collection: the operations of the API, with a record's id and the body.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "most have the names that the API has")]
pub enum Action {
    List(List),
    View {
        id: String,
    },
    Create {
        body: Map<String, Value>,
    },
    Update {
        id: String,
        body: Map<String, Value>,
    },
    Delete {
        id: String,
    },
    /// An update of the record that the body names, or else a creation. Only in a batch.
    Upsert {
        body: Map<String, Value>,
    },
    /// A change of the collection itself.
    Alter {
        body: Value,
    },
    /// The removal of all its records.
    Truncate,
    /// Collections, of which the case has one, as an import has them.
    Import {
        body: Value,
    },
    /// Several of the others at once; who calls, and which collection it is for, says nothing in them.
    Batch(Vec<Case>),
}

/// A request.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Who sends it.
    pub caller: Caller,
    /// The name of the collection that it is for; of a batch, one of them.
    pub collection: String,
    /// What is done.
    pub action: Action,
    /// The paths to expand.
    pub expand: Vec<String>,
    /// The fields to pick, as written.
    pub fields: Option<String>,
    /// Further parameters, for rules to look at.
    pub query: Vec<(String, String)>,
    /// Further headers, for rules to look at.
    pub headers: Vec<(String, String)>,
}

impl Case {
    /// A request with nothing further.
    pub fn new(caller: Caller, collection: &str, action: Action) -> Self {
        let collection = collection.to_owned();
        Self { caller, collection, action, expand: vec![], fields: None, query: vec![], headers: vec![] }
    }

    /// The word for the action in a summary.
    pub fn name(&self) -> &'static str {
        match &self.action {
            Action::List(_) => "list",
            Action::View { .. } => "view",
            Action::Create { .. } => "create",
            Action::Update { .. } => "update",
            Action::Delete { .. } => "delete",
            Action::Upsert { .. } => "upsert",
            Action::Alter { .. } => "alter",
            Action::Truncate => "truncate",
            Action::Import { .. } => "import",
            Action::Batch(_) => "batch",
        }
    }

    /// Whether it may change rows.
    pub fn writes(&self) -> bool {
        !matches!(self.action, Action::List(_) | Action::View { .. })
    }
}
