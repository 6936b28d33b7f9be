//! Holds a conversation against the rules of the model it goes to, and writes it in the form the model takes.

use std::borrow::Cow;

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value};

use super::{
    attachment::Attachment,
    content::Content,
    invalid::InvalidMessage,
    message::Message,
    modality::Modality,
    part::Part,
    role::Role,
    rules::{Forms, Roles, RuleSet},
};

type Checked = Result<(), InvalidMessage>;

/// Holds a conversation against the rules.
pub(crate) fn conversation<C: Modality>(messages: &[Message<C>], rules: &RuleSet) -> Checked {
    if messages.is_empty() && matches!(rules.roles, Roles::Six) {
        return refuse("a conversation needs at least one message");
    }
    for (index, message) in messages.iter().enumerate() {
        check(message, rules).map_err(|invalid| invalid.in_message(index))?;
    }
    Ok(())
}

fn refuse(reason: impl Into<String>) -> Checked {
    Err(InvalidMessage::new(reason))
}

fn check<C: Modality>(message: &Message<C>, rules: &RuleSet) -> Checked {
    let role = message.role.as_ref();
    match (rules.roles, role) {
        (Roles::Free, _) | (Roles::Required, Some(_)) | (Roles::TwoSpeakers, Some(Role::User | Role::Assistant)) => {}
        (Roles::Six, Some(role)) if !matches!(role, Role::Custom(_)) => six_roles(message, role)?,
        (_, None) => return refuse("role is missing"),
        (_, Some(role)) => return refuse(format!("this model knows no role `{role}`")),
    }
    if rules.nine_letter_ids {
        match (&message.tool_call_id, message.fields.contains_key("tool_call_id")) {
            (Some(id), _) if !has_nine_in_a_row(id) => {
                return refuse(format!("tool_call_id `{id}` must have nine letters or digits in a row"));
            }
            (None, true) => return refuse("tool_call_id must be text"),
            _ => {}
        }
    }
    let Some(content) = &message.content else {
        return match (rules.roles, role) {
            (Roles::Free, _) | (Roles::Six, Some(Role::Assistant)) => Ok(()),
            _ => refuse("content is missing"),
        };
    };
    if rules.wants_text(role) {
        return one_text(content, rules);
    }
    let parts = content.parts();
    if matches!((rules.roles, role, content), (Roles::Six, Some(Role::User), Content::Parts(parts)) if parts.is_empty())
    {
        return refuse("content must have at least one part");
    }
    for (index, part) in parts.iter().enumerate() {
        let checked = match (rules.roles, role) {
            (Roles::Six, Some(role)) => strict_part(part, role),
            _ => classic_part(part, rules),
        };
        checked.map_err(|invalid| invalid.in_part(index))?;
    }
    Ok(())
}

/// Content that will be joined to one text.
fn one_text<C: Modality>(content: &Content<C>, rules: &RuleSet) -> Checked {
    if let Some(index) = content.parts().iter().position(|part| part.as_text().is_none()) {
        return refuse("only text can be sent here").map_err(|invalid| invalid.in_part(index));
    }
    match rules.forms {
        Forms::Text { longest } if longest < usize::MAX && content.text().chars().count() > longest => {
            refuse(format!("content must have at most {longest} characters"))
        }
        _ => Ok(()),
    }
}

