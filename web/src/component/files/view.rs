//! A look at a file without taking it: text, an image, bytes; the end of a log that grows.

use gloo_timers::callback::Interval;
use transom_protocol::{FileEntry, FilesAnswer, FilesAsk, MAX_READ_BYTES, RemotePath};
use web_sys::Element;
use yew::{
    Callback, Html, MouseEvent, Properties, UseReducerDispatcher, UseReducerHandle, component,
    hook, html, use_effect_with, use_mut_ref, use_node_ref, use_reducer,
};

use super::desk::Desk;
use super::sheet::Sheet;
use crate::component::dialog::Dialog;
use crate::service::files::{Files, Reply};
use crate::state::file_view::{self, Look, SHOWN_BYTES, Seeing, Seen};
use crate::state::file_words;
use crate::state::message::{button, files as words};

/// Milliseconds between two looks at the end of a file: SFTP tells nobody that it grew.
const FOLLOW_MS: u32 = 500;

/// Which file.
#[derive(PartialEq, Properties)]
pub(crate) struct ViewProps {
    pub(crate) desk: Desk,
    pub(crate) entry: FileEntry,
    pub(crate) on_cancel: Callback<()>,
}

/// Shows a file.
#[component]
pub(crate) fn View(props: &ViewProps) -> Html {
    let seen = use_reducer(Seen::default);
    let path = props.desk.folder.path_of(&props.entry);
    let (files, first) = (props.desk.files.clone(), seen.dispatcher());
    use_effect_with(path.clone(), move |path| {
        read(&files, path, (0, SHOWN_BYTES), first);
    });
    use_follow(&props.desk.files, &path, &seen);
    let node = use_node_ref();
    let scrolled = node.clone();
    use_effect_with((seen.following, seen.end()), move |(following, _)| {
        if let Some(text) = scrolled.cast::<Element>().filter(|_| *following) {
            text.set_scroll_top(text.scroll_height());
        }
    });
    let title = props.entry.name.shown();
    let (sheet, edited) = (props.desk.sheet.clone(), path.clone());
    let edit = Callback::from(move |_: MouseEvent| {
        sheet.set(Some(Sheet::Edit {
            path: edited.clone(),
            kept: None,
        }));
    });
    let close = props.on_cancel.clone();
    let body = match (&seen.failure, seen.look) {
        (Some(words), _) => html! { <p class="refusal" role="alert">{ words.clone() }</p> },
        (None, None) => html! { <p class="hint" role="status">{ words::READING.say() }</p> },
        (None, Some(Look::Image(kind))) => html! {
            <Picture desk={props.desk.clone()} {path} {kind} name={title.clone()} />
        },
        (None, Some(look)) => html! {
            <pre ref={node} class="file-content" tabindex="0" aria-label={words::CONTENT.say()}>
                { if look == Look::Hex {
                    file_view::hex(&seen.bytes, seen.offset)
                } else {
                    file_view::text(&seen.bytes)
                } }
            </pre>
        },
    };
    html! {
        <Dialog {title} class="view" on_cancel={close.clone()}>
            { body }
            <p class="hint">{ extent(&seen) }</p>
            { actions(&seen, &close, edit) }
        </Dialog>
    }
}

/// Which part of the file is shown.
fn extent(seen: &Seen) -> String {
    let Some(mark) = seen.mark else {
        return String::new();
    };
    let whole = file_words::size(mark.size);
    if matches!(seen.look, Some(Look::Image(_))) || (seen.offset == 0 && seen.end() >= mark.size) {
        whole
    } else if seen.following {
        words::THE_END.with(&[("whole", &whole)])
    } else {
        words::THE_FIRST.with(&[("some", &file_words::size(seen.end())), ("whole", &whole)])
    }
}

