//! What is written for servers: lines of `authorized_keys` with options, and cloud-init.

use anyhow::{Context, Result, ensure};
use transom_tests::{Need, PATIENCE, Role, WorldOptions, scenario};

#[tokio::test]
async fn a_line_with_a_command_runs_that_command_as_it_was_typed() -> Result<()> {
    let options = WorldOptions::keys_only();
    scenario(Need::Share, options, async |world| {
        world.home().await?;
        let browser = world.browser();
        browser.press_role(Role::Rail, "Keys").await?;
        browser.make_key("laptop").await?;
        browser.press("Line with options").await?;
        let from = "Only from these addresses or names";
        browser.fill(from, "127.0.0.1 and others").await?;
        browser.says("without blanks or quotes", PATIENCE).await?;
        browser.fill(from, "!10.0.0.1,127.0.0.*").await?;
        let command = r#"printf '%s|' "it is" \"quoted\" 'back\slash'; echo; exec cat"#;
        let field = "Only this command, whatever is asked for";
        browser.fill(field, command).await?;
        let terminal = "A terminal only: no forwarding of ports, agents or displays";
        browser.press_role(Role::Checkbox, terminal).await?;
        let read = "return document.querySelector('dialog .public-key').textContent";
        let line = browser.script(read, vec![]).await?;
        let line = line.as_str().context("no line")?.to_owned();
        ensure!(line.starts_with("restrict,pty,from="), "{line}");
        browser.press("Close").await?;
        world.server()?.authorize(&line)?;
        browser.press_role(Role::Rail, "Home").await?;
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        browser.status("Connected", PATIENCE).await?;
        browser
            .shows(r#"it is|"quoted"|back\slash|"#)
            .await
            .with_context(|| line)
    })
    .await
}

#[tokio::test]
async fn cloud_init_is_copied_as_yaml_with_the_line_in_one_string() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.home().await?;
        let browser = world.browser();
        browser.allow_clipboard(world.origin()).await?;
        browser.press_role(Role::Rail, "Keys").await?;
        let line = browser.make_key("my \"key\": # 1").await?;
        ensure!(line.ends_with(" my \"key\": # 1"), "{line}");
        browser.press("Copy cloud-init").await?;
        browser.says("Copied", PATIENCE).await?;
        let read = "return navigator.clipboard.readText()";
        let copied = browser.script(read, vec![]).await?;
        let escaped = line.replace('"', "\\\"");
        assert_eq!(
            copied.as_str(),
            Some(&*format!(
                "#cloud-config\nssh_authorized_keys:\n  - \"{escaped}\"\n"
            ))
        );
        Ok(())
    })
    .await
}
