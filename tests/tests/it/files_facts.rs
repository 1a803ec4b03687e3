//! What the server tells of entries, and what can be set of them.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown};

use anyhow::{Result, ensure};
use transom_tests::{Need, PATIENCE, Role, WorldOptions, scenario, until};

use crate::files_screen::{click, digest, open};

#[tokio::test]
async fn a_checksum_and_disk_usage_are_told_and_a_time_is_set() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let home = world.server()?.home();
        let odd = "it's `odd` $(name).txt";
        world.server()?.put(odd, "some content")?;
        // Only its owner sets what it has.
        let owner = fs::metadata(&home)?;
        chown(home.join(odd), Some(owner.uid()), Some(owner.gid()))?;
        open(world).await?;
        let browser = world.browser();
        click(browser, odd).await?;
        browser.press("Permissions").await?;
        browser.press("SHA-256").await?;
        browser.says(&digest(&home.join(odd))?, PATIENCE).await?;
        browser.press("Disk usage").await?;
        browser
            .says("12 B in 1 file and 0 folders", PATIENCE)
            .await?;
        let before = fs::metadata(home.join(odd))?.mtime();
        let type_time = "const input = document.querySelector('input[type=datetime-local]');
             input.value = '2020-02-03T04:05:06';
             input.dispatchEvent(new Event('input', { bubbles: true }));
             return Date.parse('2020-02-03T04:05:06') / 1000";
        let wanted = browser.script(type_time, vec![]).await?;
        let wanted: i64 = format!("{:.0}", wanted.as_f64().unwrap_or_default()).parse()?;
        ensure!(before != wanted);
        browser.press("Set permissions").await?;
        until("the time is set", PATIENCE, async || {
            Ok(fs::metadata(home.join(odd))?.mtime() == wanted)
        })
        .await?;
        browser.see(Role::Row, odd).await?;
        Ok(())
    })
    .await
}
