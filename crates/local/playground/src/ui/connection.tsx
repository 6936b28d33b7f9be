// Where requests go, and the secrets that this takes. They live in the page's memory and nowhere else.

import { account, cloudflareToken, connectionIsOpen, everything, localToken, where } from "../state";
import { Dialog, Segments } from "./parts";

export function Connection() {
  const close = () => { connectionIsOpen.value = false; };
  return (
    <Dialog open={connectionIsOpen.value} close={close} title="Where to run">
      <form class="connection" onSubmit={(event) => { event.preventDefault(); close(); }} autocomplete="off">
        <Segments id="where" label="Where to run" chosen={where.value} choose={(chosen) => { where.value = chosen; }}
          options={[{ value: "local", label: "Local server" }, { value: "cloudflare", label: "Cloudflare" }]} />
        {where.value === "local" ? <Local /> : <Cloudflare />}
        <div class="dialog-foot"><button class="button primary">Done</button></div>
      </form>
    </Dialog>
  );
}

function Local() {
  if (!everything.value?.wants_token) return <p>The local server answers offline and free, and takes any token. Its answers are made up but true in form.</p>;
  return (
    <>
      <p>This server was started with <code>--token</code> and answers nobody else.</p>
      <Secret id="local-token" label="Token of the server" value={localToken.value} set={(text) => { localToken.value = text; }} />
    </>
  );
}

function Cloudflare() {
  return (
    <>
      <p>Requests go to your account, by way of the local server, and are billed there. Account id and token stay in this page's memory: a reload forgets them.</p>
      <div class="field">
        <label class="field-name" for="account-id">Account id</label>
        <input id="account-id" type="text" class="mono" value={account.value} autocomplete="off" spellcheck={false} placeholder="32 hexadecimal digits" onInput={(event) => { account.value = event.currentTarget.value; }} />
      </div>
      <Secret id="cloudflare-token" label="API token" value={cloudflareToken.value} set={(text) => { cloudflareToken.value = text; }} />
      <p class="hint">A token with the permission “Workers AI: Read” is enough.</p>
    </>
  );
}

function Secret({ id, label, value, set }: { id: string; label: string; value: string; set: (text: string) => void }) {
  return (
    <div class="field">
      <label class="field-name" for={id}>{label}</label>
      <input id={id} type="password" class="mono" value={value} autocomplete="off" spellcheck={false} data-1p-ignore onInput={(event) => set(event.currentTarget.value)} />
    </div>
  );
}
