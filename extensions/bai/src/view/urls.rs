use engine::{Engine, Find, Record, Result};

use crate::names::ATTACHMENTS;

/// Where the file of an attachment can be downloaded, for a field that holds an `attachments_id`; empty when there is
/// no such attachment or it has no file. A field of an older client holds a URL, which stays as it is.
pub(super) async fn file_url(engine: &Engine, value: &str) -> Result<String> {
    if value.is_empty() || is_absolute(value) {
        return Ok(value.to_owned());
    }
    let attachment = engine.find_first(ATTACHMENTS, &Find::all().eq("attachments_id", value)).await?;
    let url = attachment.and_then(|attachment| download(&engine.settings().meta.app_url, &attachment));
    Ok(url.unwrap_or_default())
}

/// `None` when the attachment has no file.
fn download(app_url: &str, attachment: &Record) -> Option<String> {
    let name = attachment.items("attachments_link").into_iter().next()?.to_owned();
    let (collection, record) = (&attachment.collection().id, attachment.id());
    Some(format!("{}/pb/api/files/{collection}/{record}/{name}", app_url.trim_end_matches('/')))
}

fn is_absolute(value: &str) -> bool {
    ["http://", "https://"]
        .iter()
        .any(|scheme| value.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_urls_are_http_or_https() {
        assert!(is_absolute("https://example.com/a.png"));
        assert!(is_absolute("HTTP://example.com"));
        for other in
            ["ATT-1774599142438-8n1UcU", "//example.com", "ftp://example.com", "javascript:x", "图片图片图片"]
        {
            assert!(!is_absolute(other), "{other}");
        }
    }
}
