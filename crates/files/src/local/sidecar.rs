//! The file beside a file that holds its properties, as PocketBase writes it.

use std::{collections::BTreeMap, io, path::Path};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};

use crate::Properties;

/// The key of the original name in the sidecar's metadata.
const ORIGINAL_NAME: &str = "original-filename";
/// The longest original name that is kept, in bytes.
const MAX_ORIGINAL_NAME: usize = 255;
/// The content type of a file without a sidecar.
const UNKNOWN_TYPE: &str = "application/octet-stream";

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Sidecar {
    #[serde(rename = "user.cache_control")]
    cache_control: String,
    #[serde(rename = "user.content_disposition")]
    content_disposition: String,
    #[serde(rename = "user.content_encoding")]
    content_encoding: String,
    #[serde(rename = "user.content_language")]
    content_language: String,
    #[serde(rename = "user.content_type")]
    content_type: String,
    #[serde(rename = "user.metadata")]
    metadata: Option<BTreeMap<String, String>>,
    md5: Option<String>,
}

/// The text of a sidecar.
pub(super) fn render(properties: &Properties, md5: [u8; 16]) -> io::Result<String> {
    let sidecar = Sidecar {
        content_type: properties.content_type.clone(),
        metadata: properties.original_name.as_deref().map(|name| {
            let end = name.floor_char_boundary(MAX_ORIGINAL_NAME);
            [(ORIGINAL_NAME.to_owned(), name.get(..end).unwrap_or_default().to_owned())].into()
        }),
        md5: Some(BASE64_STANDARD.encode(md5)),
        ..Sidecar::default()
    };
    let mut text = serde_json::to_string(&sidecar)?;
    // Outside of strings these characters do not occur in JSON.
    for (character, escaped) in [
        ('<', "\\u003c"),
        ('>', "\\u003e"),
        ('&', "\\u0026"),
        ('\u{2028}', "\\u2028"),
        ('\u{2029}', "\\u2029"),
    ] {
        text = text.replace(character, escaped);
    }
    text.push('\n');
    Ok(text)
}

/// What the sidecar at this path says. One that is missing or unreadable says that nothing is known about the file:
/// its bytes can still be had.
pub(super) fn read(path: &Path) -> io::Result<(Properties, Option<[u8; 16]>)> {
    let sidecar = match std::fs::read(path) {
        Ok(text) => serde_json::from_slice(&text).unwrap_or_else(|error| {
            tracing::warn!(path = %path.display(), %error, "unreadable properties of a file");
            Sidecar { content_type: UNKNOWN_TYPE.to_owned(), ..Sidecar::default() }
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Sidecar { content_type: UNKNOWN_TYPE.to_owned(), ..Sidecar::default() }
        }
        Err(error) => return Err(error),
    };
    let original_name = sidecar.metadata.and_then(|mut metadata| metadata.remove(ORIGINAL_NAME));
    let md5 = sidecar.md5.and_then(|text| BASE64_STANDARD.decode(text).ok()?.try_into().ok());
    Ok((Properties { content_type: sidecar.content_type, original_name }, md5))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(properties: &Properties) -> (String, Properties) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.attrs");
        let text = render(properties, [7; 16]).unwrap();
        std::fs::write(&path, &text).unwrap();
        let (read, md5) = read(&path).unwrap();
        assert_eq!(md5, Some([7; 16]));
        (text, read)
    }

    #[test]
    fn the_text_is_the_one_that_pocketbase_writes() {
        let properties = Properties {
            content_type: "text/plain; charset=utf-8".into(),
            original_name: Some("a <b> & \"图\".txt".into()),
        };
        let (text, read) = written(&properties);
        let expected = concat!(
            r#"{"user.cache_control":"","user.content_disposition":"","user.content_encoding":"","#,
            r#""user.content_language":"","user.content_type":"text/plain; charset=utf-8","#,
            r#""user.metadata":{"original-filename":"a \u003cb\u003e \u0026 \"图\".txt"},"#,
            r#""md5":"BwcHBwcHBwcHBwcHBwcHBw=="}"#,
            "\n"
        );
        assert_eq!(text, expected);
        assert_eq!(read, properties);
    }

    #[test]
    fn without_an_original_name_the_metadata_is_null() {
        let (text, read) = written(&Properties { content_type: "image/png".into(), original_name: None });
        assert!(text.contains(r#""user.metadata":null,"#));
        assert_eq!(read.original_name, None);
    }

    #[test]
    fn a_long_original_name_is_cut_between_characters() {
        let (_, read) =
            written(&Properties { original_name: Some("图".repeat(100)), ..Properties::default() });
        assert_eq!(read.original_name, Some("图".repeat(85)));
    }

    #[test]
    fn a_broken_or_missing_sidecar_hides_no_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.attrs");
        let unknown = Properties { content_type: UNKNOWN_TYPE.into(), original_name: None };
        assert_eq!(read(&path).unwrap(), (unknown.clone(), None));
        std::fs::write(&path, "{\"user.con").unwrap();
        assert_eq!(read(&path).unwrap(), (unknown, None));
    }
}
