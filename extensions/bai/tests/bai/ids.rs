//! `users_id`, which counts the users of a day.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::json;

use crate::service::{PASSWORD, Service};

const USERS: &str = "/api/collections/tbl_auth_users/records";

async fn next_id(service: &Service, name: &str) -> String {
    service.log_in(name).await.at("/data/user/users_id").to_owned()
}

async fn create_with_id(service: &Service, superuser: &str, id: &str) {
    let user = json!({
        "openid": format!("openid-{id}"), "users_idtype": "WeChat", "users_id": id,
        "password": PASSWORD, "passwordConfirm": PASSWORD,
    });
    service.post(USERS, superuser, user).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_begins_again_at_midnight_in_shanghai() {
    let service = Service::start().await;
    assert_eq!(next_id(&service, "anna").await, "U202603190001");
    assert_eq!(next_id(&service, "bert").await, "U202603190002");
    service.clock.advance_ms(12 * 3_600_000 - 1);
    assert_eq!(next_id(&service, "cora").await, "U202603190003");
    service.clock.advance_ms(1);
    assert_eq!(next_id(&service, "dora").await, "U202603200001");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_grows_past_four_digits() {
    let service = Service::start().await;
    let superuser = service.superuser().await;
    create_with_id(&service, &superuser, "U202603199998").await;
    for expected in ["U202603199999", "U2026031910000", "U2026031910001"] {
        assert_eq!(next_id(&service, expected).await, expected);
    }
    create_with_id(&service, &superuser, "U2026031999999").await;
    for expected in ["U20260319100000", "U20260319100001"] {
        assert_eq!(next_id(&service, expected).await, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_made_up_by_hand_do_not_stop_the_count() {
    let service = Service::start().await;
    let superuser = service.superuser().await;
    next_id(&service, "anna").await;
    for id in ["Z", "U209901010001", "U20260319-by-hand"] {
        create_with_id(&service, &superuser, id).await;
    }
    assert_eq!(next_id(&service, "bert").await, "U202603190002");
    assert_eq!(next_id(&service, "cora").await, "U202603190003");
}

#[tokio::test(flavor = "multi_thread")]
async fn users_created_at_once_never_share_an_id() {
    let service = Arc::new(Service::start().await);
    let logins: Vec<_> = (0..12)
        .map(|number| {
            let service = Arc::clone(&service);
            tokio::spawn(async move { next_id(&service, &format!("user{number}")).await })
        })
        .collect();
    let mut ids = HashSet::new();
    for login in logins {
        ids.insert(login.await.unwrap());
    }
    assert_eq!(ids.len(), 12);
    assert!(ids.contains("U202603190012"));
}
