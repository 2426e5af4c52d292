use std::sync::Arc;

use crate::token::{self, Claims, TokenKind};
use crate::{Engine, Record, Result};

impl Engine {
    /// The record that a token of this kind stands for; `None` when the token is not good: malformed, expired,
    /// signed with another key, of another kind, or of a record that is gone.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn authenticate(&self, token: &str, kind: TokenKind) -> Result<Option<Arc<Record>>> {
        let Some(claims) = token::peek(token, self.clock().now()) else { return Ok(None) };
        if claims.kind != kind {
            return Ok(None);
        }
        let catalog = self.catalog();
        let Some(entry) = catalog.find(&claims.collection_id) else { return Ok(None) };
        if !entry.collection.is_auth() {
            return Ok(None);
        }
        let record = self.find_by_id(&entry.collection.id, &claims.id).await?;
        Ok(record.filter(|record| token::verify(token, kind, record, &entry.collection)).map(Arc::new))
    }

    /// A token that lets its bearer download what this record may see, for some minutes.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn file_token(&self, record: &Record) -> Result<String> {
        self.issue_token(record, TokenKind::File)
    }

    pub(crate) fn issue_token(&self, record: &Record, kind: TokenKind) -> Result<String> {
        self.issue_token_with(record, kind, |_| {})
    }

    /// A token that says what `claim` makes of the usual.
    pub(crate) fn issue_token_with(
        &self,
        record: &Record,
        kind: TokenKind,
        claim: impl FnOnce(&mut Claims),
    ) -> Result<String> {
        let cannot = || crate::Error::internal("the token cannot be signed");
        let mut claims = Claims::new(record, kind, self.clock().now()).ok_or_else(cannot)?;
        claim(&mut claims);
        token::sign(record, &claims).ok_or_else(cannot)
    }
}
