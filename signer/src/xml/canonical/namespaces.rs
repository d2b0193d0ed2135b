//! Which namespaces an element's canonical start tag declares.
//!
//! Inclusive: those in scope that the output has not declared yet. Exclusive: the same of those that the element and
//! its attributes use, and of those that are listed (Exclusive C14N, 3).

use super::Canonicalisation;
use crate::xml::tree::Element;

/// What the output has declared around the current element, the nearest last.
#[derive(Default)]
pub(super) struct Rendered<'t>(Vec<(&'t str, &'t str)>);

impl<'t> Rendered<'t> {
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Leaves elements whose declarations came after the first `count`.
    pub(super) fn forget(&mut self, count: usize) {
        self.0.truncate(count);
    }

    /// What was declared after the first `count`, in canonical order.
    pub(super) fn since(&self, count: usize) -> &[(&'t str, &'t str)] {
        self.0.get(count..).unwrap_or_default()
    }

    /// Declares what this element needs.
    pub(super) fn render(&mut self, element: Element<'t, '_>, method: &Canonicalisation, is_apex: bool) {
        let before = self.count();
        if method.is_inclusive() {
            self.in_force(element, is_apex, before, |_| true);
        } else {
            self.declare(before, element.prefix(), element.namespace());
            for attribute in element.attributes() {
                if attribute.name.prefix > 0 {
                    let uri = element.tree.uri(attribute.name.namespace);
                    self.declare(before, attribute.name.prefix(), uri);
                }
            }
            if !method.prefixes.is_empty() {
                let listed = |prefix: &str| method.prefixes.iter().any(|listed| listed == prefix);
                self.in_force(element, is_apex, before, listed);
            }
        }
        self.0.get_mut(before..).unwrap_or_default().sort_unstable();
    }

    /// At the apex all that is in scope; below it, what changes.
    fn in_force(
        &mut self,
        element: Element<'t, '_>,
        is_apex: bool,
        before: usize,
        admitted: impl Fn(&str) -> bool,
    ) {
        if is_apex {
            for (prefix, uri) in element.in_scope() {
                if admitted(prefix) {
                    self.declare(before, prefix, uri);
                }
            }
        } else {
            for declaration in element.declarations() {
                if admitted(declaration.prefix) {
                    self.declare(before, declaration.prefix, &declaration.uri);
                }
            }
        }
    }

    /// Declares a prefix unless that is said already, by this element or around it. What nobody said is empty, which
    /// for the default namespace is the same.
    fn declare(&mut self, before: usize, prefix: &'t str, uri: &'t str) {
        let known = self.0.iter().rposition(|(known, _)| *known == prefix);
        let said = known.and_then(|at| self.0.get(at)).map_or("", |(_, uri)| uri);
        if prefix != "xml" && said != uri && known.is_none_or(|at| at < before) {
            self.0.push((prefix, uri));
        }
    }
}
