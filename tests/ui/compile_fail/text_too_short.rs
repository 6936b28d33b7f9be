//! A text that the model would refuse for its length.
//~ error[E0080]
//~ text of 0 characters is outside 1 to 2048
//~ lit!(flux::Prompt, "")

use workers_ai::{lit, text_to_image::flux_1_schnell as flux};

fn main() {
    let request = flux::Request::new(lit!(flux::Prompt, ""));
    let _ = request;
}
