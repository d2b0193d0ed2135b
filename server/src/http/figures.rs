//! Figures as Prometheus reads them; so few that they are written by hand.

use core::fmt::Write as _;

/// Figures, one after the other.
#[derive(Debug, Default)]
pub(super) struct Figures(String);

impl Figures {
    /// What only grows.
    pub(super) fn counter(&mut self, name: &str, help: &str, value: u64) {
        self.one((name, "counter"), help, value);
    }

    /// What goes up and down.
    pub(super) fn gauge(&mut self, name: &str, help: &str, value: u64) {
        self.one((name, "gauge"), help, value);
    }

    /// The same of several things, each with its word: letters, digits and hyphens.
    pub(super) fn gauges(&mut self, name: &str, help: &str, values: impl Iterator<Item = (String, u64)>) {
        self.head((name, "gauge"), help);
        for (of, value) in values {
            // Writing into a String cannot fail.
            let _ = writeln!(self.0, "{name}{{of=\"{of}\"}} {value}");
        }
    }

    /// All of them.
    pub(super) fn text(self) -> String {
        self.0
    }

    fn one(&mut self, (name, kind): (&str, &str), help: &str, value: u64) {
        self.head((name, kind), help);
        // Writing into a String cannot fail.
        let _ = writeln!(self.0, "{name} {value}");
    }

    fn head(&mut self, (name, kind): (&str, &str), help: &str) {
        // Writing into a String cannot fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }
}
