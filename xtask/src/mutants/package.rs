//! The packages whose tests are tried, and how they are built.

/// A package of the workspace and the tests that are to notice its mutants.
pub(super) struct Package {
    /// Its folder in `crates/`.
    pub(super) folder: &'static str,
    pub(super) name: &'static str,
    features: &'static [&'static str],
    targets: &'static [&'static str],
}

/// What the bindings stand on: the rest is generated, or is seen by looking at it.
pub(super) const PACKAGES: &[Package] = &[
    Package {
        folder: "client",
        name: "workers-ai-client",
        features: &["--features=realtime,tracing"],
        // Without the test of memory, which sends 25 MB.
        targets: &["--lib", "--test=it", "--test=spans"],
    },
    Package { folder: "codegen", name: "workers-ai-codegen", features: &[], targets: &["--lib", "--tests"] },
];

impl Package {
    /// Features and targets.
    pub(super) fn cargo_arguments(&self) -> impl Iterator<Item = &'static str> {
        self.features.iter().chain(self.targets).copied()
    }

    /// Features, for the library by itself.
    pub(super) fn features(&self) -> impl Iterator<Item = &'static str> {
        self.features.iter().copied()
    }
}
