//! The kept recordings: a list, and a player with a search in what was on the screen.

mod player;

use yew::{Callback, Html, MouseEvent, component, html, use_effect_with, use_state};

use crate::component::field::search_field;
use crate::component::icon::{Glyph, Icon};
use crate::hook::use_title;
use crate::page::recordings::player::PlayerView;
use crate::service::{download, keyboard, place, recordings};
use crate::state::file_words;
use crate::state::key_press::Chord;
use crate::state::message::button;
use crate::state::message::{Message, recordings as words, tabs};
use crate::state::recording::{Recording, clock, file_name};

/// What a person does with a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Play,
    SaveCast,
    SaveText,
    Delete,
}

/// Lists the recordings; one of them plays.
#[component]
pub(crate) fn RecordingsPage() -> Html {
    use_title(words::PAGE.say().to_owned());
    let (all, wanted) = (use_state(|| None::<Vec<Recording>>), use_state(String::new));
    let (playing, trouble) = (use_state(|| None::<Recording>), use_state(|| false));
    let round = use_state(|| 0_u32);
    let (setter, failed) = (all.setter(), trouble.setter());
    use_effect_with(*round, move |_| {
        wasm_bindgen_futures::spawn_local(async move {
            let read = recordings::all().await;
            failed.set(read.is_err());
            setter.set(Some(read.unwrap_or_default()));
        });
    });
    let act = {
        let (round, next, playing) = (round.setter(), *round + 1, playing.setter());
        let failed = trouble.setter();
        Callback::from(move |(deed, recording): (Deed, Recording)| {
            if deed == Deed::Play {
                playing.set(Some(recording));
                return;
            }
            let (round, failed) = (round.clone(), failed.clone());
            wasm_bindgen_futures::spawn_local(async move {
                if perform(deed, &recording).await.is_none() {
                    failed.set(true);
                }
                if deed == Deed::Delete {
                    round.set(next);
                }
            });
        })
    };
    let on_back = {
        let playing = playing.setter();
        Callback::from(move |()| playing.set(None))
    };
    let commands = keyboard::map().hint(tabs::COMMANDS.say(), Chord::Palette);
    html! {
        <main class="page recordings">
            <header>
                <h1>{ words::TITLE.say() }</h1>
                <p class="lead">{ words::LEAD.say() }</p>
            </header>
            if *trouble {
                <p class="refusal" role="alert">{ words::UNREADABLE.say() }</p>
            }
            if let Some(recording) = (*playing).clone() {
                <PlayerView {recording} {on_back} />
            } else if let Some(all) = &*all {
                if all.is_empty() {
                    <p class="empty">{ words::EMPTY.with(&[("commands", &commands)]) }</p>
                } else {
                    { search_field([button::SEARCH.say(); 2], &wanted) }
                    <ul class="recording-list">
                        { for all.iter().filter(|it| fits(it, &wanted)).map(|it| entry(it, &act)) }
                    </ul>
                }
            }
        </main>
    }
}

fn fits(recording: &Recording, wanted: &str) -> bool {
    let text = format!("{} {}", recording.title, place::date(recording.started_ms));
    let text = text.to_lowercase();
    let wanted = wanted.to_lowercase();
    wanted.split_whitespace().all(|word| text.contains(word))
}

/// Does what needs the recording's text. `None` where that cannot be read.
async fn perform(deed: Deed, recording: &Recording) -> Option<()> {
    let title = &recording.title;
    match deed {
        Deed::Play => {}
        Deed::Delete => recordings::remove(&recording.id).await.ok()?,
        Deed::SaveCast => {
            let cast = recordings::read(&recording.id).await.ok()?;
            download::text(&file_name(title, "cast"), "application/x-asciicast", &cast);
        }
        Deed::SaveText => {
            let cast = recordings::read(&recording.id).await.ok()?;
            let lines = recordings::transcript(&cast).await.ok()?.lines;
            let lines: Vec<_> = lines.into_iter().map(|(_, line)| line).collect();
            let text = format!("{}\n", lines.join("\n"));
            download::text(&file_name(title, "txt"), "text/plain", &text);
        }
    }
    Some(())
}

fn entry(recording: &Recording, act: &Callback<(Deed, Recording)>) -> Html {
    let title = if recording.title.is_empty() {
        words::SESSION.say()
    } else {
        &recording.title
    };
    let button = |deed: Deed, name: Message, glyph: Glyph| {
        let (act, recording) = (act.clone(), recording.clone());
        let onclick = Callback::from(move |_: MouseEvent| act.emit((deed, recording.clone())));
        let name = name.with(&[("title", title)]);
        html! {
            <button type="button" class="icon-button" title={name.clone()} aria-label={name}
                {onclick}>
                <Icon {glyph} />
            </button>
        }
    };
    let play = {
        let (act, recording) = (act.clone(), recording.clone());
        Callback::from(move |_: MouseEvent| act.emit((Deed::Play, recording.clone())))
    };
    html! {
        <li key={recording.id.clone()} class="host-card">
            <div class="host-words">
                <button type="button" class="host-name" onclick={play}
                    aria-label={words::PLAY_IT.with(&[("title", title)])}>
                    <bdi>{ title.to_owned() }</bdi>
                </button>
                <span class="hint">
                    { place::moment(recording.started_ms) }{ " · " }
                    { clock(recording.duration_ms / 1000.0) }{ " · " }
                    { file_words::size_of(recording.bytes) }
                </span>
            </div>
            <span class="host-acts">
                { button(Deed::SaveCast, words::DOWNLOAD_IT, Glyph::Download) }
                { button(Deed::SaveText, words::DOWNLOAD_TEXT_OF, Glyph::File) }
                { button(Deed::Delete, words::DELETE_IT, Glyph::Trash) }
            </span>
        </li>
    }
}
