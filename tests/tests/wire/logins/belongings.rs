//! What belongs to a record that logs in.

use serde_json::{Value, json};

use super::World;

impl World {
    /// A record of a collection of the system.
    async fn belonging(&self, collection: &str, owner: &str, more: Value) -> baibase_tests::Reply {
        let people = self.server.get("/api/collections/people").token(&self.root).send().await.expect(200);
        let mut body = json!({"collectionRef": people.at("/id"), "recordRef": owner});
        super::merge(&mut body, &more);
        let path = format!("/api/collections/{collection}/records");
        self.server.post(&path).token(&self.root).json(&body).send().await
    }
}

#[tokio::test]
async fn owners_see_and_unlink_their_accounts_at_other_services() {
    let world = World::new(json!({})).await;
    let (anna, bert) = (world.sign_up("anna").await, world.sign_up("bert").await);
    let google = |id: &str| json!({"provider": "google", "providerId": id});
    let link = world.belonging("_externalAuths", &anna, google("1")).await.expect(200);
    world.belonging("_externalAuths", &bert, google("2")).await.expect(200);
    let taken = world.belonging("_externalAuths", &bert, google("1")).await.expect(400);
    assert_eq!(taken.at("/data/provider/code"), "validation_not_unique");
    let (anna, bert) = (world.token("anna").await, world.token("bert").await);
    let path = "/api/collections/_externalAuths/records";
    let own = world.server.get(path).token(&anna).send().await.expect(200);
    assert_eq!((own["totalItems"].as_u64(), own.at("/items/0/providerId")), (Some(1), "1"));
    let unlink = format!("{path}/{}", link.at("/id"));
    world.server.delete(&unlink).token(&bert).send().await.expect(404);
    world.server.delete(&unlink).token(&anna).send().await.expect(204);
    assert_eq!(world.count("_externalAuths").await, 1);
}

#[tokio::test]
async fn whoever_linked_an_account_before_the_address_was_proven_is_out() {
    let world = World::new(json!({})).await;
    let id = world.sign_up("anna").await;
    let session = world.token("anna").await;
    world
        .belonging("_externalAuths", &id, json!({"provider": "google", "providerId": "1"}))
        .await
        .expect(200);
    world.people("request-verification", &json!({"email": "anna@example.com"})).await.expect(204);
    let token = world.mails.next().await.token();
    world.people("confirm-verification", &json!({"token": token})).await.expect(204);
    assert_eq!(world.count("_externalAuths").await, 0);
    assert!(!world.is_good(&session).await);
}

#[tokio::test]
async fn belongings_have_an_owner_and_go_with_it() {
    let world = World::new(json!({})).await;
    let all = [
        ("_mfas", json!({"method": "otp"})),
        ("_otps", json!({"password": "123456"})),
        ("_externalAuths", json!({"provider": "google", "providerId": "1"})),
        ("_authOrigins", json!({"fingerprint": "x"})),
    ];
    let (anna, bert) = (world.sign_up("anna").await, world.sign_up("bert").await);
    for (collection, more) in &all {
        for (over, field, code) in [
            (json!({"recordRef": "nosuch"}), "recordRef", "validation_invalid_record"),
            (json!({"collectionRef": "nosuch"}), "collectionRef", "validation_invalid_collection_id"),
            (json!({"collectionRef": "people"}), "collectionRef", "validation_invalid_collection_id"),
        ] {
            let mut body = more.clone();
            super::merge(&mut body, &over);
            let refused = world.belonging(collection, &anna, body).await.expect(400);
            assert_eq!(refused["data"][field]["code"], code, "{collection}");
        }
        for (owner, id) in [(&anna, "1"), (&bert, "2")] {
            let mut body = more.clone();
            if body.get("providerId").is_some() {
                body["providerId"] = id.into();
            }
            world.belonging(collection, owner, body).await.expect(200);
        }
    }
    let unknown = json!({"provider": "nosuch", "providerId": "3"});
    let unknown = world.belonging("_externalAuths", &anna, unknown).await.expect(400);
    assert_eq!(unknown.at("/data/provider/code"), "validation_in_invalid");
    let path = format!("/api/collections/people/records/{anna}");
    world.server.delete(&path).token(&world.root).send().await.expect(204);
    for (collection, _) in &all {
        assert_eq!(world.count(collection).await, 1, "{collection}");
    }
    world.server.delete("/api/collections/people").token(&world.root).send().await.expect(204);
    for (collection, _) in &all {
        assert_eq!(world.count(collection).await, 0, "{collection}");
    }
}

#[tokio::test]
async fn nobody_grants_rights_to_himself() {
    let world = World::new(json!({})).await;
    let id = world.sign_up("anna").await;
    let session = world.token("anna").await;
    let path = format!("/api/collections/people/records/{id}");
    let patch = async |body: Value| world.server.patch(&path).token(&session).json(&body).send().await;
    for (body, field) in [
        (json!({"verified": true}), "verified"),
        (json!({"email": "other@example.com"}), "email"),
        (json!({"password": "new password", "passwordConfirm": "new password"}), "oldPassword"),
        (json!({"id": "aaaaaaaaaaaaaaa"}), "id"),
    ] {
        let refused = patch(body.clone()).await.expect(400);
        assert!(refused["data"].get(field).is_some(), "{body}: {}", refused.text());
    }
    let key = || world.server.database().text("SELECT \"tokenKey\" FROM people");
    let before = key();
    patch(json!({"tokenKey": "x".repeat(50), "emailVisibility": true, "password:hash": "x"}))
        .await
        .expect(200);
    assert_eq!(key(), before);
    assert!(world.is_good(&session).await);
    let body = json!({"email": "m@example.com", "password": "12345678", "passwordConfirm": "12345678",
        "tokenKey": "y".repeat(50)});
    world.people("records", &body).await.expect(200);
    let stolen = format!("SELECT COUNT(*) FROM people WHERE \"tokenKey\" = '{}'", "y".repeat(50));
    assert_eq!(world.server.database().text(&stolen), "0");
}
