use engine::{Engine, Record, Result};
use serde::Serialize;

use super::{company_of, text};
use crate::model::phone;

/// A user as the oldest document describes it.
#[derive(Debug, Serialize)]
pub(crate) struct LegacyUserInfo {
    users_id: String,
    users_type: String,
    users_name: String,
    /// Masked, as that document asks.
    users_phone: String,
    users_phone_masked: String,
    users_picture: String,
    users_wx_openid: String,
    company_id: String,
    company: LegacyCompanyInfo,
    pb_id: String,
    created: String,
    updated: String,
}

/// A user's company as the oldest document describes it: an object in any case, its fields empty when there is none.
#[derive(Debug, Default, Serialize)]
struct LegacyCompanyInfo {
    company_id: String,
    company_name: String,
    company_type: String,
    company_entity: String,
    company_usci: String,
    company_nationality: String,
    company_province: String,
    company_city: String,
    company_postalcode: String,
    company_add: String,
    company_status: String,
    company_level: String,
    company_remark: String,
}

impl LegacyUserInfo {
    /// A user as itself sees it, with its company.
    pub(crate) async fn load(engine: &Engine, user: &Record) -> Result<Self> {
        let company = company_of(engine, user).await?;
        let masked = phone::mask(user.text("users_phone"));
        let text = |field| text(user, field);
        Ok(Self {
            users_id: text("users_id"),
            users_type: text("users_type"),
            users_name: text("users_name"),
            users_phone: masked.clone(),
            users_phone_masked: masked,
            users_picture: text("users_picture"),
            users_wx_openid: text("openid"),
            company_id: text("company_id"),
            company: company.as_ref().map(LegacyCompanyInfo::of).unwrap_or_default(),
            pb_id: text("id"),
            created: date_time(user.text("created")),
            updated: date_time(user.text("updated")),
        })
    }
}

impl LegacyCompanyInfo {
    fn of(company: &Record) -> Self {
        let text = |field| text(company, field);
        Self {
            company_id: text("company_id"),
            company_name: text("company_name"),
            company_type: text("company_type"),
            company_entity: text("company_entity"),
            company_usci: text("company_usci"),
            company_nationality: text("company_nationality"),
            company_province: text("company_province"),
            company_city: text("company_city"),
            company_postalcode: text("company_postalcode"),
            company_add: text("company_add"),
            company_status: text("company_status"),
            company_level: text("company_level"),
            company_remark: text("company_remark"),
        }
    }
}

/// A stored time in RFC 3339: that document says `date-time`.
fn date_time(stored: &str) -> String {
    stored.replacen(' ', "T", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_times_become_rfc_3339() {
        assert_eq!(date_time("2026-03-28 07:20:00.000Z"), "2026-03-28T07:20:00.000Z");
        assert_eq!(date_time(""), "");
    }
}
