//! Who may see a change, and what of it.

use std::collections::HashMap;
use std::sync::Arc;

use super::audience::{Audience, topics};
use super::changes::{Action, Delivery};
use super::subscription::Filter;
use super::{Message, Subscription};
use crate::json::Visibility;
use crate::records::Access;
use crate::{Catalog, Engine, Entry, Record, Request, Result};

/// Decides on the change of one record.
pub(super) struct Judge<'a> {
    pub(super) engine: &'a Engine,
    pub(super) catalog: Arc<Catalog>,
    pub(super) entry: Arc<Entry>,
    /// As it is sent.
    pub(super) record: Record,
}

/// By what an audience is judged.
#[derive(Debug, Clone, Copy)]
enum By {
    /// The row of the record.
    Stored,
    /// The record as it is sent: its row is another one by now.
    Sent,
}

/// What an audience gets; nothing when it is `None`.
type Verdict = Option<Visibility>;

impl<'a> Judge<'a> {
    /// `None` when nobody wants to hear of the record, or its collection is gone.
    pub(super) fn new(engine: &'a Engine, record: &Record) -> Option<Self> {
        let catalog = engine.catalog();
        let entry = Arc::clone(catalog.by_id(&record.collection().id)?);
        let topics = topics(&entry, record.id()).map(|(_, topic)| topic);
        if !engine.realtime().has_any(&topics) {
            return None;
        }
        let record = record.moved_to(&entry.collection);
        Some(Self { engine, catalog, entry, record })
    }

    /// What is sent to whom. Others may be sent along, which are read through `access`.
    ///
    /// An event is for those who may see the record as the event shows it. Rules and filters ask the row for that.
    /// Should it have changed again, before or while they do, they ask the values of the event instead. Then rules
    /// that go back from the record to others let nobody see this event: one of the later change is on its way.
    pub(super) async fn deliveries(&self, access: &mut Access<'_>, action: Action) -> Vec<Delivery> {
        let audiences = self.audiences();
        let mut verdicts = Vec::with_capacity(audiences.len());
        for audience in &audiences {
            verdicts.push(self.verdict(audience, By::Stored).await);
        }
        if audiences.iter().any(|audience| self.asks_the_row(audience)) && !self.is_stored().await {
            for (audience, verdict) in audiences.iter().zip(&mut verdicts) {
                if self.asks_the_row(audience) {
                    *verdict = self.verdict(audience, By::Sent).await;
                }
            }
        }
        self.write(access, action, audiences, verdicts).await
    }

    async fn write(
        &self,
        access: &mut Access<'_>,
        action: Action,
        audiences: Vec<Audience>,
        verdicts: Vec<Verdict>,
    ) -> Vec<Delivery> {
        let mut deliveries = Vec::with_capacity(audiences.len());
        let mut written: HashMap<(Arc<str>, Visibility), Message> = HashMap::new();
        for (audience, verdict) in audiences.into_iter().zip(verdicts) {
            let Some(see) = verdict else { continue };
            let key = (audience.subscription.shared_name(), see);
            // Between those who see the same fields, only others that are sent along can make a difference.
            let shared = written.get(&key).filter(|_| !self.is_personal(&audience.subscription)).cloned();
            let message = match shared {
                Some(message) => message,
                None => match self.message(access, &audience, see, action).await {
                    Ok(message) => message,
                    Err(error) => {
                        self.complain(&audience.subscription, &error);
                        continue;
                    }
                },
            };
            written.insert(key, message.clone());
            deliveries.push(Delivery { message, clients: audience.clients });
        }
        deliveries
    }

    /// Whether what is sent depends on more than the fields that somebody sees.
    fn is_personal(&self, subscription: &Subscription) -> bool {
        subscription.is_far() || self.engine.hooks().enriches(&self.entry.collection.name)
    }

    async fn verdict(&self, audience: &Audience, by: By) -> Verdict {
        match self.try_verdict(audience, by).await {
            Ok(verdict) => verdict,
            Err(error) => {
                self.complain(&audience.subscription, &error);
                None
            }
        }
    }

