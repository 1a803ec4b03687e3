//! Taking in hosts: a list that Transom exported, or a client's configuration file.

use transom_protocol::SavedHost;
use yew::{Callback, Html, Properties, component, html, use_state};

use crate::component::text_file::TextFile;
use crate::hook::hosts::{HostDeed, use_host_deeds};
use crate::hook::use_provided;
use crate::service::hosts::fresh_id;
use crate::state::hosts::{Hosts, from_json};
use crate::state::message::{Message, hosts as words};
use crate::state::ssh_config::{self, Left};

/// What came of a file.
#[derive(Clone, Debug, Default, PartialEq)]
struct Outcome {
    words: String,
    left: Vec<Left>,
}

/// Reads hosts of a text, given those that are there; and what was left.
type Reader = fn(&str, &Hosts) -> (Vec<SavedHost>, Vec<Left>);

/// Where further buttons stand.
#[derive(PartialEq, Properties)]
pub(crate) struct HostsImportProps {
    pub(crate) children: Html,
}

/// Two buttons for files, and what came of them.
#[component]
pub(crate) fn HostsImport(props: &HostsImportProps) -> Html {
    let (provided, deeds) = (use_provided(), use_host_deeds());
    let outcome = use_state(Outcome::default);
    let take = |read: Reader, nothing: Message| {
        let (setter, deeds) = (outcome.setter(), deeds.clone());
        let hosts = provided.as_ref().map(|provided| provided.hosts.clone());
        Callback::from(move |(file, text): (String, Option<String>)| {
            let (read, left) = match (&text, &hosts) {
                (Some(text), Some(hosts)) => read(text, hosts),
                _ => (Vec::new(), Vec::new()),
            };
            let words = match u64::try_from(read.len()).unwrap_or(u64::MAX) {
                0 => nothing.with(&[("file", &file)]),
                count => words::IMPORTED.counted(count, &[]),
            };
            setter.set(Outcome { words, left });
            if !read.is_empty() {
                deeds.emit(HostDeed::Import(read));
            }
        })
    };
    let on_list = take(|text, _| (from_json(text), Vec::new()), words::NO_LIST);
    let on_config = take(from_config, words::NO_CONFIG);
    html! {
        <>
            <p class="hint" role="status">{ outcome.words.clone() }</p>
            if !outcome.left.is_empty() {
                <details class="left-out">
                    <summary>{ words::LEFT.with(&[("n", &outcome.left.len().to_string())]) }</summary>
                    <ol aria-label={words::LEFT_LIST.say()}>
                        { for outcome.left.iter().enumerate().map(|(place, left)| html! {
                            <li key={place} value={left.line.to_string()}>
                                <bdi>{ left.words.clone() }</bdi>
                            </li>
                        }) }
                    </ol>
                </details>
            }
            <div class="actions">
                <TextFile name={words::IMPORT.say()} accept=".json" on_text={on_list} />
                <TextFile name={words::IMPORT_CONFIG.say()} accept="" on_text={on_config} />
                { props.children.clone() }
            </div>
        </>
    }
}

/// The hosts of a configuration file. One that is there already by name gets the new address.
fn from_config(text: &str, known: &Hosts) -> (Vec<SavedHost>, Vec<Left>) {
    let imported = ssh_config::import(text);
    let hosts = imported.hosts.into_iter().map(|host| {
        let known = known.named(&host.name);
        let (id, name) = (
            known.map_or_else(fresh_id, |known| known.id.clone()),
            host.name,
        );
        let known = known.cloned().unwrap_or_default();
        SavedHost {
            id,
            name,
            host: host.host,
            port: host.port,
            user: host.user,
            jump: host.jump,
            forward_agent: host.forward_agent,
            ..known
        }
    });
    (hosts.collect(), imported.left)
}
