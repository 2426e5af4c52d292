//! The documented successful replies.

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub(crate) struct LoginReply {
    pub(crate) openid: String,
    pub(crate) session_key: String,
    pub(crate) unionid: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct TokenReply {
    pub(crate) access_token: String,
    /// Seconds.
    pub(crate) expires_in: i64,
}

#[derive(Deserialize)]
pub(crate) struct PhoneReply {
    pub(crate) phone_info: PhoneInfo,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PhoneInfo {
    pub(crate) phone_number: String,
    pub(crate) pure_phone_number: String,
    #[serde(default)]
    country_code: Value,
}

impl PhoneInfo {
    /// The country code, which WeChat sends as a string or as a number; empty when it sends neither.
    pub(crate) fn country_code(&self) -> String {
        match &self.country_code {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn country_code(json: &str) -> String {
        let json = format!(r#"{{"phoneNumber":"1","purePhoneNumber":"1"{json}}}"#);
        serde_json::from_str::<PhoneInfo>(&json).unwrap().country_code()
    }

    #[test]
    fn country_codes_come_as_string_or_number() {
        assert_eq!(country_code(r#","countryCode":"86""#), "86");
        assert_eq!(country_code(r#","countryCode":86"#), "86");
        assert_eq!(country_code(""), "");
    }
}
