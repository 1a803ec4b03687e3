//! Agent forwarding: a shell of one server logs in to another with a key that never leaves the page.

use anyhow::{Result, ensure};
use transom_tests::server::USER;
use transom_tests::{Need, PATIENCE, Role, Server, ServerOptions, World, WorldOptions, scenario};

/// Makes a key that both servers know, and logs in to the first by a host that is saved.
async fn log_in_to_first(world: &World, second: &Server, forward: bool) -> Result<()> {
    let browser = world.browser();
    world.home().await?;
    let line = world.keep_key("laptop").await?;
    second.authorize(&line)?;
    browser.press_role(Role::Rail, "Home").await?;
    browser.press("New host").await?;
    let address = world.server()?.address();
    browser.fill("Host address", &address).await?;
    browser.fill("Host name", "Shop").await?;
    if forward {
        browser.press_role(Role::Checkbox, "Forward agent").await?;
    }
    browser.press("Save").await?;
    browser.press("Connect to Shop").await?;
    world.trust().await?;
    world.ready().await
}

/// What is typed on the first server to get to the second.
///
/// - `mark`: begins the row that tells how that ended.
fn onward(second: &Server, mark: &str) -> String {
    format!(
        "ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
         -o PreferredAuthentications=publickey -p {} {USER}@127.0.0.1 'echo in:$SSH_CONNECTION'; \
         echo {mark}:$?",
        second.port()
    )
}

#[tokio::test]
async fn a_program_on_a_server_uses_a_key_only_as_often_as_the_person_allows() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let second = Server::start(&ServerOptions::default()).await?;
        log_in_to_first(world, &second, true).await?;
        let browser = world.browser();

        // It is to be seen where the agent goes.
        browser.says("Agent forwarded", PATIENCE).await?;

        browser.enter(&onward(&second, "refused")).await?;
        browser.see(Role::Dialog, "Use of a key").await?;
        let from = format!("[127.0.0.1]:{}", world.server()?.port());
        let words = format!("A program on {from} wants to log in as {USER} with your key laptop.");
        browser.says(&words, PATIENCE).await?;
        // The client proved which server it talks to.
        let (fingerprint, _) = second.fingerprint()?;
        browser.says(&fingerprint, PATIENCE).await?;
        browser.press("Refuse").await?;
        browser.gone(Role::Dialog, "Use of a key").await?;
        browser.shows("refused:255").await?;
        assert!(!second.log().contains("Accepted publickey"), "{}", second.log());

        browser.enter(&onward(&second, "once")).await?;
        browser.press("Allow once").await?;
        browser.shows("once:0").await?;
        assert!(second.log().contains("Accepted publickey"), "{}", second.log());

        browser.enter(&onward(&second, "ten")).await?;
        browser.press("Allow for ten minutes").await?;
        browser.shows("ten:0").await?;
        browser.enter(&onward(&second, "again")).await?;
        // Nobody is asked.
        browser.shows("again:0").await?;

        // Another use of the same key is another question.
        let add = "ssh-add -L >k.pub; echo hi >m; ssh-keygen -q -Y sign -n file -f k.pub m; echo signed:$?";
        browser.enter(add).await?;
        browser
            .says("wants something signed that is no log-in", PATIENCE)
            .await?;
        browser.press("Refuse").await?;
        browser.shows("signed:255").await
    })
    .await
}

#[tokio::test]
async fn a_question_is_withdrawn_when_the_program_or_the_session_ends() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let second = Server::start(&ServerOptions::default()).await?;
        log_in_to_first(world, &second, true).await?;
        let browser = world.browser();
        let onward = onward(&second, "over");
        // It gives up when there is a file.
        let script =
            "\"$@\" & p=$!; until [ -e stop ]; do sleep 0.1; done; kill $p; wait $p; echo ended:$?";
        browser
            .enter(&format!("sh -c '{script}' sh {onward}"))
            .await?;
        browser.see(Role::Dialog, "Use of a key").await?;
        world.server()?.put("stop", "")?;
        browser.gone(Role::Dialog, "Use of a key").await?;
        browser.shows("ended:143").await?;
        // The next one is asked about as ever.
        browser.enter(&onward).await?;
        browser.see(Role::Dialog, "Use of a key").await?;
        world.server_mut()?.kill().await?;
        world.browser().gone(Role::Dialog, "Use of a key").await
    })
    .await
}

#[tokio::test]
async fn without_a_word_no_server_gets_the_agent() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let second = Server::start(&ServerOptions::default()).await?;
        log_in_to_first(world, &second, false).await?;
        let browser = world.browser();
        browser.enter("echo agent:[$SSH_AUTH_SOCK]").await?;
        browser.shows("agent:[]").await?;
        ensure!(!browser.words().await?.contains("Agent forwarded"));
        browser.enter(&onward(&second, "plain")).await?;
        browser.shows("plain:255").await?;
        browser.gone(Role::Dialog, "Use of a key").await
    })
    .await
}
