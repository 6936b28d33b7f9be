//! Bounds on how often a hot path allocates, so that a change that makes it heavier is noticed. Counted, not timed: the same on
//! every machine, however busy.

use allocation_counter::AllocationInfo;

/// What a path may take. Who makes it lighter lowers the bound; who makes it heavier on purpose says why, and raises it.
pub(crate) struct Bound {
    pub(crate) path: &'static str,
    pub(crate) allocations: f64,
    pub(crate) bytes: f64,
}

impl Bound {
    /// Holds what was counted in some number of turns against the bound of one.
    #[track_caller]
    pub(crate) fn check(&self, turns: u32, counted: &AllocationInfo) {
        let allocations = counted.count_total as f64 / f64::from(turns);
        let bytes = counted.bytes_total as f64 / f64::from(turns);
        let Self { path, allocations: most, bytes: most_bytes } = self;
        assert!(
            allocations <= *most && bytes <= *most_bytes,
            "{path} has grown: {allocations:.2} allocations of {bytes:.0} bytes, at most {most} of {most_bytes} were expected"
        );
        // A bound far above what is needed guards nothing.
        assert!(
            allocations * 1.5 + 2.0 >= *most,
            "{path} has become lighter, well done: {allocations:.2} allocations, so lower its bound of {most}"
        );
    }
}

/// What some turns allocate. One turn before them does not count: what is made once, such as a table on first use, is made in it.
pub(crate) fn counted(turns: u32, mut turn: impl FnMut()) -> AllocationInfo {
    turn();
    allocation_counter::measure(|| (0..turns).for_each(|_| turn()))
}
