//! The floor: what remains of a server when there are no rules, no filters and no schema, only axum, one prepared
//! statement for each route, and the same bytes in the reply.

mod json;
mod postgres;
mod routes;
mod rows;
mod sqlite;

use tokio::net::TcpListener;

use crate::error::{Result, What};

/// How the floor is started.
#[derive(Debug, clap::Parser)]
pub struct Options {
    /// The data directory
    #[arg(long)]
    dir: std::path::PathBuf,
    /// Where to listen
    #[arg(long)]
    address: String,
    /// A database on a PostgreSQL server instead
    #[arg(long)]
    database: Option<String>,
}

/// Serves until it is ended.
///
/// # Errors
/// When the database cannot be opened, or nothing can be listened to.
pub async fn serve(options: Options) -> Result<()> {
    let router = match &options.database {
        Some(url) => routes::router(postgres::Database::connect(url).await?),
        None => routes::router(sqlite::Database::open(&options.dir.join("data.db"))?),
    };
    let listener = TcpListener::bind(&options.address).await.what("listening")?;
    axum::serve(listener, router).await.what("serving")
}
