//! The list of saved hosts: find, connect, edit, copy, delete, export.

use transom_protocol::{Environment, SavedHost};
use web_sys::{HtmlInputElement, InputEvent};
use yew::{
    Callback, Html, MouseEvent, TargetCast, classes, component, html, use_effect_with, use_state,
};

use crate::component::host_form::{COLOURS, HostForm};
use crate::component::hosts_import::HostsImport;
use crate::component::icon::{Glyph, Icon};
use crate::hook::hosts::{HostDeed, use_host_deeds};
use crate::hook::session::{Wish, use_connect};
use crate::hook::use_provided;
use crate::service::download;
use crate::service::hosts::fresh_id;
use crate::state::hosts::{label, to_json};
use crate::state::message::{Message, button, hosts as words};

/// Lists the saved hosts under their groups.
#[component]
pub(crate) fn SavedHosts() -> Html {
    let (provided, connect, deeds) = (use_provided(), use_connect(), use_host_deeds());
    let wanted = use_state(String::new);
    let editing = use_state(|| None::<SavedHost>);
    let gone = use_state(|| None::<SavedHost>);
    let looked = deeds.clone();
    use_effect_with((), move |()| looked.emit(HostDeed::Read));
    let Some(provided) = provided else {
        return Html::default();
    };
    let hosts = &provided.hosts;
    let on_act = {
        let (editing, gone, hosts) = (editing.setter(), gone.setter(), hosts.clone());
        let deeds = deeds.clone();
        Callback::from(move |(act, host): (Act, SavedHost)| match act {
            Act::Connect => {
                if let Ok(target) = host.target() {
                    deeds.emit(HostDeed::Used(host));
                    connect.emit(Wish {
                        target,
                        pinned: None,
                    });
                }
            }
            Act::Edit => editing.set(Some(host)),
            Act::Duplicate => {
                let name = hosts.free_name(&host.name);
                let id = fresh_id();
                editing.set(Some(SavedHost {
                    id,
                    name,
                    last_ms: None,
                    ..host
                }));
            }
            Act::Delete => {
                deeds.emit(HostDeed::Remove(host.id.clone()));
                gone.set(Some(host));
            }
        })
    };
    let on_done = {
        let (editing, deeds) = (editing.setter(), deeds.clone());
        Callback::from(move |host: Option<SavedHost>| {
            editing.set(None);
            if let Some(host) = host {
                deeds.emit(HostDeed::Save(host));
            }
        })
    };
    let fresh = on_act.reform(|_: MouseEvent| {
        let id = fresh_id();
        let host = SavedHost {
            id,
            ..SavedHost::default()
        };
        (Act::Edit, host)
    });
    let undo = {
        let (gone, host) = (gone.setter(), (*gone).clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(host) = host.clone() {
                deeds.emit(HostDeed::Save(host));
            }
            gone.set(None);
        })
    };
    let groups = hosts.groups().into_iter().map(str::to_owned).collect();
    let groups: Vec<String> = groups;
    html! {
        <section class="saved-hosts" aria-label={words::SAVED.say()}>
            <div class="hosts-bar">
                <h2>{ words::TITLE.say() }</h2>
                if !hosts.list().is_empty() {
                    { search(&wanted) }
                }
                <button type="button" onclick={fresh}><Icon glyph={Glyph::Plus} />{ words::NEW.say() }</button>
            </div>
            if let Some(host) = &*gone {
                <p class="hint undo" role="status">
                    { words::DELETED.with(&[("name", &host.name)]) }
                    <button type="button" class="quiet" onclick={undo}>{ words::UNDO.say() }</button>
                </p>
            }
            if hosts.list().is_empty() {
                <p class="empty">{ words::EMPTY.say() }</p>
            } else {
                { list(&hosts.fitting(&wanted), &on_act) }
            }
            <HostsImport>
                if !hosts.list().is_empty() { { export(hosts.list()) } }
            </HostsImport>
            if let Some(host) = (*editing).clone() {
                <HostForm key={host.id.clone()} host={host.clone()} {groups} {on_done} />
            }
        </section>
    }
}

