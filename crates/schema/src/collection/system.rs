//! The collections that a new database starts with.

use ambient::Entropy;

use super::{AuthOptions, Collection, CollectionKind, Rules};
use crate::field::{AutodateOptions, Field, FieldKind, FileOptions, PasswordOptions, TextOptions, add_field};

/// The name of the collection of superusers.
pub const SUPERUSERS: &str = "_superusers";
/// The name of the collection of logins that wait for a second method.
pub const MFAS: &str = "_mfas";
/// The name of the collection of one-time passwords.
pub const OTPS: &str = "_otps";
/// The name of the collection of links to other services' accounts.
pub const EXTERNAL_AUTHS: &str = "_externalAuths";
/// The name of the collection of places from which somebody logged in.
pub const AUTH_ORIGINS: &str = "_authOrigins";

const OWNER: &str =
    "@request.auth.id != '' && recordRef = @request.auth.id && collectionRef = @request.auth.collectionId";

/// The collections of a new database in the order of their creation, the last one being the `users` that an owner
/// may change or delete. `now` is a time text.
pub fn all(entropy: &dyn Entropy, now: &str) -> Vec<Collection> {
    let mut collections =
        vec![mfas(), otps(), external_auths(), auth_origins(), superusers(entropy), users(entropy)];
    for collection in &mut collections {
        now.clone_into(&mut collection.created);
        now.clone_into(&mut collection.updated);
    }
    collections
}

fn mfas() -> Collection {
    let mut collection = owned(MFAS, vec![required("method")], Deletable::No);
    collection.add_index("idx_mfas_collectionRef_recordRef", false, "collectionRef,recordRef", "");
    collection
}

fn otps() -> Collection {
    // A low cost is enough for a password that is short-lived anyway, and keeps logins fast.
    let password = PasswordOptions { cost: 8, required: true, ..PasswordOptions::default() };
    let password = Field { hidden: true, ..Field::new("password", FieldKind::Password(password)) };
    let sent_to = Field { hidden: true, ..Field::new("sentTo", FieldKind::Text(TextOptions::default())) };
    let mut collection = owned(OTPS, vec![password, sent_to], Deletable::No);
    collection.add_index("idx_otps_collectionRef_recordRef", false, "collectionRef, recordRef", "");
    collection
}

fn external_auths() -> Collection {
    let fields = vec![required("provider"), required("providerId")];
    let mut collection = owned(EXTERNAL_AUTHS, fields, Deletable::Yes);
    let columns = "collectionRef, recordRef, provider";
    collection.add_index("idx_externalAuths_record_provider", true, columns, "");
    let columns = "collectionRef, provider, providerId";
    collection.add_index("idx_externalAuths_collection_provider", true, columns, "");
    collection
}

fn auth_origins() -> Collection {
    let mut collection = owned(AUTH_ORIGINS, vec![required("fingerprint")], Deletable::Yes);
    let columns = "collectionRef, recordRef, fingerprint";
    collection.add_index("idx_authOrigins_unique_pairs", true, columns, "");
    collection
}

fn superusers(entropy: &dyn Entropy) -> Collection {
    let mut options = AuthOptions::with_defaults(entropy);
    options.auth_token.duration = 86_400;
    let mut collection = Collection::new(CollectionKind::Auth(Box::new(options)), SUPERUSERS, "");
    collection.system = true;
    add_system_fields(&mut collection, times());
    collection
}

fn users(entropy: &dyn Entropy) -> Collection {
    let mut options = AuthOptions::with_defaults(entropy);
    options.oauth2.mapped_fields.name = "name".to_owned();
    options.oauth2.mapped_fields.avatar_url = "avatar".to_owned();
    let kind = CollectionKind::Auth(Box::new(options));
    let mut collection = Collection::new(kind, "users", "_pb_users_auth_");
    let owner = || Some("id = @request.auth.id".to_owned());
    collection.rules =
        Rules { list: owner(), view: owner(), create: Some(String::new()), update: owner(), delete: owner() };

    let name = TextOptions { max: 255, ..TextOptions::default() };
    let pictures = ["image/jpeg", "image/png", "image/svg+xml", "image/gif", "image/webp"];
    let avatar = FileOptions {
        max_select: 1,
        mime_types: Some(pictures.map(str::to_owned).into()),
        ..FileOptions::default()
    };
    add_field(&mut collection.fields, Field::new("name", FieldKind::Text(name)));
    add_field(&mut collection.fields, Field::new("avatar", FieldKind::File(avatar)));
    for field in times() {
        add_field(&mut collection.fields, field);
    }
    collection
}

#[derive(Clone, Copy, PartialEq)]
enum Deletable {
    Yes,
    No,
}

/// A collection of records that belong to a record of another collection, which sees them and may delete them.
fn owned(name: &str, fields: Vec<Field>, deletable: Deletable) -> Collection {
    let mut collection = Collection::new(CollectionKind::Base, name, "");
    collection.system = true;
    collection.rules.list = Some(OWNER.to_owned());
    collection.rules.view = Some(OWNER.to_owned());
    if deletable == Deletable::Yes {
        collection.rules.delete = Some(OWNER.to_owned());
    }
    add_system_fields(&mut collection, [required("collectionRef"), required("recordRef")]);
    add_system_fields(&mut collection, fields);
    add_system_fields(&mut collection, times());
    collection
}

fn add_system_fields(collection: &mut Collection, fields: impl IntoIterator<Item = Field>) {
    for field in fields {
        add_field(&mut collection.fields, Field { system: true, ..field });
    }
}

fn required(name: &str) -> Field {
    Field::new(name, FieldKind::Text(TextOptions { required: true, ..TextOptions::default() }))
}

fn times() -> [Field; 2] {
    let autodate = |name, on_update| {
        Field::new(name, FieldKind::Autodate(AutodateOptions { on_create: true, on_update }))
    };
    [autodate("created", false), autodate("updated", true)]
}
