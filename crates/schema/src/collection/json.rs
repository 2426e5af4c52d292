//! The JSON form of a collection, and the row that stores it.

use ambient::Entropy;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{AuthOptions, Collection, CollectionKind, Rules, ViewOptions};
use crate::error::{FieldError, FieldErrors};
use crate::field::{Field, fields_from_json};
use crate::json;
use crate::load::{self, Load, LoadError, load_object};

/// The columns of a row of the `_collections` table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CollectionRow {
    /// `id`
    pub id: String,
    /// `system`
    pub system: bool,
    /// `type`
    pub kind: String,
    /// `name`
    pub name: String,
    /// `fields`, a JSON text
    pub fields: String,
    /// `indexes`, a JSON text
    pub indexes: String,
    /// `listRule`
    pub list_rule: Option<String>,
    /// `viewRule`
    pub view_rule: Option<String>,
    /// `createRule`
    pub create_rule: Option<String>,
    /// `updateRule`
    pub update_rule: Option<String>,
    /// `deleteRule`
    pub delete_rule: Option<String>,
    /// `options`, a JSON text with the secrets
    pub options: String,
    /// `created`
    pub created: String,
    /// `updated`
    pub updated: String,
}

/// Why a client's JSON cannot be taken over.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The type or the name of a new collection has the wrong JSON type.
    #[error("invalid type data: {0}")]
    TypeData(LoadError),
    /// Something else has the wrong JSON type.
    #[error("invalid data: {0}")]
    Data(#[from] LoadError),
    /// It can be read, but not represented: errors by field.
    #[error("the collection type is unknown")]
    Invalid(FieldErrors),
}

/// Where a new collection's id comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewId {
    /// From its type and name; the default indexes carry it even when the JSON sets another id.
    Generated,
    /// From the JSON, and the default indexes carry it; generated when there is none.
    FromJson,
}

load_object!(Rules {
    "listRule" => list,
    "viewRule" => view,
    "createRule" => create,
    "updateRule" => update,
    "deleteRule" => delete,
});

impl Collection {
    /// A new collection: the defaults of its type (see [`Self::new`]) with a client's JSON over them.
    ///
    /// # Errors
    /// As [`Self::apply_json`]; [`ApplyError::TypeData`] when the type or the name is not a text.
    pub fn from_json(json: &Value, new_id: NewId, entropy: &dyn Entropy) -> Result<Self, ApplyError> {
        let [mut id, mut kind, mut name] = [const { String::new() }; 3];
        for (key, value) in load::entries(json).map_err(ApplyError::TypeData)? {
            match key.to_ascii_lowercase().as_str() {
                "type" => kind.load(value).map_err(ApplyError::TypeData)?,
                "name" => name.load(value).map_err(ApplyError::TypeData)?,
                "id" if new_id == NewId::FromJson => id.load(value)?,
                _ => {}
            }
        }
        let kind = CollectionKind::with_defaults(&kind, entropy).unwrap_or(CollectionKind::Base);
        let mut collection = Self::new(kind, &name, &id);
        collection.apply_json(json)?;
        Ok(collection)
    }

    /// Takes over a client's JSON: absent keys stay as they are, `fields` is replaced as a whole, options are merged
    /// key by key (and the OAuth2 services by position), keys are matched without regard to ASCII case, and unknown
    /// ones are ignored.
    ///
    /// What the result lacks to be whole, such as a system field that `fields` left out, [`Self::prepare`] adds.
    ///
    /// # Errors
    /// [`ApplyError`]; the collection is in an undefined state then.
    pub fn apply_json(&mut self, json: &Value) -> Result<(), ApplyError> {
        if let Some(kind) = json.as_object().and_then(|object| load::get(object, "type")) {
            self.apply_kind(kind)?;
        }
        for (key, value) in load::entries(json)? {
            match key.to_ascii_lowercase().as_str() {
                "id" => self.id.load(value)?,
                "name" => self.name.load(value)?,
                "system" => self.system.load(value)?,
                "fields" => self.fields = fields_from_json(value)?,
                "indexes" => self.indexes.load(value)?,
                "created" => load::time(&mut self.created, value)?,
                "updated" => load::time(&mut self.updated, value)?,
                _ => {}
            }
        }
        self.rules.load(json)?;
        self.apply_options(json)?;
        Ok(())
    }

    fn apply_kind(&mut self, json: &Value) -> Result<(), ApplyError> {
        let mut name = self.kind.name().to_owned();
        name.load(json)?;
        let kind = match name.as_str() {
            name if name == self.kind.name() => return Ok(()),
            "" | "base" => CollectionKind::Base,
            "auth" => CollectionKind::Auth(Box::default()),
            "view" => CollectionKind::View(ViewOptions::default()),
            _ => {
                let error = FieldError::new("validation_in_invalid", "must be a valid value");
                return Err(ApplyError::Invalid(FieldErrors::single("type", error)));
            }
        };
        self.kind = kind;
        Ok(())
    }

