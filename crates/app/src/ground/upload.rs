//! Forms that carry files, read as they arrive. What is larger than it may be is noticed while it comes and let go at
//! once, while the rest of the form is read on, so that nobody loses what they typed over a file that is too large.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, header};
use futures::{Stream, StreamExt};
use http_body_util::{BodyExt, Limited};
use multer::{Field, Multipart};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Form, Stop};

/// The largest file that is kept.
const LARGEST_FILE: usize = forms::limits::LARGEST_FILE_MB as usize * 1_000_000;
/// All that one form may bring along. What comes after it is not read.
const LARGEST_SENDING: usize = 100 * 1_000_000;
/// How much all forms under way may hold at once, in units of [`UNIT`].
const ROOM: usize = 8 * 1024;
const UNIT: usize = 32 * 1024;

type LimitError = Box<dyn std::error::Error + Send + Sync>;

/// The room that files have in memory while they arrive.
#[derive(Clone)]
pub(crate) struct Room(Arc<Semaphore>);

impl Default for Room {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(ROOM)))
    }
}

/// A file that came with a form.
pub(crate) struct Upload {
    /// The box it was chosen in.
    pub field: String,
    /// What the visitor's computer calls it. Nothing is to be believed of it.
    pub name: String,
    pub content: Content,
    _room: Option<OwnedSemaphorePermit>,
}

/// How much of it arrived.
#[derive(Clone)]
pub(crate) enum Content {
    Whole(Bytes),
    /// Larger than any file may be.
    TooLarge,
    /// Too many others are arriving.
    NoRoom,
}

/// Whether the request says that its form carries files.
pub(super) fn carries_files(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map(|v| v.as_bytes()).unwrap_or_default();
    kind.get(..19).is_some_and(|start| start.eq_ignore_ascii_case(b"multipart/form-data"))
}

/// Reads such a form. Where nobody is let in, its files are not kept, only what was typed.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
    most_text: usize,
    room: Option<&Room>,
) -> Result<(Form, Vec<Upload>), Stop> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let boundary = multer::parse_boundary(kind).map_err(|_| not_whole())?;
    let mut parts = Multipart::new(piece_by_piece(body), boundary);
    let (mut pairs, mut files, mut typed) = (Vec::new(), Vec::new(), 0);
    while let Some(mut part) = parts.next_field().await.map_err(|e| broken(&e))? {
        let name = part.name().unwrap_or_default().to_string();
        let file_name = part.file_name().map(ToString::to_string);
        // Names count as well, so that no number of empty parts fills the memory.
        typed += name.len() + file_name.as_ref().map_or(0, String::len) + 64;
        match file_name {
            None => pairs.push((name, text(&mut part, &mut typed, most_text).await?)),
            Some(file_name) => {
                let (content, held) = content(&mut part, room).await?;
                // A box in which nothing was chosen is sent as well, without a name.
                if !file_name.is_empty() {
                    files.push(Upload { field: name, name: file_name, content, _room: held });
                }
            }
        }
        if typed > most_text {
            return Err(super::guard::too_large());
        }
    }
    Form::of(pairs).map(|form| (form, files)).ok_or_else(super::guard::not_text)
}

/// The body, with a pause after every piece. The reader takes whatever is there before it looks at it, so without a pause
/// it would take all of it; and it takes an end that comes together with the first piece for one that came too early.
fn piece_by_piece(body: Body) -> impl Stream<Item = Result<Bytes, LimitError>> + Send {
    let pieces = Limited::new(body, LARGEST_SENDING).into_data_stream();
    futures::stream::unfold((pieces, false), async |(mut pieces, pause)| {
        if pause {
            tokio::task::yield_now().await;
        }
        let piece = pieces.next().await?;
        Some((piece, (pieces, true)))
    })
}

async fn text(part: &mut Field<'_>, typed: &mut usize, most: usize) -> Result<String, Stop> {
    let mut bytes = Vec::new();
    while let Some(piece) = part.chunk().await.map_err(|e| broken(&e))? {
        *typed += piece.len();
        if *typed > most {
            return Err(super::guard::too_large());
        }
        bytes.extend_from_slice(&piece);
    }
    String::from_utf8(bytes).map_err(|_| super::guard::not_text())
}

