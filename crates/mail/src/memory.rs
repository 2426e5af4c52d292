use async_trait::async_trait;
use parking_lot::Mutex;

use crate::{Error, Mailer, Message, Transport};

/// Accepts every mail and keeps it. For tests.
#[derive(Debug, Default)]
pub struct MemoryMailer(Mutex<Vec<Message>>);

impl MemoryMailer {
    /// What was accepted since the last call, in order.
    pub fn take(&self) -> Vec<Message> {
        std::mem::take(&mut self.0.lock())
    }
}

#[async_trait]
impl Mailer for MemoryMailer {
    async fn send(&self, _: &Transport, message: &Message) -> Result<(), Error> {
        self.0.lock().push(message.clone());
        Ok(())
    }
}
