use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::{Value, json};

use crate::Server;

/// Makes tokens of a record with the keys in the database, as nobody outside could.
#[derive(Debug, Clone)]
pub struct Forge {
    key: String,
    claims: Value,
}

impl Forge {
    /// Reads the keys of a record. The collection is an auth collection.
    pub fn of(server: &Server, collection: &str, record: &str) -> Self {
        let database = server.database();
        let of_collection =
            |column| database.text(&format!("SELECT {column} FROM _collections WHERE name = '{collection}'"));
        let (id, options) = (of_collection("id"), of_collection("options"));
        let token_key =
            database.text(&format!("SELECT \"tokenKey\" FROM \"{collection}\" WHERE id = '{record}'"));
        let options: Value = serde_json::from_str(&options).expect("options are JSON");
        let secret = options["authToken"]["secret"].as_str().expect("a secret");
        let claims = json!({
            "collectionId": id, "exp": 2_524_604_461_u64, "id": record, "refreshable": true, "type": "auth",
        });
        Self { key: format!("{token_key}{secret}"), claims }
    }

    /// The same, signed as the tokens of another kind are, such as `verificationToken`.
    #[must_use]
    pub fn of_kind(mut self, server: &Server, collection: &str, kind: &str) -> Self {
        let options = format!("SELECT options FROM _collections WHERE name = '{collection}'");
        let options: Value =
            serde_json::from_str(&server.database().text(&options)).expect("options are JSON");
        let secret = |kind: &str| options[kind]["secret"].as_str().expect("a secret").to_owned();
        let token_key = self.key.strip_suffix(&secret("authToken")).expect("the key of the usual tokens");
        self.key = format!("{token_key}{}", secret(kind));
        self
    }

    /// The same with another value of a claim; `null` removes it.
    #[must_use]
    pub fn claim(mut self, name: &str, value: Value) -> Self {
        let claims = self.claims.as_object_mut().expect("claims are an object");
        if value.is_null() {
            claims.remove(name);
        } else {
            claims.insert(name.to_owned(), value);
        }
        self
    }

    /// The same with another key.
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        key.clone_into(&mut self.key);
        self
    }

    /// The token.
    pub fn token(&self) -> String {
        encode(&Header::default(), &self.claims, &EncodingKey::from_secret(self.key.as_bytes()))
            .expect("a token")
    }
}
