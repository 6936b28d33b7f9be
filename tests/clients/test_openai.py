"""OpenAI's own SDK on the OpenAI-compatible paths."""

import json

import openai
import pytest

from server import ACCOUNT, API, CHAT, EMBEDDING, NEWER_CHAT, TOKEN

client = openai.OpenAI(api_key=TOKEN, base_url=f"{API}/accounts/{ACCOUNT}/ai/v1", max_retries=0)
MESSAGES = [{"role": "user", "content": "What is the weather in Lisbon?"}]
WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
both = pytest.mark.parametrize("model", [CHAT, NEWER_CHAT])


@both
def test_a_chat_is_answered(model):
    completion = client.chat.completions.create(model=model, messages=MESSAGES)
    assert "Lisbon" in completion.choices[0].message.content
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage.total_tokens > 0


@both
def test_a_stream_says_the_same(model):
    text = ""
    for chunk in client.chat.completions.create(model=model, messages=MESSAGES, stream=True):
        if chunk.choices:
            text += chunk.choices[0].delta.content or ""
    whole = client.chat.completions.create(model=model, messages=MESSAGES)
    assert text == whole.choices[0].message.content


@both
def test_a_tool_is_called_and_its_result_read(model):
    asked = client.chat.completions.create(model=model, messages=MESSAGES, tools=[WEATHER], tool_choice="required")
    message = asked.choices[0].message
    call = message.tool_calls[0]
    assert (call.function.name, json.loads(call.function.arguments)) == ("weather", {"city": "Lisbon"})
    result = {"role": "tool", "tool_call_id": call.id, "content": "18 degrees and cloudy"}
    told = client.chat.completions.create(model=model, messages=[*MESSAGES, message, result], tools=[WEATHER])
    assert "18 degrees" in told.choices[0].message.content


@both
def test_the_streaming_helper_puts_a_tool_call_together(model):
    with client.chat.completions.stream(model=model, messages=MESSAGES, tools=[WEATHER]) as stream:
        completion = stream.get_final_completion()
    call = completion.choices[0].message.tool_calls[0]
    assert (call.function.name, json.loads(call.function.arguments)) == ("weather", {"city": "Lisbon"})


def test_embeddings_are_the_same_as_base64_and_as_numbers():
    texts = ["a cat sleeps", "quarterly revenue"]
    # The SDK asks for base64 unless told otherwise.
    encoded = client.embeddings.create(model=EMBEDDING, input=texts)
    plain = client.embeddings.create(model=EMBEDDING, input=texts, encoding_format="float")
    for one, other in zip(encoded.data, plain.data, strict=True):
        assert one.embedding == pytest.approx(other.embedding, abs=1e-6)
        assert len(one.embedding) == 384 and any(one.embedding)


def test_a_response_is_made_and_streamed():
    asked = {"model": "@cf/openai/gpt-oss-20b", "input": "Say hello to Ada."}
    response = client.responses.create(**asked)
    assert response.status == "completed" and response.output_text
    events = list(client.responses.create(**asked, stream=True))
    text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    assert text == response.output_text
    assert events[-1].type == "response.completed"


def test_the_streaming_helper_follows_a_response_to_its_end():
    with client.responses.stream(model="@cf/openai/gpt-oss-20b", input="Say hello to Ada.") as stream:
        text = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
        assert text == stream.get_final_response().output_text


def test_errors_have_the_services_status():
    with pytest.raises(openai.BadRequestError) as refused:
        client.chat.completions.create(model="@cf/no/model", messages=MESSAGES)
    assert refused.value.response.json()["errors"][0]["code"] == 5007
    with pytest.raises(openai.APIStatusError) as caught:
        client.models.list()
    assert caught.value.status_code == 405
