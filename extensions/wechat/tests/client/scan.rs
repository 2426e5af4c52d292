//! The scan login against the simulator.

use std::sync::Arc;

use ambient::{Clock, SystemClock, SystemEntropy};
use baibase_wechat::{Connection, Settings, connect};
use oauth2_providers::{Answer, Error, Failure, Login, Registry, User};
use reqwest::header::LOCATION;
use reqwest::{Client, Url, redirect};

async fn simulator() -> Connection {
    connect(Settings { simulator: true, ..Settings::default() }, Arc::new(SystemClock)).await.unwrap()
}

fn login(connection: &Connection, secret: &str) -> Login {
    let settings = oauth2_providers::Settings {
        client_id: "wx-simulator".to_owned(),
        client_secret: secret.to_owned(),
        ..oauth2_providers::Settings::default()
    };
    Registry::default().with(connection.scan_login.clone()).open("wechat", settings).unwrap()
}

async fn user(login: &Login, code: &str) -> Result<User, String> {
    let answer = Answer { code: code.to_owned(), ..Answer::default() };
    login.user(&answer, SystemClock.now()).await.map_err(|failure| match failure {
        Failure::Token(Error::Refused(why)) | Failure::User(Error::Refused(why)) => why,
        other => panic!("{other:?}"),
    })
}

#[tokio::test]
async fn a_user_scans_and_comes_back_with_a_code() {
    let connection = simulator().await;
    let login = login(&connection, "simulator");
    let invitation = login.invite(&SystemEntropy);
    assert_eq!(invitation.code_verifier, "");
    let back = "https://app.example/back?x=1";
    let mut address = Url::parse(&format!("{}{}", invitation.auth_url, "x")).unwrap();
    let query: Vec<(String, String)> = address
        .query_pairs()
        .into_owned()
        .map(|(name, value)| if name == "redirect_uri" { (name, back.to_owned()) } else { (name, value) })
        .collect();
    address.query_pairs_mut().clear().extend_pairs(&query);
    let browser = Client::builder().no_proxy().redirect(redirect::Policy::none()).build().unwrap();
    let page = browser.get(address.clone()).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    assert!(page.contains("action=\"/connect/confirm\"") && page.contains(&invitation.state));
    address.set_path("/connect/confirm");
    address.query_pairs_mut().append_pair("name", "anna");
    let sent_back = browser.get(address).send().await.unwrap();
    let location = Url::parse(sent_back.headers()[LOCATION].to_str().unwrap()).unwrap();
    let value = |name: &str| location.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    assert_eq!((value("x").as_str(), value("state")), ("1", invitation.state));
    let code = value("code");
    let anna = user(&login, &code).await.unwrap();
    assert_eq!((anna.name.as_str(), anna.email.as_str(), anna.username.as_str()), ("anna", "", ""));
    assert_eq!(anna.id, anna.raw["unionid"].as_str().unwrap());
    assert_ne!(anna.id, anna.raw["openid"].as_str().unwrap());
    assert!(anna.expiry.is_some());
    assert_eq!(user(&login, &code).await.unwrap_err(), "errcode 40163: code been used");
    let again = user(&login, "dev-anna#2").await.unwrap();
    assert_eq!(again.id, anna.id);
}

#[tokio::test]
async fn refusals_come_with_status_200() {
    let connection = simulator().await;
    let good = login(&connection, "simulator");
    assert_eq!(user(&good, "junk").await.unwrap_err(), "errcode 40029: invalid code");
    assert_eq!(user(&good, "error-busy").await.unwrap_err(), "errcode -1: system error");
    let bad = login(&connection, "wrong");
    assert_eq!(user(&bad, "dev-anna").await.unwrap_err(), "errcode 40125: invalid appsecret");
}

#[tokio::test]
async fn the_page_reflects_nothing_and_leads_nowhere_else() {
    let connection = simulator().await;
    let base = &connection.simulator.as_ref().unwrap().base_url;
    let browser = Client::builder().no_proxy().redirect(redirect::Policy::none()).build().unwrap();
    let get = |path: &str, state: &str, back: &str| {
        let mut url = Url::parse(&format!("{base}{path}")).unwrap();
        let query = [
            ("appid", "wx-simulator"),
            ("response_type", "code"),
            ("scope", "snsapi_login"),
            ("state", state),
            ("redirect_uri", back),
        ];
        url.query_pairs_mut().extend_pairs(&query);
        browser.get(url).send()
    };
    let evil = "\"><script>alert(1)</script>";
    let page = get("/connect/qrconnect", evil, "https://app.example/").await.unwrap().text().await.unwrap();
    assert!(!page.contains("<script>"));
    for path in ["/connect/qrconnect", "/connect/confirm"] {
        assert_eq!(get(path, "s", "javascript:alert(1)").await.unwrap().status(), 400);
    }
}
