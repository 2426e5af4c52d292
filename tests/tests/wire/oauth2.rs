//! Logging in through other services: the flow, what is refused, and what stays secret.

use baibase_tests::{IdentityProvider, Reply, Server};
use serde_json::{Value, json};

const LOGIN: &str = "/api/collections/users/auth-with-oauth2";

/// A server whose users log in through a provider.
pub(crate) struct Setup {
    pub(crate) server: Server,
    pub(crate) provider: IdentityProvider,
    pub(crate) root: String,
}

impl Setup {
    pub(crate) async fn start() -> Self {
        let server = Server::with_superuser().await;
        let provider = IdentityProvider::start().await;
        let root = server.superuser().await;
        let setup = Self { server, provider, root };
        let providers = [setup.provider.config("oidc"), setup.provider.id_token_config("oidc2")];
        setup.configure(&json!({"oauth2": {"enabled": true, "providers": providers}})).await;
        setup
    }

    /// Changes the collection of users.
    pub(crate) async fn configure(&self, options: &Value) -> Reply {
        let path = "/api/collections/users";
        self.server.patch(path).token(&self.root).json(options).send().await.expect(200)
    }

    /// Logs somebody in, as a guest or as the owner of a token.
    pub(crate) async fn login(&self, name: &str, token: &str, profile: Value, create_data: Value) -> Reply {
        let body = json!({"provider": name, "code": self.provider.code(profile), "createData": create_data});
        let call = self.server.post(LOGIN).json(&body);
        if token.is_empty() { call.send().await } else { call.token(token).send().await }
    }

    /// The links of the owner of a token.
    async fn links(&self, token: &str) -> Value {
        let path = "/api/collections/_externalAuths/records";
        let reply = self.server.get(path).token(token).send().await.expect(200);
        reply["items"].clone()
    }
}

pub(crate) fn profile(id: &str, email: &str) -> Value {
    json!({"sub": id, "email": email, "email_verified": true, "name": format!("Name of {id}")})
}

#[tokio::test]
async fn a_user_is_created_once_and_found_again() {
    let setup = Setup::start().await;
    let first = setup.login("oidc", "", profile("1", "anna@example.com"), json!({})).await.expect(200);
    assert_eq!(first["meta"]["isNew"], true);
    assert_eq!(first["record"]["email"], "anna@example.com");
    assert_eq!((&first["record"]["verified"], &first["record"]["name"]), (&json!(true), &json!("Name of 1")));
    let meta = &first["meta"];
    assert_eq!(
        (&meta["id"], &meta["rawUser"]["sub"], &meta["refreshToken"]),
        (&json!("1"), &json!("1"), &json!("refresh"))
    );
    assert!(meta["accessToken"].as_str().unwrap().starts_with("access-"));
    assert!(meta["expiry"].as_str().unwrap().ends_with('Z'));
    let renamed = json!({"sub": "1", "name": "Another", "email": "new@example.com", "email_verified": true});
    let again = setup.login("oidc", "", renamed, json!({})).await.expect(200);
    assert_eq!(again["meta"]["isNew"], false);
    assert_eq!(again["record"], first["record"], "a login never refreshes what the record holds");
    let links = setup.links(again.at("/token")).await;
    assert_eq!(links.as_array().unwrap().len(), 1);
    assert_eq!((&links[0]["provider"], &links[0]["providerId"]), (&json!("oidc"), &json!("1")));
}

#[tokio::test]
async fn the_id_token_names_the_user_where_there_is_no_profile() {
    let setup = Setup::start().await;
    let reply = setup.login("oidc2", "", profile("1", "anna@example.com"), json!({})).await.expect(200);
    assert_eq!(reply["record"]["email"], "anna@example.com");
    for (claim, value) in
        [("iss", json!("https://evil.example")), ("aud", json!("another")), ("exp", json!(1))]
    {
        let mut claims = profile("2", "bert@example.com");
        claims[claim] = value;
        let reply = setup.login("oidc2", "", claims, json!({})).await.expect(400);
        assert_eq!(reply["message"], "Failed to fetch OAuth2 user.", "{claim}");
    }
}

#[tokio::test]
async fn an_invitation_leads_back_with_a_code_that_only_its_verifier_redeems() {
    let setup = Setup::start().await;
    let methods = setup.server.get("/api/collections/users/auth-methods").send().await.expect(200);
    let offer = &methods["oauth2"]["providers"][0];
    assert_eq!((offer["name"].as_str(), offer["displayName"].as_str()), (Some("oidc"), Some("OIDC")));
    assert_eq!(offer["authUrl"], offer["authURL"]);
    assert!(offer["logo"].as_str().unwrap().starts_with("<svg"));
    assert_eq!(methods["authProviders"][0]["logo"], "");
    assert!(!methods.text().contains(setup.provider.secret()));
    let browser = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    let browser = browser.build().unwrap();
    let back = "http://app.example/back";
    for (verifier, status) in [("wrong", 400), (offer["codeVerifier"].as_str().unwrap(), 200)] {
        setup.provider.sign_in(profile("1", "anna@example.com"));
        let page = format!("{}{back}", offer["authURL"].as_str().unwrap());
        let reply = browser.get(page).send().await.unwrap();
        let location = reqwest::Url::parse(reply.headers()["location"].to_str().unwrap()).unwrap();
        let value = |name: &str| location.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
        assert_eq!(value("state"), offer["state"].as_str().unwrap());
        let body =
            json!({"provider": "oidc", "code": value("code"), "codeVerifier": verifier, "redirectURL": back});
        setup.server.post(LOGIN).json(&body).send().await.expect(status);
    }
}

