"""The local server that the tests talk to; `.ci/clients` starts it and says where it listens."""

import os

SERVER = os.environ["WORKERS_AI_LOCAL_URL"]
ACCOUNT = "0123456789abcdef0123456789abcdef"
TOKEN = "local"
API = f"{SERVER}/client/v4"

CHAT = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
# A chat model that speaks OpenAI's dialect natively.
NEWER_CHAT = "@cf/zai-org/glm-4.7-flash"
EMBEDDING = "@cf/baai/bge-small-en-v1.5"
