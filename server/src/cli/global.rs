use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::BoolishValueParser;
use wechat::Secret;

use super::{Public, secret};

/// The flags that may stand before and after every command.
#[derive(Debug, Args)]
pub(crate) struct Global {
    #[command(flatten)]
    pub(crate) data: DataDir,

    /// Log every statement, and why requests are refused.
    #[arg(
        long,
        env = "BAIBASE_DEV",
        global = true,
        num_args = 0..=1,
        require_equals = true,
        default_value = "false",
        default_missing_value = "true",
        value_parser = BoolishValueParser::new(),
        hide_possible_values = true
    )]
    pub(crate) dev: bool,

    /// Folder of the snapshots of collections [default: `pb_migrations` beside the data directory].
    #[arg(long = "migrationsDir", env = "BAIBASE_MIGRATIONS_DIR", global = true, value_name = "DIR")]
    pub(crate) migrations_dir: Option<PathBuf>,

    /// Write a snapshot to that folder whenever a collection is created, changed or deleted through the API, for other
    /// servers to apply.
    #[arg(
        long,
        env = "BAIBASE_AUTOMIGRATE",
        global = true,
        num_args = 0..=1,
        require_equals = true,
        default_value = "true",
        default_missing_value = "true",
        value_parser = BoolishValueParser::new(),
        hide_possible_values = true
    )]
    pub(crate) automigrate: bool,

    #[command(flatten)]
    pub(crate) public: Public,

    #[command(flatten)]
    pub(crate) scripts: Scripts,
}

impl Global {
    /// The folder of this name in the one that the data directory is in.
    pub(crate) fn beside_data(&self, name: &str) -> PathBuf {
        let data = &self.data.dir;
        // The folder above `pb_data` is the one that it is in, also where it is a link to another place.
        data.parent()
            .filter(|parent| !data.ends_with("..") && *parent != data)
            .unwrap_or(Path::new(""))
            .join(name)
    }
}

#[derive(Debug, Clone, Args)]
pub(crate) struct DataDir {
    /// Folder of the data; it is set up when it is empty or missing.
    #[arg(long, env = "BAIBASE_DIR", global = true, value_name = "DIR", default_value = "pb_data")]
    pub(crate) dir: PathBuf,

    /// Database on a PostgreSQL server (15 or later) for collections, records, settings and logs:
    /// `postgres://USER:PASSWORD@HOST:PORT/NAME`. Without it they are in the folder. Prefer the environment variable:
    /// others can read a command line.
    #[arg(
        long,
        env = "BAIBASE_DATABASE",
        global = true,
        value_name = "URL",
        value_parser = secret,
        hide_env_values = true
    )]
    pub(crate) database: Option<Secret>,

    /// Store of the files of records, unless the settings keep them in S3: a folder, or a bucket as
    /// `SCHEME://KEY:SECRET@ENDPOINT/BUCKET[/FOLDER]` of s3, oss, cos or obs [default: `storage` in the folder of the
    /// data]. Prefer the environment variable: others can read a command line.
    #[arg(
        long,
        env = "BAIBASE_FILES",
        global = true,
        value_name = "DIR|URL",
        value_parser = secret,
        hide_env_values = true
    )]
    pub(crate) files: Option<Secret>,

    /// Name of the environment variable with the key of 32 characters that the stored settings are encrypted with.
    #[arg(long = "encryptionEnv", env = "BAIBASE_ENCRYPTION_ENV", global = true, value_name = "NAME")]
    pub(crate) encryption_env: Option<String>,

    /// Seconds that a query may take.
    #[arg(
        long = "queryTimeout",
        env = "BAIBASE_QUERY_TIMEOUT",
        global = true,
        value_name = "SECONDS",
        default_value_t = 30,
        value_parser = clap::value_parser!(u64).range(1..)
    )]
    pub(crate) query_timeout: u64,
}

/// Flags of PocketBase's about programs in JavaScript, which are not run: they are taken so that its command lines work.
#[derive(Debug, Args)]
#[command(next_help_heading = "JavaScript of PocketBase's, which is not run")]
pub(crate) struct Scripts {
    /// Folder of hooks in JavaScript; at the start a warning names those that are there [default: `pb_hooks` beside
    /// the data directory].
    #[arg(long = "hooksDir", env = "BAIBASE_HOOKS_DIR", global = true, value_name = "DIR")]
    pub(crate) hooks_dir: Option<PathBuf>,

    /// Has no effect.
    #[arg(
        long = "hooksWatch",
        env = "BAIBASE_HOOKS_WATCH",
        global = true,
        num_args = 0..=1,
        require_equals = true,
        default_value = "true",
        default_missing_value = "true",
        value_parser = BoolishValueParser::new(),
        hide_possible_values = true
    )]
    pub(crate) hooks_watch: bool,

    /// Has no effect.
    #[arg(
        long = "hooksPool",
        env = "BAIBASE_HOOKS_POOL",
        global = true,
        value_name = "NUMBER",
        default_value_t = 15
    )]
    pub(crate) hooks_pool: u32,
}
