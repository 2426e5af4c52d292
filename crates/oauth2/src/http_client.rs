use async_trait::async_trait;
use http::{Request, Response};
use url::Url;

/// How requests to services leave the program.
#[async_trait]
pub trait Http: Send + Sync {
    /// Makes a request to an endpoint that a superuser configured, or that is built in, and reads the reply. Whatever
    /// its status, a reply is no error.
    ///
    /// # Errors
    /// When there is no reply, or one that is too long.
    async fn call(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, HttpError>;

    /// Downloads from an address that a service, and so in the end its user, chose: of the public Internet alone.
    ///
    /// # Errors
    /// When the address is another one, there is no successful reply, or it is longer than `limit` bytes.
    async fn download(&self, address: &Url, limit: usize) -> Result<Vec<u8>, HttpError>;
}

/// Why a request brought no reply. For the log: free of addresses, which can carry secrets.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The address is not one that may be called.
    #[error("the address is not one of the public Internet, by http or https")]
    Address,
    /// It took too long.
    #[error("there was no reply in time")]
    TimedOut,
    /// The connection could not be made or broke off.
    #[error("the connection failed: {0}")]
    Connection(String),
    /// The reply has more bytes than are read.
    #[error("the reply is longer than {0} bytes")]
    TooLong(usize),
    /// The reply to a download has this status.
    #[error("the reply has status {0}")]
    Status(u16),
}
