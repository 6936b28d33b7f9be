//! An answer in JSON from a model that has no response format.
//~ mistral_small_3_1_24b_instruct::MessagesRequest` cannot ask for JSON: the model has no response format
//~ models that have one show `response_format` in the table of their parameters
//~ (and a list of other models)

use workers_ai::text_generation::{JsonSchemaOf, mistral_small_3_1_24b_instruct as mistral};

fn main() {
    let request = mistral::Request::messages("Where is it warm?");
    let request = JsonSchemaOf::json_object(request);
    let _ = request;
}
