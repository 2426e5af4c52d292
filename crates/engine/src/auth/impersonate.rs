use std::sync::Arc;

use schema::FieldError;

use super::form::{Checks, Form};
use super::{AuthAction, Login};
use crate::token::TokenKind;
use crate::{Engine, Error, Request, Result};

impl Engine {
    /// A token of another record for a superuser. It is good for `duration` seconds (0 or nothing: as long as any other
    /// of the collection) and cannot be renewed.
    ///
    /// # Errors
    /// 403 for anybody but superusers, 404 for a collection that is no auth collection and an unknown record, 400 with
    /// errors by field for a malformed body.
    pub async fn impersonate(&self, request: &Request, collection: &str, id: &str) -> Result<Login> {
        if !request.is_superuser() {
            return Err(Error::forbidden(""));
        }
        let entry = self.offers(AuthAction::Impersonate, collection)?;
        let record = self.find_by_id(&entry.collection.id, id).await?.ok_or_else(|| Error::not_found(""))?;
        let duration = Form::of(request).integer("duration")?;
        let mut checks = Checks::default();
        if duration < 0 {
            let code = "validation_min_greater_equal_than_required";
            checks
                .push("duration", FieldError::new(code, "must be no less than 0").with_param("threshold", 0));
        }
        checks.into_result()?;
        let record = self.before_auth_request(request, &entry, AuthAction::Impersonate, Some(record)).await?;
        let record = Arc::new(record.ok_or_else(|| Error::not_found(""))?);
        let now = self.clock().now().as_second();
        let token = self.issue_token_with(&record, TokenKind::Auth, |claims| {
            claims.refreshable = Some(false);
            if duration > 0 {
                claims.exp = Some(now.saturating_add(duration));
            }
        })?;
        self.log_in_with(request, &record, token).await
    }
}
