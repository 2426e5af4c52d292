//! The servers that are measured: those that are started here, and those that run already.

mod listening;
mod process;
mod program;

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

pub(crate) use process::Process;
pub(crate) use program::Program;

use crate::data::{PASSWORD, SUPERUSER, SUPERUSER_PASSWORD, email};
use crate::error::{Error, Result, What};
use crate::http::{Connection, request};

/// How long a server may take to answer its first request.
const START: Duration = Duration::from_secs(120);

/// A server that runs.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) name: String,
    /// Where it listens, `127.0.0.1:8090`.
    pub(crate) address: String,
    pub(crate) process: Process,
    /// From its start to its first reply; `None` when it was not started here.
    pub(crate) started_in: Option<Duration>,
    child: Option<Child>,
}

impl Server {
    /// A server that runs already on this machine.
    pub(crate) fn running(name: &str, url: &str) -> Result<Self> {
        let address = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let process = Process(listening::process(&address)?);
        Ok(Self { name: name.to_owned(), address, process, started_in: None, child: None })
    }

    /// Starts a server on a data directory and waits until it is well.
    pub(crate) async fn spawn(name: &str, program: &Program, directory: &Path) -> Result<Self> {
        Self::spawn_until(name, program, directory, "/api/health").await
    }

    /// Starts a server on a data directory and waits for its first reply with status 200 to this path.
    pub(crate) async fn spawn_until(
        name: &str,
        program: &Program,
        directory: &Path,
        path: &str,
    ) -> Result<Self> {
        let address = free_address()?;
        let log = log(directory);
        let output = File::create(&log).what("the log of a server")?;
        let mut command = program.command(directory, &address);
        command.stdin(Stdio::null()).stdout(output.try_clone().what("the log of a server")?).stderr(output);
        // What a server looks for beside its data (snapshots, static files) is nothing of ours.
        command.current_dir(directory.parent().unwrap_or(directory));
        let begun = Instant::now();
        let child = command.spawn().what(format!("starting {name}"))?;
        let process = Process(child.id());
        let mut server =
            Self { name: name.to_owned(), address, process, started_in: None, child: Some(child) };
        server.wait(path, begun, &log).await?;
        server.started_in = Some(begun.elapsed());
        Ok(server)
    }

    async fn wait(&mut self, path: &str, begun: Instant, log: &Path) -> Result<()> {
        let request = request("GET", path, "", None);
        while begun.elapsed() < START {
            if let Ok(mut connection) = Connection::open(&self.address).await
                && connection.status(&request).await.is_ok_and(|status| status == 200)
            {
                return Ok(());
            }
            let ended = self.child.as_mut().map(Child::try_wait).transpose().what("waiting for a server")?;
            if ended.flatten().is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let log = std::fs::read(log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        Err(Error::Setup(format!("{} did not start:\n{log}", self.name)))
    }

    /// A connection to it.
    pub(crate) async fn connect(&self) -> Result<Connection> {
        Connection::open(&self.address).await
    }

    /// A token of the superuser.
    pub(crate) async fn superuser(&self) -> Result<String> {
        self.log_in("_superusers", SUPERUSER, SUPERUSER_PASSWORD).await
    }

    /// A token of one of the users.
    pub(crate) async fn user(&self, user: u64) -> Result<String> {
        self.log_in("bench_users", &email(user), PASSWORD).await
    }

    async fn log_in(&self, collection: &str, identity: &str, password: &str) -> Result<String> {
        let path = format!("/api/collections/{collection}/auth-with-password");
        let body = json!({"identity": identity, "password": password});
        let login = self.connect().await?.call("POST", &path, "", &body).await?;
        let token = login.get("token").and_then(Value::as_str);
        token.map(ToOwned::to_owned).ok_or_else(|| Error::Refused(format!("{path}: no token")))
    }

    /// Asks a server that was started here to end, and waits for it.
    pub(crate) fn stop(&mut self) -> Result<()> {
        let Some(mut child) = self.child.take() else { return Ok(()) };
        self.process.terminate()?;
        child.wait().what("waiting for the end of a server")?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Where the output of the server of a directory goes: beside it.
fn log(directory: &Path) -> PathBuf {
    directory.with_extension("log")
}

/// An address of this machine that nobody listens on.
fn free_address() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").what("a free port")?;
    Ok(listener.local_addr().what("a free port")?.to_string())
}
