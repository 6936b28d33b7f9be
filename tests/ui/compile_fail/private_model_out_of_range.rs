//! A range of a private model, from the user's own schema.
//~ error[E0080]
//~ this literal is outside 0 to 1.5
//~ lit!(sorter::Caution, 1.51)

use workers_ai::lit;
use workers_ai_ui_fixture::ticket_sorter as sorter;

fn main() {
    let request = sorter::Request::new("My parcel came open.").caution(lit!(sorter::Caution, 1.51));
    let _ = request;
}
