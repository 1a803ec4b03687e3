//! The ways that files come and go: the clipboard, a terminal whose folder is known, browsers without access to
//! the disk; and what is chosen for transfers.

use std::fs;
use std::time::{Duration, SystemTime};

use anyhow::{Result, ensure};
use thirtyfour::Key;
use transom_tests::{BrowserOptions, Need, PATIENCE, Role, World, WorldOptions, scenario, until};

use crate::files_screen::{
    choose, click, digest, downloads_into, drop_on, local, open, press_key, zip_is_whole,
};

#[tokio::test]
async fn files_on_the_clipboard_are_uploaded_and_text_is_not() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let browser = world.browser();
        open(world).await?;
        // As the browser gives a picture that was copied, and then a text.
        let paste = "const data = new DataTransfer();
            if (arguments[0]) data.items.add(new File([new Uint8Array(5000).fill(7)], 'image.png', {type: 'image/png'}));
            else data.setData('text/plain', 'words');
            const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
            document.querySelector(arguments[1]).dispatchEvent(event);
            return event.defaultPrevented";
        let pasted = async |picture: bool, place: &str| {
            let arguments = vec![picture.into(), place.into()];
            browser.script(paste, arguments).await
        };
        let grid = "[role=grid]";
        ensure!(pasted(true, grid).await? == true);
        browser.see(Role::Row, "image.png").await?;
        let there = world.server()?.home().join("image.png");
        ensure!(fs::read(there)? == [7; 5000]);
        ensure!(pasted(false, grid).await? == false);
        // Cells of a table come as a text and a picture of it: in a field only the text is meant.
        browser.press("New folder").await?;
        browser.see(Role::Textbox, "Folder name").await?;
        ensure!(pasted(true, "dialog input").await? == false);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_file_dropped_on_a_terminal_goes_to_the_folder_that_its_shell_tells() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let disk = tempfile::tempdir()?;
        let sent = local(&disk, "notes.bin", 100_000)?;
        let folder = world.server()?.home().join("in here");
        fs::create_dir(&folder)?;
        std::os::unix::fs::chown(&folder, Some(48021), Some(48021))?;
        world.log_in().await?;
        let browser = world.browser();
        // Each says a word of its own: that of an earlier one is still on the screen.
        let tell = async |machine: &str, path: &str, word: &str| {
            let command = format!("printf '\\e]7;file://{machine}{path}\\a'; echo to''ld {word}");
            world.run(&command, &format!("told {word}")).await
        };
        let path = folder.display().to_string().replace(' ', "%%20");
        tell("web-1", &path, "first").await?;
        drop_on(browser, ".terminal-region", &[&sent]).await?;
        // Nobody is asked.
        let typed = format!("ready> '{}/notes.bin'", folder.display());
        browser.shows(&typed).await?;
        let there = folder.join("notes.bin");
        ensure!(digest(&sent)? == digest(&there)?);
        // Nobody has agreed to the folder: what is there can be taken back.
        browser.press("Undo").await?;
        until("the file is gone", PATIENCE, async || Ok(!there.exists())).await?;
        browser.gone(Role::Button, "Undo").await?;
        browser.enter("").await?;
        drop_on(browser, ".terminal-region", &[&sent]).await?;
        // Who lets it stand has agreed.
        browser.see(Role::Button, "Undo").await?;
        until("the file is back", PATIENCE, async || Ok(there.exists())).await?;
        browser.says("Uploaded to", PATIENCE).await?;
        // On a narrow screen too, nothing stands above its buttons, not even the offer to save the password.
        browser.see(Role::Button, "Save password").await?;
        browser.resize(400, 700).await?;
        browser.press("Hide").await?;
        let (width, height) = BrowserOptions::default().size;
        browser.resize(width, height).await?;
        browser.gone(Role::Button, "Undo").await?;
        browser.enter("").await?;
        drop_on(browser, ".terminal-region", &[&sent]).await?;
        let typed = format!("ready> '{}/notes (2).bin'", folder.display());
        browser.shows(&typed).await?;
        ensure!(browser.find(Role::Button, "Undo").await?.is_none());
        // On another machine the folder would be another one: it is asked for.
        browser.enter("").await?;
        tell("web-2", "/srv", "second").await?;
        drop_on(browser, ".terminal-region", &[&sent]).await?;
        browser.see(Role::Textbox, "Folder on the server").await?;
        browser.key(Key::Escape).await?;
        browser.gone(Role::Textbox, "Folder on the server").await?;
        // So is one that is gone, or is none: nothing is made there.
        let file = there.display().to_string().replace(' ', "%%20");
        let missing = world.server()?.home().join("missing");
        let missing_path = missing.display().to_string();
        let none = [
            ("/gone/for/good", "third"),
            (file.as_str(), "fourth"),
            (missing_path.as_str(), "fifth"),
        ];
        for (path, told) in none {
            tell("web-1", path, told).await?;
            drop_on(browser, ".terminal-region", &[&sent]).await?;
            let path = path.replace("%%20", " ");
            let words = format!("This folder cannot be reached: {path}");
            browser.says(&words, PATIENCE).await?;
            browser.see(Role::Textbox, "Folder on the server").await?;
            browser.key(Key::Escape).await?;
            browser.gone(Role::Textbox, "Folder on the server").await?;
        }
        ensure!(!missing.exists());
        Ok(())
    })
    .await
}

