// A Worker that calls its AI binding in one way for each path, and tells what it was given back.
const chat = "@cf/meta/llama-3.3-70b-instruct-fp8-fast";
const embedding = "@cf/baai/bge-small-en-v1.5";

const ways = {
  plain: (AI) => AI.run(chat, { prompt: "Hello, how are you?" }),

  embedding: (AI) => AI.run(embedding, { text: ["one", "two"] }),

  async stream(AI) {
    const stream = await AI.run(chat, { prompt: "Hello, how are you?", stream: true });
    return { isStream: stream instanceof ReadableStream, text: await new Response(stream).text() };
  },

  async image(AI) {
    const { image } = await AI.run("@cf/black-forest-labs/flux-1-schnell", { prompt: "a cat" });
    const raw = await AI.run("@cf/leonardo/phoenix-1.0", { prompt: "a cat" });
    const begin = (bytes) => [...new Uint8Array(bytes)].slice(0, 2);
    return {
      encoded: begin(Uint8Array.from(atob(image), (letter) => letter.charCodeAt(0))),
      raw: begin(await new Response(raw).arrayBuffer()),
    };
  },

  async form(AI) {
    const form = new FormData();
    form.append("prompt", "a cat");
    form.append("width", "512");
    form.append("height", "512");
    const encoded = new Response(form);
    const multipart = { body: encoded.body, contentType: encoded.headers.get("content-type") };
    return { image: (await AI.run("@cf/black-forest-labs/flux-2-klein-4b", { multipart })).image.length > 100 };
  },

  async whisper(AI, request) {
    const sound = await request.arrayBuffer();
    const stream = () => ({ body: new Response(sound).body, contentType: "audio/wav" });
    return {
      numbers: await AI.run("@cf/openai/whisper", { audio: [...new Uint8Array(sound)] }),
      stream: await AI.run("@cf/openai/whisper", { audio: stream() }),
      nova: await AI.run("@cf/deepgram/nova-3", { audio: stream(), detect_language: true }),
    };
  },

  models: (AI) => AI.models({ search: "bge-m3" }),

  async markdown(AI) {
    const blob = new Blob(["<h1>Tides</h1>"], { type: "text/html" });
    const one = await AI.toMarkdown({ name: "page.html", blob });
    const many = await AI.toMarkdown([{ name: "page.html", blob }, { name: "a.xyz", blob: new Blob(["?"]) }]);
    return { one, many, supported: await AI.toMarkdown().supported() };
  },

  async error(AI) {
    const caught = [];
    for (const [model, input] of [["@cf/no/model", {}], [embedding, { text: 7 }]]) {
      try {
        await AI.run(model, input);
      } catch (error) {
        caught.push({ isError: error instanceof Error, name: error.name, message: error.message, id: AI.lastRequestId });
      }
    }
    return caught;
  },

  async options(AI) {
    const gateway = { id: "mine", skipCache: true };
    const options = { gateway, tags: ["team:a"], rejectIfBusy: true, returnRawResponse: true, extraHeaders: { "x-a": "b" } };
    const response = await AI.run(embedding, { text: "one" }, options);
    return {
      status: response.status,
      result: await response.json(),
      log: AI.aiGatewayLogId,
      cache: response.headers.get("cf-aig-cache-status"),
    };
  },

  async batch(AI) {
    const queued = await AI.run(embedding, { requests: [{ text: "one", external_reference: "first" }] }, { queueRequest: true });
    let answer = queued;
    for (let looks = 0; !answer.responses && looks < 10; looks += 1) {
      answer = await AI.run(embedding, { request_id: queued.request_id }, { queueRequest: true });
    }
    return { queued, answer };
  },

  async session(AI) {
    const inputs = { encoding: "linear16", sample_rate: "24000" };
    const { status, webSocket } = await AI.run("@cf/deepgram/aura-1", inputs, { websocket: true });
    webSocket.accept();
    const bytes = await new Promise((resolve, reject) => {
      webSocket.addEventListener("message", async ({ data }) => {
        if (typeof data !== "string") resolve(data instanceof Blob ? data.size : data.byteLength);
      });
      webSocket.addEventListener("close", () => reject(new Error("closed before it spoke")));
      webSocket.send(JSON.stringify({ type: "Speak", text: "hello" }));
      webSocket.send(JSON.stringify({ type: "Flush" }));
    });
    webSocket.close(1000);
    return { status, bytes };
  },
};

export default {
  async fetch(request, env) {
    const way = ways[new URL(request.url).pathname.slice(1)];
    if (!way) return new Response("no such way", { status: 404 });
    try {
      return Response.json(await way(env.AI, request));
    } catch (error) {
      return Response.json({ thrown: `${error.name}: ${error.message}` }, { status: 500 });
    }
  },
};
