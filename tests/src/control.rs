//! Finds controls as a screen reader does: by role and accessible name.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use http::Method;
use serde_json::Value;
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::{By, RequestData, SessionId, WebElement};

use crate::browser::Browser;
use crate::wait::{PATIENCE, until, until_some};

/// Roles that the tests ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Something to press.
    Button,
    /// A checkbox or switch.
    Checkbox,
    /// A dialog, modal or not.
    Dialog,
    /// An element of the rail: link, button or tab.
    Rail,
    /// Buttons for one thing, side by side.
    Toolbar,
    /// A named part of the page.
    Region,
    /// News that a screen reader says by itself.
    Status,
    /// Something to type into.
    Textbox,
    /// A list to choose from.
    Listbox,
    /// A list with columns.
    Grid,
    /// A row of one.
    Row,
    /// How far something is.
    Progress,
    /// A line between two parts, to be moved.
    Separator,
}

impl Role {
    /// Elements that may have the role; which of them do is asked of the browser.
    const fn selector(self) -> &'static str {
        match self {
            Self::Button => "button,[role=button],input[type=submit],summary",
            Self::Checkbox => "input[type=checkbox],[role=checkbox],[role=switch]",
            Self::Dialog => "dialog,[role=dialog],[role=alertdialog]",
            Self::Rail => "a[href],button,[role=link],[role=button],[role=tab]",
            Self::Toolbar => "[role=toolbar]",
            Self::Region => "section,[role=region]",
            Self::Status => "output,[role=status]",
            Self::Listbox => "[role=listbox]",
            Self::Grid => "[role=grid]",
            Self::Row => "[role=row]",
            Self::Progress => "progress",
            Self::Separator => "[role=separator]",
            Self::Textbox => {
                "input:not([type=checkbox]):not([type=radio]):not([type=file]),textarea,\
                 [role=textbox],[role=combobox],[contenteditable]"
            }
        }
    }

    /// Computed roles ([WAI-ARIA 1.2 §5.3]) that count.
    ///
    /// [WAI-ARIA 1.2 §5.3]: https://www.w3.org/TR/wai-aria-1.2/#role_definitions
    const fn computed(self) -> &'static [&'static str] {
        match self {
            Self::Button => &["button"],
            Self::Checkbox => &["checkbox", "switch"],
            Self::Dialog => &["dialog", "alertdialog"],
            Self::Rail => &["link", "button", "tab"],
            Self::Toolbar => &["toolbar"],
            Self::Region => &["region"],
            Self::Status => &["status"],
            Self::Listbox => &["listbox"],
            Self::Grid => &["grid"],
            Self::Row => &["row"],
            Self::Progress => &["progressbar", "progress"],
            Self::Separator => &["separator", "splitter"],
            Self::Textbox => &["textbox", "searchbox", "combobox", "spinbutton"],
        }
    }
}

/// Elements of a selector that a person sees, in the order of the page.
const VISIBLE: &str = "return [...document.querySelectorAll(arguments[0])].filter(element => \
    element.checkVisibility({checkVisibilityCSS: true}) && !element.closest('[inert]'));";

/// Text of the page without that of the terminals.
const WORDS: &str = "
let text = document.body.innerText;
for (const pane of document.querySelectorAll('section[aria-label^=Terminal]')) {
  if (pane.innerText) text = text.replace(pane.innerText, '');
}
return text;";

/// A question about an element that thirtyfour has no method for.
#[derive(Debug)]
struct Computed<'a> {
    element: &'a WebElement,
    what: &'static str,
}

impl FormatRequestData for Computed<'_> {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let Self { element, what } = self;
        let element = &element.element_id;
        RequestData::new(
            Method::GET,
            format!("/session/{session}/element/{element}/{what}"),
        )
    }
}

impl Browser {
    /// Finds a control now. A `name` that ends in `*` matches by its beginning.
    pub async fn find(&self, role: Role, name: &str) -> Result<Option<WebElement>> {
        for element in self.visible(role.selector()).await? {
            let label = self.computed(&element, "computedlabel").await?;
            // Chromium leaves the space before a control in its label's text; the name has none (accname §4.3.2).
            if matches(name, label.trim()) {
                let computed = self.computed(&element, "computedrole").await?;
                if role.computed().contains(&computed.as_str()) {
                    return Ok(Some(element));
                }
            }
        }
        Ok(None)
    }

