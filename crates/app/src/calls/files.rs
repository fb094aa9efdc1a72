//! The files of an application: whoever may read the answer that one stands in may save it.

use forms::{FileRef, Value};

use super::overview::Receipt;
use super::reading::Applied;
use super::reopen;
use crate::answers;
use crate::files;
use crate::ground::{Answer, Cx, Stop};

/// Where the files of an application are.
pub(crate) fn address(application: &str) -> impl Fn(&FileRef) -> Option<String> + Sync + use<> {
    let folder = format!("{application}/files/");
    move |file| Some(format!("{folder}{}", file.hash))
}

pub(super) async fn save(cx: Cx) -> Answer {
    let applied = cx.application()?.clone();
    let found = in_an_answer(&cx, &applied, cx.param("file")).await?.ok_or(Stop::Missing)?;
    files::to_save(&cx, &found).await?.ok_or(Stop::Missing)
}

/// The file with this hash, if it is in an answer that the viewer may read: those who write it read what stands there
/// now, and everybody else what was submitted.
async fn in_an_answer(cx: &Cx, applied: &Applied, hash: &str) -> Result<Option<FileRef>, Stop> {
    let among = |answers: &forms::Answers| {
        answers.iter().find_map(|(_, value)| match value {
            Value::File(file) if file.hash == hash => Some(file.clone()),
            _ => None,
        })
    };
    if applied.mine.is_some() {
        let filled = answers::load(cx.app(), cx.read(), applied.row.sheet_id).await?;
        if let Some(found) = among(&filled.answers) {
            return Ok(Some(found));
        }
    }
    let earlier = reopen::all(cx.read(), &[applied.row.id]).await?.into_iter().filter_map(|r| r.receipt);
    for submitted in applied.row.receipt.clone().into_iter().chain(earlier) {
        if let Some(found) = among(&Receipt::read(&submitted)?.answers) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}
