//! The bodies of a collection's operations as JSON Schema.

use schema::{Collection, Field, FieldKind};
use serde_json::{Map, Value, json};

use super::{Audience, field};

/// A collection's records, as they are sent and taken.
pub(super) struct Record<'a> {
    pub(super) collection: &'a Collection,
    /// All collections, to name those that relations point to.
    pub(super) collections: &'a [&'a Collection],
    pub(super) audience: Audience,
}

impl<'a> Record<'a> {
    /// A record in a reply.
    pub(super) fn reply(&self) -> Value {
        let mut properties = Map::new();
        properties.insert("collectionId".into(), json!({"type": "string", "examples": [self.collection.id]}));
        properties
            .insert("collectionName".into(), json!({"type": "string", "examples": [self.collection.name]}));
        for field in self.fields() {
            // No reply ever holds these two.
            if !(self.collection.is_auth() && matches!(field.name.as_str(), "password" | "tokenKey")) {
                properties.insert(field.name.clone(), field::reply(field, self.collections));
            }
        }
        // A caller who may not see an address gets no key for it at all.
        let may_be_absent = |name: &str| self.collection.is_auth() && name == "email";
        let required: Vec<&String> = properties.keys().filter(|name| !may_be_absent(name)).collect();
        json!({"type": "object", "required": required, "properties": properties})
    }

    /// A page of records.
    pub(super) fn page(&self) -> Value {
        let item = json!({"$ref": format!("#/components/schemas/{}", self.collection.name)});
        let counter = json!({"type": "integer"});
        json!({
            "type": "object",
            "required": ["page", "perPage", "totalItems", "totalPages", "items"],
            "properties": {
                "page": counter,
                "perPage": counter,
                "totalItems": {"type": "integer", "description": "带 `skipTotal` 时为 -1"},
                "totalPages": {"type": "integer", "description": "带 `skipTotal` 时为 -1"},
                "items": {"type": "array", "items": item},
            },
        })
    }

    /// The body of a create.
    pub(super) fn create(&self, in_form: bool) -> Value {
        let mut properties = self.inputs(in_form);
        let mut required: Vec<&str> = self
            .writable()
            .filter(|field| field::is_required(field) && (in_form || !is_file(field)))
            .map(|field| field.name.as_str())
            .collect();
        if self.collection.is_auth() {
            properties.insert("passwordConfirm".into(), confirmation());
            required.push("passwordConfirm");
        }
        json!({"type": "object", "required": required, "properties": properties})
    }

    /// The body of an update: whatever is left out stays as it is.
    pub(super) fn update(&self, in_form: bool) -> Value {
        let mut properties = self.inputs(in_form);
        properties.remove("id");
        if self.collection.is_auth() {
            properties.insert("passwordConfirm".into(), confirmation());
            let note = "修改自己的密码时必填;超级用户与管理者不需要";
            let old = json!({"type": "string", "format": "password", "description": note});
            properties.insert("oldPassword".into(), old);
        }
        json!({"type": "object", "properties": properties})
    }

    /// Whether records hold files, so that a form is needed to send them.
    pub(super) fn has_files(&self) -> bool {
        self.fields().any(is_file)
    }

    fn inputs(&self, in_form: bool) -> Map<String, Value> {
        let schema = if in_form { field::form } else { field::input };
        self.writable().map(|field| (field.name.clone(), schema(field, self.collections))).collect()
    }

    fn fields(&self) -> impl Iterator<Item = &'a Field> {
        let all = self.audience == Audience::Superusers;
        let auth = self.collection.is_auth();
        // A password is hidden because no reply holds it; everybody who creates a record sends one.
        let shown = move |field: &Field| all || !field.hidden || (auth && field.name == "password");
        self.collection.fields.iter().filter(move |field| shown(field))
    }

    fn writable(&self) -> impl Iterator<Item = &'a Field> {
        self.fields().filter(|field| !matches!(field.kind, FieldKind::Autodate(_)))
    }
}

fn is_file(field: &Field) -> bool {
    matches!(field.kind, FieldKind::File(_))
}

fn confirmation() -> Value {
    json!({"type": "string", "format": "password", "description": "须与 `password` 相同"})
}
