//! The JSON form of a field: one flat object with sorted keys, the type among them.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{
    AutodateOptions, BoolOptions, DateOptions, DomainOptions, EditorOptions, Field, FieldKind, FileOptions,
    GeoPointOptions, JsonOptions, NumberOptions, PasswordOptions, RelationOptions, SelectOptions,
    TextOptions,
};
use crate::load::{self, Load, LoadError, load_object};

/// The keys of a field in order of their names.
type Keys = BTreeMap<&'static str, Value>;

/// Declares the JSON keys of a type's options, for reading and for writing.
macro_rules! options {
    ($type:ty { $($key:literal => $field:ident),* $(,)? }) => {
        load_object!($type { $($key => $field),* });

        impl $type {
            fn store(&self, keys: &mut Keys) {
                $(keys.insert($key, self.$field.store());)*
            }
        }
    };
}

options!(TextOptions {
    "min" => min,
    "max" => max,
    "pattern" => pattern,
    "autogeneratePattern" => autogenerate_pattern,
    "required" => required,
    "primaryKey" => primary_key,
});
options!(EditorOptions { "maxSize" => max_size, "convertURLs" => convert_urls, "required" => required });
options!(NumberOptions { "min" => min, "max" => max, "onlyInt" => only_int, "required" => required });
options!(BoolOptions { "required" => required });
options!(DomainOptions {
    "exceptDomains" => except_domains,
    "onlyDomains" => only_domains,
    "required" => required,
});
options!(AutodateOptions { "onCreate" => on_create, "onUpdate" => on_update });
options!(SelectOptions { "values" => values, "maxSelect" => max_select, "required" => required });
options!(FileOptions {
    "maxSize" => max_size,
    "maxSelect" => max_select,
    "mimeTypes" => mime_types,
    "thumbs" => thumbs,
    "protected" => protected,
    "required" => required,
});
options!(RelationOptions {
    "collectionId" => collection_id,
    "cascadeDelete" => cascade_delete,
    "minSelect" => min_select,
    "maxSelect" => max_select,
    "required" => required,
});
options!(JsonOptions { "maxSize" => max_size, "required" => required });
options!(PasswordOptions {
    "pattern" => pattern,
    "min" => min,
    "max" => max,
    "cost" => cost,
    "required" => required,
});
options!(GeoPointOptions { "required" => required });

impl Load for DateOptions {
    fn load(&mut self, value: &Value) -> Result<(), LoadError> {
        for (key, value) in load::entries(value)? {
            match key.to_ascii_lowercase().as_str() {
                "min" => load::time(&mut self.min, value)?,
                "max" => load::time(&mut self.max, value)?,
                "required" => self.required.load(value)?,
                _ => {}
            }
        }
        Ok(())
    }
}

impl DateOptions {
    fn store(&self, keys: &mut Keys) {
        keys.insert("min", self.min.store());
        keys.insert("max", self.max.store());
        keys.insert("required", self.required.store());
    }
}

load_object!(Field {
    "id" => id,
    "name" => name,
    "system" => system,
    "hidden" => hidden,
    "presentable" => presentable,
});

impl FieldKind {
    /// A type by its name in JSON, with all options at their zero value.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "text" => Self::Text(TextOptions::default()),
            "editor" => Self::Editor(EditorOptions::default()),
            "number" => Self::Number(NumberOptions::default()),
            "bool" => Self::Bool(BoolOptions::default()),
            "email" => Self::Email(DomainOptions::default()),
            "url" => Self::Url(DomainOptions::default()),
            "date" => Self::Date(DateOptions::default()),
            "autodate" => Self::Autodate(AutodateOptions::default()),
            "select" => Self::Select(SelectOptions::default()),
            "file" => Self::File(FileOptions::default()),
            "relation" => Self::Relation(RelationOptions::default()),
            "json" => Self::Json(JsonOptions::default()),
            "password" => Self::Password(PasswordOptions::default()),
            "geoPoint" => Self::GeoPoint(GeoPointOptions::default()),
            _ => return None,
        })
    }
}

