//! Known hosts that come from elsewhere and go elsewhere.

use anyhow::Result;
use thirtyfour::By;
use transom_tests::server::PASSWORD;
use transom_tests::{Need, PATIENCE, Role, World, WorldOptions, scenario};

async fn screen(world: &World) -> Result<()> {
    let browser = world.browser();
    browser.press_role(Role::Rail, "Known hosts").await?;
    let field = "Lines of a known_hosts file";
    browser.see(Role::Textbox, field).await.map(drop)
}

#[tokio::test]
async fn a_pasted_line_is_trusted_without_a_question_and_handed_out_again() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let line = world.server()?.known_hosts_line()?;
        world.home().await?;
        screen(world).await?;
        let browser = world.browser();
        browser
            .fill(
                "Lines of a known_hosts file",
                &format!("# mine\n{line}\nnonsense here\n"),
            )
            .await?;
        browser.press("Add lines").await?;
        browser
            .says(
                "Lines added: 1. Not understood and left out: line 3.",
                PATIENCE,
            )
            .await?;
        browser.says("never", PATIENCE).await?;
        let saved = browser.saved_by("Export known_hosts").await?;
        assert_eq!(saved, format!("{line}\n"));

        world.home().await?;
        world.dial(&world.server()?.address()).await?;
        // The next question is the one for the password.
        world.answer("Password", PASSWORD).await?;
        world.ready().await
    })
    .await
}

#[tokio::test]
async fn a_file_is_taken_in_and_a_revoked_key_is_refused() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let line = world.server()?.known_hosts_line()?;
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), format!("{line}\n@revoked {line}\n{line}\n"))?;
        world.home().await?;
        screen(world).await?;
        let browser = world.browser();
        let input = By::Css("input[type=file][aria-label='Import known_hosts: file']");
        let input = browser.driver().find(input).await?;
        input.send_keys(file.path().to_string_lossy()).await?;
        browser
            .says("Lines added: 2. There already: 1.", PATIENCE)
            .await?;
        world.home().await?;
        world.dial(&world.server()?.address()).await?;
        world.fails("is revoked", "Retry").await?;
        assert_eq!(world.server()?.attempts("password"), 0);
        Ok(())
    })
    .await
}
