//! Files through the engine, between the browser's private storage and the server's disk, against
//! OpenSSH's own client straight to the server, and through a relay as the page.

use std::fs;
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use transom_testkit::DelayProxy;
use transom_tests::RelayProcess;

use crate::spent::Meter;
use crate::stage::{Seat, Stage};
use crate::{Figure, Figures, bridge};

/// Speaks to the engine of the page as a second page would.
const SPEAKER: &str = include_str!("../../files.js");

/// Bytes of the large file.
const LARGE: u32 = 256 << 20;

/// Small files, and bytes of each.
const SMALL_FILES: u32 = 10_000;

/// Entries of the folder that is listed.
const LISTED: u32 = 100_000;

/// There and back again, over a long way.
const FAR_ROUND_TRIP: Duration = Duration::from_millis(50);

/// Runs of each figure: each takes seconds.
const RUNS: usize = 3;

/// A page that is logged in, and the speaker beside it.
pub(crate) struct Scene {
    pub(crate) stage: Stage,
    pub(crate) seat: Seat,
    /// Where the native client reaches the server.
    port: u16,
    /// Brings the native client there as well.
    _bridge: RelayProcess,
    /// Where it reaches that relay.
    bridge_origin: String,
    _ways: Vec<DelayProxy>,
}

/// Puts a long way in front of a port of this machine.
async fn lengthen(port: u16) -> Result<DelayProxy> {
    let end = SocketAddr::from(([127, 0, 0, 1], port));
    DelayProxy::start(end, FAR_ROUND_TRIP / 2).await
}

impl Scene {
    pub(crate) async fn new() -> Result<Self> {
        let stage = Stage::new().await?;
        let bridge = stage.plain_relay(stage.server.port()).await?;
        let (port, link) = (stage.server.port(), stage.link()?);
        let bridge_origin = bridge.origin();
        Self::begin(stage, port, (bridge, bridge_origin), (link, Vec::new())).await
    }

    /// The same, where person and server are far from each other: the relay is near the server.
    async fn far() -> Result<Self> {
        let stage = Stage::new().await?;
        let bridge = stage.plain_relay(stage.server.port()).await?;
        let to_server = lengthen(stage.server.port()).await?;
        let to_bridge = lengthen(bridge.port()).await?;
        let to_relay = lengthen(stage.relay.port()).await?;
        let [port, bridge_port, relay_port] =
            [&to_server, &to_bridge, &to_relay].map(|way| way.address().port());
        let link = stage.link_by(relay_port)?;
        let bridge = (bridge, format!("http://127.0.0.1:{bridge_port}"));
        let ways = vec![to_server, to_bridge, to_relay];
        Self::begin(stage, port, bridge, (link, ways)).await
    }

    /// - `bridge`: with the origin by which it is reached.
    /// - `link`: with the long ways that must stay.
    async fn begin(
        stage: Stage,
        port: u16,
        (bridge, bridge_origin): (RelayProcess, String),
        (link, ways): (String, Vec<DelayProxy>),
    ) -> Result<Self> {
        let seat = stage.seat().await?;
        seat.load(&link).await?;
        seat.prompt_ms().await?;
        seat.evaluate(&format!("(async () => {{ {SPEAKER} }})()"))
            .await?;
        let scene = Self {
            stage,
            seat,
            port,
            _bridge: bridge,
            bridge_origin,
            _ways: ways,
        };
        // The channel is opened by the first who needs it.
        scene
            .seconds("await files.ask({type: 'home'}); return 0")
            .await?;
        Ok(scene)
    }

    /// Runs JavaScript and gives the seconds that it returns.
    pub(crate) async fn seconds(&self, body: &str) -> Result<f64> {
        let code = format!("(async () => {{ const files = globalThis.transomFiles; {body} }})()");
        let value = self.seat.evaluate(&code).await?;
        value.as_f64().with_context(|| format!("no time: {value}"))
    }

    /// Seconds of a batch of OpenSSH's client, less those of an empty one.
    pub(crate) fn native(&self, batch: &str) -> Result<f64> {
        let full = self.batch(batch)?;
        Ok(full.saturating_sub(self.batch("pwd")?).as_secs_f64())
    }

    /// The same, where the client comes through the relay.
    fn through_relay(&self, batch: &str) -> Result<f64> {
        let full = self.run(batch, true)?;
        Ok(full.saturating_sub(self.run("pwd", true)?).as_secs_f64())
    }

    pub(crate) fn batch(&self, batch: &str) -> Result<Duration> {
        self.run(batch, false)
    }

    fn run(&self, batch: &str, relayed: bool) -> Result<Duration> {
        let file = tempfile::NamedTempFile::new()?;
        fs::write(file.path(), batch)?;
        let begin = Instant::now();
        let mut sftp = Command::new("sftp");
        if relayed {
            sftp.args(["-o", &bridge::option(&self.bridge_origin)?]);
        }
        let output = sftp
            .args(["-q", "-F", "none", "-o", "StrictHostKeyChecking=no"])
            .args(["-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"])
            .args(["-P", &self.port.to_string(), "-i"])
            .arg(&self.stage.key)
            .arg("-b")
            .arg(file.path())
            .arg(format!("{}@127.0.0.1", transom_tests::server::USER))
            .stdout(Stdio::null())
            .output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "sftp: {said}");
        Ok(begin.elapsed())
    }
}

const FAR_DIRECT: &str = "native sftp with its defaults, over the same long way, without a relay";

pub(crate) const DIRECT: &str = "native sftp with its defaults, straight to the server";

/// Ends a run whose transfer did not end well.
pub(crate) const CHECK: &str = "const check = (end) => {
  if (end.state.type !== 'done') throw new Error(JSON.stringify(end));
  return end.milliseconds / 1000;
};";

