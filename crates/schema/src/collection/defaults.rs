//! New collections, and what every collection has.

use std::collections::BTreeMap;

use ambient::{Entropy, EntropyExt};

use super::{
    AuthAlert, AuthOptions, Collection, CollectionKind, Index, Mfa, OAuth2, Otp, PasswordAuth, Rules,
    TokenOptions, ViewOptions, single_unique_index, templates,
};
use crate::field::{
    BoolOptions, DomainOptions, Field, FieldKind, PasswordOptions, TextOptions, add_field, field_list,
};

/// The pattern of record ids that are safe as file names on every system.
pub const DEFAULT_ID_PATTERN: &str = "^[a-z0-9]+$";

const SECRET_ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const ID_ALPHABET: &str = "abcdefghijklmnopqrstuvwxyz0123456789";

/// A new secret for [`TokenOptions::secret`]: 50 letters and digits.
pub fn new_secret(entropy: &dyn Entropy) -> String {
    entropy.text(50, SECRET_ALPHABET)
}

/// The id of a new collection of this type and name, see [`Collection::generated_id`].
pub fn generated_id(kind: &str, name: &str) -> String {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(kind.as_bytes());
    hasher.update(name.as_bytes());
    format!("pbc_{}", hasher.finalize())
}

/// An unsaved collection of each type by the type's name, without id and name, for a dashboard to start from.
pub fn scaffolds(entropy: &dyn Entropy) -> BTreeMap<&'static str, Collection> {
    // The names of indexes must differ from those of other collections, so they carry a random id.
    let id = entropy.text(10, ID_ALPHABET);
    let kinds = [
        CollectionKind::Base,
        CollectionKind::Auth(Box::new(AuthOptions::with_defaults(entropy))),
        CollectionKind::View(ViewOptions::default()),
    ];
    let scaffolds = kinds.map(|kind| {
        let mut collection = Collection::new(kind, "", &id);
        collection.id.clear();
        (collection.kind.name(), collection)
    });
    scaffolds.into()
}

impl CollectionKind {
    /// A type by its name, with its default options; `None` when there is no such type.
    pub fn with_defaults(name: &str, entropy: &dyn Entropy) -> Option<Self> {
        match name {
            "base" => Some(Self::Base),
            "auth" => Some(Self::Auth(Box::new(AuthOptions::with_defaults(entropy)))),
            "view" => Some(Self::View(ViewOptions::default())),
            _ => None,
        }
    }
}

impl AuthOptions {
    /// Login by password for everybody, alerts on, everything else off, and fresh secrets.
    pub fn with_defaults(entropy: &dyn Entropy) -> Self {
        let token = |duration| TokenOptions { secret: new_secret(entropy), duration };
        Self {
            auth_rule: Some(String::new()),
            manage_rule: None,
            auth_alert: AuthAlert { enabled: true, email_template: templates::auth_alert() },
            oauth2: OAuth2::default(),
            password_auth: PasswordAuth { enabled: true, identity_fields: vec!["email".into()] },
            mfa: Mfa { enabled: false, duration: 600, rule: String::new() },
            otp: Otp { enabled: false, duration: 180, length: 8, email_template: templates::otp() },
            auth_token: token(5 * 86_400),
            password_reset_token: token(1800),
            email_change_token: token(1800),
            verification_token: token(86_400),
            file_token: token(180),
            verification_template: templates::verification(),
            reset_password_template: templates::reset_password(),
            confirm_email_change_template: templates::confirm_email_change(),
        }
    }
}

impl Collection {
    /// A collection with the fields and indexes that its type needs, and no rules: for superusers only. An empty
    /// `id` is generated from the type and the name.
    pub fn new(kind: CollectionKind, name: &str, id: &str) -> Self {
        let mut collection = Self {
            id: id.to_owned(),
            name: name.to_owned(),
            system: false,
            kind,
            fields: Vec::new(),
            indexes: Vec::new(),
            rules: Rules::default(),
            created: String::new(),
            updated: String::new(),
        };
        if collection.id.is_empty() {
            collection.id = collection.generated_id();
        }
        collection.add_default_fields();
        collection
    }

    /// The id that the type and the name make: `pbc_` and their CRC-32.
    pub fn generated_id(&self) -> String {
        generated_id(self.kind.name(), &self.name)
    }

