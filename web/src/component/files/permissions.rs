//! What a person may set of entries: permissions, owner and time; and what can be told of them.

use transom_protocol::{FileEntry, FilesAsk};
use web_sys::{Event, HtmlInputElement, InputEvent, SubmitEvent};
use yew::{Callback, Html, MouseEvent, Properties, TargetCast, component, html, use_state_eq};

use super::desk::Desk;
use super::facts::Facts;
use crate::component::dialog::Dialog;
use crate::service::place;
use crate::state::message::{Message, button, files as words};
use crate::state::number;

/// Of what.
#[derive(PartialEq, Properties)]
pub(crate) struct PermissionsProps {
    pub(crate) desk: Desk,
    /// At least one.
    pub(crate) entries: Vec<FileEntry>,
    pub(crate) on_cancel: Callback<()>,
}

const WHO: [(Message, u32); 3] = [(words::OWNER, 6), (words::GROUP, 3), (words::OTHERS, 0)];
const MAY: [(Message, u32); 3] = [(words::READ, 4), (words::WRITE, 2), (words::EXECUTE, 1)];

/// Permissions as a matrix and as an octal number, who owns it, and when it was changed.
#[component]
pub(crate) fn Permissions(props: &PermissionsProps) -> Html {
    let first = props.entries.first();
    let mode = use_state_eq(|| first.and_then(|entry| entry.mode).unwrap_or(0o644) & 0o7777);
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let numbers = (
        number(first.and_then(|entry| entry.user)),
        number(first.and_then(|entry| entry.group)),
    );
    let user = use_state_eq(|| numbers.0.clone());
    let group = use_state_eq(|| numbers.1.clone());
    // What nobody touched stays: of several entries only the first one's is shown.
    let touched = use_state_eq(|| false);
    let before = first
        .and_then(|entry| entry.modified)
        .map(place::local_time);
    let time = use_state_eq(|| before.clone().unwrap_or_default());
    let modified = (Some(&*time) != before.as_ref())
        .then(|| place::seconds_of(&time))
        .flatten();
    let rows = WHO.map(|(who, shift)| {
        let boxes = MAY.map(|(may, bit)| {
            let bit = bit << shift;
            let (current, setter, touched) = (*mode, mode.setter(), touched.setter());
            let onchange = Callback::from(move |_: Event| {
                setter.set(current ^ bit);
                touched.set(true);
            });
            html! {
                <td><input type="checkbox" aria-label={words::MAY.with(&[("who", who.say()), ("what", may.say())])}
                    checked={*mode & bit != 0} {onchange} /></td>
            }
        });
        html! { <tr><th scope="row">{ who.say() }</th>{ for boxes }</tr> }
    });
    let (setter, typed) = (mode.setter(), touched.setter());
    let oninput = Callback::from(move |event: InputEvent| {
        let input: HtmlInputElement = event.target_unchecked_into();
        if let Ok(octal) = u32::from_str_radix(&input.value(), 8) {
            setter.set(octal & 0o7777);
            typed.set(true);
        }
    });
    let title = match props.entries.as_slice() {
        [one] => words::PERMISSIONS_OF.with(&[("name", &one.name.shown())]),
        many => words::PERMISSIONS_OF_MANY.with(&[("n", &number::count(many.len()))]),
    };
    let changed = |now: &str, before: &str| (now != before).then(|| now.parse().ok()).flatten();
    let owner = (changed(&user, &numbers.0), changed(&group, &numbers.1));
    let mode_of_all = touched.then_some(*mode);
    let (desk, entries) = (props.desk.clone(), props.entries.clone());
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        desk.sheet.set(None);
        for entry in &entries {
            let owner = owner_of(entry, owner);
            if mode_of_all.is_none() && owner.is_none() && modified.is_none() {
                continue;
            }
            let ask = FilesAsk::SetAttributes {
                path: desk.folder.path_of(entry),
                mode: mode_of_all,
                owner,
                modified,
            };
            desk.act(ask, b"");
        }
    });
    let field = |label: &'static str, value: &str, oninput: Callback<InputEvent>| {
        html! {
            <label class="field"><span>{ label }</span>
                <input type="text" inputmode="numeric" autocomplete="off" value={value.to_owned()} {oninput} />
            </label>
        }
    };
    let typed = |setter: yew::UseStateSetter<String>| {
        Callback::from(move |event: InputEvent| {
            setter.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let cancel = props.on_cancel.reform(|_: MouseEvent| ());
    html! {
        <Dialog {title} on_cancel={props.on_cancel.clone()}>
            <form class="permissions" {onsubmit}>
                <table>
                    <thead><tr><td></td>{ for MAY.map(|(may, _)| html! { <th scope="col">{ may.say() }</th> }) }</tr></thead>
                    <tbody>{ for rows }</tbody>
                </table>
                <div class="permission-numbers">
                    { field(words::OCTAL.say(), &format!("{:04o}", *mode), oninput) }
                    { field(words::USER_NUMBER.say(), &user, typed(user.setter())) }
                    { field(words::GROUP_NUMBER.say(), &group, typed(group.setter())) }
                </div>
                <label class="field"><span>{ words::CHANGED.say() }</span>
                    <input type="datetime-local" step="1" value={(*time).clone()} oninput={typed(time.setter())} />
                </label>
                <Facts desk={props.desk.clone()} entries={props.entries.clone()} />
                <div class="actions">
                    <button type="button" onclick={cancel}>{ button::CANCEL.say() }</button>
                    <button type="submit" class="primary">{ words::SET_PERMISSIONS.say() }</button>
                </div>
            </form>
        </Dialog>
    }
}

/// Who is to own an entry, where a user or a group was typed: the other one stays.
fn owner_of(entry: &FileEntry, typed: (Option<u32>, Option<u32>)) -> Option<(u32, u32)> {
    match typed {
        (None, None) => None,
        (user, group) => Some((user.or(entry.user)?, group.or(entry.group)?)),
    }
}
