//! Questions before and during a session: host keys, log-ins, the agent, failures.

use anyhow::Result;
use transom_tests::server::{PASSWORD, USER};
use transom_tests::{PATIENCE, Role, Server, ServerOptions, World, free_port};

use super::Tour;

/// An unknown key, a password that is wrong and right, a changed key.
async fn keys_of_hosts(world: &mut World, tour: Tour) -> Result<()> {
    let address = world.server()?.address();
    let browser = world.browser();
    world.dial(&address).await?;
    browser.see(Role::Dialog, "Unknown host key").await?;
    tour.stop(world, "host-key").await?;
    world.trust().await?;
    browser.see(Role::Textbox, "Password").await?;
    tour.stop(world, "log-in").await?;
    world.answer("Password", "wrong").await?;
    browser.says("not accepted", PATIENCE).await?;
    tour.stop(world, "log-in-refused").await?;
    world.answer("Password", PASSWORD).await?;
    world.ready().await?;
    browser.see(Role::Button, "Save password").await?;
    tour.stop(world, "save-password").await?;
    browser.press("Not now").await?;
    browser.press_role(Role::Rail, "Known hosts").await?;
    let lines = "attic.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEyKyk2dr/qfBBWkFgLFvBr0UN7rJbwZ7kJjOb3jD0aI\n\
        nonsense here\n";
    browser.fill("Lines of a known_hosts file", lines).await?;
    browser.press("Add lines").await?;
    browser.says("Not understood", PATIENCE).await?;
    tour.stop(world, "known-hosts").await?;
    world.server_mut()?.change_host_key().await?;
    let browser = world.browser();
    browser.press_role(Role::Rail, "Home").await?;
    tour.stop(world, "home-recent").await?;
    world.dial(&address).await?;
    browser.see(Role::Dialog, "Host key changed").await?;
    tour.stop(world, "host-key-changed").await?;
    browser.press("I rebuilt it*").await?;
    tour.stop(world, "host-key-rebuilt").await?;
    browser.press("Disconnect").await?;
    browser.says("is not trusted", PATIENCE).await?;
    tour.stop(world, "not-trusted").await
}

/// A program on a server wants a signature.
async fn agent(world: &World, tour: Tour) -> Result<()> {
    let second = Server::start(&ServerOptions::default()).await?;
    let browser = world.browser();
    let line = world.keep_key("laptop").await?;
    second.authorize(&line)?;
    browser.press_role(Role::Rail, "Home").await?;
    browser.press("New host").await?;
    let address = world.server()?.address();
    browser.fill("Host address", &address).await?;
    browser.fill("Host name", "Shop").await?;
    browser.press_role(Role::Checkbox, "Forward agent").await?;
    browser.press("Save").await?;
    browser.press("Connect to Shop").await?;
    world.trust().await?;
    world.ready().await?;
    let onward = format!(
        "ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
         -o PreferredAuthentications=publickey -p {} {USER}@127.0.0.1 true",
        second.port()
    );
    browser.enter(&onward).await?;
    browser.see(Role::Dialog, "Use of a key").await?;
    tour.stop(world, "agent").await?;
    browser.press("Refuse").await?;
    browser.gone(Role::Dialog, "Use of a key").await?;
    browser.press("End-to-end*").await?;
    browser.says("The relay", PATIENCE).await?;
    tour.stop(world, "trust-strip").await
}

/// Nothing listens there.
async fn failure(world: &World, tour: Tour) -> Result<()> {
    world.browser().press_role(Role::Rail, "Home").await?;
    let closed = free_port()?;
    world.dial_port(closed).await?;
    let headline = format!("nothing listens on port {closed}");
    world.fails(&headline, "Edit address").await?;
    tour.stop(world, "failure").await
}

/// The keys of hosts, and what fails.
pub(crate) async fn walk(world: &mut World, tour: Tour) -> Result<()> {
    tour.home(world).await?;
    keys_of_hosts(world, tour).await?;
    failure(world, tour).await
}

/// The agent.
pub(crate) async fn walk_agent(world: &mut World, tour: Tour) -> Result<()> {
    tour.home(world).await?;
    agent(world, tour).await
}
