//! HTTP/1.1 over one kept connection, with as little work as possible: the server shares the machine with us.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::Outcome;

const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug, Default)]
pub struct Answer {
    pub status: u16,
    pub location: Option<String>,
    /// `name=value` of each cookie that was set.
    pub cookies: Vec<String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

pub struct Connection {
    server: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
    line: String,
}

impl Connection {
    pub fn to(server: SocketAddr) -> Self {
        Self { server, stream: None, line: String::new() }
    }

    pub fn get(&mut self, path: &str, cookies: &str) -> Outcome<Answer> {
        self.exchange("GET", path, cookies, None)
    }

    pub fn post(&mut self, path: &str, cookies: &str, body: &str) -> Outcome<Answer> {
        self.exchange("POST", path, cookies, Some(body))
    }

    fn exchange(&mut self, method: &str, path: &str, cookies: &str, body: Option<&str>) -> Outcome<Answer> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.server);
        if !cookies.is_empty() {
            write!(request, "cookie: {cookies}\r\n")?;
        }
        if let Some(body) = body {
            write!(
                request,
                "origin: http://{}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n",
                self.server,
                body.len()
            )?;
        }
        request.push_str("\r\n");
        request.push_str(body.unwrap_or_default());

        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => open(self.server)?,
        };
        stream.get_mut().write_all(request.as_bytes())?;
        let (answer, keep) = self.read(&mut stream)?;
        if keep {
            self.stream = Some(stream);
        }
        Ok(answer)
    }

    fn read(&mut self, stream: &mut BufReader<TcpStream>) -> Outcome<(Answer, bool)> {
        let mut answer = Answer::default();
        let (mut length, mut chunked, mut keep) = (None, false, true);
        let status = self.next_line(stream)?;
        answer.status =
            status.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(|| format!("no status in {status:?}"))?;
        loop {
            let line = self.next_line(stream)?;
            let Some((name, value)) = line.split_once(':') else {
                break;
            };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = Some(value.parse::<usize>()?),
                "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
                "connection" => keep = !value.eq_ignore_ascii_case("close"),
                "location" => answer.location = Some(value.to_owned()),
                "set-cookie" => answer.cookies.extend(value.split(';').next().map(str::to_owned)),
                _ => {}
            }
        }
        match (chunked, length) {
            (true, _) => self.read_chunks(stream, &mut answer.body)?,
            (false, Some(length)) => {
                answer.body.resize(length, 0);
                stream.read_exact(&mut answer.body)?;
            }
            (false, None) => {
                stream.read_to_end(&mut answer.body)?;
                keep = false;
            }
        }
        Ok((answer, keep))
    }

    fn read_chunks(&mut self, stream: &mut BufReader<TcpStream>, body: &mut Vec<u8>) -> Outcome<()> {
        loop {
            let size = self.next_line(stream)?;
            let size = usize::from_str_radix(size.split(';').next().unwrap_or_default().trim(), 16)?;
            let start = body.len();
            body.resize(start + size, 0);
            stream.read_exact(&mut body[start..])?;
            self.next_line(stream)?;
            if size == 0 {
                return Ok(());
            }
        }
    }

    fn next_line(&mut self, stream: &mut BufReader<TcpStream>) -> Outcome<String> {
        self.line.clear();
        if stream.read_line(&mut self.line)? == 0 {
            return Err("the server closed the connection".into());
        }
        Ok(self.line.trim_end().to_owned())
    }
}

fn open(server: SocketAddr) -> Outcome<BufReader<TcpStream>> {
    let stream = TcpStream::connect_timeout(&server, PATIENCE)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(BufReader::with_capacity(64 * 1024, stream))
}

/// Encodes text as part of an address or a form.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() + text.len() / 4);
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                encoded.push(char::from(byte));
            }
            b' ' => encoded.push('+'),
            _ => {
                let (high, low) = (byte >> 4, byte & 15);
                encoded.extend(['%', HEX[usize::from(high)], HEX[usize::from(low)]]);
            }
        }
    }
    encoded
}

const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::thread;

    /// A server that answers each connection with these bytes, once it has been asked something.
    fn answering(bytes: &'static [u8]) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let _asked = stream.read(&mut [0; 4096]).unwrap();
                stream.write_all(bytes).unwrap();
            }
        });
        address
    }

    #[test]
    fn an_answer_of_known_length_is_read_whole() {
        let server =
            answering(b"HTTP/1.1 303 See Other\r\nLocation: /x\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 4\r\n\r\nbody");
        let answer = Connection::to(server).get("/", "").unwrap();
        assert_eq!((answer.status, answer.location.as_deref()), (303, Some("/x")));
        assert_eq!((answer.cookies.as_slice(), answer.text().as_str()), (&["a=b".to_owned()][..], "body"));
    }

    #[test]
    fn an_answer_in_chunks_is_put_together() {
        let server = answering(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
        assert_eq!(Connection::to(server).get("/", "").unwrap().text(), "abcde");
    }

    #[test]
    fn a_server_that_goes_away_is_an_error() {
        let server = answering(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly the beg");
        let listener_gone = Connection::to(server).get("/", "");
        assert!(listener_gone.is_err());
    }

    #[test]
    fn text_is_encoded_for_forms() {
        assert_eq!(encode("a b&c=é"), "a+b%26c%3D%C3%A9");
    }
}
