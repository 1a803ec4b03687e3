//! The steps on the way to a shell.

use yew::{Html, Properties, classes, component, html};

use crate::component::icon::{Glyph, Icon};
use crate::state::message::status as words;
use crate::state::steps::Mark;

/// The steps with their marks.
#[derive(PartialEq, Properties)]
pub(crate) struct PhaseRailProps {
    pub(crate) steps: [(&'static str, Mark); 5],
}

/// Shows how far a connection has come. Shape and word say it, not colour alone.
#[component]
pub(crate) fn PhaseRail(props: &PhaseRailProps) -> Html {
    let step = |(label, mark): (&'static str, Mark)| {
        let glyph = match mark {
            Mark::Done => Some(Glyph::Check),
            Mark::Failed => Some(Glyph::Cross),
            Mark::Current | Mark::Ahead => None,
        };
        html! {
            <li key={label} class={classes!("step", mark.class())}>
                <span class="step-mark" aria-hidden="true">
                    if let Some(glyph) = glyph { <Icon {glyph} size="12" /> }
                </span>
                <span class="step-name">{ label }</span>
                <span class="unseen">{ format!(": {}", mark.label()) }</span>
            </li>
        }
    };
    html! {
        <ol class="phase-rail" aria-label={words::PROGRESS.say()}>
            { for props.steps.iter().copied().map(step) }
        </ol>
    }
}
