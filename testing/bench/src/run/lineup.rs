use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use test_postgres::{Cluster, TestDatabase};

use super::contender::{Contender, Startable};
use crate::data::{Cache, Sizes, copy};
use crate::error::{Error, Result, What};
use crate::options::{Options, Store};
use crate::report::{Bound, Role, say};
use crate::server::{Program, Server};

/// The servers of a run, and what more of them are started with.
#[derive(Debug)]
pub(crate) struct Bench {
    pub(crate) options: Options,
    pub(crate) cache: Cache,
    pub(crate) contenders: Vec<Contender>,
    startables: Vec<Startable>,
    /// The copies of the data, gone with the run.
    pub(crate) room: TempDir,
    cluster: Option<Cluster>,
}

impl Bench {
    /// Makes the data and starts the servers: this project's first, then the peers, then the floor.
    pub(crate) async fn start(options: Options) -> Result<Self> {
        let program = std::env::current_exe().what("the path of this program")?;
        let beside = |name: &str| program.with_file_name(name);
        let binary = options.binary.clone().unwrap_or_else(|| beside("baibase"));
        let binary = binary.canonicalize().what(format!("{}", binary.display()))?;
        let target = program.ancestors().nth(2).unwrap_or(Path::new("."));
        let folder = options.cache.clone().unwrap_or_else(|| target.join("bench-data"));
        std::fs::create_dir_all(&folder).what("the folder of the data")?;
        let folder = folder.canonicalize().what("the folder of the data")?;
        let room =
            tempfile::Builder::new().prefix("run-").tempdir_in(&folder).what("a folder for the run")?;
        let cluster = (options.store == Store::Postgres).then(Cluster::durable);
        let cache = Cache { folder, binary };
        let mut bench =
            Self { options, cache, contenders: Vec::new(), startables: Vec::new(), room, cluster };
        bench.line_up(&beside("bench-floor")).await?;
        Ok(bench)
    }

    async fn line_up(&mut self, floor: &Path) -> Result<()> {
        let records = self.options.records;
        let own = self.own("baibase", records).await?;
        self.contenders.push(own);
        for peer in &self.options.peer {
            let (name, url) = halves(peer)?;
            let server = Server::running(name, url)?;
            self.contenders.push(Contender::new(server, Role::Peer, Sizes::of(records), None).await?);
        }
        self.startables.push(Startable {
            name: "baibase".to_owned(),
            role: Role::Own,
            program: Program::own(&self.cache.binary, None),
        });
        for spawn in &self.options.spawn {
            let (name, command) = halves(spawn)?;
            let program = Program::parse(command)?;
            self.startables.push(Startable { name: name.to_owned(), role: Role::Peer, program });
        }
        for at in 1..self.startables.len() {
            let Some(peer) = self.startables.get(at) else { continue };
            let (name, program) = (peer.name.clone(), peer.program.clone());
            let directory = self.directory(&name, records).await?;
            let server = Server::spawn(&name, &program, &directory).await?;
            self.contenders.push(Contender::new(server, Role::Peer, Sizes::of(records), None).await?);
        }
        let floor = self.floor(floor, records).await?;
        self.contenders.push(floor);
        Ok(())
    }

    /// The floor, with rows of its own where this server has them.
    async fn floor(&self, program: &Path, records: u64) -> Result<Contender> {
        let (directory, database) = self.rows("floor", records).await?;
        let program = Program::floor(program, database.as_ref().map(|database| database.url.as_str()));
        let server = Server::spawn("floor", &program, &directory).await?;
        Contender::new(server, Role::Floor, Sizes::of(records), database).await
    }

    /// What can be started on another directory: this server and the peers that the run starts.
    pub(crate) fn startable(&self) -> impl Iterator<Item = &Startable> {
        self.startables.iter()
    }

    /// Another one of this server, with this many records.
    pub(crate) async fn own_with(&self, records: u64) -> Result<Contender> {
        self.own(&format!("{records} records"), records).await
    }

    /// What the ratio to the floor should be: with PostgreSQL, where all wait for the same server, it is another one.
    pub(crate) fn floor_bound(&self, bound: Option<Bound>) -> Option<Bound> {
        match self.options.store {
            Store::Sqlite => bound,
            Store::Postgres => Some(Bound::AtLeast(0.6)),
        }
    }

    async fn own(&self, name: &str, records: u64) -> Result<Contender> {
        let (directory, database) = self.rows(name, records).await?;
        let url = database.as_ref().map(|database| database.url.as_str());
        let server = Server::spawn(name, &Program::own(&self.cache.binary, url), &directory).await?;
        Contender::new(server, Role::Own, Sizes::of(records), database).await
    }

    /// A directory with the data, and the database where the rows are in one.
    async fn rows(&self, name: &str, records: u64) -> Result<(PathBuf, Option<TestDatabase>)> {
        match &self.cluster {
            Some(cluster) => Ok((self.place(name), Some(self.copy_to(cluster, name, records).await?))),
            None => Ok((self.directory(name, records).await?, None)),
        }
    }

    /// A copy of the data for one server.
    async fn directory(&self, name: &str, records: u64) -> Result<PathBuf> {
        let data = self.cache.records(records).await?;
        let directory = self.place(name);
        copy(&data, &directory)?;
        Ok(directory)
    }

    fn place(&self, name: &str) -> PathBuf {
        self.room.path().join(name.replace(|c: char| !c.is_ascii_alphanumeric(), "-"))
    }

    /// A database with the data, whose files are in the directory of the server.
    async fn copy_to(&self, cluster: &Cluster, name: &str, records: u64) -> Result<TestDatabase> {
        let data = self.cache.records(records).await?;
        let database = cluster.database();
        say(&format!("copying {records} records to PostgreSQL"))?;
        let copied = Command::new(&self.cache.binary)
            .args(["copy", "--from"])
            .arg(data)
            .arg("--to-files")
            .arg(self.place(name).join("storage"))
            .env("BAIBASE_COPY_TO", &database.url)
            .output()
            .what("copying the data")?;
        if !copied.status.success() {
            return Err(Error::Setup(String::from_utf8_lossy(&copied.stderr).into_owned()));
        }
        database.run("VACUUM ANALYZE");
        Ok(database)
    }
}

/// What stands before and after the first `=`.
fn halves(option: &str) -> Result<(&str, &str)> {
    option.split_once('=').ok_or_else(|| Error::Setup(format!("{option}: NAME=... is wanted")))
}
