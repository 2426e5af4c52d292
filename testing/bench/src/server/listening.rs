use std::fs;

use crate::error::{Error, Result, What};

/// The state of a socket that listens, in the system's tables.
const LISTENS: &str = "0A";

/// The id of the process of this machine that listens at an address.
pub(super) fn process(address: &str) -> Result<u32> {
    let unknown = || Error::Setup(format!("no process of this machine was found to listen at {address}"));
    let port = address.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok()).ok_or_else(unknown)?;
    let tables =
        ["/proc/net/tcp", "/proc/net/tcp6"].map(|table| fs::read_to_string(table).unwrap_or_default());
    let socket = tables.iter().find_map(|table| socket(table, port)).ok_or_else(unknown)?;
    let link = format!("socket:[{socket}]");
    for process in fs::read_dir("/proc").what("/proc")?.flatten() {
        let Some(id) = process.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let files = fs::read_dir(process.path().join("fd")).into_iter().flatten().flatten();
        let mut targets = files.filter_map(|file| fs::read_link(file.path()).ok());
        if targets.any(|target| target.to_str() == Some(&link)) {
            return Ok(id);
        }
    }
    Err(unknown())
}

/// The number of the socket that listens at a port.
fn socket(table: &str, port: u16) -> Option<&str> {
    let end = format!(":{port:04X}");
    table.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let listens = fields.get(1)?.ends_with(&end) && *fields.get(3)? == LISTENS;
        listens.then_some(*fields.get(9)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_behind_a_port_is_found() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        assert_eq!(process(&address).unwrap(), std::process::id());
        drop(listener);
        assert!(process(&address).is_err());
    }
}
