use std::borrow::Cow;

use schema::FieldErrors;

/// Why the engine did not do what it was asked: what the client may know, and apart from it the cause for the log.
#[derive(Debug, thiserror::Error)]
#[error("{}", if message.is_empty() { kind.meaning() } else { message })]
pub struct Error {
    /// Decides the status of the reply.
    pub kind: ErrorKind,
    /// For the client; empty for the kind's own default text.
    pub message: Cow<'static, str>,
    /// For the client, by field.
    pub data: FieldErrors,
    /// For the log alone: it can hold SQL, names of tables and paths.
    #[source]
    pub cause: Option<Cause>,
}

/// What lies behind an [`Error`].
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// The engine's results.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The kinds of [`Error`], each with the HTTP status it becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// 400
    BadRequest,
    /// 401
    Unauthorized,
    /// 403
    Forbidden,
    /// 404
    NotFound,
    /// 413
    TooLarge,
    /// 429
    TooManyRequests,
    /// 500
    Internal,
    /// 503
    Unavailable,
}

impl ErrorKind {
    /// What an error without a message means.
    fn meaning(self) -> &'static str {
        match self {
            Self::BadRequest => "the request is wrong",
            Self::Unauthorized => "nobody is logged in",
            Self::Forbidden => "it is not allowed",
            Self::NotFound => "it is not there",
            Self::TooLarge => "it is too large",
            Self::TooManyRequests => "too much is asked at once",
            Self::Internal => "the service failed",
            Self::Unavailable => "the service is not available",
        }
    }
}

impl Error {
    /// An error of this kind; an empty message stands for the kind's own default text.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, message: message.into(), data: FieldErrors::new(), cause: None }
    }

    /// 400 with this message.
    pub fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::BadRequest, message)
    }

    /// 401 with this message.
    pub fn unauthorized(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Unauthorized, message)
    }

    /// 403 with this message.
    pub fn forbidden(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Forbidden, message)
    }

    /// 404 with this message.
    pub fn not_found(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::NotFound, message)
    }

    /// 500; the cause goes to the log.
    pub fn internal(cause: impl Into<Cause>) -> Self {
        Self::new(ErrorKind::Internal, "").because(cause)
    }

    /// 400 with errors by field.
    pub fn invalid(message: impl Into<Cow<'static, str>>, data: FieldErrors) -> Self {
        Self { data, ..Self::bad_request(message) }
    }

    /// The same error as one of this kind, when the database did not take a query: a view, for example, that is made of
    /// what is not there any more.
    #[must_use]
    pub(crate) fn if_refused(self, kind: ErrorKind) -> Self {
        if self.is_refused_statement() { Self { kind, ..self } } else { self }
    }

    /// Whether the database did not take a statement: it names what is not there, for example.
    pub(crate) fn is_refused_statement(&self) -> bool {
        let cause = self.cause.as_deref().and_then(|cause| cause.downcast_ref::<store::Error>());
        matches!(cause, Some(store::Error::Statement(_)))
    }

    /// The same error with a cause for the log.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Cause>) -> Self {
        self.cause = Some(cause.into());
        self
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        let kind = match &error {
            store::Error::Busy(_) | store::Error::Conflict(_) | store::Error::Lost(_) => {
                ErrorKind::Unavailable
            }
            _ => ErrorKind::Internal,
        };
        Self::new(kind, "").because(error)
    }
}
