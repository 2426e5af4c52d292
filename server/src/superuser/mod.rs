//! `baibase superuser`: the accounts that may do everything.

mod password;

use engine::Engine;
use oauth2_providers::Registry;

use crate::cli::SuperuserAction as Action;
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
pub(crate) async fn run(action: Action) -> Result<String, Error> {
    let (data, email, change) = match action {
        Action::Create(of) => (of.data, of.email, Change::Create(password::given_or_read(of.password)?)),
        Action::Update(of) => (of.data, of.email, Change::Update(password::given_or_read(of.password)?)),
        Action::Upsert(of) => (of.data, of.email, Change::Upsert(password::given_or_read(of.password)?)),
        Action::Delete { email, data } => (data, email, Change::Delete),
    };
    let engine = DataDir::prepare(&data.dir)?
        .start_engine(data.database.as_ref(), Registry::default(), Vec::new())
        .await?;
    let outcome = apply(&engine, &email, change).await;
    let closed = engine.close().await;
    let done = outcome.map_err(Error::Refused)?;
    closed.map_err(Error::Close)?;
    Ok(format!("The superuser {email} was {done}."))
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
