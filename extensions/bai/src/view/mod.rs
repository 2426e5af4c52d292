//! What clients see of a user.

mod company;
mod legacy;
mod number;
mod urls;
mod user;

pub(crate) use company::CompanyInfo;
pub(crate) use legacy::LegacyUserInfo;
pub(crate) use user::UserInfo;

use engine::{Engine, Find, Record, Result};

use crate::names::COMPANIES;

/// The company that a user belongs to.
async fn company_of(engine: &Engine, user: &Record) -> Result<Option<Record>> {
    match user.text("company_id") {
        "" => Ok(None),
        id => engine.find_first(COMPANIES, &Find::all().eq("company_id", id)).await,
    }
}

/// A field's text as a value of its own.
fn text(record: &Record, field: &str) -> String {
    record.text(field).to_owned()
}