    /// Adds an index, in place of one with the same name. `columns` and `condition` are taken as they are; an empty
    /// condition is none.
    pub fn add_index(&mut self, name: &str, unique: bool, columns: &str, condition: &str) {
        self.remove_index(name);
        let unique = if unique { "UNIQUE " } else { "" };
        let mut index = format!("CREATE {unique}INDEX `{name}` ON `{}` ({columns})", self.name);
        if !condition.is_empty() {
            index.push_str(" WHERE ");
            index.push_str(condition);
        }
        self.indexes.push(index);
    }

    /// Removes the first index of this name (without regard to ASCII case), if there is one.
    pub fn remove_index(&mut self, name: &str) {
        let is_it =
            |index: &String| Index::parse(index).is_some_and(|index| index.name.eq_ignore_ascii_case(name));
        if let Some(position) = self.indexes.iter().position(is_it) {
            self.indexes.remove(position);
        }
    }

    /// Adds the fields and indexes that the type needs where they are missing, and corrects what is fixed in those
    /// that are there. The fields of a view come from its query.
    pub(super) fn add_default_fields(&mut self) {
        match self.kind {
            CollectionKind::Base => self.add_id(),
            CollectionKind::Auth(_) => {
                self.add_id();
                self.add_auth_fields();
                self.add_auth_index("tokenKey", "");
                self.add_auth_index("email", "`email` != ''");
            }
            CollectionKind::View(_) => {}
        }
    }

    fn add_id(&mut self) {
        if let Some(field) = self.fields.iter_mut().find(|field| field.name == "id")
            && let FieldKind::Text(options) = &mut field.kind
        {
            field.system = true;
            field.hidden = false;
            options.required = true;
            options.primary_key = true;
            if options.pattern.is_empty() {
                DEFAULT_ID_PATTERN.clone_into(&mut options.pattern);
            }
            return;
        }
        let options = TextOptions {
            min: 15,
            max: 15,
            pattern: DEFAULT_ID_PATTERN.to_owned(),
            autogenerate_pattern: "[a-z0-9]{15}".to_owned(),
            required: true,
            primary_key: true,
        };
        let id = Field { system: true, ..Field::new("id", FieldKind::Text(options)) };
        let others = std::mem::take(&mut self.fields);
        self.fields = field_list(std::iter::once(id).chain(others));
    }

    fn add_auth_fields(&mut self) {
        let password = PasswordOptions { min: 8, required: true, ..PasswordOptions::default() };
        let token_key = TextOptions {
            min: 30,
            max: 60,
            autogenerate_pattern: "[a-zA-Z0-9]{50}".to_owned(),
            required: true,
            ..TextOptions::default()
        };
        let email = DomainOptions { required: true, ..DomainOptions::default() };
        for field in [
            Field { hidden: true, ..Field::new("password", FieldKind::Password(password)) },
            Field { hidden: true, ..Field::new("tokenKey", FieldKind::Text(token_key)) },
            Field::new("email", FieldKind::Email(email)),
            Field::new("emailVisibility", FieldKind::Bool(BoolOptions::default())),
            Field::new("verified", FieldKind::Bool(BoolOptions::default())),
        ] {
            self.add_auth_field(Field { system: true, ..field });
        }
    }

    /// Adds a field, or fixes the one that is there with the same name and type.
    fn add_auth_field(&mut self, default: Field) {
        let same_type = |field: &Field| field.kind.name() == default.kind.name();
        let Some(field) =
            self.fields.iter_mut().find(|field| field.name == default.name).filter(|f| same_type(f))
        else {
            add_field(&mut self.fields, default);
            return;
        };
        field.system = true;
        match &mut field.kind {
            FieldKind::Password(options) => {
                field.hidden = true;
                options.required = true;
            }
            FieldKind::Text(options) => {
                field.hidden = true;
                options.required = true;
            }
            // Whether others see an address is each record's own choice.
            FieldKind::Email(_) => field.hidden = false,
            _ => {}
        }
    }

    fn add_auth_index(&mut self, field: &str, condition: &str) {
        if single_unique_index(&self.indexes, field).is_some() {
            return;
        }
        let owner = if self.id.is_empty() { &self.name } else { &self.id };
        let name: String = format!("idx_{field}_{owner}").chars().take(64).collect();
        self.add_index(&name, true, &format!("`{field}`"), condition);
    }
}