/// What a card can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Connect,
    Edit,
    Duplicate,
    Delete,
}

fn search(wanted: &yew::UseStateHandle<String>) -> Html {
    let setter = wanted.setter();
    let oninput = Callback::from(move |event: InputEvent| {
        setter.set(event.target_unchecked_into::<HtmlInputElement>().value());
    });
    html! {
        <input type="search" aria-label={words::SEARCH.say()} placeholder={button::SEARCH.say()} autocomplete="off"
            spellcheck="false" value={(**wanted).clone()} {oninput} />
    }
}

fn export(hosts: &[SavedHost]) -> Html {
    let text = to_json(hosts);
    let onclick = Callback::from(move |_: MouseEvent| {
        download::text("transom-hosts.json", "application/json", &text);
    });
    html! {
        <button type="button" class="quiet" {onclick}>
            <Icon glyph={Glyph::Download} />{ words::EXPORT.say() }
        </button>
    }
}

/// The cards, under the headings of their groups; the hosts come sorted by them.
fn list(hosts: &[&SavedHost], on_act: &Callback<(Act, SavedHost)>) -> Html {
    if hosts.is_empty() {
        return html! { <p class="empty" role="status">{ words::NO_MATCH.say() }</p> };
    }
    let groups = hosts.chunk_by(|a, b| a.group == b.group);
    let groups = groups.map(|group| {
        let name = group.first().map_or("", |host| host.group.as_str());
        html! {
            <div key={name.to_owned()} class="host-group">
                if !name.is_empty() { <h3>{ name.to_owned() }</h3> }
                <ul>{ for group.iter().map(|host| card(host, on_act)) }</ul>
            </div>
        }
    });
    html! { <>{ for groups }</> }
}

fn card(host: &SavedHost, on_act: &Callback<(Act, SavedHost)>) -> Html {
    let act = |act: Act| {
        let host = host.clone();
        on_act.reform(move |_: MouseEvent| (act, host.clone()))
    };
    let name = host.name.clone();
    let icon = |(verb, full): (Message, Message), glyph: Glyph, deed: Act| {
        html! {
            <button type="button" class="icon-button" aria-label={full.with(&[("name", &name)])}
                title={verb.say()}
                onclick={act(deed)}>
                <Icon {glyph} />
            </button>
        }
    };
    let address = host.target().map(|target| target.to_string());
    let known = COLOURS.iter().find(|(colour, _)| *colour == host.colour);
    let colour = known.filter(|(colour, _)| !colour.is_empty());
    let colour = colour.map(|(colour, _)| format!("colour-{colour}"));
    html! {
        <li key={host.id.clone()} class={classes!("host-card", colour)}>
            <div class="host-words">
                <button type="button" class="host-name" onclick={act(Act::Connect)}
                    aria-label={words::CONNECT_TO.with(&[("name", &name)])}>
                    <bdi>{ name.clone() }</bdi>
                </button>
                <bdi class="hint">{ address.unwrap_or_else(|_| words::NO_ADDRESS.say().to_owned()) }</bdi>
                if host.environment != Environment::Development || !host.tags.is_empty() {
                    <span class="host-tags">
                        { environment(host.environment) }
                        { for host.tags.iter().map(|tag| html! {
                            <bdi key={tag.clone()} class="tag">{ tag.clone() }</bdi>
                        }) }
                    </span>
                }
            </div>
            <span class="host-acts">
                { icon((button::EDIT, words::EDIT_IT), Glyph::Pencil, Act::Edit) }
                { icon((words::DUPLICATE, words::DUPLICATE_IT), Glyph::Copy, Act::Duplicate) }
                { icon((button::DELETE, words::DELETE_IT), Glyph::Trash, Act::Delete) }
            </span>
        </li>
    }
}

/// The environment's name on its colour.
fn environment(environment: Environment) -> Html {
    let words = label(environment);
    let class = match environment {
        Environment::Development => return Html::default(),
        Environment::Staging => "staging",
        Environment::Production => "production",
    };
    html! { <span class={classes!("tag", class)}>{ words }</span> }
}
