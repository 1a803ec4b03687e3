//! A certificate from the relay's issuer: getting one, and what came of it.

use transom_browser::unix_millis;
use transom_browser::vault::{Issued, KeyRecord};
use yew::{Callback, Html, MouseEvent, html};

use crate::service::place;
use crate::state::issuer::why;
use crate::state::message::issuer as words;

/// Whether the relay has an issuer, and what it is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Issuer {
    /// There is none.
    Nobody,
    /// It can be asked.
    Ready,
    /// It is being asked about this key.
    Asked,
    /// It is being asked about others.
    Elsewhere,
}

/// What asks the issuer about a key.
pub(crate) fn button(record: &KeyRecord, issuer: Issuer, onclick: Callback<MouseEvent>) -> Html {
    let name = match issuer {
        Issuer::Nobody => return Html::default(),
        Issuer::Asked => words::ASKING,
        _ if fetched(record).is_some() => words::REFRESH,
        _ => words::GET,
    };
    html! {
        <button type="button" class="quiet" disabled={issuer != Issuer::Ready} {onclick}>
            { name.say() }
        </button>
    }
}

/// When the certificate came, and why the last question brought none.
pub(crate) fn line(record: &KeyRecord) -> Html {
    let Some(Issued {
        fetched_ms,
        asked_ms,
        problem,
    }) = &record.issued
    else {
        return Html::default();
    };
    let ended = record.certificate_facts().and_then(|facts| facts.before_ms);
    let ended = fetched_ms.is_some() && ended.is_some_and(|end| end <= unix_millis());
    html! {
        <>
            if let Some(fetched_ms) = fetched_ms {
                <p class="hint">
                    { words::FETCHED.with(&[("moment", &place::moment(*fetched_ms))]) }
                </p>
            }
            if ended {
                <p class="refusal" role="status">{ words::ENDED.say() }</p>
            }
            if let Some(problem) = problem {
                <p class="refusal" role="status">
                    { words::FAILED.with(&[("moment", &place::moment(*asked_ms)), ("why", &why(problem))]) }
                </p>
            }
        </>
    }
}

/// When its certificate came from an issuer; `None` where it did not.
pub(crate) fn fetched(record: &KeyRecord) -> Option<f64> {
    record.issued.as_ref()?.fetched_ms
}
