// rich_text blocks as DOM nodes, and a plain textarea's text as a rich_text value (for rich_text_input).

import { el } from "./dom.js";
import { emoji, fromCodepoints, words } from "./emoji.js";
import { channelMention, dateToken, link, userMention } from "./mrkdwn.js";

const TAGS = [
  ["code", "code"],
  ["bold", "strong"],
  ["italic", "em"],
  ["strike", "s"],
  ["underline", "u"],
];

function dressed(node, style) {
  return TAGS.reduce((inner, [name, tag]) => (style?.[name] ? el(tag, {}, inner) : inner), node);
}

function withBreaks(text) {
  return (text ?? "").split("\n").flatMap((line, index) => (index > 0 ? [el("br"), ...words(line)] : words(line)));
}

function piece(element) {
  switch (element.type) {
    case "text":
      return dressed(el("span", {}, withBreaks(element.text)), element.style);
    case "link":
      return dressed(link(element.url, element.text || element.url), element.style);
    case "user":
      return dressed(userMention(element.user_id), element.style);
    case "channel":
      return dressed(channelMention(element.channel_id), element.style);
    case "usergroup":
      return el("span", { class: "mention" }, "@group");
    case "team":
      return el("span", { class: "mention" }, "@team");
    case "broadcast":
      return el("span", { class: "mention mention-all" }, `@${element.range}`);
    case "emoji":
      return el("span", {}, words(fromCodepoints(element.unicode) ?? emoji(element.name) ?? `:${element.name}:`));
    case "date":
      return dressed(
        dateToken(Number(element.timestamp), element.format ?? "", element.fallback, element.url),
        element.style,
      );
    case "color": {
      const chip = el("span", { class: "color-chip" });
      chip.style.backgroundColor = /^#[0-9a-f]{3,8}$/i.test(element.value) ? element.value : "transparent";
      return el("span", {}, element.value, chip);
    }
    default:
      return el("span", { class: "unknown" }, `(${element.type})`);
  }
}

const pieces = (elements) => (elements ?? []).map(piece);

// Slack sends nested lists as siblings with an indent; each keeps its own list here, pushed in by a class.
function list(element) {
  const ordered = element.style === "ordered";
  const node = el(ordered ? "ol" : "ul", {
    class: `rich-list indent-${Math.min(element.indent ?? 0, 8)}${element.border ? " bordered" : ""}`,
    start: ordered && element.offset ? element.offset + 1 : null,
  });
  for (const item of element.elements ?? []) node.append(el("li", {}, pieces(item.elements)));
  return node;
}

function part(element) {
  switch (element.type) {
    case "rich_text_section":
      return el("div", { class: "rich-section" }, pieces(element.elements));
    case "rich_text_list":
      return list(element);
    case "rich_text_preformatted":
      return el("pre", {}, pieces(element.elements));
    case "rich_text_quote":
      return el("blockquote", {}, pieces(element.elements));
    default:
      return el("div", { class: "unknown" }, `(${element.type})`);
  }
}

/** The node of a rich_text block or value. */
export function richText(block) {
  return el("div", { class: "rich-text" }, (block?.elements ?? []).map(part));
}

/** A rich_text value whose one section is `text`; null when there is no text, as Slack does. */
export function toRichText(text) {
  if (!text) return null;
  return {
    type: "rich_text",
    elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }],
  };
}

/** The text of a rich_text value, for the textarea. */
export function fromRichText(value) {
  const flat = (elements) =>
    (elements ?? []).map((element) => (element.elements ? flat(element.elements) : (element.text ?? ""))).join("");
  return (value?.elements ?? []).map((element) => flat([element])).join("\n");
}
