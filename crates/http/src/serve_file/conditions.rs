use std::time::SystemTime;

use http::HeaderMap;
use http::header::{HeaderName, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE};

/// What the conditions of a request come to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The client gets what it asks for.
    Send,
    /// The client gets the file, and not the range that it asked for in case the file is the one it knows.
    SendWhole,
    /// The client has it already.
    Unmodified,
    /// The client did not want this one.
    Failed,
}

/// Evaluates the conditions in the order of RFC 9110. Files have no entity tags, so none ever matches. `modified` is
/// in whole seconds, as the dates of the headers are.
pub(super) fn evaluate(headers: &HeaderMap, modified: Option<SystemTime>) -> Outcome {
    let text = |name: HeaderName| {
        let text = headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        text.filter(|text| !text.is_empty())
    };
    let date =
        |name: HeaderName| text(name).and_then(|text| httpdate::parse_http_date(text).ok()).zip(modified);

    let failed = match text(IF_MATCH) {
        Some(tags) => tags != "*",
        None => date(IF_UNMODIFIED_SINCE).is_some_and(|(since, modified)| modified > since),
    };
    if failed {
        return Outcome::Failed;
    }
    let unmodified = match text(IF_NONE_MATCH) {
        Some(tags) => tags == "*",
        None => date(IF_MODIFIED_SINCE).is_some_and(|(since, modified)| modified <= since),
    };
    if unmodified {
        return Outcome::Unmodified;
    }
    let is_other =
        text(IF_RANGE).is_some() && date(IF_RANGE).is_none_or(|(known, modified)| known != modified);
    if is_other { Outcome::SendWhole } else { Outcome::Send }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    const BEFORE: &str = "Tue, 14 Nov 2023 22:13:19 GMT";
    const SAME: &str = "Tue, 14 Nov 2023 22:13:20 GMT";

    fn outcome(headers: &[(HeaderName, &'static str)]) -> Outcome {
        let headers = headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        evaluate(&headers, Some(UNIX_EPOCH + Duration::from_secs(1_700_000_000)))
    }

    #[test]
    fn conditions_are_kept() {
        let cases: [(&[_], Outcome); 15] = [
            (&[], Outcome::Send),
            (&[(IF_MATCH, "*")], Outcome::Send),
            (&[(IF_MATCH, "\"x\"")], Outcome::Failed),
            (&[(IF_UNMODIFIED_SINCE, SAME)], Outcome::Send),
            (&[(IF_UNMODIFIED_SINCE, BEFORE)], Outcome::Failed),
            (&[(IF_UNMODIFIED_SINCE, "nonsense")], Outcome::Send),
            (&[(IF_MATCH, "*"), (IF_UNMODIFIED_SINCE, BEFORE)], Outcome::Send),
            (&[(IF_NONE_MATCH, "*")], Outcome::Unmodified),
            (&[(IF_NONE_MATCH, "\"x\""), (IF_MODIFIED_SINCE, SAME)], Outcome::Send),
            (&[(IF_MODIFIED_SINCE, SAME)], Outcome::Unmodified),
            (&[(IF_MODIFIED_SINCE, BEFORE)], Outcome::Send),
            (&[(IF_RANGE, SAME)], Outcome::Send),
            (&[(IF_RANGE, BEFORE)], Outcome::SendWhole),
            (&[(IF_RANGE, "\"x\"")], Outcome::SendWhole),
            (&[(IF_MATCH, "\"x\""), (IF_NONE_MATCH, "*")], Outcome::Failed),
        ];
        for (headers, expected) in cases {
            assert_eq!(outcome(headers), expected, "{headers:?}");
        }
    }
}
