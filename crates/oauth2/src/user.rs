use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// Who somebody is to a service.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct User {
    /// The service's own id of them. Empty when it gave none: nobody can be recognised by that.
    pub id: String,
    /// The name to show.
    pub name: String,
    /// The name by which the service knows them.
    pub username: String,
    /// An e-mail address, only when the service has verified it.
    pub email: String,
    /// Where their picture is.
    pub avatar_url: String,
    /// All that the service said of them.
    pub raw: Map<String, Value>,
    /// To ask the service for more on their behalf.
    pub access_token: String,
    /// To renew the access token; empty when there is none.
    pub refresh_token: String,
    /// When the access token ends; `None` when it does not or the service did not say.
    pub expiry: Option<Timestamp>,
}

impl User {
    /// The form of the native API, which has the address of the picture twice for clients of before v0.23.
    pub fn to_json(&self) -> Map<String, Value> {
        let expiry = self.expiry.map(ambient::format_timestamp).unwrap_or_default();
        let json = json!({
            "id": self.id,
            "name": self.name,
            "username": self.username,
            "email": self.email,
            "avatarURL": self.avatar_url,
            "avatarUrl": self.avatar_url,
            "rawUser": self.raw,
            "accessToken": self.access_token,
            "refreshToken": self.refresh_token,
            "expiry": expiry,
        });
        match json {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }
}
