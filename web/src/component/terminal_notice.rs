//! The strip under a terminal whose shell has ended: nothing of the screen is taken away.

use yew::{Callback, Html, MouseEvent, Properties, component, html};

use crate::component::copy_button::CopyButton;
use crate::component::icon::{Glyph, Icon};
use crate::component::question::QuestionView;
use crate::hook::session::use_restart;
use crate::state::connection::Connection;
use crate::state::failure_text;
use crate::state::message::{button, terminal};
use crate::state::tabs::Tab;
use crate::state::words;

/// Whose shell.
#[derive(PartialEq, Properties)]
pub(crate) struct TerminalNoticeProps {
    pub(crate) connection: Connection,
    pub(crate) tab: Tab,
}

/// Says why nothing moves any more, and offers the way onward.
#[component]
pub(crate) fn TerminalNotice(props: &TerminalNoticeProps) -> Html {
    let restart = use_restart();
    let TerminalNoticeProps { connection, tab } = props;
    if let Some(asked) = connection.questions.first() {
        return html! {
            <div class="cover over-screen">
                <div class="card">
                    <QuestionView connection={connection.id.clone()}
                        host={connection.asking_host().to_owned()} asked={asked.clone()} />
                </div>
            </div>
        };
    }
    let id = tab.id;
    let onclick: Callback<MouseEvent> = restart.reform(move |_: MouseEvent| id);
    let failure = connection.failure().or(connection.shell_refused.as_ref());
    match (failure, &tab.ended) {
        (Some(failure), _) => {
            let text = failure_text::of(failure, connection);
            html! {
                <div class="notice failed" role="alert">
                    <Icon glyph={Glyph::Warning} size="20" />
                    <div class="notice-words">
                        <strong>{ text.headline }</strong>
                        <span>{ text.body }</span>
                        if let Some(hop) = failure_text::hop(failure, connection) {
                            <span>{ hop }</span>
                        }
                        if !failure.detail.is_empty() {
                            <code class="detail">{ failure.detail.clone() }</code>
                        }
                    </div>
                    <button type="button" class="primary" {onclick}>{ button::RECONNECT.say() }</button>
                    <CopyButton name={button::COPY_DETAILS.say()}
                        text={failure_text::details(failure, connection)} />
                </div>
            }
        }
        (None, Some(status)) => html! {
            <div class="notice">
                <div class="notice-words">
                    <strong>{ match tab.lost {
                        Some(_) => terminal::SHELL_GONE.say().to_owned(),
                        None => words::notice_of_end(status),
                    } }</strong>
                    <span>{ terminal::ENTER_STARTS.say() }</span>
                </div>
                <button type="button" class="primary" {onclick}>{ button::RECONNECT.say() }</button>
            </div>
        },
        (None, None) => Html::default(),
    }
}
