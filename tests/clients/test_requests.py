"""The plainest client: requests, as Cloudflare's first page shows it."""

import requests

from server import ACCOUNT, API, TOKEN


def test_a_greeting_is_answered():
    response = requests.post(
        f"{API}/accounts/{ACCOUNT}/ai/run/@cf/meta/llama-3.1-8b-instruct",
        headers={"Authorization": f"Bearer {TOKEN}"},
        json={"messages": [{"role": "user", "content": "Hello, how are you?"}]},
        timeout=30,
    )
    assert response.status_code == 200
    body = response.json()
    assert body["success"] is True
    assert body["result"]["response"]
