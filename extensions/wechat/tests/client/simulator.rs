//! The client against the simulator.

use std::sync::Arc;

use ambient::ManualClock;
use baibase_wechat::{Client, Config, ConfigError, Connection, Error, Secret, Settings};
use jiff::Timestamp;

async fn simulated() -> (Connection, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH));
    let settings = Settings { simulator: true, ..Settings::default() };
    (baibase_wechat::connect(settings, clock.clone()).await.unwrap(), clock)
}

#[tokio::test]
async fn a_name_has_one_openid_and_a_code_works_once() {
    let (Connection { client, simulator: _running, .. }, clock) = simulated().await;
    let first = client.login("dev-alice").await.unwrap();
    assert_eq!(first.openid, "oVVZ9GsTQE195RLveDwV1A7fLhOY");
    assert!(matches!(client.login("dev-alice").await, Err(Error::CodeUsed(_))));

    let second = client.login("dev-alice#2").await.unwrap();
    assert_eq!(second.openid, first.openid);
    assert_ne!(second.session_key, first.session_key);
    assert_ne!(client.login("dev-bob").await.unwrap().openid, first.openid);

    clock.advance_ms(300_000);
    assert_eq!(client.login("dev-alice").await.unwrap().openid, first.openid);
}

#[tokio::test]
async fn a_phone_code_gives_its_number_once() {
    let (Connection { client, simulator: _running, .. }, _) = simulated().await;
    let phone = client.phone_number("phone-13800138000").await.unwrap();
    assert_eq!(phone.phone_number, "13800138000");
    assert_eq!(phone.pure_phone_number, "13800138000");
    assert_eq!(phone.country_code, "86");
    assert!(matches!(client.phone_number("phone-13800138000").await, Err(Error::CodeUsed(_))));
    assert!(client.phone_number("phone-13800138000#2").await.is_ok());

    let foreign = client.phone_number("phone-+852-51234567").await.unwrap();
    assert_eq!((foreign.phone_number.as_str(), foreign.country_code.as_str()), ("+85251234567", "852"));
}

#[tokio::test]
async fn the_two_kinds_of_codes_do_not_mix() {
    let (Connection { client, simulator: _running, .. }, _) = simulated().await;
    assert!(matches!(client.login("phone-13800138000").await, Err(Error::InvalidCode(_))));
    assert!(matches!(client.phone_number("dev-alice").await, Err(Error::InvalidCode(_))));
    assert!(matches!(client.login("alice").await, Err(Error::InvalidCode(_))));
    // The refused tries have not used the codes up.
    assert!(client.login("dev-alice").await.is_ok());
}

#[tokio::test]
async fn refusals_are_provoked_by_number_or_name() {
    let (Connection { client, simulator: _running, .. }, _) = simulated().await;
    for _ in 0..2 {
        assert!(matches!(client.login("error-40029").await, Err(Error::InvalidCode(_))));
    }
    assert!(matches!(client.login("error-code-used").await, Err(Error::CodeUsed(_))));
    assert!(matches!(client.login("error-code-expired").await, Err(Error::CodeExpired(_))));
    assert!(matches!(client.login("error-blocked").await, Err(Error::BlockedUser(_))));
    assert!(matches!(client.login("error-busy").await, Err(Error::Unavailable(_))));
    assert!(matches!(client.login("error-http").await, Err(Error::Unavailable(_))));
    assert!(matches!(client.login("error-quota").await, Err(Error::Quota(_))));
    assert!(matches!(client.phone_number("error-45011").await, Err(Error::TooFrequent(_))));
    assert!(matches!(client.phone_number("error-40001").await, Err(Error::Unavailable(_))));
}

#[tokio::test]
async fn refusals_of_the_access_token_are_provoked_too() {
    let (Connection { client, simulator: _running, .. }, _) = simulated().await;
    assert!(matches!(client.phone_number("error-token-ip-not-allowed").await, Err(Error::Misconfigured(_))));
    assert!(matches!(client.phone_number("error-token-45009").await, Err(Error::Quota(_))));
    assert!(client.phone_number("phone-13800138000").await.is_ok());
}

#[tokio::test]
async fn wrong_credentials_are_refused() {
    let (Connection { simulator, .. }, clock) = simulated().await;
    let base = simulator.as_ref().unwrap().base_url.clone();
    for app_id in ["wx-simulator", "wx-other"] {
        let config = Config::new(app_id, Secret::from("wrong"), &base).unwrap();
        let client = Client::new(config, clock.clone()).unwrap();
        assert!(matches!(client.login("dev-alice").await, Err(Error::Misconfigured(_))));
        assert!(matches!(client.phone_number("phone-13800138000").await, Err(Error::Misconfigured(_))));
    }
}

#[tokio::test]
async fn it_does_not_start_beside_a_secret() {
    let settings =
        Settings { simulator: true, app_secret: Some(Secret::from("s3cret")), ..Settings::default() };
    let clock = Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH));
    assert!(matches!(baibase_wechat::connect(settings, clock).await, Err(ConfigError::SimulatorWithSecret)));
}
