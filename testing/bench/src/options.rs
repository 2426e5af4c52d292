use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Measures this server beside others that serve the same data, and beside the floor.
#[derive(Debug, Clone, Parser)]
pub struct Options {
    /// The server's binary [default: `baibase` beside this program]
    #[arg(long, value_name = "PATH")]
    pub(crate) binary: Option<PathBuf>,
    /// A peer that runs already, on a copy of the data, on this machine
    #[arg(long, value_name = "NAME=URL")]
    pub(crate) peer: Vec<String>,
    /// A peer to start, with `{dir}` and `{address}` where its data directory and its address belong
    #[arg(long, value_name = "NAME=COMMAND")]
    pub(crate) spawn: Vec<String>,
    /// What this server and the floor keep their rows in
    #[arg(long, value_enum, default_value = "sqlite")]
    pub(crate) store: Store,
    /// How many posts there are
    #[arg(long, default_value_t = 100_000)]
    pub(crate) records: u64,
    /// What is measured, by name, separated by commas [default: everything]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// Seconds that are measured in each round
    #[arg(long, default_value_t = 3.0)]
    pub(crate) seconds: f64,
    /// Seconds before them
    #[arg(long, default_value_t = 0.5)]
    pub(crate) warm_up: f64,
    /// How often each server has its turn
    #[arg(long, default_value_t = 3)]
    pub(crate) rounds: usize,
    /// Connections that send requests [default: each kind of work has its own number]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) connections: Option<u16>,
    /// Requests for each second, sent whether or not the replies keep up [default: as many as are answered]
    #[arg(long, value_name = "RATE")]
    pub(crate) open_rate: Option<f64>,
    /// Subscribers that hear of a change
    #[arg(long, default_value_t = 2000)]
    pub(crate) subscribers: usize,
    /// Connections to the events that subscribe to nothing
    #[arg(long, default_value_t = 0)]
    pub(crate) idle: usize,
    /// Logins with a password that others are measured beside
    #[arg(long, default_value_t = 200)]
    pub(crate) logins: u64,
    /// Requests of those others for each second
    #[arg(long, default_value_t = 500.0)]
    pub(crate) logins_rate: f64,
    /// Size of the database that servers are started on, in MiB
    #[arg(long, value_name = "MB", default_value_t = 1024)]
    pub(crate) start_size: u64,
    /// The numbers of records between which the own speed is compared
    #[arg(long, value_name = "SMALL,LARGE", value_delimiter = ',', default_values_t = [10_000, 1_000_000])]
    pub(crate) scale: Vec<u64>,
    /// Folder of the results
    #[arg(long, default_value = "benches/results")]
    pub(crate) out: PathBuf,
    /// Name of the results
    #[arg(long, default_value = "bench")]
    pub(crate) name: String,
    /// Folder in which the data is kept [default: `bench-data` in cargo's target folder]
    #[arg(long)]
    pub(crate) cache: Option<PathBuf>,
}

/// What rows are kept in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Store {
    /// SQLite, in the data directory
    Sqlite,
    /// A PostgreSQL server that is started for it
    Postgres,
}
