use std::time::Duration;

/// Why a mail was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An address is none.
    #[error("{address:?} is not a mail address: {cause}")]
    Address {
        /// What was taken for one.
        address: String,
        /// What is wrong with it.
        #[source]
        cause: lettre::address::AddressError,
    },
    /// It cannot be put together.
    #[error("the mail cannot be put together: {0}")]
    Compose(#[source] lettre::error::Error),
    /// The mail server is not there, or refused.
    #[error("the mail server {server}: {reason}")]
    Smtp {
        /// Its name and port.
        server: String,
        /// What it said, or what is wrong with the connection.
        reason: String,
        /// The same as the library has it.
        #[source]
        cause: lettre::transport::smtp::Error,
    },
    /// The connection is not encrypted; the password stays here.
    #[error("the mail server {server} offers no encryption, so the password was not sent to it")]
    Unencrypted {
        /// Its name and port.
        server: String,
    },
    /// The mail server took too long.
    #[error("the mail server {server} did not answer within {} seconds", limit.as_secs())]
    TimedOut {
        /// Its name and port.
        server: String,
        /// How long it had.
        limit: Duration,
    },
    /// No server is set up, and the system has no `sendmail`.
    #[error("no mail server is set up, and there is no sendmail executable")]
    NoSendmail,
    /// `sendmail` refused.
    #[error("sendmail: {0}")]
    Sendmail(#[source] std::io::Error),
}
