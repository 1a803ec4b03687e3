//! Snippets: chosen, filled in and typed; made, changed and deleted.

mod editor;
mod filler;

use web_sys::{HtmlInputElement, InputEvent, SubmitEvent};
use yew::{
    Callback, Html, MouseEvent, Properties, TargetCast, UseStateSetter, component, html,
    use_effect_with, use_state,
};

use crate::component::dialog::Dialog;
use crate::component::icon::{Glyph, Icon};
use crate::component::snippets::editor::Editor;
use crate::component::snippets::filler::Filler;
use crate::service::hosts::fresh_id;
use crate::service::snippets;
use crate::state::message::{button, snippets as words};
use crate::state::snippets::{Snippet, fitting, places};

/// Who takes the text.
#[derive(PartialEq, Properties)]
pub(crate) struct SnippetsProps {
    /// The text to type and whether Enter follows; `None` if there is none.
    pub(crate) on_done: Callback<Option<(String, bool)>>,
}

/// What the dialog shows.
#[derive(Clone, PartialEq)]
enum View {
    List,
    Edit(Snippet),
    Fill(Snippet),
}

/// A list with a search; Enter takes the first one.
#[component]
pub(crate) fn Snippets(props: &SnippetsProps) -> Html {
    let (all, wanted) = (use_state(Vec::<Snippet>::new), use_state(String::new));
    let (view, trouble) = (use_state(|| View::List), use_state(|| false));
    let work = worker(all.setter(), trouble.setter());
    let first = work.clone();
    use_effect_with((), move |()| first.emit(Work::Read));
    let take = {
        let (view, on_done) = (view.setter(), props.on_done.clone());
        Callback::from(move |snippet: Snippet| {
            if places(&snippet.text).is_empty() {
                on_done.emit(Some((snippet.text, snippet.enter)));
            } else {
                view.set(View::Fill(snippet));
            }
        })
    };
    let on_cancel = props.on_done.reform(|()| None);
    let back = {
        let view = view.setter();
        Callback::from(move |()| view.set(View::List))
    };
    let on_save = {
        let (work, view) = (work.clone(), view.setter());
        Callback::from(move |snippet: Snippet| {
            work.emit(Work::Save(snippet));
            view.set(View::List);
        })
    };
    let edit = {
        let view = view.setter();
        Callback::from(move |snippet: Snippet| view.set(View::Edit(snippet)))
    };
    let body = match &*view {
        View::Edit(snippet) => {
            html! { <Editor snippet={snippet.clone()} {on_save} on_back={back} /> }
        }
        View::Fill(snippet) => {
            let enter = snippet.enter;
            let on_fill = props
                .on_done
                .reform(move |text: String| Some((text, enter)));
            html! { <Filler snippet={snippet.clone()} {on_fill} on_back={back} /> }
        }
        View::List => list(
            &fitting(&all, &wanted),
            &wanted.setter(),
            &take,
            &edit,
            &work,
        ),
    };
    html! {
        <Dialog title={words::TITLE.say()} class="snippets" {on_cancel}>
            if *trouble {
                <p class="refusal" role="alert">{ words::NOT_KEPT.say() }</p>
            }
            { body }
        </Dialog>
    }
}

/// One thing to do to the stored snippets.
enum Work {
    Read,
    Save(Snippet),
    Remove(String),
}

/// Does things to the snippets, then reads what is there.
fn worker(all: UseStateSetter<Vec<Snippet>>, trouble: UseStateSetter<bool>) -> Callback<Work> {
    Callback::from(move |work: Work| {
        let (all, trouble) = (all.clone(), trouble.clone());
        wasm_bindgen_futures::spawn_local(async move {
            let done = match work {
                Work::Read => Ok(()),
                Work::Save(snippet) => snippets::put(&snippet).await,
                Work::Remove(id) => snippets::remove(&id).await,
            };
            let read = snippets::all().await;
            trouble.set(done.is_err() || read.is_err());
            all.set(read.unwrap_or_default());
        });
    })
}

fn list(
    shown: &[&Snippet],
    wanted: &UseStateSetter<String>,
    take: &Callback<Snippet>,
    edit: &Callback<Snippet>,
    work: &Callback<Work>,
) -> Html {
    let wanted = wanted.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        wanted.set(event.target_unchecked_into::<HtmlInputElement>().value());
    });
    let first = shown.first().map(|snippet| (*snippet).clone());
    let taken = take.clone();
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(snippet) = first.clone() {
            taken.emit(snippet);
        }
    });
    let fresh = edit.reform(|_: MouseEvent| Snippet {
        id: fresh_id(),
        ..Snippet::default()
    });
    html! {
        <>
            <form class="hosts-bar" {onsubmit}>
                <input type="search" aria-label={words::SEARCH.say()} placeholder={button::SEARCH.say()}
                    autofocus=true autocomplete="off" spellcheck="false" {oninput} />
                <button type="button" onclick={fresh}>
                    <Icon glyph={Glyph::Plus} />{ words::NEW.say() }
                </button>
            </form>
            if shown.is_empty() {
                <p class="empty">{ words::EMPTY.say() }</p>
            }
            <ul class="snippet-list">
                { for shown.iter().map(|snippet| entry(snippet, take, edit, work)) }
            </ul>
        </>
    }
}

fn entry(
    snippet: &Snippet,
    take: &Callback<Snippet>,
    edit: &Callback<Snippet>,
    work: &Callback<Work>,
) -> Html {
    let (taken, edited, id) = (snippet.clone(), snippet.clone(), snippet.id.clone());
    let name = &snippet.name;
    html! {
        <li key={snippet.id.clone()} class="host-card">
            <div class="host-words">
                <button type="button" class="host-name"
                    aria-label={words::INSERT_IT.with(&[("name", name)])}
                    onclick={take.reform(move |_: MouseEvent| taken.clone())}>
                    <bdi>{ name.clone() }</bdi>
                </button>
                <bdi class="hint">{ snippet.text.clone() }</bdi>
            </div>
            <span class="host-acts">
                <button type="button" class="icon-button" aria-label={words::EDIT_IT.with(&[("name", name)])}
                    onclick={edit.reform(move |_: MouseEvent| edited.clone())}>
                    <Icon glyph={Glyph::Pencil} />
                </button>
                <button type="button" class="icon-button" aria-label={words::DELETE_IT.with(&[("name", name)])}
                    onclick={work.reform(move |_: MouseEvent| Work::Remove(id.clone()))}>
                    <Icon glyph={Glyph::Trash} />
                </button>
            </span>
        </li>
    }
}
