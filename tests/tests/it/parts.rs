//! What a first shell needs of the programs.

use anyhow::Result;
use transom_tests::{Need, WorldOptions, scenario};

/// What `later.js` (crate/xtask, site/split) marks when a function of the second part is called.
const BROUGHT: &str = "performance.getEntriesByType('mark').map((mark) => mark.name)\
    .filter((name) => name.startsWith('brought ')).join()";

#[tokio::test]
async fn a_first_shell_runs_on_the_first_parts_of_the_programs() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        world.run("echo one", "one").await?;
        let browser = world.browser();
        let mut sessions = browser.worker_sessions();
        sessions.push(browser.page_session().await?);
        for session in sessions {
            let brought = browser.devtools().evaluate(&session, BROUGHT).await?;
            let told = "run `cargo xtask profile`: a first shell runs other functions by now";
            assert_eq!(brought, "", "{told}");
        }
        Ok(())
    })
    .await
}
