//! Stated lines and tables in, blocks out.

use super::Block;
use crate::finding::Findings;
use crate::page::FlowItem;

/// Turns stated tables into grids.
pub(super) fn build(_items: &[FlowItem], _findings: &mut Findings) -> Vec<Block> {
    Vec::new()
}
