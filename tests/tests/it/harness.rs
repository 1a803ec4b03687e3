//! The harness itself, on a page of three lines.

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use transom_tests::{Artifacts, Browser, BrowserOptions, Role};

const PAGE: &str = r#"<!doctype html><title>t</title>
<label>Name <input></label><button onclick="document.querySelector('output').textContent = 'Connected to ' + document.querySelector('input').value">Go</button>
<output></output><dialog aria-labelledby=h><h2 id=h>Really?</h2></dialog>
<section aria-label=Terminal><div role=list><div role=listitem>$ echo hi&nbsp;</div></div></section>
<script>console.error('planted'); fetch('http://127.0.0.1:9/other').catch(() => {});</script>"#;

/// Serves [`PAGE`] for every address.
async fn serve() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let origin = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let length = PAGE.len();
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {length}\r\n\
                     connection: close\r\n\r\n{PAGE}"
                );
                let _ = stream.write_all(head.as_bytes()).await;
            });
        }
    });
    Ok(origin)
}

#[tokio::test]
async fn controls_are_found_by_role_and_name_and_nothing_escapes_the_ledger() -> Result<()> {
    let artifacts = Artifacts::new("harness")?;
    for webgl in [false, true] {
        let options = BrowserOptions {
            webgl,
            ..BrowserOptions::default()
        };
        let browser = Browser::start(&options, &artifacts).await?;
        browser.open(&serve().await?).await?;
        browser.fill("Name", "web-1").await?;
        browser.press("Go").await?;
        let status = browser
            .status("Connected", std::time::Duration::from_secs(5))
            .await?;
        assert_eq!(status, "Connected to web-1");
        assert!(browser.find(Role::Dialog, "Really?").await?.is_none());
        assert_eq!(browser.screen().await?, ["$ echo hi"]);
        let has_webgl = "return !!document.createElement('canvas').getContext('webgl2')";
        assert_eq!(browser.script(has_webgl, vec![]).await?, webgl);
        assert!(browser.memory().await?.resident > 1 << 20);
        assert!(browser.picture().await?.count([255, 255, 255], 0) > 1000);
        let ledger = browser.devtools().ledger();
        assert!(
            ledger
                .complaints()
                .iter()
                .any(|line| line.contains("planted"))
        );
        assert!(ledger.requests().iter().any(|url| url.contains(":9/other")));
    }
    artifacts.discard();
    Ok(())
}
