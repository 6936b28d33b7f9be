// Where the page begins.

import { render } from "preact";
import { App } from "./app";
import { load } from "./catalogue";
import { opened, trouble } from "./state";

const root = document.getElementById("app");
if (root) render(<App />, root);

load().then(opened, (error: unknown) => {
  trouble.value = error instanceof Error ? error.message : String(error);
});