/// What each of the six roles demands besides content.
fn six_roles<C: Modality>(message: &Message<C>, role: &Role) -> Checked {
    if *role != Role::Tool && message.fields.contains_key("name") {
        return refuse("name must be text");
    }
    match role {
        Role::Tool if message.tool_call_id.is_none() => refuse("a tool message needs the tool_call_id it answers"),
        Role::Function if message.name.is_none() => refuse("a function message needs a name"),
        Role::Assistant => {
            let field = |name: &str| message.fields.get(name);
            let texts =
                |value: &Value, names: &[&str]| names.iter().all(|name| value.get(name).is_some_and(Value::is_string));
            if field("tool_calls").is_some() {
                return refuse("tool_calls must be a list of calls");
            }
            if field("refusal").is_some_and(|value| !value.is_string()) {
                return refuse("refusal must be text");
            }
            if field("function_call").is_some_and(|value| !texts(value, &["name", "arguments"])) {
                return refuse("function_call needs a name and arguments, both text");
            }
            if field("audio").is_some_and(|value| !texts(value, &["id"])) {
                return refuse("audio needs an id");
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn classic_part<C: Modality>(part: &Part<C>, rules: &RuleSet) -> Checked {
    let data = |url: &str| !rules.data_urls || url.starts_with("data");
    match part {
        Part::Attachment(attachment) => match attachment.as_ref() {
            Attachment::Image(image) if !data(&image.url) => refuse("this model takes images as `data:` URLs only"),
            _ => Ok(()),
        },
        Part::Other(other) => {
            let fields = other.fields();
            if matches!(rules.roles, Roles::Free) && !rules.data_urls {
                return Ok(());
            }
            texts(fields, &["type", "text"])?;
            if rules.data_urls
                && let Some(image) = fields.get("image_url")
            {
                let image = object(image, "image_url")?;
                texts(image, &["url"])?;
                if image.get("url").and_then(Value::as_str).is_some_and(|url| !data(url)) {
                    return refuse("this model takes images as `data:` URLs only");
                }
            }
            Ok(())
        }
        Part::Text(_) | Part::Refusal(_) => Ok(()),
    }
}

fn strict_part<C: Modality>(part: &Part<C>, role: &Role) -> Checked {
    let kinds: &[&str] = match role {
        Role::User => &["text", "image_url", "video_url", "input_audio", "file"],
        Role::Assistant => &["text", "refusal"],
        _ => &["text"],
    };
    let kind = match part {
        Part::Text(_) => "text",
        Part::Refusal(_) => "refusal",
        Part::Attachment(attachment) => attachment.as_ref().kind(),
        Part::Other(other) => other.fields().get("type").and_then(Value::as_str).unwrap_or_default(),
    };
    if !kinds.contains(&kind) {
        return refuse(format!("parts of a message by `{role}` are {}; got `{kind}`", kinds.join(", ")));
    }
    let Part::Other(other) = part else {
        return Ok(());
    };
    let fields = other.fields();
    texts(fields, &["text"])?;
    match role {
        Role::Assistant => texts(fields, &["refusal"]),
        Role::User => {
            for (name, inner) in [
                ("image_url", &["url", "detail"][..]),
                ("video_url", &["url"]),
                ("input_audio", &["data", "format"]),
                ("file", &["file_data", "file_id", "filename"]),
            ] {
                if let Some(value) = fields.get(name) {
                    texts(object(value, name)?, inner)?;
                }
            }
            one_of(fields, "image_url", "detail", &["auto", "low", "high"])?;
            one_of(fields, "input_audio", "format", &["wav", "mp3"])
        }
        _ if fields.contains_key("text") => Ok(()),
        _ => refuse("text is missing"),
    }
}

fn texts(fields: &Map<String, Value>, names: &[&str]) -> Checked {
    match names.iter().find(|name| fields.get(**name).is_some_and(|value| !value.is_string())) {
        Some(name) => refuse(format!("{name} must be text")),
        None => Ok(()),
    }
}

fn object<'a>(value: &'a Value, name: &str) -> Result<&'a Map<String, Value>, InvalidMessage> {
    value.as_object().ok_or_else(|| InvalidMessage::new(format!("{name} must be an object")))
}

fn one_of(fields: &Map<String, Value>, outer: &str, inner: &str, known: &[&str]) -> Checked {
    match fields.get(outer).and_then(|value| value.get(inner)?.as_str()) {
        Some(value) if !known.contains(&value) => {
            refuse(format!("{outer}.{inner} must be one of {}; got `{value}`", known.join(", ")))
        }
        _ => Ok(()),
    }
}

fn has_nine_in_a_row(id: &str) -> bool {
    id.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|run| run.len() >= 9)
}

/// A message on its way out, in the form that the rules want. It has been checked.
pub(crate) struct Sent<'a, C: Modality> {
    pub(crate) message: &'a Message<C>,
    pub(crate) rules: &'a RuleSet,
}

