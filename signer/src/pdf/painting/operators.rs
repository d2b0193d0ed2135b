//! Which operands each operator takes (ISO 32000-2, annex A). With others, one reader does what another leaves undone.

use super::operands::Operands;
use crate::pdf::object::Object;

impl Operands {
    /// Whether these are the operands of the operator: as many, and of the kinds that it takes.
    pub(super) fn are_of(&self, operator: &[u8]) -> bool {
        let operands = self.all();
        let kinds: &[u8] = match operator {
            b"sc" | b"scn" | b"SC" | b"SCN" => return are_colour(operands),
            b"q" | b"Q" | b"h" | b"S" | b"s" | b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"n"
            | b"W" | b"W*" | b"BT" | b"ET" | b"T*" | b"EMC" | b"BX" | b"EX" => b"",
            b"w" | b"J" | b"j" | b"M" | b"i" | b"Tc" | b"Tw" | b"Tz" | b"TL" | b"Tr" | b"Ts" | b"g"
            | b"G" => b"1",
            b"m" | b"l" | b"Td" | b"TD" | b"d0" => b"11",
            b"rg" | b"RG" => b"111",
            b"v" | b"y" | b"re" | b"k" | b"K" => b"1111",
            b"cm" | b"c" | b"Tm" | b"d1" => b"111111",
            b"ri" | b"gs" | b"cs" | b"CS" | b"sh" | b"Do" | b"MP" | b"BMC" => b"/",
            b"DP" | b"BDC" => b"/<",
            b"Tf" => b"/1",
            b"d" => b"[1",
            b"Tj" | b"'" => b"(",
            b"\"" => b"11(",
            b"TJ" => b"*",
            _ => return false,
        };
        kinds.len() == operands.len()
            && kinds
                .iter()
                .zip(operands)
                .all(|(kind, operand)| is(*kind, operand))
    }
}

fn is(kind: u8, operand: &Object) -> bool {
    match (kind, operand) {
        (b'1', number) => is_number(number),
        (b'/' | b'<', Object::Name(_)) | (b'<', Object::Dictionary(_)) | (b'(', Object::Text(_)) => true,
        (b'[', Object::Array(items)) => items.iter().all(is_number),
        (b'*', Object::Array(items)) => items
            .iter()
            .all(|item| matches!(item, Object::Text(_)) || is_number(item)),
        _ => false,
    }
}

/// A number that all readers can hold.
fn is_number(object: &Object) -> bool {
    object.as_number().is_some_and(f64::is_finite)
}

/// Numbers, and the name of a pattern after them.
fn are_colour(operands: &[Object]) -> bool {
    let numbers = match operands {
        [] => return false,
        [numbers @ .., Object::Name(_)] | numbers => numbers,
    };
    numbers.iter().all(is_number)
}
