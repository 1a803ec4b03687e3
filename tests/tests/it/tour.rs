//! A walk through every screen and dialog of the page: `screens` takes pictures on it, `a11y` runs
//! axe at each stop.

pub(crate) mod begin;
pub(crate) mod files;
pub(crate) mod german;
pub(crate) mod keys;
pub(crate) mod phone;
pub(crate) mod readme;
pub(crate) mod session;
pub(crate) mod trust;
pub(crate) mod windows;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use thirtyfour::Key;
use transom_tests::{Need, Role, World, WorldOptions, scenario};

use crate::{a11y, screens};

/// What is done at each stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Eye {
    /// axe judges it.
    Axe,
    /// Pictures for people.
    Camera,
}

/// Who walks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tour {
    pub(crate) eye: Eye,
    /// `light` or `dark`.
    pub(crate) theme: &'static str,
}

impl Tour {
    /// Looks at what is on the screen now, in every width.
    pub(crate) async fn stop(&self, world: &World, screen: &str) -> Result<()> {
        match self.eye {
            Eye::Axe => self.stop_here(world, screen).await,
            Eye::Camera => screens::take(world, self.theme, screen).await,
        }
    }

    /// Looks at it in the size that the window has, as of a phone.
    pub(crate) async fn stop_here(&self, world: &World, screen: &str) -> Result<()> {
        match self.eye {
            Eye::Axe => a11y::check(world, screen).await,
            Eye::Camera => screens::take_once(world, &format!("{screen}-{}", self.theme)).await,
        }
        .with_context(|| format!("at {screen}"))
    }

    /// Opens the page in the theme.
    pub(crate) async fn home(&self, world: &World) -> Result<()> {
        world.home_with(json!({ "theme": self.theme })).await?;
        let shown = "return document.documentElement.dataset.theme";
        let theme = world.browser().script(shown, vec![]).await?;
        assert_eq!(theme, Value::from(self.theme));
        Ok(())
    }
}

/// Walks a part in both themes, each time in a world of its own.
pub(crate) async fn walk(
    eye: Eye,
    part: impl AsyncFn(&mut World, Tour) -> Result<()>,
) -> Result<()> {
    for theme in ["light", "dark"] {
        let options = WorldOptions {
            // What the browser says of a connection that is cut on purpose.
            expected: vec!["WebSocket connection to"],
            ..WorldOptions::default()
        };
        let tour = Tour { eye, theme };
        scenario(Need::Share, options, async |world| part(world, tour).await).await?;
    }
    Ok(())
}

/// Chooses an entry of the palette that may open something of its own.
pub(crate) async fn command(world: &World, words: &str) -> Result<()> {
    let browser = world.browser();
    browser.press("Commands").await?;
    browser.fill("Command", words).await?;
    browser.key(Key::Enter).await?;
    browser.gone(Role::Dialog, "Commands").await
}

/// Closes the dialog in front by the keyboard.
pub(crate) async fn escape(world: &World, dialog: &str) -> Result<()> {
    world.browser().key(Key::Escape).await?;
    world.browser().gone(Role::Dialog, dialog).await
}