impl<C: Modality> Serialize for Sent<'_, C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let message = self.message;
        let mut map = serializer.serialize_map(None)?;
        if let Some(role) = &message.role {
            map.serialize_entry("role", role)?;
        }
        if let Some(name) = &message.name {
            map.serialize_entry("name", name)?;
        }
        match &message.content {
            Some(content @ Content::Parts(_)) if self.rules.wants_text(message.role.as_ref()) => {
                let text: Cow<'_, str> = content.text();
                map.serialize_entry("content", &text)?;
            }
            Some(content) => map.serialize_entry("content", content)?,
            None => {}
        }
        if let Some(reasoning) = &message.reasoning {
            map.serialize_entry("reasoning", reasoning)?;
        }
        if !message.tool_calls.is_empty() {
            map.serialize_entry("tool_calls", &message.tool_calls)?;
        }
        if let Some(id) = &message.tool_call_id {
            map.serialize_entry("tool_call_id", id)?;
        }
        for (name, value) in &message.fields {
            let written = match name.as_str() {
                "role" => message.role.is_some(),
                "content" => message.content.is_some(),
                "name" => message.name.is_some(),
                "reasoning" => message.reasoning.is_some(),
                "tool_calls" => !message.tool_calls.is_empty(),
                "tool_call_id" => message.tool_call_id.is_some(),
                _ => false,
            };
            if !written {
                map.serialize_entry(name, value)?;
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use serde_json::json;

    use super::*;
    use crate::{Classic, Guard, Lenient, Messages, Plain, Rules, Strict, Text, Vision};

    #[track_caller]
    fn check<C: Modality, R: Rules>(message: Message<C>, sent: Result<Value, &str>) {
        let messages: Messages<C, R> = Messages::from(message);
        match sent {
            Ok(sent) => assert_eq!(serde_json::to_value(&messages).unwrap(), json!([sent])),
            Err(reason) => assert_eq!(serde_json::to_value(&messages).unwrap_err().to_string(), reason),
        }
    }

    #[test]
    fn parts_become_one_text_where_a_model_takes_no_parts() {
        let message = || Message::user([Part::text("sea"), Part::text("sky")]);
        check::<Text, Plain>(message(), Ok(json!({"role": "user", "content": "sea\nsky"})));
        check::<Text, Guard>(message(), Ok(json!({"role": "user", "content": "sea\nsky"})));
        check::<Text, Plain<6>>(message(), Err("message 0: content must have at most 6 characters"));
        let parts = json!([{"type": "text", "text": "sea"}, {"type": "text", "text": "sky"}]);
        check::<Text, Classic>(message(), Ok(json!({"role": "user", "content": parts})));
    }

    #[test]
    fn each_role_has_its_demands() {
        check::<Text, Guard>(Message::system("a"), Err("message 0: this model knows no role `system`"));
        check::<Text, Strict>(Message::new("narrator", "a"), Err("message 0: this model knows no role `narrator`"));
        check::<Text, Strict>(
            Message::new("tool", "a"),
            Err("message 0: a tool message needs the tool_call_id it answers"),
        );
        check::<Text, Strict>(Message::new("function", "a"), Err("message 0: a function message needs a name"));
        check::<Vision, Strict>(
            Message::assistant([Part::image("data:,")]),
            Err("message 0, part 0: parts of a message by `assistant` are text, refusal; got `image_url`"),
        );
    }

    #[test]
    fn classic_models_that_see_take_data_urls_only() {
        let url = "https://example.com/cat.png";
        check::<Vision, Lenient>(
            Message::user_with_image("What is this?", url),
            Err("message 0, part 1: this model takes images as `data:` URLs only"),
        );
        let parts = json!([{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": url}}]);
        check::<Vision, Strict>(Message::user_with_image("a", url), Ok(json!({"role": "user", "content": parts})));
    }

    #[test]
    fn ids_have_nine_letters_where_a_model_wants_them() {
        check::<Vision, Lenient>(
            Message::tool("call_1", "a"),
            Err("message 0: tool_call_id `call_1` must have nine letters or digits in a row"),
        );
        check::<Vision, Lenient>(
            Message::tool("call00001", "a"),
            Ok(json!({"role": "tool", "content": "a", "tool_call_id": "call00001"})),
        );
    }

    #[test]
    fn a_conversation_needs_a_message_where_the_schema_says_so() {
        assert!(serde_json::to_value(Messages::<Text, Strict>::new()).is_err());
        assert!(serde_json::to_value(Messages::<Text, Classic>::new()).is_ok());
    }

    #[test]
    fn a_typed_field_wins_over_one_set_by_name() {
        let message = Message::user("a").with_name("Ada").with_field("name", "Bob").with_field("cache", true);
        check::<Text, Classic>(message, Ok(json!({"role": "user", "name": "Ada", "content": "a", "cache": true})));
    }
}
