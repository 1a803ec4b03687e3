//! What a person may set.

use transom_protocol::RelayMode;
use web_sys::{Event, HtmlInputElement, HtmlSelectElement};
use yew::{Callback, Html, TargetCast, component, html};

use crate::hook::{SettingsHandle, use_provided, use_title};
use crate::state::settings::{FONT_SIZE_PX, MAX_SCROLLBACK_LINES, SettingsAction, ThemeChoice};

/// Shows the settings; each takes effect at once.
#[component]
pub(crate) fn SettingsPage() -> Html {
    use_title("Settings · Transom".to_owned());
    let Some(provided) = use_provided() else {
        return Html::default();
    };
    let settings = &provided.settings;
    html! {
        <main class="page settings">
            <header><h1>{ "Settings" }</h1></header>
            { appearance(settings) }
            { terminal(settings) }
            { relay(settings) }
            <section>
                <h2>{ "About" }</h2>
                <p>{ format!("Transom {}. Everything here is kept in this browser only.",
                    env!("CARGO_PKG_VERSION")) }</p>
            </section>
        </main>
    }
}

fn appearance(settings: &SettingsHandle) -> Html {
    let choices = ThemeChoice::ALL.into_iter().map(|theme| {
        let onchange = act(settings, move |_| Some(SettingsAction::ThemeChosen(theme)));
        html! {
            <label key={theme.attribute()} class="choice">
                <input type="radio" name="theme" checked={settings.theme == theme} {onchange} />
                { theme.label() }
            </label>
        }
    });
    html! {
        <section>
            <h2>{ "Appearance" }</h2>
            <fieldset><legend>{ "Theme" }</legend>{ for choices }</fieldset>
            { number("Font size", "Of the terminal, in pixels.", settings.font_size,
                FONT_SIZE_PX.0, FONT_SIZE_PX.1, act(settings, |event| {
                    Some(SettingsAction::FontSized(value(&event).parse().ok()?))
                })) }
        </section>
    }
}

fn terminal(settings: &SettingsHandle) -> Html {
    let screen_reader = act(settings, |event| {
        let on = event.target_unchecked_into::<HtmlInputElement>().checked();
        Some(SettingsAction::ScreenReaderSet(on))
    });
    html! {
        <section>
            <h2>{ "Terminal" }</h2>
            { number("Scrollback", "Lines that stay readable above the screen.",
                settings.scrollback, 0, MAX_SCROLLBACK_LINES, act(settings, |event| {
                    Some(SettingsAction::ScrollbackSet(value(&event).parse().ok()?))
                })) }
            <label class="choice">
                <input type="checkbox" checked={settings.screen_reader} onchange={screen_reader} />
                { "Screen reader mode" }
            </label>
        </section>
    }
}

fn relay(settings: &SettingsHandle) -> Html {
    let named = act(settings, |event| {
        Some(SettingsAction::RelayNamed(value(&event)))
    });
    let chosen = act(settings, |event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        let plain = select.value() == "plain";
        let mode = if plain {
            RelayMode::Plain
        } else {
            RelayMode::Transom
        };
        Some(SettingsAction::RelayModeChosen(mode))
    });
    let plain = settings.relay_mode == RelayMode::Plain;
    html! {
        <section>
            <h2>{ "Relay" }</h2>
            <label class="field narrow">
                <span>{ "Relay address" }</span>
                <input type="text" inputmode="url" placeholder="the relay that served this page"
                    autocomplete="off" spellcheck="false"
                    value={settings.relay_url.clone().unwrap_or_default()} onchange={named} />
            </label>
            <label class="field narrow">
                <span>{ "Protocol" }</span>
                <select onchange={chosen}>
                    <option value="transom" selected={!plain}>{ "Transom" }</option>
                    <option value="plain" selected={plain}>{ "Plain (websockify)" }</option>
                </select>
            </label>
            <p class="hint">{ "New connections use it. A plain relay's address alone decides which \
                server it leads to." }</p>
        </section>
    }
}

fn number(
    name: &'static str,
    hint: &'static str,
    now: u32,
    least: u32,
    most: u32,
    onchange: Callback<Event>,
) -> Html {
    html! {
        <label class="field narrow">
            <span>{ name }</span>
            <input type="number" value={now.to_string()} min={least.to_string()}
                max={most.to_string()} {onchange} />
            <span class="hint">{ hint }</span>
        </label>
    }
}

fn act(
    settings: &SettingsHandle,
    action: impl Fn(Event) -> Option<SettingsAction> + 'static,
) -> Callback<Event> {
    let dispatcher = settings.dispatcher();
    Callback::from(move |event: Event| {
        if let Some(action) = action(event) {
            dispatcher.dispatch(action);
        }
    })
}

fn value(event: &Event) -> String {
    event.target_unchecked_into::<HtmlInputElement>().value()
}