#[tokio::test]
async fn what_is_wrong_is_told_by_field_and_by_step() {
    let setup = Setup::start().await;
    let server = &setup.server;
    let post = |body: Value| async move { server.post(LOGIN).json(&body).send().await };
    let reply = post(json!({"provider": "google"})).await.expect(400);
    assert_eq!(reply.at("/data/provider/code"), "validation_invalid_provider");
    assert_eq!(reply.at("/data/code/code"), "validation_required");
    let reply = post(json!({"provider": "x".repeat(101), "code": "c"})).await.expect(400);
    assert_eq!(reply.at("/data/provider/code"), "validation_length_too_long");
    for body in [json!({"provider": 1}), json!({"provider": "oidc", "code": "c", "createData": []})] {
        assert_eq!(post(body).await.expect(400)["data"], json!({}));
    }
    let reply = post(json!({"provider": "oidc", "code": "never-given"})).await.expect(400);
    assert_eq!(reply["message"], "Failed to fetch OAuth2 token.");
    for profile in [json!([]), json!({"sub": 1})] {
        let reply = setup.login("oidc", "", profile, json!({})).await.expect(400);
        assert_eq!(reply["message"], "Failed to fetch OAuth2 user.");
    }
    let nobody = json!({"email": "anna@example.com", "email_verified": true});
    let reply = setup.login("oidc", "", nobody, json!({})).await.expect(400);
    assert_eq!(reply["message"], "Failed to authenticate.");
    let anna = "/api/collections/users/records?filter=email='anna@example.com'";
    let users = setup.server.get(anna).token(&setup.root).send().await.expect(200);
    assert_eq!(users["totalItems"], 0, "who has no id is nobody");
    setup.configure(&json!({"oauth2": {"enabled": false}})).await;
    let reply = post(json!({})).await.expect(403);
    assert_eq!(reply["message"], "The collection is not configured to allow OAuth2 authentication.");
    let superusers = "/api/collections/_superusers/auth-with-oauth2";
    setup.server.post(superusers).json(&json!({})).send().await.expect(403);
    assert!(!setup.server.log().contains(setup.provider.secret()));
}

#[tokio::test]
async fn the_create_rule_the_auth_rule_and_the_second_method_hold() {
    let setup = Setup::start().await;
    setup.configure(&json!({"createRule": "@request.context != 'oauth2'"})).await;
    setup.login("oidc", "", profile("1", "a@example.com"), json!({})).await.expect(400);
    setup.configure(&json!({"createRule": null})).await;
    setup.login("oidc", "", profile("1", "a@example.com"), json!({})).await.expect(403);
    setup
        .configure(&json!({"createRule": "@request.context = 'oauth2'", "authRule": "verified = true"}))
        .await;
    setup.login("oidc", "", profile("1", "a@example.com"), json!({})).await.expect(200);
    let unverified = json!({"sub": "2"});
    let create = json!({"email": "b@example.com"});
    setup.login("oidc", "", unverified, create).await.expect(403);
    setup.configure(&json!({"authRule": "", "mfa": {"enabled": true, "duration": 60}})).await;
    let first = setup.login("oidc", "", profile("1", "a@example.com"), json!({})).await.expect(401);
    let id = first.at("/mfaId").to_owned();
    let body = json!({"provider": "oidc", "code": setup.provider.code(profile("1", "")), "mfaId": id});
    let reply = setup.server.post(LOGIN).json(&body).send().await.expect(400);
    assert_eq!(reply["message"], "A different authentication method is required.");
}

#[tokio::test]
async fn create_data_goes_over_what_the_service_says_but_not_over_the_rules() {
    let setup = Setup::start().await;
    let own = json!({"email": "own@example.com", "name": "Own"});
    let reply = setup.login("oidc", "", profile("1", "anna@example.com"), own).await.expect(200);
    assert_eq!(
        (&reply["record"]["email"], &reply["record"]["name"]),
        (&json!("own@example.com"), &json!("Own"))
    );
    assert_eq!(reply["record"]["verified"], false, "nobody has verified that address");
    let claim = json!({"verified": true});
    let reply = setup.login("oidc", "", json!({"sub": "2"}), claim).await.expect(400);
    assert_eq!(reply.at("/data/verified/code"), "validation_values_mismatch");
    let password = json!({"password": "12345678", "passwordConfirm": "12345678"});
    setup.login("oidc", "", profile("3", "bert@example.com"), password).await.expect(200);
    let body = json!({"identity": "bert@example.com", "password": "12345678"});
    setup.server.post("/api/collections/users/auth-with-password").json(&body).send().await.expect(200);
}

