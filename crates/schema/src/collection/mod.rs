//! What a collection is.

mod changes;
mod defaults;
mod import;
mod index;
mod json;
mod options;
mod prepare;
pub mod system;
mod templates;
mod validate;

pub use changes::{Change, invalid_index, table_changes};
pub use defaults::{DEFAULT_ID_PATTERN, generated_id, new_secret, scaffolds};
pub use index::{Index, IndexColumn, single_unique_index};
pub use json::{ApplyError, CollectionRow, NewId};
pub use options::{
    AuthAlert, AuthOptions, EmailTemplate, Mfa, OAuth2, OAuth2MappedFields, OAuth2Provider, Otp,
    PasswordAuth, TokenOptions, ViewOptions,
};
pub use prepare::CollectionLookup;
pub use validate::ValidationContext;
pub(crate) use validate::field_name;

use crate::field::Field;

/// A table of records with its schema, rules and options.
#[derive(Debug, Clone, PartialEq)]
pub struct Collection {
    /// `pbc_` and a number by default; chosen once, never changed.
    pub id: String,
    /// The name of the table and of the collection in paths and rules.
    pub name: String,
    /// Whether the collection belongs to the system: its name, type and rules are fixed then.
    pub system: bool,
    /// The type, with what belongs to this type alone.
    pub kind: CollectionKind,
    /// In the order in which they are stored and sent.
    pub fields: Vec<Field>,
    /// `CREATE INDEX` statements, as they are stored and sent.
    pub indexes: Vec<String>,
    /// Who may do what with the records.
    pub rules: Rules,
    /// Time text, see [`ambient::format_timestamp`].
    pub created: String,
    /// Time text, see [`ambient::format_timestamp`].
    pub updated: String,
}

/// The type of a collection.
#[derive(Debug, Clone, PartialEq)]
pub enum CollectionKind {
    /// Plain records.
    Base,
    /// Records that can log in.
    Auth(Box<AuthOptions>),
    /// The read-only result of a query.
    View(ViewOptions),
}

/// The access rules: `None` is for superusers only, an empty text is for everybody, other text is a filter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// Which records a list shows.
    pub list: Option<String>,
    /// Which records can be viewed.
    pub view: Option<String>,
    /// Which records can be created.
    pub create: Option<String>,
    /// Which records can be changed.
    pub update: Option<String>,
    /// Which records can be deleted.
    pub delete: Option<String>,
}

impl CollectionKind {
    /// `base`, `auth` or `view`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::Auth(_) => "auth",
            Self::View(_) => "view",
        }
    }
}

impl Collection {
    /// The field of this name (exact).
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field of this id (exact).
    pub fn field_by_id(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// The position of the field of this name in [`Self::fields`].
    pub fn field_index(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// The options of an auth collection.
    pub fn auth(&self) -> Option<&AuthOptions> {
        match &self.kind {
            CollectionKind::Auth(options) => Some(options),
            CollectionKind::Base | CollectionKind::View(_) => None,
        }
    }

    /// The options of an auth collection, to change them.
    pub fn auth_mut(&mut self) -> Option<&mut AuthOptions> {
        match &mut self.kind {
            CollectionKind::Auth(options) => Some(options),
            CollectionKind::Base | CollectionKind::View(_) => None,
        }
    }

    /// Whether its records can log in.
    pub fn is_auth(&self) -> bool {
        matches!(self.kind, CollectionKind::Auth(_))
    }

    /// Whether it is a read-only view.
    pub fn is_view(&self) -> bool {
        matches!(self.kind, CollectionKind::View(_))
    }
}
