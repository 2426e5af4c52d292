use std::path::Path;

use indexmap::IndexMap;
use reqwest::multipart::{Form, Part as FormPart};
use reqwest::{Client, RequestBuilder};

use super::scenario::{Body, Case, Content, Part};

/// Where the files are that are sent.
const FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/files");

impl Case {
    /// The request to the server at this address, with the values of variables.
    ///
    /// # Panics
    /// When a file is unknown.
    pub(super) fn request(
        &self,
        client: &Client,
        base: &str,
        variables: &IndexMap<String, String>,
    ) -> RequestBuilder {
        let fill = |text: &str| fill(text, variables);
        let mut url = format!("{base}{}", fill(&self.path));
        for (name, value) in &self.query {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&format!("{}={}", escape(name), escape(&fill(value))));
        }
        let mut request = client.request(self.method.clone(), url);
        if let Some(caller) = &self.caller {
            request = request.header("Authorization", fill(&format!("{{{{{caller}}}}}")));
        }
        for (name, value) in &self.headers {
            request = request.header(name, fill(value));
        }
        match &self.body {
            Body::Empty => request,
            Body::Text(content_type, text) => request.header("Content-Type", content_type).body(fill(text)),
            Body::Form(parts) => request.multipart(form(parts, &fill)),
        }
    }
}

fn form(parts: &[Part], fill: &impl Fn(&str) -> String) -> Form {
    parts.iter().fold(Form::new(), |form, part| match part {
        Part::Value(name, value) => form.text(name.clone(), fill(value)),
        Part::File { field, name, content } => {
            let bytes = match content {
                Content::Text(text) => fill(text).into_bytes(),
                Content::Stored(file) => std::fs::read(Path::new(FILES).join(file)).expect("a stored file"),
            };
            form.part(field.clone(), FormPart::bytes(bytes).file_name(name.clone()))
        }
    })
}

/// Puts values in the places of `{{name}}`. A variable without a value stays: the reply will be another one.
fn fill(text: &str, variables: &IndexMap<String, String>) -> String {
    variables
        .iter()
        .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value))
}

/// Escapes everything but letters and digits.
fn escape(text: &str) -> String {
    let escaped = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_filled_in() {
        let variables = IndexMap::from([("a.b".to_owned(), "1".to_owned())]);
        assert_eq!(fill("x{{a.b}}y{{{\"c\":{}}}{{nobody}}", &variables), "x1y{{{\"c\":{}}}{{nobody}}");
    }
}
