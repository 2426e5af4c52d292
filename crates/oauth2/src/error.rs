use crate::HttpError;

/// Why a service did not tell who a user is. For the log: free of codes, tokens and secrets.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There was no reply.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// An address of the configuration cannot be called.
    #[error("the {what} address is not one that can be called")]
    Address {
        /// Which of them.
        what: &'static str,
    },
    /// The service refused, in its own words.
    #[error("the service refused: {0}")]
    Refused(String),
    /// The service answered with an error status.
    #[error("the service answered a request for the {what} with status {status}")]
    Status {
        /// What was asked for.
        what: &'static str,
        /// The HTTP status.
        status: u16,
    },
    /// The reply is not the documented one.
    #[error("the {what} of the service cannot be read: {why}")]
    Malformed {
        /// What was asked for.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// The service says that the account may not be used.
    #[error("the account is not active")]
    Inactive,
    /// The ID token is not one to trust.
    #[error("the ID token is not valid: {0}")]
    IdToken(String),
}

impl Error {
    /// A reply that is not the documented one.
    #[expect(clippy::needless_pass_by_value, reason = "so that it can be handed to map_err")]
    pub fn malformed(what: &'static str, why: impl ToString) -> Self {
        Self::Malformed { what, why: why.to_string() }
    }

    #[expect(clippy::needless_pass_by_value, reason = "so that it can be handed to map_err")]
    pub(crate) fn id_token(why: impl ToString) -> Self {
        Self::IdToken(why.to_string())
    }
}
