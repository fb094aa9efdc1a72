//! Asks ClamAV's daemon whether there is something bad in a file. The file goes over the wire in pieces (`INSTREAM`),
//! so the daemon may run on another machine and reads no folder of ours.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

const PIECE: usize = 64 * 1024;
const TO_CONNECT: Duration = Duration::from_secs(5);
const TO_ANSWER: Duration = Duration::from_secs(60);
/// No answer of the daemon is longer.
const LONGEST_ANSWER: u64 = 4096;

/// Where the daemon listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clamd {
    /// Host and port.
    Tcp(String),
    /// The path of a Unix socket.
    Socket(PathBuf),
}

/// What it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Clean,
    /// With the name of what was found.
    Infected(String),
    /// It did not answer, or could not tell. The reason is for whoever keeps the installation.
    Unknown(String),
}

impl FromStr for Clamd {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with('/') {
            return Ok(Self::Socket(text.into()));
        }
        let port = text.rsplit_once(':').filter(|(host, _)| !host.is_empty()).and_then(|(_, port)| port.parse::<u16>().ok());
        match port {
            Some(_) => Ok(Self::Tcp(text.into())),
            None => Err(format!(
                "“{text}” is neither a host and port nor a socket’s path. Write it like 127.0.0.1:3310 or /run/clamav/clamd.ctl"
            )),
        }
    }
}

impl fmt::Display for Clamd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => f.write_str(address),
            Self::Socket(path) => path.display().fmt(f),
        }
    }
}

impl Clamd {
    /// What the daemon makes of these bytes.
    pub async fn scan(&self, bytes: &[u8]) -> Verdict {
        match tokio::time::timeout(TO_ANSWER, self.ask(bytes)).await {
            Ok(Ok(answer)) => verdict(&answer),
            Ok(Err(error)) => Verdict::Unknown(error.to_string()),
            Err(_) => Verdict::Unknown("it took too long".into()),
        }
    }

    async fn ask(&self, bytes: &[u8]) -> std::io::Result<String> {
        let slow = |_| std::io::Error::new(std::io::ErrorKind::TimedOut, "it cannot be reached");
        match self {
            Self::Tcp(address) => {
                let to = tokio::net::TcpStream::connect(address);
                converse(tokio::time::timeout(TO_CONNECT, to).await.map_err(slow)??, bytes).await
            }
            #[cfg(unix)]
            Self::Socket(path) => {
                let to = tokio::net::UnixStream::connect(path);
                converse(tokio::time::timeout(TO_CONNECT, to).await.map_err(slow)??, bytes).await
            }
            #[cfg(not(unix))]
            Self::Socket(_) => Err(std::io::Error::other("there are no sockets of this kind here")),
        }
    }
}

async fn converse(stream: impl AsyncRead + AsyncWrite, bytes: &[u8]) -> std::io::Result<String> {
    let (reading, mut writing) = tokio::io::split(stream);
    let sent = async {
        writing.write_all(b"zINSTREAM\0").await?;
        for piece in bytes.chunks(PIECE) {
            let length = u32::try_from(piece.len()).unwrap_or_default();
            writing.write_all(&length.to_be_bytes()).await?;
            writing.write_all(piece).await?;
        }
        writing.write_all(&[0; 4]).await?;
        writing.flush().await
    }
    .await;
    // A daemon that has enough says so and hangs up: what it said counts, not that the rest could not be sent.
    let mut answer = Vec::new();
    let read = reading.take(LONGEST_ANSWER).read_to_end(&mut answer).await;
    if answer.is_empty() {
        sent?;
        read?;
    }
    Ok(String::from_utf8_lossy(&answer).trim_end_matches(['\0', '\n']).to_string())
}

fn verdict(answer: &str) -> Verdict {
    let said = answer.strip_prefix("stream: ").unwrap_or(answer);
    match said.strip_suffix(" FOUND") {
        Some(found) => Verdict::Infected(found.to_string()),
        None if said == "OK" => Verdict::Clean,
        None if said.is_empty() => Verdict::Unknown("it said nothing".into()),
        None => Verdict::Unknown(said.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_yes_is_one() {
        for (answer, said) in [
            ("stream: OK", Verdict::Clean),
            ("stream: Eicar-Test-Signature FOUND", Verdict::Infected("Eicar-Test-Signature".into())),
            ("INSTREAM size limit exceeded. ERROR", Verdict::Unknown("INSTREAM size limit exceeded. ERROR".into())),
            ("", Verdict::Unknown("it said nothing".into())),
            ("stream: OK?", Verdict::Unknown("OK?".into())),
        ] {
            assert_eq!(verdict(answer), said, "{answer}");
        }
    }

    #[test]
    fn an_address_is_a_host_with_a_port_or_a_path() {
        assert_eq!("127.0.0.1:3310".parse(), Ok(Clamd::Tcp("127.0.0.1:3310".into())));
        assert_eq!("/run/clamd.ctl".parse(), Ok(Clamd::Socket("/run/clamd.ctl".into())));
        for wrong in ["", "clamd", ":3310", "clamd:", "clamd:99999"] {
            assert!(wrong.parse::<Clamd>().is_err(), "{wrong}");
        }
    }
}
