# env.AI of a Worker in plain workerd, answered by the local Workers AI. Save as workerd.capnp beside worker.js, then:
#   npm install workerd && npx workerd serve workerd.capnp
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker", esModule = embed "worker.js")],
      compatibilityDate = "2026-04-01",
      bindings = [
        (name = "AI", wrapped = (
          moduleName = "cloudflare-internal:ai-api",
          innerBindings = [(name = "fetcher", service = "local-ai")],
        )),
      ],
    )),
    (name = "local-ai", external = (address = "127.0.0.1:8787", http = ())),  # the local Workers AI
  ],
  sockets = [(name = "http", address = "127.0.0.1:8080", http = (), service = "main")],
);
