use super::Run;
use crate::collection::Collection;
use crate::error::{FieldError, FieldErrors};
use crate::field::{Field, FieldKind};
use crate::value::go_quote;

/// A field that every auth collection has.
struct AuthField {
    name: &'static str,
    has_type: fn(&FieldKind) -> bool,
    hidden: bool,
    missing_code: &'static str,
}

const AUTH_FIELDS: [AuthField; 5] = [
    AuthField {
        name: "password",
        has_type: |kind| matches!(kind, FieldKind::Password(_)),
        hidden: true,
        missing_code: "validation_missing_password_field",
    },
    AuthField {
        name: "tokenKey",
        has_type: |kind| matches!(kind, FieldKind::Text(_)),
        hidden: true,
        missing_code: "validation_missing_tokenKey_field",
    },
    AuthField {
        name: "email",
        has_type: |kind| matches!(kind, FieldKind::Email(_)),
        hidden: false,
        missing_code: "validation_missing_email_field",
    },
    AuthField {
        name: "emailVisibility",
        has_type: |kind| matches!(kind, FieldKind::Bool(_)),
        hidden: false,
        missing_code: "validation_missing_emailVisibility_field",
    },
    AuthField {
        name: "verified",
        has_type: |kind| matches!(kind, FieldKind::Bool(_)),
        hidden: false,
        missing_code: "validation_missing_verified_field",
    },
];

/// Keys of the forms for auth records that are no fields.
const RESERVED_AUTH_NAMES: [&str; 2] = ["passwordConfirm", "oldPassword"];

impl Run<'_> {
    /// The errors of `fields`: those of the first check that finds any.
    pub(super) fn fields(&self) -> FieldErrors {
        let checks = [
            Self::duplicate_field,
            Self::missing_field,
            Self::changed_system_field,
            Self::changed_types,
            Self::reserved_names,
            Self::field_options,
        ];
        checks.iter().map(|check| check(self)).find(|errors| !errors.is_empty()).unwrap_or_default()
    }

    fn duplicate_field(&self) -> FieldErrors {
        let mut seen: Vec<(&str, String)> = Vec::new();
        for (position, field) in self.new.fields.iter().enumerate() {
            // Columns whose names differ in case alone are one column to a database.
            let name = field.name.to_lowercase();
            let found = if seen.iter().any(|(id, _)| *id == field.id) {
                let message = format!("Duplicated or invalid field id {}", go_quote(&field.id));
                Some(("id", FieldError::new("validation_duplicated_field_id", message)))
            } else if seen.iter().any(|(_, other)| *other == name) {
                let message = format!("Duplicated or invalid field name {}", field.name);
                let error = FieldError::new("validation_duplicated_field_name", message);
                Some(("name", error.with_param("fieldName", field.name.as_str())))
            } else {
                None
            };
            if let Some((key, error)) = found {
                return FieldErrors::single(key, error).under(position.to_string()).under("fields");
            }
            seen.push((&field.id, name));
        }
        FieldErrors::new()
    }

    fn missing_field(&self) -> FieldErrors {
        if self.new.fields.is_empty() {
            return fields_error(FieldError::required());
        }
        if !self.new.field("id").is_some_and(Field::is_primary_key) {
            let message = "Missing or invalid \"id\" PK field.";
            return fields_error(FieldError::new("validation_missing_primary_key", message));
        }
        if !self.new.is_auth() {
            return FieldErrors::new();
        }
        AUTH_FIELDS
            .iter()
            .map(|required| self.auth_field(required))
            .find(|errors| !errors.is_empty())
            .unwrap_or_default()
    }

    fn auth_field(&self, required: &AuthField) -> FieldErrors {
        let field = self.new.field(required.name).filter(|field| (required.has_type)(&field.kind));
        let Some(field) = field else {
            let message = format!("System \"{}\" field is required.", required.name);
            return fields_error(FieldError::new(required.missing_code, message));
        };
        let error = if required.hidden && !(field.system && field.hidden) {
            let message = "The field must be marked as \"System\" and \"Hidden\".";
            FieldError::new("validation_must_be_system_and_hidden", message)
        } else if !field.system {
            FieldError::new("validation_must_be_system", "The field must be marked as \"System\".")
        } else {
            return FieldErrors::new();
        };
        FieldErrors::single(required.name, error).under("fields")
    }

    fn changed_system_field(&self) -> FieldErrors {
        let Some(old) = self.old.filter(|_| !self.new.is_view()) else { return FieldErrors::new() };
        let is_kept =
            |field: &Field| self.new.field_by_id(&field.id).is_some_and(|new| new.name == field.name);
        if old.fields.iter().filter(|field| field.system).all(is_kept) {
            return FieldErrors::new();
        }
        let message = "System fields cannot be deleted or renamed.";
        fields_error(FieldError::new("validation_system_field_change", message))
    }

    fn changed_types(&self) -> FieldErrors {
        if self.new.is_view() {
            return FieldErrors::new();
        }
        // A new collection may not use the ids of its default fields for anything else either.
        let defaults = Collection::new(self.new.kind.clone(), "", "");
        let old = self.old.unwrap_or(&defaults);
        self.each_field(|field| {
            let before = old.field_by_id(&field.id)?;
            let changed = before.kind.name() != field.kind.name();
            let message = "Field type cannot be changed.";
            changed.then(|| FieldError::new("validation_field_type_change", message))
        })
    }

    fn reserved_names(&self) -> FieldErrors {
        let mut errors = FieldErrors::new();
        for (position, field) in self.new.fields.iter().enumerate() {
            if self.new.is_auth() && RESERVED_AUTH_NAMES.contains(&field.name.as_str()) {
                let message = "The field name is reserved and cannot be used.";
                let error = FieldError::new("validation_reserved_field_name", message);
                errors.push_nested(position.to_string(), FieldErrors::single("name", error));
            }
        }
        errors.under("fields")
    }

    fn field_options(&self) -> FieldErrors {
        let mut errors = FieldErrors::new();
        for (position, field) in self.new.fields.iter().enumerate() {
            errors.push_nested(position.to_string(), self.options_of(field));
        }
        errors.under("fields")
    }

    fn each_field(&self, check: impl Fn(&Field) -> Option<FieldError>) -> FieldErrors {
        crate::checks::each(&self.new.fields, check).under("fields")
    }
}

fn fields_error(error: FieldError) -> FieldErrors {
    FieldErrors::single("fields", error)
}
