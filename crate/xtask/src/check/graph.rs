//! Who depends on whom, as cargo resolved it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::run;

/// The dependency graph of this workspace.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    /// Package id → name.
    names: BTreeMap<String, String>,
    /// Package id → ids of what it is built with; what only its tests need is left out.
    edges: BTreeMap<String, BTreeSet<String>>,
    /// Ids of the workspace's own packages.
    members: BTreeSet<String>,
    /// Test targets of all packages, as (package id, target).
    tests: Vec<(String, String)>,
}

impl Graph {
    /// Asks cargo.
    ///
    /// - `target`: the platform whose dependencies count.
    ///
    /// # Errors
    ///
    /// When cargo cannot resolve the workspace.
    pub(crate) fn of(target: &str) -> Result<Self> {
        let mut cargo = run::cargo();
        cargo.args([
            "metadata",
            "--format-version",
            "1",
            "--filter-platform",
            target,
        ]);
        Self::read(&serde_json::from_str(&run::captured(&mut cargo)?)?)
    }

    /// Reads what `cargo metadata` prints.
    ///
    /// # Errors
    ///
    /// When it is not of the shape that cargo documents.
    pub(crate) fn read(metadata: &Value) -> Result<Self> {
        let mut graph = Self::default();
        for package in list(&metadata["packages"]) {
            let (id, name) = (text(&package["id"])?, text(&package["name"])?);
            for target in list(&package["targets"]) {
                if list(&target["kind"]).iter().any(|kind| kind == "test") {
                    graph.tests.push((id.clone(), text(&target["name"])?));
                }
            }
            graph.names.insert(id, name);
        }
        for member in list(&metadata["workspace_members"]) {
            graph.members.insert(text(member)?);
        }
        for node in metadata.pointer("/resolve/nodes").map_or(&[][..], list) {
            let needed = list(&node["deps"]).iter().filter(|dependency| {
                let kinds = list(&dependency["dep_kinds"]);
                kinds.iter().any(|kind| kind["kind"] != "dev")
            });
            let needed = needed.map(|dependency| text(&dependency["pkg"]));
            graph
                .edges
                .insert(text(&node["id"])?, needed.collect::<Result<_>>()?);
        }
        Ok(graph)
    }

    /// Names of the workspace's own packages.
    pub(crate) fn members(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|id| self.name(id))
    }

    /// Ids of packages of ours that have a test target of this name. Cargo takes an id where a
    /// name is not enough: a foreign package may have the same.
    pub(crate) fn with_test<'a>(&'a self, target: &'a str) -> impl Iterator<Item = &'a str> {
        self.tests
            .iter()
            .filter(move |(package, name)| name == target && self.members.contains(package))
            .map(|(package, _)| package.as_str())
    }

    /// What a package of ours names in its manifest and is built with.
    pub(crate) fn direct<'a>(&'a self, package: &str) -> impl Iterator<Item = &'a str> {
        let ids = self.ids(package).into_iter();
        ids.flat_map(|id| self.edges.get(id).into_iter().flatten())
            .map(|id| self.name(id))
    }

    /// Everything that a package of ours is built with, however far away.
    pub(crate) fn reached(&self, package: &str) -> BTreeSet<&str> {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut waiting = self.ids(package);
        while let Some(id) = waiting.pop() {
            for next in self.edges.get(id).into_iter().flatten() {
                if seen.insert(next) {
                    waiting.push(next);
                }
            }
        }
        seen.into_iter().map(|id| self.name(id)).collect()
    }

    fn ids(&self, package: &str) -> Vec<&str> {
        let ids = self.members.iter().filter(|id| self.name(id) == package);
        ids.map(String::as_str).collect()
    }

    fn name(&self, id: &str) -> &str {
        self.names.get(id).map_or("", String::as_str)
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> Result<String> {
    let text = value
        .as_str()
        .context("cargo metadata has a name that is no text")?;
    Ok(text.to_owned())
}
