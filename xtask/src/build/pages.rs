//! The rule pages, which the command line of the product writes.

use anyhow::Result;

use super::assets::Site;

/// Adds the rule pages.
pub(super) fn add(site: &mut Site) -> Result<()> {
    stand_in(site);
    Ok(())
}

/// No pages at all, until the command line can write them.
fn stand_in(site: &mut Site) {
    site.add_asset("pages.json", b"{}\n".to_vec());
}
