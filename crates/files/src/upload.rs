use crate::Content;

/// A file as a client sent it.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The name that the client gave it, without directories. Never a path to use: see [`crate::stored_name`].
    pub original_name: String,
    /// The content type that the client claims; what counts is [`crate::mime::detect`].
    pub content_type: Option<String>,
    /// Its bytes.
    pub content: Content,
}
