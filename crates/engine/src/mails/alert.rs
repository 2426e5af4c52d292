use ::mail::{Mailbox, Message};

use super::layout;
use super::template::escaped;
use crate::superusers::INSTALLER;
use crate::{Engine, Error, Find, Result, SUPERUSERS};

impl Engine {
    /// Writes to all superusers that something went wrong which nobody was there to see. All of them are tried.
    ///
    /// # Errors
    /// The last of the mailer's errors, as the cause of a 500.
    pub(crate) async fn alert_superusers(&self, subject: &str, details: &str) -> Result<()> {
        let settings = self.settings();
        let meta = &settings.meta;
        let content = format!(
            "<p>{}: {}.</p>\n<pre>{}</pre>\n<p>The logs of the server may say more.</p>",
            escaped(&meta.app_name),
            escaped(subject),
            escaped(details),
        );
        let mut sent = Ok(());
        for superuser in self.find(SUPERUSERS, &Find::all().not_eq("email", INSTALLER)).await? {
            let message = Message {
                from: Mailbox { name: meta.sender_name.clone(), address: meta.sender_address.clone() },
                to: superuser.text("email").to_owned(),
                subject: format!("[{}] {subject}", meta.app_name),
                html: layout::document(&content),
            };
            if let Err(error) = self.mailer().send(&settings.mail_transport(), &message).await {
                sent = Err(Error::internal(error));
            }
        }
        sent
    }
}
