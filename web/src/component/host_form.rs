//! The form of a saved host.

use transom_protocol::{Environment, ParseTargetError, SavedHost, Target};
use web_sys::{Event, HtmlInputElement, HtmlSelectElement, InputEvent, SubmitEvent};
use yew::{
    AttrValue, Callback, Html, MouseEvent, Properties, TargetCast, component, html, use_state,
};

use crate::component::dialog::Dialog;
use crate::state::hosts::{self, label};
use crate::state::message::{Message, button, hosts as said};
use crate::state::words;

/// The colours that a host may have: their names in records, and for people.
pub(crate) const COLOURS: [(&str, Message); 7] = [
    ("", said::COLOUR_NONE),
    ("teal", said::TEAL),
    ("blue", said::BLUE),
    ("green", said::GREEN),
    ("amber", said::AMBER),
    ("red", said::RED),
    ("violet", said::VIOLET),
];

const ENVIRONMENTS: [Environment; 3] = [
    Environment::Development,
    Environment::Staging,
    Environment::Production,
];

/// Which host.
#[derive(PartialEq, Properties)]
pub(crate) struct HostFormProps {
    /// The record as it was; a new one has no name.
    pub(crate) host: SavedHost,
    /// Groups that there are already.
    pub(crate) groups: Vec<String>,
    /// The changed record, or `None` if nothing is to be kept.
    pub(crate) on_done: Callback<Option<SavedHost>>,
}

/// Asks for what is known about a host; only the address must be given.
#[component]
pub(crate) fn HostForm(props: &HostFormProps) -> Html {
    let host = use_state(|| props.host.clone());
    let fresh = props.host.name.is_empty();
    let begin = props.host.target().map(|target| {
        let jump = Vec::new();
        Target { jump, ..target }.to_string()
    });
    let address = use_state(|| begin.unwrap_or_default());
    let tags = use_state(|| props.host.tags.join(", "));
    let problem = use_state(|| None::<ParseTargetError>);
    // A change of one member of the record.
    let change = |act: fn(&mut SavedHost, String)| {
        let (now, setter) = ((*host).clone(), host.setter());
        Callback::from(move |text: String| {
            let mut next = now.clone();
            act(&mut next, text);
            setter.set(next);
        })
    };
    let onsubmit = {
        let (host, address, tags) = ((*host).clone(), (*address).clone(), (*tags).clone());
        let (on_done, problem) = (props.on_done.clone(), problem.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match where_to(&address, &host.jump) {
                Ok(target) => on_done.emit(Some(finished(host.clone(), target, &tags))),
                Err(error) => problem.set(Some(error)),
            }
        })
    };
    let on_cancel = props.on_done.reform(|()| None);
    let cancel = on_cancel.reform(|_: MouseEvent| ());
    let typed = {
        let (address, problem) = (address.setter(), problem.setter());
        Callback::from(move |text: String| {
            address.set(text);
            problem.set(None);
        })
    };
    let forwards = change(|host, yes| host.forward_agent = yes == "true").reform(|event: Event| {
        let checked = event.target_unchecked_into::<HtmlInputElement>().checked();
        checked.to_string()
    });
    let title = if fresh {
        said::NEW.say()
    } else {
        said::EDIT_HOST.say()
    };
    let startup = host.startup.clone().unwrap_or_default();
    html! {
        <Dialog {title} class="host-form" {on_cancel}>
            <form {onsubmit}>
                { text(said::ADDRESS.say(), said::ADDRESS_EXAMPLE.say(), &address, &typed,
                    problem.is_some_and(|problem| problem != ParseTargetError::Jump)) }
                if let Some(error) = *problem {
                    <p class="refusal" role="alert">{ words::address_problem(error) }</p>
                }
                { text(said::JUMP.say(), said::JUMP_EXAMPLE.say(), &host.jump,
                    &change(|host, jump| host.jump = jump), *problem == Some(ParseTargetError::Jump)) }
                { text(said::NAME.say(), said::NAME_EXAMPLE.say(), &host.name, &change(|host, name| host.name = name),
                    false) }
                <datalist id="host-groups">
                    { for props.groups.iter().map(|group| html! {
                        <option key={group.clone()} value={group.clone()} />
                    }) }
                </datalist>
                { text(said::GROUP.say(), said::GROUP_EXAMPLE.say(), &host.group, &change(|host, group| host.group = group), false) }
                { text(said::TAGS.say(), said::TAGS_EXAMPLE.say(), &tags, &setter_of(&tags), false) }
                <label class="field">
                    <span>{ said::ENVIRONMENT.say() }</span>
                    <select onchange={chosen(&change(|host, place| choose_environment(host, &place)))}>
                        { for ENVIRONMENTS.iter().enumerate().map(|(place, environment)| {
                            let words = label(*environment);
                            let words = if words.is_empty() { said::DEVELOPMENT.say() } else { words };
                            html! {
                                <option key={words} value={place.to_string()}
                                    selected={host.environment == *environment}>{ words }</option>
                            }
                        }) }
                    </select>
                    <span class="hint">{ said::PRODUCTION_HINT.say() }</span>
                </label>
                <label class="field">
                    <span>{ said::COLOUR.say() }</span>
                    <select onchange={chosen(&change(|host, colour| host.colour = colour))}>
                        { for COLOURS.iter().map(|(name, words)| html! {
                            <option key={*name} value={*name} selected={host.colour == *name}>
                                { words.say() }</option>
                        }) }
                    </select>
                </label>
                { text(said::STARTUP.say(), said::STARTUP_EXAMPLE.say(), &startup, &change(|host, line| host.startup = Some(line)), false) }
                <label class="field">
                    <span>
                        <input type="checkbox" aria-label={said::FORWARD.say()} checked={host.forward_agent}
                            onchange={forwards} />
                        { " " }{ said::FORWARD.say() }
                    </span>
                    <span class="hint">{ said::FORWARD_HINT.say() }</span>
                </label>
                <div class="actions">
                    <button type="button" onclick={cancel}>{ button::CANCEL.say() }</button>
                    <button type="submit" class="primary">{ button::SAVE.say() }</button>
                </div>
            </form>
        </Dialog>
    }
}