/// What the other base is.
const RELAYED: &str = "native sftp with its defaults, through a relay of ours in plain mode";

/// Ours against both bases: straight to the server, and through the relay.
pub(crate) fn both(direct: Figure, relayed: Figure) -> Figures {
    vec![(String::new(), direct), ("/relay".to_owned(), relayed)]
}

/// One large file to the server.
pub(crate) async fn upload() -> Result<Figures> {
    upload_in(Scene::new().await?, LARGE, DIRECT).await
}

/// The same over a long way.
pub(crate) async fn upload_far() -> Result<Figures> {
    upload_in(Scene::far().await?, LARGE, FAR_DIRECT).await
}

async fn upload_in(scene: Scene, bytes: u32, base: &'static str) -> Result<Figures> {
    let local = tempfile::tempdir()?;
    let large = local.path().join("large");
    fs::write(&large, vec![7; usize::try_from(bytes)?])?;
    let make = format!("globalThis.large = await files.make('large', {bytes}); return 0");
    scene.seconds(&make).await?;
    let mut figure = Figure::new("MB/s", base);
    let mut relayed = Figure::new("MB/s", RELAYED);
    for run in 0..RUNS {
        let ours = format!(
            "{CHECK} return check(await files.upload('upload000{run}', 'ours{run}', large))"
        );
        let meter = Meter::begin()?;
        let ours = scene.seconds(&ours).await?;
        meter.end(&mut figure.spent)?;
        let put = format!("put {} native{run}", large.display());
        let native = scene.native(&put)?;
        figure.add(rate(bytes, ours), rate(bytes, native));
        let native = scene.through_relay(&put)?;
        relayed.add(rate(bytes, ours), rate(bytes, native));
    }
    Ok(both(figure, relayed))
}

/// One large file from the server.
pub(crate) async fn download() -> Result<Figures> {
    download_in(Scene::new().await?, LARGE, DIRECT).await
}

/// The same over a long way.
pub(crate) async fn download_far() -> Result<Figures> {
    download_in(Scene::far().await?, LARGE, FAR_DIRECT).await
}

async fn download_in(scene: Scene, bytes: u32, base: &'static str) -> Result<Figures> {
    let local = tempfile::tempdir()?;
    let home = scene.stage.server.home();
    fs::write(home.join("large"), vec![7; usize::try_from(bytes)?])?;
    let mut figure = Figure::new("MB/s", base);
    let mut relayed = Figure::new("MB/s", RELAYED);
    for run in 0..RUNS {
        let ours = format!("{CHECK} return check(await files.download('download0{run}', 'large'))");
        let meter = Meter::begin()?;
        let ours = scene.seconds(&ours).await?;
        meter.end(&mut figure.spent)?;
        let into = local.path().join(run.to_string());
        let get = format!("get large {}", into.display());
        let native = scene.native(&get)?;
        figure.add(rate(bytes, ours), rate(bytes, native));
        let native = scene.through_relay(&get)?;
        relayed.add(rate(bytes, ours), rate(bytes, native));
    }
    Ok(both(figure, relayed))
}

/// Many small files to the server.
pub(crate) async fn small_files() -> Result<Figure> {
    let scene = Scene::new().await?;
    let local = tempfile::tempdir()?;
    let folder = local.path().join("small");
    fs::create_dir(&folder)?;
    for number in 0..SMALL_FILES {
        fs::write(folder.join(number.to_string()), [7; 1024])?;
    }
    let mut figure = Figure::new("files/s", DIRECT);
    for run in 0..RUNS {
        let ours = format!(
            "const all = [];
             for (let n = 0; n < {SMALL_FILES}; n++) {{
               const id = `small{run}x${{n}}xxxxxxx`;
               const file = new File([new Uint8Array(1024)], `${{n}}`);
               all.push([id, file]);
             }}
             const began = performance.now();
             for (const [transfer, file] of all)
               files.send({{type: 'upload', transfer, target: `ours{run}/${{file.name}}`,
                           conflict: 'ask', verify: false}}, file);
             await files.until(() => all.every(([id]) =>
               ['done', 'failed'].includes(files.transfers[id]?.state.type)));
             const seconds = (performance.now() - began) / 1000;
             const failed = all.find(([id]) => files.transfers[id].state.type !== 'done');
             if (failed) throw new Error(JSON.stringify(files.transfers[failed[0]]));
             return seconds"
        );
        let meter = Meter::begin()?;
        let ours = scene.seconds(&ours).await?;
        meter.end(&mut figure.spent)?;
        let into = format!(
            "mkdir native{run}\nput -r {}/. native{run}",
            folder.display()
        );
        let native = scene.native(&into)?;
        let count = f64::from(SMALL_FILES);
        figure.add(count / ours, count / native);
    }
    Ok(figure)
}

/// A folder with very many entries.
pub(crate) async fn listing() -> Result<Figure> {
    let scene = Scene::new().await?;
    let folder = scene.stage.server.home().join("many");
    fs::create_dir(&folder)?;
    for number in 0..LISTED {
        fs::write(folder.join(format!("file-{number:06}.txt")), "")?;
    }
    let mut figure = Figure::new("s", DIRECT);
    for _ in 0..RUNS {
        let ours = format!(
            "const began = performance.now();
             const listed = await files.ask({{type: 'list', path: 'many'}});
             if (listed.entries.length !== {LISTED}) throw new Error(JSON.stringify(listed).slice(0, 500));
             return (performance.now() - began) / 1000"
        );
        let ours = scene.seconds(&ours).await?;
        figure.add(ours, scene.native("ls -l many")?);
    }
    Ok(figure)
}

/// Megabytes in a second.
fn rate(bytes: u32, seconds: f64) -> f64 {
    f64::from(bytes) / 1e6 / seconds
}
