//! The smallest HTTP/1.1 client that can talk to a WebDriver on loopback: one request per connection, so that a driver
//! that was killed in the middle of an answer is noticed at once.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    time::Duration,
};

use crate::Result;

/// Largest answer that is read; a screenshot of a large window stays far below.
const LIMIT: u64 = 64 << 20;

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Body, transfer coding taken off.
    pub body: Vec<u8>,
}

/// Sends one request with a JSON body, if any, to `127.0.0.1:port` and reads the whole answer. `timeout` bounds connecting and every
/// read.
pub fn send(port: u16, method: &str, path: &str, body: Option<&str>, timeout: Duration) -> Result<Answer> {
    send_with(port, method, path, &[("Content-Type", "application/json; charset=utf-8")], body, timeout)
}

/// The same with headers of the caller's.
pub fn send_with(
    port: u16,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&str>,
    timeout: Duration,
) -> Result<Answer> {
    let what = format!("{method} http://127.0.0.1:{port}{path}");
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, timeout).map_err(|e| format!("{what}: {e}"))?;
    stream.set_read_timeout(Some(timeout)).map_err(|e| format!("{what}: {e}"))?;
    let body = body.unwrap_or("");
    let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{lines}Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).map_err(|e| format!("{what}: {e}"))?;
    read(BufReader::new(stream.take(LIMIT))).map_err(|e| format!("{what}: {e}"))
}

fn read(mut from: impl BufRead) -> std::io::Result<Answer> {
    let status = line(&mut from)?.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(malformed)?;
    let (mut length, mut chunked) = (None, false);
    loop {
        let header = line(&mut from)?;
        let Some((name, value)) = header.split_once(':') else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = Some(value.trim().parse::<u64>().map_err(|_| malformed())?),
            "transfer-encoding" => chunked = value.trim().eq_ignore_ascii_case("chunked"),
            _ => {}
        }
    }
    let mut body = Vec::new();
    match length {
        _ if chunked => loop {
            let size = u64::from_str_radix(line(&mut from)?.trim(), 16).map_err(|_| malformed())?;
            if size == 0 {
                break;
            }
            from.by_ref().take(size).read_to_end(&mut body)?;
            line(&mut from)?;
        },
        Some(size) => {
            from.by_ref().take(size).read_to_end(&mut body)?;
            if (body.len() as u64) < size {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
        None => {
            from.read_to_end(&mut body)?;
        }
    }
    Ok(Answer { status, body })
}

fn line(from: &mut impl BufRead) -> std::io::Result<String> {
    let mut text = String::new();
    if from.read_line(&mut text)? == 0 {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok(text.trim_end().to_owned())
}

fn malformed() -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::InvalidData, "the answer is not HTTP/1.1")
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn bodies_by_length_chunks_and_end() {
        for (raw, body) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef", "abc"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n", "abc"),
            ("HTTP/1.1 404 Not Found\r\n\r\nabc", "abc"),
        ] {
            assert_eq!(read(raw.as_bytes()).unwrap().body, body.as_bytes(), "{raw}");
        }
    }

    #[test]
    fn a_cut_answer_is_an_error() {
        assert!(read("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc".as_bytes()).is_err());
        assert!(read("nonsense\r\n".as_bytes()).is_err());
    }
}
