//! A message whose places are filled with more than text.

use yew::{Html, html};

use crate::state::message::Message;

/// Says a message with elements in its places.
///
/// - `parts`: what stands in the place of each name; where a name is missing, nothing.
pub(crate) fn rich(message: Message, parts: &[(&str, Html)]) -> Html {
    let mut nodes = Vec::new();
    let mut rest = message.say();
    while let Some((before, from)) = rest.split_once('{') {
        let (name, after) = from.split_once('}').unwrap_or((from, ""));
        nodes.push(html! { before });
        let part = parts.iter().find(|(known, _)| *known == name);
        nodes.extend(part.map(|(_, part)| part.clone()));
        rest = after;
    }
    html! { <>{ for nodes }{ rest }</> }
}