impl Field {
    /// A field of this type with everything else at its zero value; the id is settled when it joins a list, see
    /// [`super::add_field`].
    pub fn new(name: impl Into<String>, kind: FieldKind) -> Self {
        Self {
            id: String::new(),
            name: name.into(),
            system: false,
            hidden: false,
            presentable: false,
            help: String::new(),
            kind,
        }
    }

    /// Reads the JSON form; absent keys have their zero value.
    ///
    /// # Errors
    /// [`LoadError`] when the type is unknown or a value has the wrong type.
    pub fn from_json(value: &Value) -> Result<Self, LoadError> {
        let key = |key| value.as_object().and_then(|object| load::get(object, key));
        let mut type_name = String::new();
        if let Some(value) = key("type") {
            type_name.load(value)?;
        }
        let unknown =
            || LoadError::UnknownFieldType(crate::json::to_string(value).unwrap_or(type_name.clone()));
        let kind = FieldKind::from_name(&type_name).ok_or_else(unknown)?;
        let mut field = Self::new("", kind);
        field.load(value)?;
        field.kind.load(value)?;
        if let Some(help) = key("help").filter(|_| field.has_help()) {
            field.help.load(help)?;
        }
        Ok(field)
    }

    fn has_help(&self) -> bool {
        !matches!(self.kind, FieldKind::Autodate(_))
    }
}

impl Load for FieldKind {
    fn load(&mut self, value: &Value) -> Result<(), LoadError> {
        match self {
            Self::Text(options) => options.load(value),
            Self::Editor(options) => options.load(value),
            Self::Number(options) => options.load(value),
            Self::Bool(options) => options.load(value),
            Self::Email(options) | Self::Url(options) => options.load(value),
            Self::Date(options) => options.load(value),
            Self::Autodate(options) => options.load(value),
            Self::Select(options) => options.load(value),
            Self::File(options) => options.load(value),
            Self::Relation(options) => options.load(value),
            Self::Json(options) => options.load(value),
            Self::Password(options) => options.load(value),
            Self::GeoPoint(options) => options.load(value),
        }
    }
}

impl FieldKind {
    fn store(&self, keys: &mut Keys) {
        match self {
            Self::Text(options) => options.store(keys),
            Self::Editor(options) => options.store(keys),
            Self::Number(options) => options.store(keys),
            Self::Bool(options) => options.store(keys),
            Self::Email(options) | Self::Url(options) => options.store(keys),
            Self::Date(options) => options.store(keys),
            Self::Autodate(options) => options.store(keys),
            Self::Select(options) => options.store(keys),
            Self::File(options) => options.store(keys),
            Self::Relation(options) => options.store(keys),
            Self::Json(options) => options.store(keys),
            Self::Password(options) => options.store(keys),
            Self::GeoPoint(options) => options.store(keys),
        }
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut keys = Keys::from([
            ("id", self.id.store()),
            ("name", self.name.store()),
            ("type", self.kind.name().into()),
            ("system", self.system.store()),
            ("hidden", self.hidden.store()),
            ("presentable", self.presentable.store()),
        ]);
        if self.has_help() {
            keys.insert("help", self.help.store());
        }
        self.kind.store(&mut keys);
        serializer.collect_map(keys)
    }
}

/// What an option's value is in JSON.
trait Store {
    fn store(&self) -> Value;
}

impl Store for String {
    fn store(&self) -> Value {
        self.as_str().into()
    }
}

impl Store for bool {
    fn store(&self) -> Value {
        (*self).into()
    }
}

impl Store for i64 {
    /// Numbers of fields pass through a float, which large ones do not survive unchanged.
    fn store(&self) -> Value {
        const EXACT: u64 = 1 << 53;
        if self.unsigned_abs() <= EXACT { (*self).into() } else { (*self as f64).into() }
    }
}

impl Store for f64 {
    fn store(&self) -> Value {
        (*self).into()
    }
}

impl Store for Vec<String> {
    fn store(&self) -> Value {
        self.as_slice().into()
    }
}

impl<T: Store> Store for Option<T> {
    fn store(&self) -> Value {
        self.as_ref().map_or(Value::Null, Store::store)
    }
}
