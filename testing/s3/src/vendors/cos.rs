//! The signature of COS: HMAC-SHA1 over the parameters and the headers that the signature names.
//!
//! Source: Tencent Cloud, "Request Signature" of the COS API documentation.

use std::time::UNIX_EPOCH;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::{Digest as _, Sha1};

use super::request::{Request, hex, hmac_sha1, now};
use crate::{ACCESS_KEY, SECRET};

/// What stays as it is in names and values.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) fn check(request: &Request) -> Result<(), String> {
    let said = |name: &str| -> Result<&str, String> {
        let parts = request.header("authorization").split('&');
        let value = parts.filter_map(|part| part.split_once('=')).find(|(key, _)| *key == name);
        value.map(|(_, value)| value).ok_or_else(|| format!("InvalidArgument: no {name}"))
    };
    let time = said("q-sign-time")?;
    if said("q-sign-algorithm")? != "sha1" || said("q-ak")? != ACCESS_KEY || said("q-key-time")? != time {
        return Err("InvalidAccessKeyId".into());
    }
    let now = now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (start, end) = time.split_once(';').ok_or("InvalidArgument: no time")?;
    let seconds = |text: &str| text.parse::<u64>().map_err(|error| error.to_string());
    if seconds(start)? > now + 60 || seconds(end)? < now {
        return Err("RequestTimeTooSkewed".into());
    }
    let encode = |text: &str| utf8_percent_encode(text, ENCODED).to_string();
    // All parameters are signed, and those of the headers that are named.
    let mut parameters: Vec<_> =
        request.query.iter().map(|(name, value)| (encode(name).to_lowercase(), encode(value))).collect();
    parameters.sort();
    let names = parameters.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(";");
    if said("q-url-param-list")? != names {
        return Err(format!("SignatureDoesNotMatch: the parameters are {names}"));
    }
    let listed = said("q-header-list")?;
    let headers: Vec<_> = listed.split(';').filter(|name| !name.is_empty()).collect();
    if !headers.is_sorted()
        || request
            .lines_of("x-cos-")
            .lines()
            .any(|line| !headers.contains(&line.split(':').next().unwrap_or_default()))
    {
        return Err(format!("SignatureDoesNotMatch: the headers are {listed}"));
    }
    let pairs = |pairs: Vec<(String, String)>| {
        pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    };
    let headers = headers.into_iter().map(|name| (name.to_owned(), encode(request.header(name)))).collect();
    let text = format!(
        "{}\n{}\n{}\n{}\n",
        request.method.to_lowercase(),
        request.decoded_path(),
        pairs(parameters),
        pairs(headers),
    );
    let to_sign = format!("sha1\n{time}\n{}\n", hex(&Sha1::digest(text.as_bytes())));
    let key = hex(&hmac_sha1(SECRET.as_bytes(), time));
    let signature = hex(&hmac_sha1(key.as_bytes(), &to_sign));
    if said("q-signature")? == signature { Ok(()) } else { Err(format!("SignatureDoesNotMatch: {text:?}")) }
}
