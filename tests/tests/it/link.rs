//! Links that connect.

use anyhow::Result;
use serde_json::json;
use transom_tests::{Need, PATIENCE, WorldOptions, scenario, until};

#[tokio::test]
async fn the_engine_of_a_link_connects_before_the_page_runs() -> Result<()> {
    let options = WorldOptions {
        expected: vec!["ERR_BLOCKED_BY_CLIENT"],
        ..WorldOptions::default()
    };
    scenario(Need::Share, options, async |world| {
        let browser = world.browser();
        let page = browser.page_session().await?;
        let program = json!({ "urls": ["*transom-web*"] });
        let devtools = browser.devtools();
        devtools
            .call(Some(&page), "Network.setBlockedURLs", program)
            .await?;
        let server = world.server()?;
        let (fingerprint, _) = server.fingerprint()?;
        let address = server.address();
        let link = format!("{}/#/connect/{address}?hk={fingerprint}", world.origin());
        browser.open(&link).await?;
        until("the server is greeted", PATIENCE, async || {
            Ok(server.log().contains("remote software version Transom"))
        })
        .await
    })
    .await
}
