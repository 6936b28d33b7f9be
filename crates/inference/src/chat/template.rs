//! How a conversation is laid out for a model: by the template in its file, or as ChatML.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde, Value};
use minijinja::{Environment, ErrorKind, context};

use super::request::Message;
use super::vocabulary::Vocabulary;
use crate::error::{Error, Result};

const NAME: &str = "chat";

/// What most small models were trained on.
const CHATML: &str = "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n\
                      {% endfor %}{{ '<|im_start|>assistant\n' }}";

/// A parsed template.
pub(crate) struct Template(Environment<'static>);

impl Template {
    /// The template of a file; ChatML where there is none, or none that can be parsed.
    pub(crate) fn new(source: Option<&str>) -> Self {
        let mut environment = Environment::new();
        // Templates are written for Python's Jinja, set up as Hugging Face does.
        if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
            environment.set_syntax(syntax);
        }
        environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.add_function("raise_exception", |message: String| -> Result<Value, minijinja::Error> {
            Err(minijinja::Error::new(ErrorKind::InvalidOperation, message))
        });
        // The engine's own filter is for HTML and would turn `<` into an escape.
        environment.add_filter("tojson", to_json);
        // Llama 3 tells the date. A fixed one keeps answers the same from day to day.
        environment.add_function("strftime_now", |_format: String| "26 Jul 2024");
        let parsed = source.is_some_and(|source| environment.add_template_owned(NAME, source.to_owned()).is_ok());
        if !parsed {
            let added = environment.add_template(NAME, CHATML);
            debug_assert!(added.is_ok(), "ChatML does not parse");
        }
        Self(environment)
    }

    /// A conversation as a text that ends where the model is to go on.
    pub(crate) fn render(
        &self,
        messages: &[Message],
        tools: &[serde_json::Value],
        vocabulary: &Vocabulary,
    ) -> Result<String> {
        let (start, end) = (vocabulary.start_text(), vocabulary.end_text());
        self.lay_out(messages, tools, start, end)
            .map_err(|error| Error::input_from("the model's template refuses the conversation", error))
    }

    fn lay_out(
        &self,
        messages: &[Message],
        tools: &[serde_json::Value],
        start: &str,
        end: &str,
    ) -> Result<String, minijinja::Error> {
        // Templates ask whether there are tools by asking whether the name is defined at all.
        let tools = if tools.is_empty() { Value::UNDEFINED } else { Value::from(Serde(tools)) };
        self.0.get_template(NAME)?.render(context! {
            messages => Serde(messages),
            tools => tools,
            add_generation_prompt => true,
            bos_token => start,
            eos_token => end,
        })
    }
}

/// A value as JSON, over several lines where an indentation is given.
fn to_json(value: &Value, options: Kwargs) -> Result<String, minijinja::Error> {
    let pretty = options.get::<Option<usize>>("indent")?.is_some();
    let text = if pretty { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) };
    text.map_err(|error| minijinja::Error::new(ErrorKind::BadSerialization, error.to_string()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    #[track_caller]
    fn check(source: Option<&str>, expected: &str) {
        let messages = [Message::new("system", "Be brief."), Message::new("user", " Hello ")];
        assert_eq!(Template::new(source).lay_out(&messages, &[], "<s>", "</s>").unwrap(), expected);
    }

    #[test]
    fn without_a_template_a_conversation_is_chatml() {
        let expected =
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n Hello <|im_end|>\n<|im_start|>assistant\n";
        check(None, expected);
        check(Some("{% for %}"), expected);
    }

    #[test]
    fn a_template_of_llama_3_is_followed() {
        check(
            Some(
                "{% for message in messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ \
                 message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}\
                 {% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}\
                 {{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}",
            ),
            "<s><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n\
             Hello<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
        );
    }

    #[test]
    fn a_template_of_mistral_is_followed() {
        check(
            Some(
                "{%- if messages[0]['role'] == 'system' %}{%- set system = messages[0]['content'].strip() %}\
                 {%- set rest = messages[1:] %}{%- else %}{%- set rest = messages %}{%- endif %}{{- bos_token }}\
                 {%- for message in rest %}{{- '[INST] ' + system + ' ' + message['content'].strip() + ' [/INST]' }}{%- endfor %}",
            ),
            "<s>[INST] Be brief. Hello [/INST]",
        );
    }

    #[test]
    fn what_a_template_refuses_is_an_error() {
        let template = Template::new(Some("{{ raise_exception('roles must alternate') }}"));
        let error = template.lay_out(&[], &[], "", "").unwrap_err();
        assert!(error.to_string().contains("roles must alternate"), "{error}");
    }
}
