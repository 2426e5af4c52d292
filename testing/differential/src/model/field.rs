use serde_json::{Map, Value, json};

/// The type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the types of the API under their names")]
pub enum Type {
    Text,
    Editor,
    Number,
    Bool,
    Email,
    Url,
    Date,
    Autodate,
    Select,
    File,
    Relation,
    Json,
    Password,
    GeoPoint,
}

impl Type {
    /// The name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Editor => "editor",
            Self::Number => "number",
            Self::Bool => "bool",
            Self::Email => "email",
            Self::Url => "url",
            Self::Date => "date",
            Self::Autodate => "autodate",
            Self::Select => "select",
            Self::File => "file",
            Self::Relation => "relation",
            Self::Json => "json",
            Self::Password => "password",
            Self::GeoPoint => "geoPoint",
        }
    }
}

/// A field of a collection.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name, unique in the collection.
    pub name: String,
    /// Its type.
    pub kind: Type,
    /// The collection that a relation points to, by name.
    pub target: Option<String>,
    /// The options of the type, and the flags `required`, `hidden` and `presentable`.
    pub options: Map<String, Value>,
}

impl Field {
    /// A field without options.
    pub fn new(name: impl Into<String>, kind: Type) -> Self {
        Self { name: name.into(), kind, target: None, options: Map::new() }
    }

    /// With an option.
    #[must_use]
    pub fn with(mut self, option: &str, value: impl Into<Value>) -> Self {
        self.options.insert(option.to_owned(), value.into());
        self
    }

    /// Whether this flag or option is set to true.
    pub fn is(&self, option: &str) -> bool {
        self.options.get(option) == Some(&Value::Bool(true))
    }

    /// The most values it holds; 0 when the type has no such option.
    pub fn max_select(&self) -> u64 {
        self.options.get("maxSelect").and_then(Value::as_u64).unwrap_or_default()
    }

    /// Whether it holds a list.
    pub fn is_multiple(&self) -> bool {
        self.max_select() > 1
    }

    /// The id that a field of this name is created with.
    pub fn id_of(name: &str) -> String {
        format!("df_{name}")
    }

    /// The JSON of the API. The id comes from the name, so that a changed list keeps the column.
    pub fn json(&self) -> Value {
        let mut json = self.options.clone();
        json.entry("id").or_insert_with(|| Self::id_of(&self.name).into());
        json.insert("name".to_owned(), self.name.clone().into());
        json.insert("type".to_owned(), self.kind.name().into());
        if let Some(target) = &self.target {
            json.insert("collectionId".to_owned(), super::Collection::id_of(target).into());
        }
        json!(json)
    }
}
