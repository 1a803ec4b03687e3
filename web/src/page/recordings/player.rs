//! One recording: the player, and where a text or a marker stands in it.

use core::cell::RefCell;
use std::rc::Rc;

use web_sys::{Element, HtmlInputElement};
use yew::{
    Callback, Html, InputEvent, MouseEvent, Properties, TargetCast, component, html,
    use_effect_with, use_mut_ref, use_node_ref, use_state,
};

use crate::component::icon::{Glyph, Icon};
use crate::service::recordings::{self, Player, Transcript};
use crate::state::message::recordings as words;
use crate::state::recording::{Recording, clock};

/// Places on the screen. More would have to be read; typing is quicker.
const MOST: usize = 50;

/// Which recording.
#[derive(PartialEq, Properties)]
pub(super) struct PlayerViewProps {
    pub(super) recording: Recording,
    pub(super) on_back: Callback<()>,
}

/// Plays a recording.
#[component]
pub(super) fn PlayerView(props: &PlayerViewProps) -> Html {
    let (node, player) = (use_node_ref(), use_mut_ref(|| None::<Player>));
    let (text, wanted) = (use_state(Transcript::default), use_state(String::new));
    let trouble = use_state(|| false);
    {
        let (node, slot, text) = (node.clone(), Rc::clone(&player), text.setter());
        let trouble = trouble.setter();
        use_effect_with(props.recording.id.clone(), move |id| {
            let (id, filled) = (id.clone(), Rc::clone(&slot));
            wasm_bindgen_futures::spawn_local(async move {
                let shown = show(&id, node.cast::<Element>(), &filled).await;
                trouble.set(shown.is_none());
                text.set(shown.unwrap_or_default());
            });
            move || drop(slot.take())
        });
    }
    let seek = Callback::from(move |seconds: f64| {
        if let Some(player) = &*player.borrow() {
            player.seek(seconds);
        }
    });
    let oninput = {
        let setter = wanted.setter();
        Callback::from(move |event: InputEvent| {
            setter.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let needle = wanted.to_lowercase();
    let found: Vec<_> = text
        .lines
        .iter()
        .filter(|(_, line)| !needle.is_empty() && line.to_lowercase().contains(&needle))
        .collect();
    let count = match (needle.is_empty(), found.len()) {
        (true, _) => String::new(),
        (false, 0) => words::NOT_FOUND.say().to_owned(),
        (false, count) => words::LINES.counted(u64::try_from(count).unwrap_or(0), &[]),
    };
    html! {
        <section class="player" aria-label={words::RECORDING.say()}>
            <div class="hosts-bar">
                <button type="button" onclick={props.on_back.reform(|_: MouseEvent| ())}>
                    { words::ALL_RECORDINGS.say() }
                </button>
                <h2><bdi>{ props.recording.title.clone() }</bdi></h2>
                <input type="search" aria-label={words::SEARCH_OUTPUT.say()} autocomplete="off"
                    placeholder={words::SEARCH_OUTPUT.say()} value={(*wanted).clone()} {oninput} />
                <span class="hint" role="status">{ count }</span>
            </div>
            if *trouble {
                <p class="refusal" role="alert">{ words::CLEARED.say() }</p>
            }
            <ul class="found-lines" aria-label={words::FOUND.say()}>
                { for found.iter().take(MOST).map(|(at, line)| place(*at, line, &seek)) }
            </ul>
            <div ref={node} class="player-screen"></div>
            if !text.markers.is_empty() {
                <h3>{ words::MARKERS.say() }</h3>
                <ul class="found-lines" aria-label={words::MARKERS.say()}>
                    { for text.markers.iter().map(|(at, label)| place(*at, label, &seek)) }
                </ul>
            }
        </section>
    }
}

/// Shows the player, and reads what was on the screen.
async fn show(
    id: &str,
    element: Option<Element>,
    slot: &RefCell<Option<Player>>,
) -> Option<Transcript> {
    let cast = recordings::read(id).await.ok()?;
    let player = recordings::play(&element?, &cast).await.ok()?;
    slot.replace(Some(player));
    recordings::transcript(&cast).await.ok()
}

fn place(at: f64, words: &str, seek: &Callback<f64>) -> Html {
    html! {
        <li>
            <button type="button" class="quiet" onclick={seek.reform(move |_: MouseEvent| at)}>
                <Icon glyph={Glyph::Play} /><span class="found-time">{ clock(at) }</span>
                <bdi>{ words.to_owned() }</bdi>
            </button>
        </li>
    }
}
