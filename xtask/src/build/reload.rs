//! For `trunk serve` only: a script that reloads the page when Trunk has built again.
//!
//! Trunk's own script is inline, which the page's policy refuses.

use std::path::Path;

use anyhow::{Result, bail};

use super::assets::Site;

/// Where Trunk says that it built again; Trunk names it in its page only when it serves.
const SOCKET: &str = ".well-known/trunk/ws";

const SCRIPT: &str = r#""use strict";
const address = new URL(".well-known/trunk/ws", location.href.replace(/^http/, "ws"));
new WebSocket(address).onmessage = event => {
  if (JSON.parse(event.data).type === "reload") location.reload();
};
"#;

/// Whether the page that Trunk has put into its staging folder asks for reloading.
pub(super) fn is_wanted(staging: &Path) -> bool {
    std::fs::read_to_string(staging.join("index.html")).is_ok_and(|page| page.contains(SOCKET))
}

/// Adds the script to the site and to its page.
pub(super) fn add(site: &mut Site, template: &str) -> Result<String> {
    let Some((head, rest)) = template.split_once("</head>") else {
        bail!("index.html has no end of its head");
    };
    site.add_asset("reload.js", SCRIPT.as_bytes().to_vec());
    // Before the other scripts: the connection must stand before the page gives up its network.
    let Some((before, scripts)) = head.split_once("<script") else {
        return Ok(format!("{head}<script src=\"reload.js\"></script></head>{rest}"));
    };
    Ok(format!("{before}<script src=\"reload.js\"></script>\n<script{scripts}</head>{rest}"))
}
