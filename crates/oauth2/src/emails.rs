//! The addresses of users whose profile does not say which of them is verified.

use serde_json::Value;

use crate::{Error, Session, Token};

/// Where a service lists the addresses of a user, and how it marks the one that counts.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Emails {
    /// `[{email, verified, primary}]` below the profile.
    Verified,
    /// `{values: [{email, is_primary, is_confirmed}]}` below the profile.
    Confirmed,
    /// `[{email, state, scope: []}]`, asked for when the profile has no public address.
    Scoped,
}

impl Emails {
    /// The address that counts; empty when there is none or the user does not let us see it. `public` is the address
    /// of the profile.
    pub(crate) async fn fetch(
        self,
        session: &Session<'_>,
        token: &Token,
        public: &str,
    ) -> Result<String, Error> {
        let address = match self {
            Self::Scoped if looks_like_an_address(public) => return Ok(public.to_owned()),
            Self::Scoped => "https://gitee.com/api/v5/emails".to_owned(),
            Self::Verified | Self::Confirmed => format!("{}/emails", session.client.endpoints.user_info),
        };
        let request = http::Request::get(address).header("Authorization", token.authorization());
        let request = request.body(Vec::new()).map_err(|_| Error::Address { what: "profile" })?;
        let response = session.call(request).await?;
        let status = response.status().as_u16();
        let is_kept_from_us = match self {
            Self::Confirmed => status >= 400,
            Self::Verified | Self::Scoped => matches!(status, 401 | 403 | 404),
        };
        if is_kept_from_us {
            return Ok(String::new());
        }
        let reply: Value =
            serde_json::from_slice(response.body()).map_err(|error| Error::malformed("addresses", error))?;
        // In place of the list, Gitee says in an object that the address is private.
        if matches!(self, Self::Verified) && !reply.is_array() {
            return Err(Error::malformed("addresses", "it is no list"));
        }
        Ok(self.pick(&reply))
    }

    fn pick(self, reply: &Value) -> String {
        let list = match self {
            Self::Confirmed => reply.get("values"),
            Self::Verified | Self::Scoped => Some(reply),
        };
        let list = list.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let counts = |entry: &&Value| match self {
            Self::Verified => is(entry, "verified") && is(entry, "primary"),
            Self::Confirmed => is(entry, "is_primary") && is(entry, "is_confirmed"),
            Self::Scoped => {
                let scopes = entry.get("scope").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                entry.get("state").is_some_and(|state| state == "confirmed")
                    && scopes.iter().any(|scope| scope == "primary")
                    && looks_like_an_address(text(entry))
            }
        };
        list.iter().find(counts).map(text).unwrap_or_default().to_owned()
    }
}

fn is(entry: &Value, name: &str) -> bool {
    entry.get(name) == Some(&Value::Bool(true))
}

fn text(entry: &Value) -> &str {
    entry.get("email").and_then(Value::as_str).unwrap_or_default()
}

/// The profile holds a note in place of an address that is kept private.
fn looks_like_an_address(text: &str) -> bool {
    let is_plain = !text.contains(char::is_whitespace);
    is_plain && text.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_an_address_that_is_primary_and_verified_counts() {
        let list = json!([
            {"email": "a@x.io", "verified": true, "primary": false},
            {"email": "b@x.io", "verified": false, "primary": true},
            {"email": "c@x.io", "verified": true, "primary": true},
        ]);
        assert_eq!(Emails::Verified.pick(&list), "c@x.io");
        let list = json!({"values": [
            {"email": "a@x.io", "is_primary": true, "is_confirmed": false},
            {"email": "b@x.io", "is_primary": true, "is_confirmed": true},
        ]});
        assert_eq!(Emails::Confirmed.pick(&list), "b@x.io");
        let list = json!([
            {"email": "a@x.io", "state": "confirmed", "scope": ["committed"]},
            {"email": "hidden", "state": "confirmed", "scope": ["primary"]},
            {"email": "b@x.io", "state": "confirmed", "scope": ["notified", "primary"]},
        ]);
        assert_eq!(Emails::Scoped.pick(&list), "b@x.io");
        assert_eq!(Emails::Scoped.pick(&json!({"email": "a@x.io"})), "");
    }
}
