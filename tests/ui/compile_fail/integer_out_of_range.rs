//! A whole number that the model would refuse.
//~ error[E0080]
//~ 9 is above 8
//~ lit!(flux::Steps, 9)

use workers_ai::{lit, text_to_image::flux_1_schnell as flux};

fn main() {
    let request = flux::Request::new("a lighthouse in a storm").steps(lit!(flux::Steps, 9));
    let _ = request;
}
