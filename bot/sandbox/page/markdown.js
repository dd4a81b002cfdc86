// The markdown block, and canvases: a small, safe part of standard Markdown (headings, lists, quotes, code, tables, links,
// styles) as DOM nodes. Slack's own mrkdwn is another language and lives in mrkdwn.js.

import { el } from "./dom.js";
import { words } from "./emoji.js";
import { link } from "./mrkdwn.js";

const INLINE = [
  // An escaped sign stands for itself.
  [/\\([!-/:-@[-`{-~])/, (m) => document.createTextNode(m[1])],
  [/`([^`]+)`/, (m) => el("code", {}, m[1])],
  [/!\[([^\]]*)\]\(([^()\s]+)\)/, (m) => link(m[2], m[1] || m[2])],
  [/\[([^\]]+)\]\(([^()\s]+)\)/, (m) => link(m[2], inline(m[1]))],
  [/\*\*([^*]+(?:\*[^*]+)*)\*\*/, (m) => el("strong", {}, inline(m[1]))],
  [/__([^_]+)__/, (m) => el("strong", {}, inline(m[1]))],
  [/(?<![\w*])\*([^*\s][^*]*?)\*(?![\w*])/, (m) => el("em", {}, inline(m[1]))],
  [/(?<![\w])_([^_\s][^_]*?)_(?![\w])/, (m) => el("em", {}, inline(m[1]))],
  [/~~([^~]+)~~/, (m) => el("s", {}, inline(m[1]))],
  [/https?:\/\/[^\s<>()]+[^\s<>().,;:!?'"]/, (m) => link(m[0])],
];

function inline(text) {
  const found = INLINE.map(([pattern, make]) => [pattern.exec(text), make]).filter(([match]) => match);
  if (found.length === 0) return words(text);
  const [match, make] = found.reduce((first, other) => (other[0].index < first[0].index ? other : first));
  return [...words(text.slice(0, match.index)), make(match), ...inline(text.slice(match.index + match[0].length))];
}

const cells = (row) =>
  row
    .trim()
    .replace(/^\||(?<!\\)\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());

/** Takes the lines of one table off the front of `lines`. */
function table(lines) {
  const head = cells(lines.shift());
  lines.shift();
  const body = [];
  while (lines.length > 0 && lines[0].includes("|")) body.push(cells(lines.shift()));
  return el(
    "div",
    { class: "table-scroll" },
    el(
      "table",
      { class: "block-table" },
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          head.map((cell) => el("th", {}, inline(cell))),
        ),
      ),
      el(
        "tbody",
        {},
        body.map((row) =>
          el(
            "tr",
            {},
            row.map((cell) => el("td", {}, inline(cell))),
          ),
        ),
      ),
    ),
  );
}

function list(lines, pattern, tag) {
  const node = el(tag, { class: "rich-list" });
  while (lines.length > 0) {
    const match = pattern.exec(lines[0]);
    if (!match) break;
    lines.shift();
    const item = el("li", { class: `indent-${Math.min(Math.floor(match[1].length / 2), 8)}` });
    const task = /^\[([ xX])\] (.*)$/.exec(match[2]);
    if (task) item.append(el("input", { type: "checkbox", disabled: true, checked: task[1] !== " " }), " ");
    item.append(...inline(task ? task[2] : match[2]));
    node.append(item);
  }
  return node;
}

const BULLET = /^(\s*)[-*+] +(.*)$/;
const NUMBER = /^(\s*)\d+[.)] +(.*)$/;

/** The node of a markdown block's text. */
export function markdown(text) {
  const lines = String(text ?? "")
    .replace(/\r/g, "")
    .split("\n");
  const root = el("div", { class: "markdown" });
  while (lines.length > 0) {
    const line = lines[0];
    const heading = /^(#{1,6}) +(.*)$/.exec(line);
    if (/^\s*```/.test(line)) {
      lines.shift();
      const code = [];
      while (lines.length > 0 && !/^\s*```/.test(lines[0])) code.push(lines.shift());
      lines.shift();
      root.append(el("pre", {}, code.join("\n")));
    } else if (heading) {
      lines.shift();
      root.append(
        el(`h${Math.min(heading[1].length + 2, 6)}`, { class: `md-h${heading[1].length}` }, inline(heading[2])),
      );
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) {
      lines.shift();
      root.append(el("hr"));
    } else if (/^> ?/.test(line)) {
      const quote = [];
      while (lines.length > 0 && /^> ?/.test(lines[0])) quote.push(lines.shift().replace(/^> ?/, ""));
      root.append(el("blockquote", {}, markdown(quote.join("\n"))));
    } else if (BULLET.test(line)) {
      root.append(list(lines, BULLET, "ul"));
    } else if (NUMBER.test(line)) {
      root.append(list(lines, NUMBER, "ol"));
    } else if (line.includes("|") && /^\s*\|?\s*:?-{2,}/.test(lines[1] ?? "")) {
      root.append(table(lines));
    } else if (line.trim() === "") {
      lines.shift();
    } else {
      const words = [];
      while (
        lines.length > 0 &&
        lines[0].trim() !== "" &&
        !/^(#{1,6} |> ?|\s*```)/.test(lines[0]) &&
        !(lines[0].includes("|") && /^\s*\|?\s*:?-{2,}/.test(lines[1] ?? "")) &&
        !BULLET.test(lines[0]) &&
        !NUMBER.test(lines[0])
      ) {
        words.push(lines.shift());
      }
      root.append(
        el(
          "p",
          {},
          words.flatMap((word, index) => (index > 0 ? [el("br"), ...inline(word)] : inline(word))),
        ),
      );
    }
  }
  return root;
}
