//! Stands for GitHub's API: gives the answers of a list, and remembers what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;

use serde_json::Value;

/// An answer: status and body.
pub(super) struct Answer {
    status: u16,
    body: String,
}

/// What was asked.
#[derive(Debug)]
pub(super) struct Request {
    /// Method and path.
    pub(super) line: String,
    pub(super) authorization: String,
    /// `null` where there is none.
    pub(super) body: Value,
}

pub(super) struct Server {
    address: String,
    thread: JoinHandle<Vec<Request>>,
}

impl Answer {
    pub(super) fn of(status: u16, body: &Value) -> Self {
        Self { status, body: body.to_string() }
    }
}

impl Server {
    /// Answers as many requests as there are answers.
    pub(super) fn start(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let answer = move |answer: &Answer| reply(&mut listener.accept().unwrap().0, answer);
        let thread = std::thread::spawn(move || answers.iter().map(answer).collect());
        Self { address, thread }
    }

    pub(super) fn url(&self) -> String {
        self.address.clone()
    }

    /// What was asked, when all was answered.
    pub(super) fn requests(self) -> Vec<Request> {
        self.thread.join().unwrap()
    }
}

fn reply(stream: &mut TcpStream, answer: &Answer) -> Request {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let (mut authorization, mut length) = (String::new(), 0);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        let Some((name, value)) = header.trim_end().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => value.clone_into(&mut authorization),
            "content-length" => length = value.parse().unwrap(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let Answer { status, body: text } = answer;
    let length = text.len();
    write!(stream, "HTTP/1.1 {status} x\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{text}").unwrap();
    let line = line.trim_end().trim_end_matches(" HTTP/1.1").to_owned();
    Request { line, authorization, body: serde_json::from_slice(&body).unwrap_or_default() }
}
