use async_trait::async_trait;
use serde_json::{Map, Value};

use crate::{Engine, HookRegistry, Result};

/// Business logic on top of the engine, built from nothing but its public API.
///
/// ```
/// # use baibase_engine as engine;
/// use std::sync::Arc;
///
/// use engine::hooks::{HookRegistry, RecordHooks, WriteEvent};
/// use engine::{CollectionSpec, Extension, Result};
///
/// /// Notes that get a number when the client sends none.
/// struct Notes;
///
/// impl Extension for Notes {
///     fn name(&self) -> &'static str {
///         "notes"
///     }
///
///     fn collections(&self) -> Vec<CollectionSpec> {
///         vec![
///             CollectionSpec::base("notes")
///                 .rule("listRule", "")
///                 .rule("createRule", "@request.auth.id != ''")
///                 .field("text", "title", [("required", true)])
///                 .field("number", "number", [("onlyInt", true)])
///                 .unique_index(&["number"]),
///         ]
///     }
///
///     fn hooks(&self, registry: &mut HookRegistry) {
///         registry.on("notes", Arc::new(Numbers));
///     }
/// }
///
/// struct Numbers;
///
/// #[async_trait::async_trait]
/// impl RecordHooks for Numbers {
///     async fn before_create(&self, event: &mut WriteEvent<'_>) -> Result<()> {
///         if event.record.number("number") == 0.0 {
///             // Inside the transaction: two creates at once cannot count the same notes.
///             let notes = event.tx.count("notes", None).await?;
///             event.record.set("number", notes + 1);
///         }
///         Ok(())
///     }
/// }
/// ```
#[async_trait]
pub trait Extension: Send + Sync {
    /// A short name for the log.
    fn name(&self) -> &'static str;

    /// The collections it needs. A missing one is created at start; one that exists keeps what it has and gets
    /// only the fields and indexes that it lacks.
    fn collections(&self) -> Vec<CollectionSpec> {
        Vec::new()
    }

    /// Its hooks on records.
    #[expect(unused_variables, reason = "the name documents what an implementation gets")]
    fn hooks(&self, registry: &mut HookRegistry) {}

    /// Called once, when the collections are there and before requests are served.
    ///
    /// # Errors
    /// An error ends the start of the service.
    #[expect(unused_variables, reason = "the name documents what an implementation gets")]
    async fn start(&self, engine: &Engine) -> Result<()> {
        Ok(())
    }
}

/// A collection that an extension needs, in the words of the collections API.
#[derive(Debug, Clone)]
pub struct CollectionSpec {
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) options: Map<String, Value>,
    pub(crate) fields: Vec<Map<String, Value>>,
    pub(crate) indexes: Vec<IndexSpec>,
}

/// An index that an extension needs.
#[derive(Debug, Clone)]
pub(crate) struct IndexSpec {
    pub(crate) unique: bool,
    pub(crate) columns: Vec<String>,
    pub(crate) condition: String,
}

impl CollectionSpec {
    /// A collection of plain records.
    pub fn base(name: &str) -> Self {
        Self::new(name, "base")
    }

    /// A collection of records that can log in.
    pub fn auth(name: &str) -> Self {
        Self::new(name, "auth")
    }

    fn new(name: &str, kind: &'static str) -> Self {
        Self { name: name.to_owned(), kind, options: Map::new(), fields: Vec::new(), indexes: Vec::new() }
    }

    /// Sets a rule by its key (`listRule` ...). A rule that is not set lets superusers in alone.
    #[must_use]
    pub fn rule(self, key: &str, filter: &str) -> Self {
        self.option(key, filter)
    }

    /// Sets any other key of the collection's JSON form, for example `passwordAuth`.
    #[must_use]
    pub fn option(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.options.insert(key.to_owned(), value.into());
        self
    }

    /// Adds a field of this type with options.
    #[must_use]
    pub fn field<V: Into<Value>, const N: usize>(
        mut self,
        kind: &str,
        name: &str,
        options: [(&str, V); N],
    ) -> Self {
        let mut field = Map::new();
        field.insert("type".into(), kind.into());
        field.insert("name".into(), name.into());
        field.extend(options.into_iter().map(|(key, value)| (key.to_owned(), value.into())));
        self.fields.push(field);
        self
    }

    /// Adds fields of this type without options.
    #[must_use]
    pub fn fields(self, kind: &str, names: &[&str]) -> Self {
        names.iter().fold(self, |spec, name| spec.field::<Value, 0>(kind, name, []))
    }

    /// Adds the fields `created` and `updated`, set by the engine.
    #[must_use]
    pub fn timestamps(self) -> Self {
        self.field("autodate", "created", [("onCreate", true)]).field(
            "autodate",
            "updated",
            [("onCreate", true), ("onUpdate", true)],
        )
    }

    /// Adds an index.
    #[must_use]
    pub fn index(self, columns: &[&str]) -> Self {
        self.add_index(false, columns, "")
    }

    /// Adds an index that lets no two records have the same values.
    #[must_use]
    pub fn unique_index(self, columns: &[&str]) -> Self {
        self.add_index(true, columns, "")
    }

    /// Adds a unique index over the rows that meet an SQL condition.
    #[must_use]
    pub fn unique_index_where(self, columns: &[&str], condition: &str) -> Self {
        self.add_index(true, columns, condition)
    }

    fn add_index(mut self, unique: bool, columns: &[&str], condition: &str) -> Self {
        self.indexes.push(IndexSpec {
            unique,
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
            condition: condition.to_owned(),
        });
        self
    }
}
