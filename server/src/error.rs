use std::io;
use std::path::PathBuf;

use engine::StartError;
use schema::error::{ErrorNode, FieldErrors, sentence};

use crate::cli::ListenAddress;

/// Why a command failed. The texts are for the one who gave the command.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("the runtime does not start: {0}")]
    Runtime(#[source] io::Error),
    #[error("signals cannot be waited for: {0}")]
    Signals(#[source] io::Error),
    #[error("{} is not a directory", .0.display())]
    NotADirectory(PathBuf),
    #[error("{} cannot be written: {cause}", path.display())]
    Unwritable { path: PathBuf, cause: io::Error },
    #[error("the data directory {} is served by another baibase", .0.display())]
    InUse(PathBuf),
    #[error("{}: {cause}", path.display())]
    Database { path: PathBuf, cause: store::Error },
    #[error(transparent)]
    Address(store_postgres::OpenError),
    #[error("{location}: {cause}")]
    Remote { location: String, cause: store_postgres::OpenError },
    #[error("{place} cannot be used: {}", start_error(cause))]
    Start { place: String, cause: StartError },
    #[error(transparent)]
    Files(files_object::AddressError),
    #[error("{location} cannot be used: {}", chain(cause))]
    FilesUnusable { location: String, cause: files::Error },
    #[error("a restore that was interrupted cannot be undone: {0}")]
    Recover(#[source] archive::Error),
    #[error("what a restore left behind: {}", chain(&**.0))]
    Restore(engine::Cause),
    #[error("cannot listen on {address}: {}", bind_error(cause))]
    Bind { address: ListenAddress, cause: io::Error },
    #[error("the encryption key in {name} cannot be used: {cause}")]
    EncryptionKey { name: String, cause: engine::settings::EncryptionError },
    #[error(transparent)]
    WeChat(#[from] wechat::ConfigError),
    #[error("{} holds no data: there is no data.db", .0.display())]
    NoData(PathBuf),
    #[error("the source and the target are the same: {}", .0.display())]
    SamePlace(PathBuf),
    #[error("the target {} is not empty: it has {name}", path.display())]
    NotEmpty { path: PathBuf, name: String },
    #[error("interrupted: nothing was copied")]
    Interrupted,
    #[error("{}", copy_error(.0))]
    Copy(#[from] ::copy::Error),
    #[error("{}: {reason}", path.display())]
    Snapshot { path: PathBuf, reason: String },
    #[error("{} cannot be used for TLS: {reason}", path.display())]
    Certificate { path: PathBuf, reason: String },
    #[error("certificates cannot be fetched: {0}")]
    Acme(String),
    #[error(
        "--https needs the names of this server (`serve example.com`), or a certificate (--tls-cert, --tls-key)"
    )]
    NoNames,
    #[error("cancelled")]
    Cancelled,
    #[error("this program does not replace itself: stop it, and put the new one in its place")]
    NoSelfUpdate,
    #[error("the password cannot be read: {0}")]
    Password(#[source] io::Error),
    #[error("no password was given, neither as an argument nor on standard input")]
    NoPassword,
    #[error("{}", engine_error(.0))]
    Refused(#[source] engine::Error),
    #[error("the databases could not be closed: {}", engine_error(.0))]
    Close(#[source] engine::Error),
}

/// An error and what lies behind it.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |error| error.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

fn bind_error(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => "the port is in use".to_owned(),
        io::ErrorKind::AddrNotAvailable => "this machine does not have that address".to_owned(),
        io::ErrorKind::PermissionDenied => "not permitted (ports below 1024 need privileges)".to_owned(),
        _ => error.to_string(),
    }
}

fn copy_error(error: &::copy::Error) -> String {
    match error {
        ::copy::Error::Source(cause) => format!("the source cannot be copied: {}", start_error(cause)),
        ::copy::Error::Views(cause) => format!("the views cannot be made: {}", engine_error(cause)),
        other => other.to_string(),
    }
}

fn start_error(error: &StartError) -> String {
    match error {
        StartError::Extension { name, cause } => {
            format!("the extension {name} does not start: {}", engine_error(cause))
        }
        StartError::Upgrade { migration, cause } => {
            format!("the data cannot be upgraded ({migration}): {}", engine_error(cause))
        }
        StartError::Store(cause) => cause.to_string(),
        StartError::Engine(cause) => format!("the database cannot be set up: {}", engine_error(cause)),
        other => other.to_string(),
    }
}

/// What an error of the engine says to the operator: unlike a client, they may know the cause.
pub(crate) fn engine_error(error: &engine::Error) -> String {
    let mut parts = Vec::new();
    if !error.message.is_empty() {
        parts.push(error.message.to_string());
    }
    let mut fields = Vec::new();
    collect(&error.data, "", &mut fields);
    parts.extend((!fields.is_empty()).then(|| fields.join(" ")));
    if parts.is_empty() {
        parts.push(error.cause.as_ref().map_or_else(|| error.to_string(), ToString::to_string));
    }
    parts.join(" ")
}

/// One `field: sentence` for each error.
fn collect(errors: &FieldErrors, prefix: &str, into: &mut Vec<String>) {
    for (field, node) in &errors.0 {
        match node {
            ErrorNode::Leaf(error) => into.push(format!("{prefix}{field}: {}", sentence(&error.message))),
            ErrorNode::Nested(errors) => collect(errors, &format!("{prefix}{field}."), into),
        }
    }
}

#[cfg(test)]
mod tests {
    use schema::error::FieldError;

    use super::*;

    #[test]
    fn errors_by_field_are_sentences_on_one_line() {
        let mut errors = FieldErrors::single("email", FieldError::new("x", "must be valid"));
        errors.merge(FieldErrors::single("b", FieldError::required()).under("a"));
        let error = Error::Refused(engine::Error::invalid("Failed to create record.", errors));
        assert_eq!(error.to_string(), "Failed to create record. email: Must be valid. a.b: Cannot be blank.");
    }

    #[test]
    fn an_error_without_a_message_tells_its_cause() {
        assert_eq!(
            Error::Refused(engine::Error::internal("the disk is full")).to_string(),
            "the disk is full"
        );
        let cause = Box::new(engine::Error::internal("no such thing"));
        let cause = StartError::Extension { name: "x", cause };
        let error = Error::Start { place: "the data directory pb".into(), cause };
        assert_eq!(
            error.to_string(),
            "the data directory pb cannot be used: the extension x does not start: no such thing"
        );
    }
}