#[tokio::test]
async fn a_picture_is_never_fetched_from_the_own_network() {
    let setup = Setup::start().await;
    let probe = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    probe.set_nonblocking(true).unwrap();
    let port = probe.local_addr().unwrap().port();
    for (number, host) in ["127.0.0.1", "localhost", "[::1]", "0x7f.1"].iter().enumerate() {
        let mut profile = profile(&number.to_string(), &format!("{number}@example.com"));
        profile["picture"] = json!(format!("http://{host}:{port}/a.png"));
        let reply = setup.login("oidc", "", profile, json!({})).await.expect(200);
        assert_eq!(reply["record"]["avatar"], "", "the login goes on without it");
    }
    assert!(probe.accept().is_err(), "nobody came");
}

#[tokio::test]
async fn secrets_are_kept_and_not_shown() {
    let setup = Setup::start().await;
    let patch = json!({"oauth2": {"providers": [{"displayName": "Company"}]}});
    let reply = setup.configure(&patch).await;
    assert!(!reply.text().contains(setup.provider.secret()));
    assert_eq!(reply["oauth2"]["providers"][0]["displayName"], "Company");
    assert_eq!(reply["oauth2"]["providers"].as_array().unwrap().len(), 1);
    setup.login("oidc", "", profile("1", "anna@example.com"), json!({})).await.expect(200);
    let view = setup.server.get("/api/collections/users").token(&setup.root).send().await.expect(200);
    assert!(!view.text().contains(setup.provider.secret()));
    let path = "/api/collections/users";
    let twice =
        json!({"oauth2": {"providers": [setup.provider.config("oidc"), setup.provider.config("oidc")]}});
    let reply = setup.server.patch(path).token(&setup.root).json(&twice).send().await.expect(400);
    assert_eq!(reply.at("/data/oauth2/providers/1/name/code"), "validation_duplicated_provider");
    let unknown = json!({"oauth2": {"providers": [{"name": "nope", "authURL": "no address"}]}});
    let reply = setup.server.patch(path).token(&setup.root).json(&unknown).send().await.expect(400);
    assert_eq!(reply.at("/data/oauth2/providers/0/name/code"), "validation_missing_provider");
    assert_eq!(reply.at("/data/oauth2/providers/0/authURL/code"), "validation_is_url");
}

#[tokio::test]
async fn the_list_of_services_is_for_superusers() {
    let server = Server::with_superuser().await;
    let path = "/api/collections/meta/oauth2-providers";
    server.get(path).send().await.expect(401);
    let reply = server.get(path).token(&server.superuser().await).send().await.expect(200);
    let names: Vec<&str> =
        reply.json.as_array().unwrap().iter().map(|service| service["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 33);
    assert_eq!((names[0], names[29], names[30]), ("apple", "wechat", "oidc"));
}

#[tokio::test]
async fn apples_secret_is_made_of_a_developers_key() {
    let server = Server::with_superuser().await;
    let root = server.superuser().await;
    let path = "/api/settings/apple/generate-client-secret";
    server.post(path).json(&json!({})).send().await.expect(401);
    let reply = server.post(path).token(&root).json(&json!({"teamId": "short"})).send().await.expect(400);
    assert_eq!(reply.at("/data/clientId/code"), "validation_required");
    assert_eq!(reply.at("/data/teamId/code"), "validation_length_invalid");
    let key = "-----BEGIN PRIVATE KEY-----\n\
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgRFlYICvgbwm/PB+8\n\
        QsrnzkRJb3wb8NOXkmQ7AJ3wJwOhRANCAASKiDxo/DaeaRSRqgAbBeIMa0cL+z23\n\
        JCvLMch9rkt2u8xc+EmuNrgW0KNsJH3GAhQc5asj/zu9zN5k91EXBrbD\n\
        -----END PRIVATE KEY-----";
    let mut body = json!({"clientId": "service", "teamId": "0123456789", "keyId": "9876543210",
        "privateKey": key, "duration": 60});
    let reply = server.post(path).token(&root).json(&body).send().await.expect(200);
    assert_eq!(reply.at("/secret").split('.').count(), 3);
    body["privateKey"] = json!("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----");
    let reply = server.post(path).token(&root).json(&body).send().await.expect(400);
    assert!(reply.at("/message").starts_with("Failed to generate client secret."));
}

#[tokio::test]
async fn a_superuser_who_asks_logs_the_user_in_and_not_themselves() {
    let setup = Setup::start().await;
    let root = setup.root.clone();
    let reply = setup.login("oidc", &root, profile("1", "anna@example.com"), json!({})).await.expect(200);
    assert_eq!(reply["record"]["collectionName"], "users");
}