    async fn try_verdict(&self, audience: &Audience, by: By) -> Result<Verdict> {
        let request = audience.subscription.request_of(audience.auth.clone());
        let superuser = request.is_superuser();
        let Ok(rule) = audience.scope.rule(&self.entry).for_caller(superuser) else { return Ok(None) };
        let access = &mut Access::Store(self.engine.store());
        if let Some(rule) = rule {
            let passes = match by {
                By::Stored => {
                    self.engine.passes(access, &request, &self.entry, self.record.id(), rule).await?
                }
                By::Sent => self.engine.would_pass(access, &request, &self.record, rule).await?,
            };
            if !passes {
                return Ok(None);
            }
        }
        match &audience.subscription.filter {
            Filter::None => {}
            Filter::Broken => return Ok(None),
            Filter::Condition { is_restricted: true, .. } if !superuser => return Ok(None),
            Filter::Condition { expr, .. } => {
                let matches = match by {
                    By::Stored => {
                        self.engine.matches(access, &request, &self.entry, self.record.id(), expr).await?
                    }
                    By::Sent => self.engine.would_match(access, &request, &self.record, expr).await?,
                };
                if !matches {
                    return Ok(None);
                }
            }
        }
        self.visibility(access, &request, by).await.map(Some)
    }

    /// What an audience may see of the record.
    async fn visibility(&self, access: &mut Access<'_>, request: &Request, by: By) -> Result<Visibility> {
        match (by, self.entry.manage_rule()) {
            (By::Stored, _) | (_, None) => {
                self.engine.visibility(access, request, &self.entry, &self.record).await
            }
            (By::Sent, Some(rule)) => {
                let mut see = request.sees(&self.entry, self.record.id());
                if !see.email {
                    see.email = self.engine.would_pass(access, request, &self.record, rule).await?;
                }
                Ok(see)
            }
        }
    }

    /// Whether the row decides on what an audience gets.
    fn asks_the_row(&self, audience: &Audience) -> bool {
        let superuser = audience.auth.as_deref().is_some_and(Record::is_superuser);
        matches!(audience.scope.rule(&self.entry).for_caller(superuser), Ok(Some(_)))
            || matches!(audience.subscription.filter, Filter::Condition { .. })
            || self.entry.manage_rule().is_some()
    }

    /// Whether the row is what is sent.
    async fn is_stored(&self) -> bool {
        match self.engine.find_by_id(&self.entry.collection.id, self.record.id()).await {
            Ok(stored) => stored.is_some_and(|stored| stored.values() == self.record.values()),
            Err(error) => {
                tracing::debug!(%error, "a changed record cannot be read");
                false
            }
        }
    }

    /// `{"record": …, "action": …}`
    async fn message(
        &self,
        access: &mut Access<'_>,
        audience: &Audience,
        see: Visibility,
        action: Action,
    ) -> Result<Message> {
        let subscription = &audience.subscription;
        let request = subscription.request_of(audience.auth.clone());
        let mut record = self.record.clone();
        self.engine.enrich(&request, &mut record).await?;
        let expanded =
            self.engine.expand(access, &request, std::slice::from_ref(&record)).await.pop().flatten();
        let mut data = b"{\"record\":".to_vec();
        match &subscription.fields {
            None => self.entry.shape.write_record(&record, see, expanded.as_deref(), &mut data),
            Some(fields) => {
                let mut text = Vec::new();
                self.entry.shape.write_record(&record, see, expanded.as_deref(), &mut text);
                let mut value = serde_json::from_slice(&text).map_err(crate::Error::internal)?;
                fields.pick(&mut value);
                schema::value::go_json::write_value(&value, &mut data);
            }
        }
        data.extend([b",\"action\":\"", action.name().as_bytes(), b"\"}"].concat());
        Ok(Message::new(subscription.name(), &data))
    }

    fn complain(&self, subscription: &Subscription, error: &crate::Error) {
        let cause = error.cause.as_deref().map(ToString::to_string);
        let (collection, topic) = (&self.entry.collection.name, subscription.topic());
        tracing::debug!(%error, cause, %collection, topic, "subscribers are not told of a change");
    }
}
