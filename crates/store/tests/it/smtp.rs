//! A mail server for a test: takes what it is sent, refuses, hangs up before it has answered, or never answers.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};

use store::post::{Outgoing, smtp};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Mood {
    Takes = 0,
    Refuses = 1,
    HangsUp = 2,
    NeverAnswers = 3,
}

pub struct MailServer {
    port: u16,
    mood: Arc<AtomicU8>,
    /// Every mail that arrived whole, as it was sent.
    pub arrived: Arc<Mutex<Vec<String>>>,
    one_arrived: Arc<Notify>,
}

impl MailServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (mood, arrived) = (Arc::new(AtomicU8::new(0)), Arc::new(Mutex::new(Vec::new())));
        let one_arrived = Arc::new(Notify::new());
        let (their_mood, their_arrived, tell) = (mood.clone(), arrived.clone(), one_arrived.clone());
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(talk(socket, their_mood.clone(), their_arrived.clone(), tell.clone()));
            }
        });
        Self { port, mood, arrived, one_arrived }
    }
    pub fn is(&self, mood: Mood) {
        self.mood.store(mood as u8, Ordering::SeqCst);
    }
    /// Comes when a mail has arrived whole.
    pub async fn arrival(&self) {
        self.one_arrived.notified().await;
    }
    pub fn outgoing(&self) -> Outgoing {
        smtp(&format!("smtp://127.0.0.1:{}", self.port)).unwrap()
    }
    pub fn mails(&self) -> Vec<String> {
        self.arrived.lock().unwrap().clone()
    }
}

async fn talk(socket: TcpStream, mood: Arc<AtomicU8>, arrived: Arc<Mutex<Vec<String>>>, tell: Arc<Notify>) -> Option<()> {
    let mut socket = BufReader::new(socket);
    socket.write_all(b"220 test ready\r\n").await.ok()?;
    loop {
        let mut line = String::new();
        if socket.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let mood = mood.load(Ordering::SeqCst);
        let answer = match line.get(..4)? {
            "EHLO" | "HELO" => "250 test\r\n",
            "RCPT" if mood == Mood::Refuses as u8 => "550 5.1.1 no such mailbox\r\n",
            "DATA" => {
                socket.write_all(b"354 go on\r\n").await.ok()?;
                let mut mail = String::new();
                while !mail.ends_with("\r\n.\r\n") {
                    if socket.read_line(&mut mail).await.ok()? == 0 {
                        return None;
                    }
                }
                arrived.lock().unwrap().push(mail);
                tell.notify_one();
                if mood == Mood::NeverAnswers as u8 {
                    std::future::pending::<()>().await;
                }
                if mood == Mood::HangsUp as u8 {
                    return None;
                }
                "250 taken\r\n"
            }
            "QUIT" => "221 bye\r\n",
            _ => "250 well\r\n",
        };
        socket.write_all(answer.as_bytes()).await.ok()?;
    }
}
