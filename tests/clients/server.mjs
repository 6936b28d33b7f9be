// The local server that the tests talk to; `.ci/clients` starts it and says where it listens.
function given(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests with .ci/clients`);
  return value;
}

/** Such as `http://127.0.0.1:8787`. */
export const server = given("WORKERS_AI_LOCAL_URL");
/** The binary that serves there, for what it prints. */
export const binary = given("WORKERS_AI_LOCAL_BINARY");
export const account = "0123456789abcdef0123456789abcdef";
export const token = "local";
/** What takes the place of `https://api.cloudflare.com/client/v4`. */
export const api = `${server}/client/v4`;

export const chat = "@cf/meta/llama-3.3-70b-instruct-fp8-fast";
/** A chat model that speaks OpenAI's dialect natively. */
export const newerChat = "@cf/zai-org/glm-4.7-flash";
export const embedding = "@cf/baai/bge-small-en-v1.5";

/** The cosine of the angle between two vectors. */
export function near(one, other) {
  const product = (a, b) => a.reduce((sum, number, index) => sum + number * b[index], 0);
  return product(one, other) / Math.sqrt(product(one, one) * product(other, other));
}

/** Half a second of silence as a WAV file: one channel, 16 kHz, 16 bit. */
export function silence() {
  const samples = 8000;
  const file = Buffer.alloc(44 + samples * 2);
  file.write("RIFF", 0);
  file.writeUInt32LE(36 + samples * 2, 4);
  file.write("WAVEfmt ", 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(16000, 24);
  file.writeUInt32LE(32000, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36);
  file.writeUInt32LE(samples * 2, 40);
  return file;
}

/** Whether bytes begin like a JPEG or a PNG. */
export function isImage(bytes) {
  return (bytes[0] === 0xff && bytes[1] === 0xd8) || (bytes[0] === 0x89 && bytes[1] === 0x50);
}