    /// Options of another type than the collection's are checked for their JSON types and dropped.
    fn apply_options(&mut self, json: &Value) -> Result<(), LoadError> {
        let mut dropped = (AuthOptions::default(), ViewOptions::default());
        let (auth, view) = match &mut self.kind {
            CollectionKind::Base => (&mut dropped.0, &mut dropped.1),
            CollectionKind::Auth(options) => (options.as_mut(), &mut dropped.1),
            CollectionKind::View(options) => (&mut dropped.0, options),
        };
        auth.load(json)?;
        view.load(json)
    }

    /// The collection in a row of the `_collections` table.
    ///
    /// # Errors
    /// [`LoadError`] when a column holds something else than a collection has.
    pub fn from_row(row: CollectionRow) -> Result<Self, LoadError> {
        let options: Value = serde_json::from_str(&row.options)?;
        let kind = match row.kind.as_str() {
            "base" => CollectionKind::Base,
            "auth" => {
                let mut auth = Box::<AuthOptions>::default();
                auth.load(&options)?;
                CollectionKind::Auth(auth)
            }
            "view" => {
                let mut view = ViewOptions::default();
                view.load(&options)?;
                CollectionKind::View(view)
            }
            _ => return Err(LoadError::UnknownCollectionType(row.kind)),
        };
        let mut indexes = Vec::new();
        indexes.load(&serde_json::from_str(&row.indexes)?)?;
        Ok(Self {
            id: row.id,
            name: row.name,
            system: row.system,
            kind,
            fields: fields_from_json(&serde_json::from_str(&row.fields)?)?,
            indexes,
            rules: Rules {
                list: row.list_rule,
                view: row.view_rule,
                create: row.create_rule,
                update: row.update_rule,
                delete: row.delete_rule,
            },
            created: row.created,
            updated: row.updated,
        })
    }

    /// The row of the `_collections` table that stores it, secrets included.
    pub fn to_row(&self) -> CollectionRow {
        let rules = self.rules.clone();
        CollectionRow {
            id: self.id.clone(),
            system: self.system,
            kind: self.kind.name().to_owned(),
            name: self.name.clone(),
            fields: text(&self.fields),
            indexes: text(&self.indexes),
            list_rule: rules.list,
            view_rule: rules.view,
            create_rule: rules.create,
            update_rule: rules.update,
            delete_rule: rules.delete,
            options: match &self.kind {
                CollectionKind::Base => "{}".to_owned(),
                CollectionKind::Auth(options) => text(options),
                CollectionKind::View(options) => text(options),
            },
            created: self.created.clone(),
            updated: self.updated.clone(),
        }
    }

    /// The JSON text for clients: no secrets, keys in their fixed order.
    pub fn to_json(&self) -> String {
        text(self)
    }
}

#[expect(
    clippy::expect_used,
    reason = "only called on types whose keys are strings and whose values are plain"
)]
fn text<T: Serialize + ?Sized>(value: &T) -> String {
    json::to_string(value).expect("plain values have a JSON form")
}

/// The keys for clients, in their order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    id: &'a str,
    list_rule: &'a Option<String>,
    view_rule: &'a Option<String>,
    create_rule: &'a Option<String>,
    update_rule: &'a Option<String>,
    delete_rule: &'a Option<String>,
    name: &'a str,
    r#type: &'static str,
    fields: &'a [Field],
    indexes: &'a [String],
    created: &'a str,
    updated: &'a str,
    system: bool,
    #[serde(flatten)]
    options: WireOptions<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum WireOptions<'a> {
    None,
    Auth(Box<AuthOptions>),
    View(&'a ViewOptions),
}

impl Serialize for Collection {
    /// The form for clients, see [`Collection::to_json`].
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let wire = Wire {
            id: &self.id,
            list_rule: &self.rules.list,
            view_rule: &self.rules.view,
            create_rule: &self.rules.create,
            update_rule: &self.rules.update,
            delete_rule: &self.rules.delete,
            name: &self.name,
            r#type: self.kind.name(),
            fields: &self.fields,
            indexes: &self.indexes,
            created: &self.created,
            updated: &self.updated,
            system: self.system,
            options: match &self.kind {
                CollectionKind::Base => WireOptions::None,
                CollectionKind::Auth(options) => WireOptions::Auth(Box::new(options.without_secrets())),
                CollectionKind::View(options) => WireOptions::View(options),
            },
        };
        wire.serialize(serializer)
    }
}
