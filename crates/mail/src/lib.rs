//! Mails: put together, and handed to an SMTP server or to the `sendmail` of the system.
//!
//! [`Mailer`] is the seam: [`SystemMailer`] sends, [`MemoryMailer`] keeps what it is given, for tests. How mails are
//! sent is said anew with each of them ([`Transport`]), because the settings may have changed since the last one.

mod compose;
mod error;
mod memory;
mod message;
mod plain;
mod sendmail;
mod smtp;
mod system;

pub use error::Error;
pub use memory::MemoryMailer;
pub use message::{AuthMethod, Mailbox, Message, Smtp, Transport};
pub use plain::plain_text;
pub use system::SystemMailer;

use async_trait::async_trait;

/// Hands mails over.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands a mail over; it is accepted when this returns, not delivered.
    ///
    /// # Errors
    /// [`Error`], when it was not accepted.
    async fn send(&self, transport: &Transport, message: &Message) -> Result<(), Error>;
}
