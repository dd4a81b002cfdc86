// Slack's mrkdwn turned into DOM nodes: styles, code, quotes, links, mentions and date tokens. Plain text
// objects are here too. Block structure is in blocks.js, rich_text in richtext.js.

import { el, safeLink } from "./dom.js";
import { withEmoji, words } from "./emoji.js";
import { store } from "./store.js";
import { full, slackDate } from "./time.js";

// Tokens that must not be searched for styles (links, code) are cut out first and stand in the text as two
// characters from the private use area around their number.
const OPEN = "\uE000";
const SHUT = "\uE001";
const PLACEHOLDER = new RegExp(`${OPEN}(\\d+)${SHUT}`);

const STYLES = [
  [/(?<![\p{L}\p{N}])\*(?=[^\s*])([^*\n]*?[^\s*])\*(?![\p{L}\p{N}])/u, "strong"],
  [/(?<![\p{L}\p{N}])_(?=[^\s_])([^_\n]*?[^\s_])_(?![\p{L}\p{N}])/u, "em"],
  [/(?<![\p{L}\p{N}])~(?=[^\s~])([^~\n]*?[^\s~])~(?![\p{L}\p{N}])/u, "s"],
];
const BARE_URL = /https?:\/\/[^\s<>|\uE000\uE001]+[^\s<>|.,;:!?'")\]\uE000\uE001]/;

const unescape = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

/** A link that opens elsewhere, or its text alone when the address is not one a browser should follow. */
export function link(url, ...children) {
  const href = safeLink(url);
  const inside = children.length > 0 ? children : [url];
  return href
    ? el("a", { href, target: "_blank", rel: "noopener noreferrer", class: "link" }, inside)
    : el("span", {}, inside);
}

export function userMention(id, label = null) {
  const user = store.isApp(id) ? store.app : store.user(id);
  const mine = id === store.me?.id;
  return el(
    "span",
    { class: mine ? "mention mention-me" : "mention", data: { user: id } },
    `@${user?.name ?? label ?? id}`,
  );
}

export function channelMention(id, label = null) {
  const channel = store.channel(id);
  if (!channel && !label) return el("span", { class: "mention" }, "private channel");
  const text = `#${channel?.name ?? label}`;
  return channel
    ? el("a", { class: "mention", href: store.hash({ view: "channel", channel: id }) }, text)
    : el("span", { class: "mention" }, text);
}

export function dateToken(epoch, template, fallback, url = null) {
  const text = Number.isFinite(epoch) ? slackDate(epoch, template, store.zone, store.now()) : null;
  if (text === null) return el("span", {}, fallback ?? "");
  const node = el(
    "time",
    {
      class: "date-token",
      datetime: new Date(epoch * 1000).toISOString(),
      title: full(epoch, store.zone),
    },
    text,
  );
  return url ? link(url, node) : node;
}

function angle(body) {
  const [head, ...rest] = body.split("|");
  const label = rest.length > 0 ? unescape(rest.join("|")) : null;
  if (head.startsWith("@")) return userMention(head.slice(1), label?.replace(/^@/, ""));
  if (head.startsWith("#")) return channelMention(head.slice(1), label || null);
  if (head.startsWith("!date^")) {
    const [, epoch, template, url] = head.split("^");
    return dateToken(Number(epoch), unescape(template ?? ""), label, url ? unescape(url) : null);
  }
  if (head.startsWith("!subteam^")) return el("span", { class: "mention" }, label ?? "@group");
  if (head.startsWith("!")) {
    const word = head.slice(1).split("^")[0];
    const loud = ["here", "channel", "everyone"].includes(word);
    return el("span", { class: loud ? "mention mention-all" : "" }, loud ? `@${word}` : (label ?? `<${word}>`));
  }
  const url = unescape(head);
  if (label !== null) return link(url, withEmoji(label));
  return link(url, url.replace(/^mailto:/, ""));
}

function leaf(text, tokens) {
  const nodes = [];
  let rest = text;
  while (rest) {
    const token = PLACEHOLDER.exec(rest);
    const bare = BARE_URL.exec(token ? rest.slice(0, token.index) : rest);
    if (bare) {
      if (bare.index > 0) nodes.push(...words(unescape(rest.slice(0, bare.index))));
      nodes.push(link(unescape(bare[0])));
      rest = rest.slice(bare.index + bare[0].length);
    } else if (token) {
      if (token.index > 0) nodes.push(...words(unescape(rest.slice(0, token.index))));
      nodes.push(tokens[Number(token[1])]);
      rest = rest.slice(token.index + token[0].length);
    } else {
      nodes.push(...words(unescape(rest)));
      rest = "";
    }
  }
  return nodes;
}

function styled(text, tokens) {
  const found = STYLES.map(([pattern, tag]) => [pattern.exec(text), tag]).filter(([match]) => match);
  if (found.length === 0) return leaf(text, tokens);
  const [match, tag] = found.reduce((first, other) => (other[0].index < first[0].index ? other : first));
  const after = text.slice(match.index + match[0].length);
  return [
    ...leaf(text.slice(0, match.index), tokens),
    el(tag, {}, styled(match[1], tokens)),
    ...styled(after, tokens),
  ];
}

function inline(text) {
  const tokens = [];
  const hold = (node) => `${OPEN}${tokens.push(node) - 1}${SHUT}`;
  const held = text
    .replace(/`([^`\n]+)`/g, (_, code) => {
      // A link inside code shows its label only, as in Slack.
      const plain = code.replace(/<([^<>|]+)(?:\|([^<>]*))?>/g, (__, head, label) => label ?? head);
      return hold(el("code", {}, unescape(plain)));
    })
    .replace(/<([^<>\n]+)>/g, (_, body) => hold(angle(body)));
  return styled(held, tokens);
}

function paragraph(lines) {
  const nodes = [];
  lines.forEach((line, index) => {
    if (index > 0) nodes.push(el("br"));
    nodes.push(...inline(line));
  });
  return nodes;
}

function quoted(text) {
  const nodes = [];
  let group = [];
  let inQuote = false;
  const flush = () => {
    if (group.length === 0) return;
    nodes.push(inQuote ? el("blockquote", {}, paragraph(group)) : el("span", { class: "lines" }, paragraph(group)));
    group = [];
  };
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    const everything = /^(?:>>>|&gt;&gt;&gt;) ?/.exec(lines[at]);
    if (everything) {
      flush();
      inQuote = true;
      group = [lines[at].slice(everything[0].length), ...lines.slice(at + 1)];
      break;
    }
    const mark = /^(?:>|&gt;) ?/.exec(lines[at]);
    if (Boolean(mark) !== inQuote) {
      flush();
      inQuote = Boolean(mark);
    }
    group.push(mark ? lines[at].slice(mark[0].length) : lines[at]);
  }
  flush();
  return nodes;
}

/** The nodes of a mrkdwn string, whose &, < and > come escaped as Slack's are. */
export function mrkdwn(text) {
  const clean = String(text ?? "").replace(/[\uE000\uE001]/g, "");
  const nodes = [];
  clean.split(/```/).forEach((part, index, all) => {
    const unclosed = index === all.length - 1 && index % 2 === 1;
    if (index % 2 === 1 && !unclosed) {
      const code = part
        .replace(/^\n/, "")
        .replace(/\n$/, "")
        .replace(/<([^<>|\n]+)(?:\|([^<>\n]*))?>/g, (_, head, label) => label ?? head);
      nodes.push(el("pre", {}, unescape(code)));
    } else {
      const body = unclosed ? `\`\`\`${part}` : part;
      // The line breaks around a fence belong to the fence.
      const before = index > 0 && !unclosed ? body.replace(/^\n/, "") : body;
      const trimmed = index < all.length - 1 ? before.replace(/\n$/, "") : before;
      if (trimmed) nodes.push(...quoted(trimmed));
    }
  });
  return nodes;
}

/**
 * The nodes of a text object. Plain text is shown as it is, entities included, because that is how a bot's
 * double escaping comes to light.
 */
export function textObject(object) {
  if (!object) return [];
  if (typeof object === "string") return [object];
  if (object.type === "mrkdwn") return mrkdwn(object.text);
  const nodes = [];
  (object.text ?? "").split("\n").forEach((line, index) => {
    if (index > 0) nodes.push(el("br"));
    nodes.push(...(object.emoji === false ? [line] : words(line)));
  });
  return nodes;
}

/** A text object as a string, for labels and titles. */
export function plain(object) {
  if (!object) return "";
  if (typeof object === "string") return object;
  if (object.type === "mrkdwn") {
    return mrkdwn(object.text)
      .map((node) => (typeof node === "string" ? node : node.textContent))
      .join("");
  }
  return object.emoji === false ? object.text : withEmoji(object.text ?? "");
}
