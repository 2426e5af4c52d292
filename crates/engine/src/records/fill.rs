//! What the engine itself fills into a record before it is validated and written.

use ambient::{Entropy, EntropyExt};
use schema::value::autogenerate;
use schema::{FieldKind, Value};

use crate::{Error, Record, Result};

/// The length of a token key, in the alphabet of PocketBase's.
const TOKEN_KEY_LENGTH: usize = 50;
const TOKEN_KEY_ALPHABET: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// Generates the texts of a new record that are empty and have a pattern.
pub(super) fn generate(record: &mut Record, entropy: &dyn Entropy) -> Result<()> {
    for field in &record.collection().clone().fields {
        if let FieldKind::Text(options) = &field.kind
            && !options.autogenerate_pattern.is_empty()
            && record.text(&field.name).is_empty()
        {
            let text =
                autogenerate::generate(&options.autogenerate_pattern, entropy).map_err(Error::internal)?;
            record.put(&field.name, Value::Text(text));
        }
    }
    Ok(())
}

/// Sets the times of creation and change.
pub(super) fn set_times(record: &mut Record, new: bool, now: &str) {
    for field in &record.collection().clone().fields {
        if let FieldKind::Autodate(options) = &field.kind
            && (options.on_create && new || options.on_update && !new)
        {
            record.put(&field.name, Value::Text(now.to_owned()));
        }
    }
}

/// Makes all tokens of an auth record worthless when its password or address changes, unless the write itself sets
/// another key. Superusers are always verified.
pub(super) fn guard_login(record: &mut Record, original: Option<&Record>, entropy: &dyn Entropy) {
    if !record.collection().is_auth() {
        return;
    }
    if record.is_superuser() {
        record.put("verified", Value::Bool(true));
    }
    let Some(original) = original else { return };
    let changed = |name| record.get(name) != original.get(name);
    if (changed("password") || changed("email")) && !changed("tokenKey") {
        renew_token_key(record, entropy);
    }
}

/// Makes all tokens of an auth record worthless.
pub(super) fn renew_token_key(record: &mut Record, entropy: &dyn Entropy) {
    record.put("tokenKey", Value::Text(entropy.text(TOKEN_KEY_LENGTH, TOKEN_KEY_ALPHABET)));
}
