use async_trait::async_trait;
use engine::hooks::{RecordHooks, WriteEvent};
use engine::{Find, Result, Tx};
use jiff::Timestamp;

use super::fill;
use crate::model::guid::guid;
use crate::model::kinds::{PLATFORM, default_users_type, native_email};
use crate::model::users_id::{Day, hides_longer};
use crate::names::USERS;

/// Fills what a new user needs, whether it comes from a login or from a superuser.
pub(super) struct Users;

#[async_trait]
impl RecordHooks for Users {
    async fn before_create(&self, event: &mut WriteEvent<'_>) -> Result<()> {
        let user = &mut *event.record;
        let idtype = user.text("users_idtype").to_owned();
        if idtype == PLATFORM {
            fill(user, "openid", &guid(event.engine.entropy()));
        }
        let openid = user.text("openid").to_owned();
        if let Some(email) = native_email(&openid, &idtype).filter(|_| !openid.is_empty()) {
            fill(user, "email", &email);
        }
        fill(user, "users_type", default_users_type(&idtype));
        if user.text("users_id").is_empty() {
            let id = next_users_id(event.tx, event.engine.clock().now()).await?;
            event.record.set("users_id", id);
        }
        Ok(())
    }

    async fn before_update(&self, event: &mut WriteEvent<'_>) -> Result<()> {
        if let Some(original) = event.original {
            fill(event.record, "users_id", original.text("users_id"));
        }
        Ok(())
    }
}

/// The next `users_id` of the day. Inside the transaction, so that no two users get the same.
async fn next_users_id(tx: &mut Tx, now: Timestamp) -> Result<String> {
    let day = Day::of(now);
    let newest = last_users_id(tx, Find::all()).await?;
    if let Some(number) = day.follow(newest.as_deref()) {
        return Ok(day.id(number));
    }
    let mut last = 0;
    while let Some(id) = last_users_id(tx, Find::all().like("users_id", &day.longer_than(last))).await? {
        match day.number(&id) {
            Some(number) if hides_longer(number) => last = number,
            Some(number) => return Ok(day.id(number + 1)),
            None => {
                last = greatest_number(tx, &day).await?;
                break;
            }
        }
    }
    Ok(day.id(last + 1))
}

/// The last of the `users_id`s in the order of texts.
async fn last_users_id(tx: &mut Tx, find: Find) -> Result<Option<String>> {
    let user = tx.find_first(USERS, &find.sort("users_id", true)).await?;
    Ok(user.map(|user| user.text("users_id").to_owned()))
}

/// The greatest number of a day among whose ids are some that were made up by hand.
async fn greatest_number(tx: &mut Tx, day: &Day) -> Result<u64> {
    let users = tx.find(USERS, &Find::all().like("users_id", &day.longer_than(0))).await?;
    Ok(users.iter().filter_map(|user| day.number(user.text("users_id"))).max().unwrap_or_default())
}