/// The address and its jump hosts; those may stand in either field.
fn where_to(address: &str, jump: &str) -> Result<Target, ParseTargetError> {
    let target: Target = address.parse()?;
    if jump.trim().is_empty() {
        return Ok(target);
    }
    let jump = Target::parse_jump(jump)?;
    Ok(Target { jump, ..target })
}

/// The record to keep.
fn finished(mut host: SavedHost, target: Target, tags: &str) -> SavedHost {
    host.name = host.name.trim().to_owned();
    if host.name.is_empty() {
        host.name = target.to_string();
    }
    host.set_target(target);
    host.group = host.group.trim().to_owned();
    host.tags = hosts::tags(tags);
    let startup = host.startup.take();
    host.startup = startup.filter(|line| !line.trim().is_empty());
    host
}

fn choose_environment(host: &mut SavedHost, place: &str) {
    let chosen = place.parse().ok();
    let chosen = chosen.and_then(|place: usize| ENVIRONMENTS.get(place));
    host.environment = chosen.copied().unwrap_or_default();
}

fn setter_of(state: &yew::UseStateHandle<String>) -> Callback<String> {
    let setter = state.setter();
    Callback::from(move |text| setter.set(text))
}

fn chosen(act: &Callback<String>) -> Callback<Event> {
    act.reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value())
}

fn text(
    name: &'static str,
    placeholder: &'static str,
    value: &str,
    act: &Callback<String>,
    wrong: bool,
) -> Html {
    let oninput =
        act.reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    let list: Option<AttrValue> =
        (name == said::GROUP.say()).then_some(AttrValue::Static("host-groups"));
    html! {
        <label class="field">
            <span>{ name }</span>
            <input type="text" {placeholder} {list} value={value.to_owned()} maxlength="500"
                autocomplete="off" autocapitalize="off" spellcheck="false"
                aria-invalid={wrong.then_some("true")} {oninput} />
        </label>
    }
}
