use std::time::{Duration, SystemTime};

use base64::Engine as _;
use bytes::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderMap;
use percent_encoding::percent_decode_str;
use sha1::Sha1;

use crate::{ACCESS_KEY, SECRET};

/// How far the clocks of client and store may be apart.
const SKEW: Duration = Duration::from_mins(15);

/// What a client sent.
pub(super) struct Request {
    pub(super) method: String,
    /// As it was sent: percent-encoded.
    pub(super) path: String,
    /// Decoded, in the order in which they were sent.
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Request {
    /// Why the request is not signed in its header as OSS and OBS have it: HMAC-SHA1 over its lines. `own` is what the
    /// vendor's own headers begin with, `path` the path as it is signed, `sub_resources` the parameters that are.
    pub(super) fn check_lines(
        &self,
        scheme: &str,
        own: &str,
        bucket: &str,
        path: &str,
        sub_resources: &[&str],
    ) -> Result<(), String> {
        if !self.is_fresh() {
            return Err("RequestTimeTooSkewed".into());
        }
        let text = format!(
            "{}\n{}\n{}\n{}\n{}/{bucket}{path}{}",
            self.method,
            self.header("content-md5"),
            self.header("content-type"),
            self.header("date"),
            self.lines_of(own),
            self.sub_resources(sub_resources),
        );
        let signature = base64(&hmac_sha1(SECRET.as_bytes(), &text));
        if self.header("authorization") == format!("{scheme} {ACCESS_KEY}:{signature}") {
            Ok(())
        } else {
            Err(format!("SignatureDoesNotMatch: {text:?}"))
        }
    }

    /// The value of a header, or nothing.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap_or_default())
    }

    /// The value of a parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The path as it is meant.
    pub(super) fn decoded_path(&self) -> String {
        decode(&self.path)
    }

    /// The headers with this prefix, a line each, by name.
    pub(super) fn lines_of(&self, prefix: &str) -> String {
        let mut lines: Vec<_> = self
            .headers
            .keys()
            .filter(|name| name.as_str().starts_with(prefix))
            .map(|name| format!("{name}:{}\n", self.header(name.as_str())))
            .collect();
        lines.sort();
        lines.concat()
    }

    /// Those of the parameters that are part of what is signed, by name, as a query.
    pub(super) fn sub_resources(&self, known: &[&str]) -> String {
        let mut signed: Vec<_> =
            self.query.iter().filter(|(name, _)| known.contains(&name.as_str())).collect();
        signed.sort();
        let one = |(name, value): &(String, String)| {
            if value.is_empty() { name.clone() } else { format!("{name}={value}") }
        };
        let all = signed.into_iter().map(one).collect::<Vec<_>>().join("&");
        if all.is_empty() { all } else { format!("?{all}") }
    }

    /// Whether the date is about now.
    pub(super) fn is_fresh(&self) -> bool {
        let sent = httpdate::parse_http_date(self.header("date"));
        sent.is_ok_and(|sent| now().duration_since(sent).unwrap_or_else(|early| early.duration()) < SKEW)
    }
}

/// The time, which clients sign.
#[expect(clippy::disallowed_methods, reason = "signatures are good for a while by the clock of the machine")]
pub(super) fn now() -> SystemTime {
    SystemTime::now()
}

/// A text without percent signs.
pub(super) fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// HMAC with SHA-1.
pub(super) fn hmac_sha1(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("keys have any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// Bytes in Base64.
pub(super) fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// Bytes in hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
