//! `baibase superuser`: the accounts that may do everything.

mod password;

use engine::{Engine, NewOtp};
use oauth2_providers::Registry;
use serde_json::{Map, Value};

use crate::cli::{self, SuperuserAction as Action};
use crate::data_dir::DataDir;
use crate::error::Error;

/// What is done to an account, with the password where one is needed.
enum Change {
    Create(String),
    Update(String),
    Upsert(String),
    Delete,
}

/// Does it and says what was done.
///
/// The engine runs without extensions: only rows are written, so that a server may run on the directory meanwhile.
pub(crate) async fn run(action: Action, data: &cli::DataDir) -> Result<String, Error> {
    let (email, change) = match action {
        Action::Create(of) => (of.email, Change::Create(password::given_or_read(of.password)?)),
        Action::Update(of) => (of.email, Change::Update(password::given_or_read(of.password)?)),
        Action::Upsert(of) => (of.email, Change::Upsert(password::given_or_read(of.password)?)),
        Action::Delete { email } => (email, Change::Delete),
        Action::Otp { email } => return one_time_password(&email, data).await,
        Action::Ips { ips } => return let_in_from(ips, data).await,
    };
    let engine = start(data).await?;
    let done = with(engine, async |engine| apply(engine, &email, change).await).await?;
    Ok(format!("The superuser {email} was {done}."))
}

/// An engine that only writes rows.
async fn start(data: &cli::DataDir) -> Result<Engine, Error> {
    DataDir::prepare(&data.dir)?.start_engine(data, Registry::default(), Vec::new()).await
}

/// Does something with an engine and ends it.
async fn with<T>(engine: Engine, work: impl AsyncFnOnce(&Engine) -> engine::Result<T>) -> Result<T, Error> {
    let outcome = work(&engine).await;
    let closed = engine.close().await;
    let done = outcome.map_err(Error::Refused)?;
    closed.map_err(Error::Close)?;
    Ok(done)
}

/// Makes a one-time password and says it.
async fn one_time_password(email: &str, data: &cli::DataDir) -> Result<String, Error> {
    let engine = start(data).await?;
    let otp = with(engine, async |engine| engine.create_superuser_otp(email).await).await?;
    let NewOtp { id, password, seconds } = otp;
    Ok(format!(
        "A one-time password was made for {email}.\n  id        {id}\n  password  {password}\n  good for  {seconds} s"
    ))
}

/// Sets the addresses that superusers may come from. A running server has the settings in its memory: it must not run.
async fn let_in_from(ips: Vec<String>, data: &cli::DataDir) -> Result<String, Error> {
    let dir = DataDir::prepare(&data.dir)?;
    let _lock = dir.lock()?;
    let engine = dir.start_server(data, Registry::default(), Vec::new()).await?;
    let changes = Map::from_iter([("superuserIPs".to_owned(), Value::from(ips.as_slice()))]);
    with(engine, async |engine| engine.update_settings(&changes).await).await?;
    Ok(match ips.as_slice() {
        [] => "Superusers are let in from everywhere.".to_owned(),
        ips => format!("Superusers are let in from {} alone.", ips.join(", ")),
    })
}

/// What happened, to end a sentence with.
async fn apply(engine: &Engine, email: &str, change: Change) -> engine::Result<&'static str> {
    let change = match change {
        Change::Upsert(password) if engine.superuser(email).await?.is_some() => Change::Update(password),
        Change::Upsert(password) => Change::Create(password),
        other => other,
    };
    match change {
        Change::Create(password) | Change::Upsert(password) => {
            engine.create_superuser(email, &password).await?;
            Ok("created")
        }
        Change::Update(password) => {
            engine.set_superuser_password(email, &password).await?;
            Ok("given the new password")
        }
        Change::Delete => {
            engine.delete_superuser(email).await?;
            Ok("deleted")
        }
    }
}
