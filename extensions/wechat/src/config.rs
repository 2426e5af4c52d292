use std::time::Duration;

use reqwest::Url;

use crate::Secret;

/// WeChat's own server.
pub const DEFAULT_API_BASE: &str = "https://api.weixin.qq.com";

/// What the environment says about WeChat. Empty texts count as absent.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The mini program's AppID.
    pub app_id: Option<String>,
    /// The mini program's AppSecret.
    pub app_secret: Option<Secret>,
    /// Where the API is served; [`DEFAULT_API_BASE`] when absent.
    pub api_base: Option<String>,
    /// Whether the built-in simulator stands in for WeChat.
    pub simulator: bool,
}

/// Which WeChat the settings ask for.
#[derive(Debug, Clone)]
pub enum Mode {
    /// A server that speaks WeChat's API.
    Real(Config),
    /// The simulator in this process.
    Simulator,
    /// None: every call answers [`crate::Error::NotConfigured`].
    Unconfigured,
}

/// How to reach WeChat and as whom.
#[derive(Debug, Clone)]
pub struct Config {
    /// The mini program's AppID.
    pub app_id: String,
    /// The mini program's AppSecret.
    pub app_secret: Secret,
    /// The base address, with or without a path.
    pub api_base: Url,
    /// How long a call may take.
    pub timeouts: Timeouts,
}

/// How long one HTTP call may take.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// To establish a connection.
    pub connect: Duration,
    /// From the start of the call to the last byte of its reply.
    pub total: Duration,
}

impl Default for Timeouts {
    /// The longest chain of calls, four for a phone number with a stale token, stays within the 60 s after
    /// which a mini program gives up.
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), total: Duration::from_secs(10) }
    }
}

/// Settings that no client can be made of.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The simulator lets anybody log in as anybody: it must not run where real users are.
    #[error("the WeChat simulator is switched on, but an AppSecret is configured: remove one of the two")]
    SimulatorWithSecret,
    /// The simulator has an address of its own.
    #[error(
        "the WeChat simulator is switched on, but an API base address is configured: remove one of the two"
    )]
    SimulatorWithApiBase,
    /// Only one of AppID and AppSecret is there.
    #[error("the WeChat {present} is configured without the {missing}")]
    Incomplete {
        /// What is there.
        present: &'static str,
        /// What is not.
        missing: &'static str,
    },
    /// The base address is no `http` or `https` address.
    #[error(
        "the WeChat API base address {0:?} is not an http or https address without user, query or fragment"
    )]
    ApiBase(String),
    /// The HTTP client could not be set up.
    #[error("the HTTP client for WeChat could not be set up: {0}")]
    Http(#[source] reqwest::Error),
    /// The simulator could not listen.
    #[error("the WeChat simulator could not listen on 127.0.0.1: {0}")]
    Simulator(#[source] std::io::Error),
}

impl Settings {
    /// Which WeChat these settings ask for.
    ///
    /// # Errors
    /// Settings that contradict each other, are incomplete, or name an unusable address.
    pub fn mode(self) -> Result<Mode, ConfigError> {
        let app_id = self.app_id.filter(|text| !text.is_empty());
        let app_secret = self.app_secret.filter(|secret| !secret.expose().is_empty());
        let api_base = self.api_base.filter(|text| !text.is_empty());
        if self.simulator {
            return match (app_secret, api_base) {
                (Some(_), _) => Err(ConfigError::SimulatorWithSecret),
                (None, Some(_)) => Err(ConfigError::SimulatorWithApiBase),
                (None, None) => Ok(Mode::Simulator),
            };
        }
        match (app_id, app_secret) {
            (None, None) => Ok(Mode::Unconfigured),
            (Some(_), None) => Err(ConfigError::Incomplete { present: "AppID", missing: "AppSecret" }),
            (None, Some(_)) => Err(ConfigError::Incomplete { present: "AppSecret", missing: "AppID" }),
            (Some(app_id), Some(app_secret)) => {
                let api_base = api_base.as_deref().unwrap_or(DEFAULT_API_BASE);
                Config::new(app_id, app_secret, api_base).map(Mode::Real)
            }
        }
    }
}

impl Config {
    /// A configuration with the default time-outs.
    ///
    /// # Errors
    /// [`ConfigError::ApiBase`] when `api_base` is not a plain `http` or `https` address.
    pub fn new(app_id: impl Into<String>, app_secret: Secret, api_base: &str) -> Result<Self, ConfigError> {
        let api_base = Url::parse(api_base)
            .ok()
            .filter(is_plain_http)
            .ok_or_else(|| ConfigError::ApiBase(api_base.to_owned()))?;
        Ok(Self { app_id: app_id.into(), app_secret, api_base, timeouts: Timeouts::default() })
    }
}

fn is_plain_http(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn real() -> Settings {
        Settings {
            app_id: Some("wx1".to_owned()),
            app_secret: Some(Secret::from("s3cret")),
            ..Settings::default()
        }
    }

    #[test]
    fn nothing_or_empty_texts_are_unconfigured() {
        let empty = Settings {
            app_id: Some(String::new()),
            app_secret: Some(Secret::from("")),
            api_base: Some(String::new()),
            simulator: false,
        };
        assert!(matches!(Settings::default().mode(), Ok(Mode::Unconfigured)));
        assert!(matches!(empty.mode(), Ok(Mode::Unconfigured)));
    }

    #[test]
    fn the_default_base_is_wechat_itself() {
        let Ok(Mode::Real(config)) = real().mode() else { panic!("two credentials make a real client") };
        assert_eq!(config.api_base.as_str(), "https://api.weixin.qq.com/");
    }

    #[test]
    fn half_a_credential_is_refused() {
        let without_secret = Settings { app_secret: None, ..real() };
        let without_id = Settings { app_id: None, ..real() };
        assert_eq!(
            without_secret.mode().unwrap_err().to_string(),
            "the WeChat AppID is configured without the AppSecret"
        );
        assert_eq!(
            without_id.mode().unwrap_err().to_string(),
            "the WeChat AppSecret is configured without the AppID"
        );
    }

    #[test]
    fn the_simulator_refuses_a_secret_and_an_address() {
        let with_secret = Settings { simulator: true, ..real() };
        let with_base =
            Settings { simulator: true, api_base: Some("http://x".to_owned()), ..Settings::default() };
        let error = with_secret.mode().unwrap_err();
        assert!(matches!(error, ConfigError::SimulatorWithSecret));
        assert!(!error.to_string().contains("s3cret"));
        assert!(matches!(with_base.mode(), Err(ConfigError::SimulatorWithApiBase)));
        let alone = Settings { simulator: true, app_id: Some("wx1".to_owned()), ..Settings::default() };
        assert!(matches!(alone.mode(), Ok(Mode::Simulator)));
    }

    #[test]
    fn only_plain_http_addresses_are_bases() {
        for bad in ["api.weixin.qq.com", "ftp://x", "http://", "http://u:p@x", "http://x?a=1", "http://x#a"] {
            let settings = Settings { api_base: Some(bad.to_owned()), ..real() };
            assert!(matches!(settings.mode(), Err(ConfigError::ApiBase(_))), "{bad}");
        }
        let settings = Settings { api_base: Some("http://127.0.0.1:9/wechat/".to_owned()), ..real() };
        assert!(settings.mode().is_ok());
    }
}