async fn content(part: &mut Field<'_>, room: Option<&Room>) -> Result<(Content, Option<OwnedSemaphorePermit>), Stop> {
    let (mut bytes, mut held, mut size): (Vec<u8>, Option<OwnedSemaphorePermit>, usize) = (Vec::new(), None, 0);
    let mut content = room.is_none().then_some(Content::NoRoom);
    while let Some(piece) = part.chunk().await.map_err(|e| broken(&e))? {
        size += piece.len();
        let Some(room) = room.filter(|_| content.is_none()) else { continue };
        let needed = size.div_ceil(UNIT) - held.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let more = u32::try_from(needed).ok().and_then(|n| room.0.clone().try_acquire_many_owned(n).ok());
        match more {
            _ if size > LARGEST_FILE => content = Some(Content::TooLarge),
            None => content = Some(Content::NoRoom),
            Some(more) => {
                match &mut held {
                    Some(held) => held.merge(more),
                    None => held = Some(more),
                }
                bytes.extend_from_slice(&piece);
            }
        }
        if content.is_some() {
            (bytes, held) = (Vec::new(), None);
        }
    }
    Ok((content.unwrap_or_else(|| Content::Whole(bytes.into())), held))
}

fn broken(error: &multer::Error) -> Stop {
    match error {
        multer::Error::StreamReadFailed(why) if why.is::<http_body_util::LengthLimitError>() => Stop::Refused {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            title: "That is more than can be sent at once".into(),
            why: "A file can have 25 MB at most. Nothing was saved. Go back: your browser still has what you wrote. Choose a smaller file, or none, and save again.".into(),
            next: None,
        },
        _ => not_whole(),
    }
}

fn not_whole() -> Stop {
    Stop::Refused {
        status: StatusCode::BAD_REQUEST,
        title: "That did not arrive whole".into(),
        why: "The connection may have been cut. Nothing was saved. Go back: your browser still has what you wrote. Send it once more.".into(),
        next: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &[u8] = b"--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\ntwo\r\n\
        --b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.pdf\"\r\n\r\n\r\n--c\r\n-\r\n\
        --b\r\nContent-Disposition: form-data; name=\"g\"; filename=\"\"\r\n\r\n\r\n\
        --b\r\nContent-Disposition: form-data; name=\"z\"\r\n\r\n\xc5\xb5\r\n--b--\r\n";

    fn headers() -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_TYPE, axum::http::HeaderValue::from_static("Multipart/Form-Data; boundary=b"))])
    }

    fn in_pieces(bytes: &'static [u8], of: usize) -> Body {
        Body::from_stream(futures::stream::iter(bytes.chunks(of).map(Ok::<_, std::io::Error>)))
    }

    #[tokio::test]
    async fn a_form_reads_alike_however_it_was_cut_on_the_way() {
        for of in 1..=FORM.len() {
            let (form, files) = read(&headers(), in_pieces(FORM, of), 1000, Some(&Room::default())).await.unwrap();
            assert_eq!((form.get("a"), form.get("z")), ("one\ntwo", "ŵ"), "in pieces of {of}");
            assert_eq!(files.len(), 1, "a box in which nothing was chosen sends no file");
            assert_eq!((files[0].field.as_str(), files[0].name.as_str()), ("f", "x.pdf"));
            assert!(matches!(&files[0].content, Content::Whole(bytes) if &bytes[..] == b"\r\n--c\r\n-"), "in pieces of {of}");
        }
    }

    #[tokio::test]
    async fn a_form_that_breaks_off_is_refused() {
        for length in 0..FORM.len() - 4 {
            assert!(read(&headers(), in_pieces(&FORM[..length], 7), 1000, Some(&Room::default())).await.is_err(), "{length}");
        }
    }

    #[tokio::test]
    async fn files_share_a_room_and_give_it_back() {
        let room = Room(Arc::new(Semaphore::new(2)));
        let at = FORM.windows(3).position(|w| w == b"--c").unwrap();
        let large: &'static [u8] = Vec::leak([&FORM[..at], &[b'x'; 3 * UNIT], &FORM[at..]].concat());
        for (body, whole) in [(large, false), (FORM, true), (large, false)] {
            let (form, files) = read(&headers(), in_pieces(body, 5000), 1000, Some(&room)).await.unwrap();
            assert_eq!(form.get("z"), "ŵ", "what was typed is read on");
            assert_eq!(matches!(files[0].content, Content::Whole(_)), whole);
            drop(files);
            assert_eq!(room.0.available_permits(), 2);
        }
        let (_, held) = read(&headers(), in_pieces(FORM, 9), 1000, Some(&room)).await.unwrap();
        assert_eq!((held.len(), room.0.available_permits()), (1, 1));
    }
}
