//! Browsers that lack something.

use anyhow::Result;
use transom_tests::{Need, WorldOptions, scenario};

#[tokio::test]
async fn without_shared_workers_a_page_has_a_worker_of_its_own() -> Result<()> {
    let options = WorldOptions::without_shared_workers();
    scenario(Need::Share, options, async |world| {
        world.log_in().await?;
        world.run("echo $((6*7))", "42").await?;
        let browser = world.browser();
        let lacks = browser
            .script("return !('SharedWorker' in self)", vec![])
            .await?;
        assert_eq!(lacks, true);
        browser.resize(700, 500).await?;
        browser.enter("exit 3").await?;
        browser.shows_in("shell ended with status 3").await?;
        Ok(())
    })
    .await
}
