// Text that a model wrote, as Markdown. A model can be made to write anything, so HTML in it is shown as the text it is,
// pictures become links, and what is left is cleaned once more before it is shown.

import DOMPurify from "dompurify";
import { marked } from "marked";
import { useMemo } from "preact/hooks";

const escaped = (text: string): string => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

marked.use({
  gfm: true,
  breaks: true,
  renderer: {
    // Lines are broken by HTML inside of tables, where Markdown has nothing for it.
    html: ({ text }) => (/^<br ?\/?>$/i.test(text.trim()) ? "<br>" : escaped(text)),
    image: ({ href, text }) => `<a href="${escaped(href)}">${escaped(text || href)}</a>`,
  },
});

DOMPurify.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName === "A") {
    node.setAttribute("target", "_blank");
    node.setAttribute("rel", "noopener noreferrer nofollow");
  }
});

const SETTINGS = {
  ALLOWED_TAGS: [
    "a", "b", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "li", "ol", "p", "pre", "s",
    "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
  ],
  ALLOWED_ATTR: ["href", "align", "start"],
  ALLOWED_URI_REGEXP: /^(https?|mailto):/i,
};

export function Markdown({ text }: { text: string }) {
  const clean = useMemo(() => DOMPurify.sanitize(marked.parse(text, { async: false }), SETTINGS), [text]);
  return <div class="prose" dangerouslySetInnerHTML={{ __html: clean }} />;
}
