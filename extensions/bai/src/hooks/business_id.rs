use ambient::Entropy;
use async_trait::async_trait;
use engine::Result;
use engine::hooks::{RecordHooks, WriteEvent};
use jiff::Timestamp;

/// Gives a record its business id when the client sends none, and keeps it when an update empties it.
pub(super) struct BusinessId {
    /// The field that holds it.
    pub(super) field: &'static str,
    /// Makes a new one.
    pub(super) new: fn(&dyn Entropy, Timestamp) -> String,
}

#[async_trait]
impl RecordHooks for BusinessId {
    async fn before_create(&self, event: &mut WriteEvent<'_>) -> Result<()> {
        self.fill(event);
        Ok(())
    }

    async fn before_update(&self, event: &mut WriteEvent<'_>) -> Result<()> {
        self.fill(event);
        Ok(())
    }
}

impl BusinessId {
    fn fill(&self, event: &mut WriteEvent<'_>) {
        if !event.record.text(self.field).is_empty() {
            return;
        }
        let earlier = event.original.map(|original| original.text(self.field)).filter(|id| !id.is_empty());
        let id = match earlier {
            Some(id) => id.to_owned(),
            None => (self.new)(event.engine.entropy(), event.engine.clock().now()),
        };
        event.record.set(self.field, id);
    }
}
