//! Measuring: how high a block will be, so that what is small is not torn apart by the end of a page.

use crate::{said::Said, sheet::Block};

use super::{
    line::Style,
    row::{Column, FIELD, PAD},
};

/// How high a table is; zero for blocks that may be torn.
pub(super) fn high(block: &Block) -> f32 {
    match block {
        Block::Fields(fields) => fields
            .iter()
            .map(|field| row(&Column::shared(FIELD), &[&field.label, &field.value], Style::CELL))
            .sum(),
        Block::Table(table) => {
            let columns = Column::shared(table.head.iter().map(|(share, _)| *share));
            let head: Vec<_> = table.head.iter().map(|(_, said)| said).collect();
            let cells = |texts: &Vec<Said>| row(&columns, &texts.iter().collect::<Vec<_>>(), Style::CELL);
            row(&columns, &head, Style::HEAD) + table.rows.iter().map(cells).sum::<f32>()
        }
        Block::Heading(_)
        | Block::Paragraph(_)
        | Block::Clause { .. }
        | Block::Items(_)
        | Block::Pictures { .. }
        | Block::Signature { .. }
        | Block::Seal(_) => 0.0,
    }
}

fn row(columns: &[Column], texts: &[&Said], style: Style) -> f32 {
    let lines = |(column, said): (&Column, &&Said)| style.count(said, column.width - 2.0 * PAD.0);
    let most = columns.iter().zip(texts).map(lines).max().unwrap_or(0);
    f32::from(u16::try_from(most).unwrap_or(u16::MAX)) * style.leading() + 2.0 * PAD.1
}