fn actions(
    seen: &UseReducerHandle<Seen>,
    close: &Callback<()>,
    edit: Callback<MouseEvent>,
) -> Html {
    let button = |name: &'static str, pressed: Option<bool>, action: fn() -> Seeing| {
        let dispatch = seen.dispatcher();
        let onclick = Callback::from(move |_: MouseEvent| dispatch.dispatch(action()));
        let pressed = pressed.map(|pressed| pressed.to_string());
        html! { <button type="button" aria-pressed={pressed} {onclick}>{ name }</button> }
    };
    html! {
        <div class="actions">
            { match seen.look {
                Some(Look::Text) => button(words::SHOW_BYTES.say(), None, || Seeing::Looked(Look::Hex)),
                Some(Look::Hex) => button(words::SHOW_TEXT.say(), None, || Seeing::Looked(Look::Text)),
                _ => Html::default(),
            } }
            if seen.look == Some(Look::Text) {
                { button(words::FOLLOW.say(), Some(seen.following), || Seeing::FollowToggled) }
            }
            if seen.look == Some(Look::Text) {
                <button type="button" onclick={edit}>{ button::EDIT.say() }</button>
            }
            <button type="button" class="primary" autofocus={true}
                onclick={close.reform(|_: MouseEvent| ())}>{ button::CLOSE.say() }</button>
        </div>
    }
}

/// Reads a part of a file and tells what came of it.
fn read(files: &Files, path: &RemotePath, part: (i64, u32), seen: UseReducerDispatcher<Seen>) {
    let on_reply = Callback::from(move |reply: Reply| {
        seen.dispatch(match reply.answer {
            FilesAnswer::Content { mark, offset } => Seeing::Read {
                bytes: reply.bytes.map(|bytes| bytes.to_vec()).unwrap_or_default(),
                offset,
                mark,
            },
            FilesAnswer::Failed { failure } => Seeing::Failed(failure.detail),
            _ => return,
        });
    });
    let (path, (offset, length)) = (path.clone(), part);
    files.ask(
        FilesAsk::Read {
            path,
            offset,
            length,
        },
        on_reply,
    );
}

/// Reads what is new at the end, as long as the file is followed.
#[hook]
fn use_follow(files: &Files, path: &RemotePath, seen: &UseReducerHandle<Seen>) {
    // The interval outlives a drawing; it reads on from the last one.
    let latest = use_mut_ref(|| (0_u64, 0_u64));
    *latest.borrow_mut() = (seen.end(), seen.mark.map_or(0, |mark| mark.size));
    let (files, path, dispatch) = (files.clone(), path.clone(), seen.dispatcher());
    use_effect_with(seen.following, move |following| {
        let interval = following.then(|| {
            read(
                &files,
                &path,
                (-i64::from(SHOWN_BYTES), SHOWN_BYTES),
                dispatch.clone(),
            );
            Interval::new(FOLLOW_MS, move || {
                let (end, size) = *latest.borrow();
                // A file that became shorter was begun anew.
                let offset = if size < end { 0 } else { end };
                let offset = i64::try_from(offset).unwrap_or(i64::MAX);
                read(&files, &path, (offset, SHOWN_BYTES), dispatch.clone());
            })
        });
        move || drop(interval)
    });
}

#[derive(PartialEq, Properties)]
struct PictureProps {
    desk: Desk,
    path: RemotePath,
    kind: &'static str,
    name: String,
}

/// An image, up to what one answer may hold.
#[component]
fn Picture(props: &PictureProps) -> Html {
    let node = use_node_ref();
    let (desk, image, kind) = (props.desk.clone(), node.clone(), props.kind);
    use_effect_with(props.path.clone(), move |path| {
        let files = desk.files.clone();
        let on_reply = Callback::from(move |reply: Reply| {
            if let (Some(bytes), Some(image)) = (reply.bytes, image.cast::<Element>()) {
                desk.local.picture(&image, &bytes, kind);
            }
        });
        let path = path.clone();
        files.ask(
            FilesAsk::Read {
                path,
                offset: 0,
                length: MAX_READ_BYTES,
            },
            on_reply,
        );
    });
    html! { <img ref={node} class="picture" alt={props.name.clone()} /> }
}
