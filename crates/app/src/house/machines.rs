//! What machines ask a server: files, whether it lives, and figures.

use axum::http::{HeaderValue, StatusCode, header};

use crate::ground::{Answer, Cx, Stop, download};

pub(super) async fn asset(cx: Cx) -> Answer {
    let asset = ui::assets::find(cx.param("file")).ok_or(Stop::Missing)?;
    let mut response = download(asset.mime, asset.bytes.into_owned());
    let keep = if asset.immutable { "public, max-age=31536000, immutable" } else { "public, max-age=300" };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    Ok(response)
}

/// The process runs.
pub(super) async fn alive(_: Cx) -> Answer {
    Ok(download("text/plain; charset=utf-8", "alive\n"))
}

/// The server can do its work: the database answers.
pub(super) async fn ready(cx: Cx) -> Answer {
    match cx.app().db.ping().await {
        Ok(()) => Ok(download("text/plain; charset=utf-8", "ready\n")),
        Err(error) => {
            tracing::warn!(%error, "the database does not answer");
            let mut response = download("text/plain; charset=utf-8", "the database does not answer\n");
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            Ok(response)
        }
    }
}

pub(super) async fn figures(cx: Cx) -> Answer {
    Ok(download("text/plain; version=0.0.4; charset=utf-8", (cx.app().figures)()))
}