/// What browsers lack that give a page no access to the disk.
pub(crate) const NO_ACCESS: &str = "for (const name of ['showOpenFilePicker', 'showSaveFilePicker', 'showDirectoryPicker']) delete self[name];
    if (self.DataTransferItem) delete DataTransferItem.prototype.getAsFileSystemHandle;";

/// Lets the page find no service worker.
const NO_WORKER: &str = "ServiceWorkerContainer.prototype.getRegistration = async () => undefined";

pub(crate) fn without_access() -> WorldOptions {
    WorldOptions {
        browser: BrowserOptions {
            script: Some(NO_ACCESS),
            ..BrowserOptions::default()
        },
        ..WorldOptions::default()
    }
}

#[tokio::test]
async fn a_browser_without_access_to_the_disk_uploads_and_downloads_all_the_same() -> Result<()> {
    scenario(Need::Share, without_access(), async |world: &mut World| {
        let disk = tempfile::tempdir()?;
        let browser = world.browser();
        let home = world.server()?.home();
        fs::create_dir(disk.path().join("from"))?;
        let sent = local(&disk, "from/large.bin", 30_000_001)?;
        open(world).await?;
        downloads_into(browser, disk.path()).await?;
        ensure!(browser.find(Role::Button, "Download to…").await?.is_none());
        let dropped = disk.path().join("from");
        drop_on(browser, ".file-grid", &[&dropped]).await?;
        browser.see_within(Role::Row, "from", PATIENCE * 3).await?;
        browser.says("1 transfer finished", PATIENCE * 3).await?;
        ensure!(digest(&sent)? == digest(&home.join("from/large.bin"))?);
        // The folder as a zip, the file as it is: through private storage, as where there is no service
        // worker. The other way: files_stream.
        browser.script(NO_WORKER, vec![]).await?;
        click(browser, "from").await?;
        browser.press("Download").await?;
        let zip = disk.path().join("from.zip");
        zip_is_whole(&zip, PATIENCE * 3).await?;
        press_key(browser, Key::Enter + "").await?;
        click(browser, "large.bin").await?;
        browser.press("Download").await?;
        let back = disk.path().join("large.bin");
        until("the file is whole", PATIENCE * 3, async || {
            Ok(back.exists() && digest(&back)? == digest(&sent)?)
        })
        .await?;
        browser.see(Role::Button, "Save again").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn times_are_kept_and_checksums_compared_as_it_is_chosen() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let disk = tempfile::tempdir()?;
        let browser = world.browser();
        let home = world.server()?.home();
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let files = [local(&disk, "kept", 1000)?, local(&disk, "new", 1000)?];
        for file in &files {
            fs::File::options()
                .write(true)
                .open(file)?
                .set_modified(long_ago)?;
        }
        open(world).await?;
        choose(browser, &[&files[0]]).await?;
        browser.see(Role::Row, "kept").await?;
        ensure!(fs::metadata(home.join("kept"))?.modified()? == long_ago);
        ensure!(!browser.words().await?.contains("The checksums are equal"));
        browser.press("Transfer options").await?;
        browser
            .press_role(Role::Checkbox, "Keep the time of last change")
            .await?;
        browser
            .press_role(Role::Checkbox, "Compare checksums")
            .await?;
        browser.press("Close").await?;
        choose(browser, &[&files[1]]).await?;
        browser.see(Role::Row, "new").await?;
        browser.says("The checksums are equal", PATIENCE).await?;
        let age = SystemTime::now().duration_since(fs::metadata(home.join("new"))?.modified()?)?;
        ensure!(age < Duration::from_mins(10), "{age:?}");
        // Those of a folder are compared as well, each.
        fs::create_dir(home.join("tree"))?;
        for number in 0..70 {
            fs::write(home.join(format!("tree/it's {number}")), number.to_string())?;
        }
        browser.press("Read again").await?;
        click(browser, "tree").await?;
        downloads_into(browser, disk.path()).await?;
        browser.press("Download").await?;
        let equal = "The checksums of 70 files are equal";
        browser.says(equal, PATIENCE * 3).await?;
        zip_is_whole(&disk.path().join("tree.zip"), PATIENCE * 3).await?;
        Ok(())
    })
    .await
}

/// The browser's own picker cannot be operated; it answers with a folder of the private storage.
const FOLDER: &str = "return (async () => {
    const root = await navigator.storage.getDirectory();
    const album = await root.getDirectoryHandle('album', {create: true});
    const deep = await album.getDirectoryHandle('deep', {create: true});
    for (const [folder, name] of [[album, 'one'], [deep, 'two']]) {
      const out = await (await folder.getFileHandle(name, {create: true})).createWritable();
      await out.write(`this is ${name}`);
      await out.close();
    }
    window.showDirectoryPicker = async () => album;
    return true;
})()";

#[tokio::test]
async fn a_folder_that_is_picked_goes_up_with_all_in_it() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let browser = world.browser();
        let home = world.server()?.home();
        open(world).await?;
        ensure!(browser.script(FOLDER, vec![]).await? == true);
        browser.press("Upload a folder").await?;
        browser.see(Role::Row, "album").await?;
        browser.says("All 2 transfers finished", PATIENCE).await?;
        ensure!(fs::read_to_string(home.join("album/one"))? == "this is one");
        ensure!(fs::read_to_string(home.join("album/deep/two"))? == "this is two");
        Ok(())
    })
    .await
}
