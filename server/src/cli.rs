//! The command line. Every flag is an environment variable as well.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use wechat::Secret;

/// The backend of the BAI platform, compatible with PocketBase.
#[derive(Debug, Parser)]
#[command(name = "baibase", version, about, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the API until SIGTERM or SIGINT.
    Serve(Box<Serve>),
    /// Copy everything (collections, records, settings, logs, files) to another place, and check the copy.
    ///
    /// A place is a data directory, also PocketBase's, or the address of a PostgreSQL database. The source is only
    /// read; no server may run on it. The target must be empty; when the copy fails, it is empty again.
    Copy(Box<Copy>),
    /// Manage the accounts that may do everything.
    Superuser {
        #[command(subcommand)]
        action: SuperuserAction,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) data: DataDir,

    /// Address of the main listener.
    #[arg(long, env = "BAIBASE_HTTP", value_name = "ADDR", default_value = "127.0.0.1:8090")]
    pub(crate) http: SocketAddr,

    /// Address of the legacy listener (documented: port 3000); off unless it is given. It hands out a token for a
    /// bare openid, as its documentation demands, and openids can be read in public records: let nobody but trusted
    /// proxies reach it.
    #[arg(long, env = "BAIBASE_LEGACY_HTTP", value_name = "ADDR")]
    pub(crate) legacy_http: Option<SocketAddr>,

    /// Origins that browsers may call from, separated by commas; `*` and `?` are wildcards.
    #[arg(long, env = "BAIBASE_ORIGINS", value_name = "LIST", value_delimiter = ',', default_value = "*")]
    pub(crate) origins: Vec<String>,

    /// Log every statement, and why requests are refused.
    #[arg(long, env = "BAIBASE_DEV", value_parser = BoolishValueParser::new())]
    pub(crate) dev: bool,

    /// How log lines are written.
    #[arg(long, env = "BAIBASE_LOG_FORMAT", value_enum, value_name = "FORMAT", default_value_t = LogFormat::Text)]
    pub(crate) log_format: LogFormat,

    #[command(flatten)]
    pub(crate) wechat: WeChat,

    #[command(flatten)]
    pub(crate) platform: Platform,
}

#[derive(Debug, Args)]
pub(crate) struct Copy {
    /// What is copied: a data directory, or `postgres://USER:PASSWORD@HOST:PORT/NAME`.
    #[arg(long, env = "BAIBASE_COPY_FROM", value_name = "DIR|URL", value_parser = place, hide_env_values = true)]
    pub(crate) from: Place,

    /// Where the copy is to be: a missing or empty folder, or the address of an empty database.
    #[arg(long, env = "BAIBASE_COPY_TO", value_name = "DIR|URL", value_parser = place, hide_env_values = true)]
    pub(crate) to: Place,

    /// Folder of the source's files [default: `storage` in its data directory, or in `pb_data` with a database].
    #[arg(long, env = "BAIBASE_COPY_FROM_FILES", value_name = "DIR")]
    pub(crate) from_files: Option<PathBuf>,

    /// Folder of the copy's files [default: as above]. It must be missing or empty, or that of the source: then the
    /// files stay where they are.
    #[arg(long, env = "BAIBASE_COPY_TO_FILES", value_name = "DIR")]
    pub(crate) to_files: Option<PathBuf>,
}

/// Where an instance is.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    Directory(PathBuf),
    Database(Secret),
}

fn place(text: &str) -> Result<Place, Infallible> {
    let is_address = ["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme));
    Ok(if is_address { Place::Database(Secret::from(text)) } else { Place::Directory(text.into()) })
}

#[derive(Debug, Args)]
pub(crate) struct DataDir {
    /// Folder of the data; it is set up when it is empty or missing.
    #[arg(long, env = "BAIBASE_DIR", value_name = "DIR", default_value = "pb_data")]
    pub(crate) dir: PathBuf,

    /// Database on a PostgreSQL server (15 or later) for collections, records, settings and logs:
    /// `postgres://USER:PASSWORD@HOST:PORT/NAME`. Without it they are in the folder. Prefer the environment variable:
    /// others can read a command line.
    #[arg(
        long,
        env = "BAIBASE_DATABASE",
        value_name = "URL",
        value_parser = secret,
        hide_env_values = true
    )]
    pub(crate) database: Option<Secret>,
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

fn secret(text: &str) -> Result<Secret, Infallible> {
    Ok(Secret::from(text))
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

#[derive(Debug, Subcommand)]
pub(crate) enum SuperuserAction {
    /// Create a superuser, or set the password of the one who is there.
    Upsert(Credentials),
    /// Create a superuser.
    Create(Credentials),
    /// Set a superuser's password.
    Update(Credentials),
    /// Delete a superuser.
    Delete {
        /// E-mail address of the superuser.
        email: String,
        #[command(flatten)]
        data: DataDir,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Credentials {
    /// E-mail address of the superuser.
    pub(crate) email: String,
    /// Password; read from the first line of standard input when it is not given.
    pub(crate) password: Option<String>,
    #[command(flatten)]
    pub(crate) data: DataDir,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_flag_is_an_environment_variable() {
        let cli = Cli::command();
        let superuser = cli.get_subcommands().filter_map(|command| command.find_subcommand("upsert"));
        for command in cli.get_subcommands().chain(superuser) {
            for flag in
                command.get_arguments().filter(|arg| arg.get_long().is_some_and(|long| long != "help"))
            {
                let name = flag.get_env().and_then(|env| env.to_str()).unwrap_or_default();
                assert!(name.starts_with("BAIBASE_"), "--{}", flag.get_id());
            }
        }
    }
}
