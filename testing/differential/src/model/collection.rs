use serde_json::{Value, json};

use super::{Expression, Field, Type};

/// What a collection is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Records.
    Base,
    /// Records that can sign in.
    Auth,
    /// The rows of a query.
    View(String),
}

/// A unique or plain index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// Whether two rows may not be alike.
    pub unique: bool,
    /// The columns, written as in SQL.
    pub columns: Vec<String>,
    /// The condition under which a row is in it.
    pub only: Option<String>,
}

/// The rules by the name that the API has for them; `None` lets only superusers in.
pub type Rules = Vec<(&'static str, Option<Expression>)>;

/// A collection.
#[derive(Debug, Clone, PartialEq)]
pub struct Collection {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Its fields beside those of the system; of a view, those that its query has.
    pub fields: Vec<Field>,
    /// Its indexes.
    pub indexes: Vec<Index>,
    /// Its rules. One that is not here is `None`.
    pub rules: Rules,
}

impl Collection {
    /// How the id of every collection of a scenario begins.
    pub const PREFIX: &str = "df_";

    /// An empty collection.
    pub fn new(name: &str, kind: Kind) -> Self {
        Self { name: name.to_owned(), kind, fields: Vec::new(), indexes: Vec::new(), rules: Vec::new() }
    }

    /// The id that a collection of this name is created with.
    pub fn id_of(name: &str) -> String {
        format!("{}{name}", Self::PREFIX)
    }

    /// Whether its records can sign in.
    pub fn is_auth(&self) -> bool {
        self.kind == Kind::Auth
    }

    /// Whether it is a view.
    pub fn is_view(&self) -> bool {
        matches!(self.kind, Kind::View(_))
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// What creates it, without what needs the other collections: relations and rules.
    pub fn creation(&self) -> Value {
        let mut json = json!({ "id": Self::id_of(&self.name), "name": self.name });
        match &self.kind {
            Kind::Base => json["type"] = "base".into(),
            Kind::Auth => json["type"] = "auth".into(),
            Kind::View(query) => {
                json["type"] = "view".into();
                json["viewQuery"] = query.clone().into();
            }
        }
        if !self.is_view() {
            json["fields"] = self.field_list(|field| field.kind != Type::Relation);
        }
        json
    }

    /// What adds the relations and the indexes; `None` when there are none.
    pub fn completion(&self) -> Option<Value> {
        let relations = self.fields.iter().any(|field| field.kind == Type::Relation);
        if self.is_view() || !relations && self.indexes.is_empty() {
            return None;
        }
        Some(json!({ "fields": self.field_list(|_| true), "indexes": self.index_list() }))
    }

    /// The indexes as the API has them.
    pub fn index_list(&self) -> Value {
        let own = self.indexes.iter().enumerate().map(|(at, index)| index.sql(&self.name, at));
        self.system_indexes().into_iter().chain(own).map(Value::from).collect()
    }

    /// The fields of this kind as the API has them.
    pub fn field_list(&self, wanted: impl Fn(&Field) -> bool) -> Value {
        let mut fields: Vec<Value> =
            self.fields.iter().filter(|field| wanted(field)).map(Field::json).collect();
        if self.is_auth() {
            // Hashing at the default cost would take most of a run.
            fields.push(json!({
                "id": "password901924565", "name": "password", "type": "password",
                "system": true, "hidden": true, "required": true, "min": 8, "cost": 4,
            }));
        }
        fields.into()
    }

    /// The indexes that a sign-in needs and that a changed list must repeat.
    fn system_indexes(&self) -> Vec<String> {
        if !self.is_auth() {
            return Vec::new();
        }
        let (id, name) = (Self::id_of(&self.name), &self.name);
        vec![
            format!("CREATE UNIQUE INDEX `idx_tokenKey_{id}` ON `{name}` (`tokenKey`)"),
            format!("CREATE UNIQUE INDEX `idx_email_{id}` ON `{name}` (`email`) WHERE `email` != ''"),
        ]
    }
}

impl Index {
    fn sql(&self, table: &str, at: usize) -> String {
        let unique = if self.unique { "UNIQUE " } else { "" };
        let only = self.only.as_ref().map(|only| format!(" WHERE {only}")).unwrap_or_default();
        format!("CREATE {unique}INDEX `idx_{table}_{at}` ON `{table}` ({}){only}", self.columns.join(", "))
    }
}
