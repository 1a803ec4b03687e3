//! Where the folder is: a crumb for each folder above it, or a path to type.

use transom_protocol::RemotePath;
use yew::{Callback, Html, MouseEvent, Properties, classes, component, html, use_state_eq};

use super::desk::Desk;
use super::drag::{Goal, goal};
use super::name_field::NameField;
use crate::component::icon::{Glyph, Icon};
use crate::state::message::files as words;

/// Whose path.
#[derive(PartialEq, Properties)]
pub(crate) struct PathBarProps {
    pub(crate) desk: Desk,
}

/// Shows the path and takes another one.
#[component]
pub(crate) fn PathBar(props: &PathBarProps) -> Html {
    let typing = use_state_eq(|| false);
    let path = &props.desk.folder.path;
    if *typing {
        let (desk, setter) = (props.desk.clone(), typing.setter());
        let on_done = Callback::from(move |typed: Option<String>| {
            setter.set(false);
            if let Some(typed) = typed.filter(|typed| !typed.is_empty()) {
                desk.go(RemotePath::new(typed), b"");
            }
        });
        let value = path.text().unwrap_or_default().to_owned();
        return html! {
            <div class="path-bar"><NameField label={words::PATH.say()} {value} {on_done} /></div>
        };
    }
    let crumbs = crumbs(path).into_iter().map(|(folder, name)| {
        let key = folder.shown();
        html! { <Crumb {key} desk={props.desk.clone()} {folder} {name} /> }
    });
    let setter = typing.setter();
    let onclick = Callback::from(move |_: MouseEvent| setter.set(true));
    html! {
        <div class="path-bar">
            <nav aria-label={words::PATH.say()}><ol class="crumbs">{ for crumbs }</ol></nav>
            <button type="button" class="icon-button" aria-label={words::TYPE_PATH.say()}
                title={words::TYPE_PATH.say()} {onclick}><Icon glyph={Glyph::Pencil} /></button>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct CrumbProps {
    desk: Desk,
    folder: RemotePath,
    name: String,
}

/// Leads to a folder; rows that are dropped on it move there.
#[component]
fn Crumb(props: &CrumbProps) -> Html {
    let over = use_state_eq(|| false);
    let CrumbProps { desk, folder, name } = props;
    let (going, target) = (desk.clone(), folder.clone());
    let onclick = Callback::from(move |_: MouseEvent| going.go(target.clone(), b""));
    let here = (*folder == desk.folder.path).then_some("location");
    let Goal {
        ondragover,
        ondragleave,
        ondrop,
    } = goal(desk, folder, over.setter());
    html! {
        <li><button type="button" class={classes!("crumb", over.then_some("over"))} aria-current={here} {onclick}
            {ondragover} {ondragleave} {ondrop}>
            <bdi>{ name }</bdi>
        </button></li>
    }
}

/// Each folder from the root on, with its name to show.
fn crumbs(path: &RemotePath) -> Vec<(RemotePath, String)> {
    let bytes = path.bytes();
    let mut crumbs = Vec::new();
    if bytes.starts_with(b"/") {
        crumbs.push((RemotePath::from("/"), "/".to_owned()));
    }
    let mut end = 0;
    for part in bytes.split(|byte| *byte == b'/') {
        end += part.len();
        if !part.is_empty() {
            let prefix = bytes.get(..end).unwrap_or_default();
            crumbs.push((RemotePath::new(prefix), RemotePath::new(part).shown()));
        }
        end += 1;
    }
    crumbs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_crumb_leads_to_its_folder() {
        let crumbs: Vec<_> = crumbs(&RemotePath::new(b"/srv//a\xff".to_vec()))
            .into_iter()
            .map(|(path, name)| (path.bytes().to_vec(), name))
            .collect();
        let expected: Vec<(Vec<u8>, String)> = vec![
            (b"/".to_vec(), "/".into()),
            (b"/srv".to_vec(), "srv".into()),
            (b"/srv//a\xff".to_vec(), "a\\xff".into()),
        ];
        assert_eq!(crumbs, expected);
    }
}
