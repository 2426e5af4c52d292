//! The command line. Every flag is an environment variable as well.
//!
//! Commands and flags that PocketBase has too have its names and defaults.

mod address;
mod global;
mod public;
mod serve;

use std::convert::Infallible;
use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand};
use wechat::Secret;

pub(crate) use self::address::ListenAddress;
pub(crate) use self::global::{DataDir, Global};
pub(crate) use self::public::Public;
pub(crate) use self::serve::{LogFormat, Platform, Registration, Serve, WeChat};

/// The backend of the BAI platform, compatible with PocketBase.
#[derive(Debug, Parser)]
#[command(name = "baibase", version, about, max_term_width = 100, disable_version_flag = true)]
pub(crate) struct Cli {
    /// Print the version.
    #[arg(short = 'v', short_alias = 'V', long, action = ArgAction::Version)]
    version: Option<bool>,

    #[command(flatten)]
    pub(crate) global: Global,

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
    /// Upgrade the data of an older version, and apply or make snapshots of the collections.
    Migrate {
        #[command(subcommand)]
        action: MigrateAction,
    },
    /// Tell that this program does not replace itself.
    #[command(hide = true)]
    Update {
        #[arg(long, hide = true, num_args = 0..=1)]
        backup: Option<bool>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum MigrateAction {
    /// Upgrade the data of an older version, and apply the snapshots that were not applied yet. `serve` does both when
    /// it starts.
    Up {
        /// Only say what would change.
        #[arg(long = "dryRun")]
        dry_run: bool,
    },
    /// Forget that the last snapshots were applied, so that they are applied again. The collections stay as they are.
    Down {
        /// How many.
        #[arg(default_value_t = 1)]
        number: usize,
    },
    /// Make an empty snapshot, to be filled by hand.
    Create {
        /// Name of the file after the time.
        name: String,
    },
    /// Make a snapshot of the collections, in the JSON of their export.
    Collections,
    /// Forget those that were applied and whose files are gone.
    HistorySync,
}

fn secret(text: &str) -> Result<Secret, Infallible> {
    Ok(Secret::from(text))
}

#[derive(Debug, Args)]
pub(crate) struct Copy {
    /// What is copied: a data directory, or `postgres://USER:PASSWORD@HOST:PORT/NAME`.
    #[arg(long, env = "BAIBASE_COPY_FROM", value_name = "DIR|URL", value_parser = place, hide_env_values = true)]
    pub(crate) from: Place,

    /// Where the copy is to be: a missing or empty folder, or the address of an empty database.
    #[arg(long, env = "BAIBASE_COPY_TO", value_name = "DIR|URL", value_parser = place, hide_env_values = true)]
    pub(crate) to: Place,

    /// Store of the source's files: a folder, or a bucket as for `serve --files` [default: the bucket of its settings,
    /// or `storage` in its data directory, in `pb_data` with a database].
    #[arg(
        long,
        env = "BAIBASE_COPY_FROM_FILES",
        value_name = "DIR|URL",
        value_parser = secret,
        hide_env_values = true
    )]
    pub(crate) from_files: Option<Secret>,

    /// Store of the copy's files [default: as above]. It must be missing or empty, or that of the source: then the
    /// files stay where they are.
    #[arg(
        long,
        env = "BAIBASE_COPY_TO_FILES",
        value_name = "DIR|URL",
        value_parser = secret,
        hide_env_values = true
    )]
    pub(crate) to_files: Option<Secret>,
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
    },
    /// Make a one-time password for a superuser, where superusers may log in by one.
    Otp {
        /// E-mail address of the superuser.
        email: String,
    },
    /// Let superusers in from these addresses alone; from everywhere when none is given.
    Ips {
        /// Addresses and subnets, such as `127.0.0.1` and `10.0.0.0/24`.
        ips: Vec<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Credentials {
    /// E-mail address of the superuser.
    pub(crate) email: String,
    /// Password; read from the first line of standard input when it is not given.
    pub(crate) password: Option<String>,
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
    fn every_flag_of_a_server_is_an_environment_variable() {
        let cli = Cli::command();
        let superuser = cli.get_subcommands().filter_map(|command| command.find_subcommand("upsert"));
        for command in cli.get_subcommands().chain(superuser).chain([&cli]) {
            let is_own = |long| !matches!(long, "help" | "version" | "backup");
            for flag in command.get_arguments().filter(|arg| arg.get_long().is_some_and(is_own)) {
                let name = flag.get_env().and_then(|env| env.to_str()).unwrap_or_default();
                // One of them is PocketBase's.
                let is_known = name.starts_with("BAIBASE_") || name == "PB_ID_TOKEN_LEEWAY";
                assert!(is_known, "--{}", flag.get_id());
            }
        }
    }

    #[test]
    fn the_flags_of_pocketbase_are_taken_before_and_after_the_command() {
        let after =
            "baibase serve a.com b.com --dir d --queryTimeout=5 --automigrate=false --hooksWatch --dev";
        let cli = Cli::try_parse_from(after.split(' ')).unwrap();
        assert_eq!((cli.global.data.dir.as_path(), cli.global.data.query_timeout), ("d".as_ref(), 5));
        assert!(!cli.global.automigrate && cli.global.scripts.hooks_watch && cli.global.dev);
        let Command::Serve(serve) = cli.command else { panic!("another command") };
        assert_eq!(serve.domains, ["a.com", "b.com"]);
        let before = "baibase --dir d --migrationsDir m superuser upsert a@example.com 1234567890";
        let cli = Cli::try_parse_from(before.split(' ')).unwrap();
        assert_eq!(cli.global.data.dir, PathBuf::from("d"));
        assert_eq!(cli.global.migrations_dir, Some("m".into()));
    }
}
