use std::sync::Arc;

use ambient::{Clock, Entropy};
use async_trait::async_trait;

use crate::{Error, Mailer, Message, Transport, compose, sendmail, smtp};

/// Sends mails for real.
pub struct SystemMailer {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl SystemMailer {
    /// A mailer that dates mails by this clock and draws their ids from this randomness.
    pub fn new(clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { clock, entropy }
    }
}

#[async_trait]
impl Mailer for SystemMailer {
    async fn send(&self, transport: &Transport, message: &Message) -> Result<(), Error> {
        let mail = compose::compose(message, &*self.clock, &*self.entropy)?;
        match transport {
            Transport::Smtp(server) => smtp::send(server, &mail).await,
            Transport::Sendmail => sendmail::send(&mail).await,
        }
    }
}