    /// Waits for a control.
    pub async fn see(&self, role: Role, name: &str) -> Result<WebElement> {
        self.see_within(role, name, PATIENCE).await
    }

    /// Waits for a control, for a time that matters to the test.
    pub async fn see_within(&self, role: Role, name: &str, within: Duration) -> Result<WebElement> {
        let what = format!("{role:?} \"{name}\" is seen");
        until_some(what, within, async || self.find(role, name).await).await
    }

    /// Waits until a control is gone.
    pub async fn gone(&self, role: Role, name: &str) -> Result<()> {
        let what = format!("{role:?} \"{name}\" is gone");
        until(what, PATIENCE, async || {
            Ok(self.find(role, name).await?.is_none())
        })
        .await
    }

    /// Presses a button, as soon as it is there and enabled.
    pub async fn press(&self, name: &str) -> Result<()> {
        self.press_role(Role::Button, name).await
    }

    /// Presses a control of another role than button.
    pub async fn press_role(&self, role: Role, name: &str) -> Result<()> {
        let what = format!("{role:?} \"{name}\" can be pressed");
        until(what, PATIENCE, async || {
            let Some(element) = self.find(role, name).await? else {
                return Ok(false);
            };
            if !element.is_enabled().await? {
                return Ok(false);
            }
            element.click().await?;
            Ok(true)
        })
        .await
    }

    /// Types into an empty textbox.
    pub async fn fill(&self, name: &str, text: &str) -> Result<()> {
        let element = self.see(Role::Textbox, name).await?;
        element.clear().await?;
        element.send_keys(text).await?;
        Ok(())
    }

    /// Gives a file to the picker behind a button.
    pub async fn give(&self, button: &str, path: &Path) -> Result<()> {
        self.see(Role::Button, button).await?;
        let input = By::Css(format!("input[type=file][aria-label^='{button}: ']"));
        let input = self.driver().find(input).await?;
        input.send_keys(path.to_string_lossy()).await?;
        Ok(())
    }

    /// Presses a button that saves a text to the disk, and returns the text.
    pub async fn saved_by(&self, button: &str) -> Result<String> {
        let take = "
            self.saved = new Promise((done) => {
                const make = URL.createObjectURL;
                URL.createObjectURL = (blob) => { done(blob.text()); return make(blob); };
            }); return 1";
        self.script(take, vec![]).await?;
        self.press(button).await?;
        let saved = self.script("return self.saved", vec![]).await?;
        Ok(saved.as_str().context("no text")?.to_owned())
    }

    /// Makes a key of the chosen type on the Keys screen, and returns the public line that the
    /// page shows.
    pub async fn make_key(&self, name: &str) -> Result<String> {
        self.fill("Name", name).await?;
        self.press("Generate key").await?;
        self.see(Role::Button, "Copy public key").await?;
        let read = "return document.querySelector('.public-key').textContent";
        let line = self.script(read, vec![]).await?;
        Ok(line.as_str().context("no public key")?.to_owned())
    }

    /// Waits until the status line begins with `words`, and returns it whole.
    pub async fn status(&self, words: &str, within: Duration) -> Result<String> {
        let what = format!("the status begins with \"{words}\"");
        until_some(what, within, async || {
            for element in self.visible(Role::Status.selector()).await? {
                let text = element.text().await?;
                if text.trim_start().starts_with(words) {
                    return Ok(Some(text));
                }
            }
            Ok(None)
        })
        .await
    }

    /// All text of the page that a person sees, but for the terminals' grids.
    pub async fn words(&self) -> Result<String> {
        let text = self.script(WORDS, vec![]).await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until the page says `words` somewhere, outside of the terminal's grid.
    pub async fn says(&self, words: &str, within: Duration) -> Result<()> {
        until(format!("the page says \"{words}\""), within, async || {
            Ok(self.words().await?.contains(words))
        })
        .await
    }

    async fn visible(&self, selector: &str) -> Result<Vec<WebElement>> {
        let found = self
            .driver()
            .execute(VISIBLE, vec![selector.into()])
            .await?;
        found.elements().context("not a list of elements")
    }

    async fn computed(&self, element: &WebElement, what: &'static str) -> Result<String> {
        let answer = self.driver().cmd(Computed { element, what }).await?;
        let value: Value = answer.value_json()?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }
}

fn matches(name: &str, label: &str) -> bool {
    match name.strip_suffix('*') {
        Some(beginning) => label.starts_with(beginning),
        None => label == name,
    }
}
