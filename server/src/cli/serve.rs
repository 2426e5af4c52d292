use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Args, ValueEnum};
use wechat::Secret;

use super::{ListenAddress, secret};

/// The directory of Let's Encrypt, from its documentation of the environments.
const LETS_ENCRYPT: &str = "https://acme-v02.api.letsencrypt.org/directory";

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Names of this server, for which certificates are fetched from Let's Encrypt by themselves.
    pub(crate) domains: Vec<String>,

    /// Address of the main listener, `HOST:PORT` or `:PORT` [default: 127.0.0.1:8090, with domains 0.0.0.0:80].
    #[arg(long, env = "BAIBASE_HTTP", value_name = "ADDR")]
    pub(crate) http: Option<ListenAddress>,

    /// Address of the listener with TLS [default: none, with domains 0.0.0.0:443]. With it, the one of `--http` only
    /// sends clients there.
    #[arg(long, env = "BAIBASE_HTTPS", value_name = "ADDR")]
    pub(crate) https: Option<ListenAddress>,

    /// Where certificates come from: the directory of an ACME server.
    #[arg(long, env = "BAIBASE_ACME_DIRECTORY", value_name = "URL", default_value = LETS_ENCRYPT)]
    pub(crate) acme_directory: String,

    /// Certificate of the server for `--https`, with those that sign it (PEM), instead of fetched ones.
    #[arg(long, env = "BAIBASE_TLS_CERT", value_name = "FILE", requires_all = ["tls_key", "https"])]
    pub(crate) tls_cert: Option<PathBuf>,

    /// Private key of that certificate (PEM).
    #[arg(long, env = "BAIBASE_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,

    /// Address of the legacy listener (documented: port 3000); off unless it is given. It hands out a token for a
    /// bare openid, as its documentation demands, and openids can be read in public records: let nobody but trusted
    /// proxies reach it.
    #[arg(long, env = "BAIBASE_LEGACY_HTTP", value_name = "ADDR")]
    pub(crate) legacy_http: Option<ListenAddress>,

    /// Origins that browsers may call from, separated by commas; `*` and `?` are wildcards.
    #[arg(long, env = "BAIBASE_ORIGINS", value_name = "LIST", value_delimiter = ',', default_value = "*")]
    pub(crate) origins: Vec<String>,

    /// How log lines are written.
    #[arg(long, env = "BAIBASE_LOG_FORMAT", value_enum, value_name = "FORMAT", default_value_t = LogFormat::Text)]
    pub(crate) log_format: LogFormat,

    /// By how many seconds the clocks of services that users log in through may differ from ours.
    #[arg(long, env = "PB_ID_TOKEN_LEEWAY", value_name = "SECONDS", default_value_t = 300)]
    pub(crate) id_token_leeway: u32,

    #[command(flatten)]
    pub(crate) wechat: WeChat,

    #[command(flatten)]
    pub(crate) platform: Platform,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "WeChat")]
pub(crate) struct WeChat {
    /// AppID of the Mini Program.
    #[arg(long, env = "BAIBASE_WECHAT_APP_ID", value_name = "ID")]
    pub(crate) wechat_app_id: Option<String>,

    /// AppSecret of the Mini Program. Prefer the environment variable: others can read a command line.
    #[arg(
        long,
        env = "BAIBASE_WECHAT_APP_SECRET",
        value_name = "SECRET",
        value_parser = secret,
        hide_env_values = true
    )]
    pub(crate) wechat_app_secret: Option<Secret>,

    /// Address of WeChat's servers [default: https://api.weixin.qq.com].
    #[arg(long, env = "BAIBASE_WECHAT_API_BASE", value_name = "URL")]
    pub(crate) wechat_api_base: Option<String>,

    /// Stand in for WeChat's servers, for development: login code `dev-NAME`, phone code `phone-NUMBER`.
    #[arg(long, env = "BAIBASE_WECHAT_SIMULATOR", value_parser = BoolishValueParser::new())]
    pub(crate) wechat_simulator: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Platform")]
pub(crate) struct Platform {
    /// Milliseconds within which the same request again is refused; 0 for never.
    #[arg(long, env = "BAIBASE_DUPLICATE_WINDOW_MS", value_name = "MS", default_value_t = 1000)]
    pub(crate) duplicate_window_ms: u64,

    /// Whether anybody may register as a platform user.
    #[arg(
        long,
        env = "BAIBASE_PLATFORM_REGISTRATION",
        value_enum,
        value_name = "MODE",
        default_value_t = Registration::Open
    )]
    pub(crate) platform_registration: Registration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Registration {
    /// As documented.
    Open,
    /// Only superusers create platform users.
    Closed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}
