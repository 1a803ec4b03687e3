//! A field whose text counts once it is done.

use web_sys::{Event, HtmlInputElement, InputEvent};
use yew::{
    AttrValue, Callback, Html, Properties, TargetCast, UseStateHandle, component, html, use_state,
};

/// What a field needs.
#[derive(PartialEq, Properties)]
pub(crate) struct FieldProps {
    /// What counts now.
    pub(crate) value: AttrValue,
    /// `text` or `number`.
    #[prop_or(AttrValue::Static("text"))]
    pub(crate) kind: AttrValue,
    #[prop_or_default]
    pub(crate) placeholder: AttrValue,
    #[prop_or_default]
    pub(crate) inputmode: Option<AttrValue>,
    /// The least and the largest number.
    #[prop_or_default]
    pub(crate) range: Option<(u32, u32)>,
    /// The text is done: Enter was pressed, or the keyboard went elsewhere.
    pub(crate) onchange: Callback<Event>,
}

/// Keeps what is typed until it is done, whatever is drawn anew meanwhile: Yew gives a field the
/// value of each drawing, and a shell that works is enough to draw a page again.
#[component]
pub(crate) fn Field(props: &FieldProps) -> Html {
    let typed = use_state(|| None::<String>);
    let setter = typed.setter();
    let oninput = Callback::from(move |event: InputEvent| {
        let input: HtmlInputElement = event.target_unchecked_into();
        setter.set(Some(input.value()));
    });
    let setter = typed.setter();
    let onchange = props.onchange.reform(move |event: Event| {
        // From here on the field shows what was made of it.
        setter.set(None);
        event
    });
    let value = (*typed)
        .clone()
        .map_or(props.value.clone(), AttrValue::from);
    let (least, most) = props.range.unzip();
    html! {
        <input type={props.kind.clone()} inputmode={props.inputmode.clone()}
            placeholder={props.placeholder.clone()} autocomplete="off" spellcheck="false"
            min={least.map(|least| least.to_string())} max={most.map(|most| most.to_string())}
            {value} {oninput} {onchange} />
    }
}

/// A field for what is looked for in a page, which shows what fits while one types.
///
/// - `words`: the field's name, and what stands in it while it is empty.
pub(crate) fn search_field(words: [&'static str; 2], wanted: &UseStateHandle<String>) -> Html {
    let [name, hint] = words;
    let setter = wanted.setter();
    let oninput = Callback::from(move |event: InputEvent| {
        setter.set(event.target_unchecked_into::<HtmlInputElement>().value());
    });
    html! {
        <input type="search" class="narrow" aria-label={name} placeholder={hint} autocomplete="off"
            spellcheck="false" value={(**wanted).clone()} {oninput} />
    }
}
