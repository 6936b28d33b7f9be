//! A number where the model takes text.
//~ error[E0277]
//~ Text<1, 2048>
//~ {integer}
//~ flux::Request::new(42)

use workers_ai::text_to_image::flux_1_schnell as flux;

fn main() {
    let request = flux::Request::new(42);
    let _ = request;
}
