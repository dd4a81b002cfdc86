// A drawer with what went over the wire between the sandbox and the bot, newest last, and (from faults.js) the
// panel that makes things go wrong. Only fetched while it is open.

import { api } from "./api.js";
import { debounce, el, icon } from "./dom.js";
import { faultPanel } from "./faults.js";
import { onEscape } from "./layers.js";
import { store } from "./store.js";
import { time } from "./time.js";

const KEPT = 500;

let last = 0;
let opened = false;
let loading = false;
let again = false;
let filter = "";
let parts = null;

const root = () => document.getElementById("inspector");

function pretty(value) {
  if (typeof value === "string") {
    try {
      return JSON.stringify(JSON.parse(value), null, 2);
    } catch {
      return value;
    }
  }
  return JSON.stringify(value, null, 2) ?? "(nothing)";
}

function details(entry) {
  const block = (title, value) =>
    value === null || value === undefined
      ? null
      : el(
          "div",
          { class: "wire-part" },
          el(
            "div",
            { class: "wire-part-head" },
            el("strong", {}, title),
            el(
              "button",
              {
                type: "button",
                class: "button tiny-button",
                on: { click: () => navigator.clipboard?.writeText(pretty(value)) },
              },
              "Copy",
            ),
          ),
          el("pre", { tabindex: "0" }, pretty(value)),
        );
  return el(
    "div",
    { class: "wire-details" },
    entry.error ? el("div", { class: "wire-error" }, icon("warn", "tiny"), entry.error) : null,
    block("Request", entry.request),
    block("Response", entry.response),
  );
}

/** A few words that tell two calls of one method apart: where to, what about. */
function brief(entry) {
  if (entry.summary) return entry.summary;
  if (entry.kind === "ack") return entry.name;
  const asked = entry.request && typeof entry.request === "object" ? entry.request : {};
  const payload = asked.payload && typeof asked.payload === "object" ? asked.payload : asked;
  const event = payload.event ?? payload;
  const channel = event.channel?.id ?? event.channel ?? payload.channel_id;
  const place = typeof channel === "string" ? (store.channel(channel)?.name ?? channel) : null;
  const about = event.text ?? payload.actions?.[0]?.action_id ?? payload.view?.callback_id ?? payload.callback_id;
  return [place, typeof about === "string" ? about.slice(0, 80) : null].filter(Boolean).join(" · ");
}

function row(entry) {
  const failed = Boolean(entry.error) || entry.response?.ok === false;
  const words =
    `${entry.direction} ${entry.kind} ${entry.name} ${entry.summary ?? ""} ${entry.error ?? ""}`.toLowerCase();
  const detailId = `wire-${entry.n}`;
  const button = el(
    "button",
    { type: "button", class: "wire-line", "aria-expanded": "false", "aria-controls": detailId },
    el(
      "span",
      { class: `wire-direction ${entry.direction}`, title: entry.direction === "in" ? "from the bot" : "to the bot" },
      entry.direction === "in" ? "bot →" : "→ bot",
    ),
    el("span", { class: "wire-name" }, entry.kind === "ack" ? "ack" : entry.name),
    el("span", { class: "wire-kind" }, entry.kind === "ack" ? "" : entry.kind.replace("_", " ")),
    el("span", { class: "wire-ms" }, entry.ms === null || entry.ms === undefined ? "" : `${Math.round(entry.ms)} ms`),
    el(
      "span",
      { class: "wire-summary" },
      el("span", { class: "wire-time" }, time(entry.at, store.zone, true)),
      ` ${entry.error ?? entry.response?.error ?? brief(entry)}`,
    ),
  );
  const node = el(
    "div",
    { class: failed ? "wire-row failed" : "wire-row", data: { testid: "wire-row", n: entry.n, name: entry.name } },
    button,
  );
  button.addEventListener("click", () => {
    const shown = node.querySelector(".wire-details");
    if (shown) {
      shown.remove();
    } else {
      const made = details(entry);
      made.id = detailId;
      node.append(made);
    }
    button.setAttribute("aria-expanded", String(!shown));
  });
  node.words = words;
  return node;
}

function applyFilter(node) {
  node.hidden = !filter.split(/\s+/).every((word) => node.words.includes(word));
}

async function load() {
  if (!opened) return;
  if (loading) {
    again = true;
    return;
  }
  loading = true;
  try {
    const { entries } = await api.wire(last);
    if (!parts) return;
    const pinned = parts.list.scrollHeight - parts.list.scrollTop - parts.list.clientHeight < 60;
    for (const entry of entries) {
      if (entry.n <= last) continue;
      last = entry.n;
      const node = row(entry);
      applyFilter(node);
      parts.list.append(node);
    }
    while (parts.list.children.length > KEPT) parts.list.firstChild.remove();
    if (pinned) parts.list.scrollTop = parts.list.scrollHeight;
  } catch {
    // The next news of the wire asks again.
  } finally {
    loading = false;
    if (again) {
      again = false;
      load();
    }
  }
}
const loadSoon = debounce(load, 120);

/** Something went over the wire. */
export function wireNews() {
  if (opened) loadSoon();
}

function build() {
  const search = el("input", {
    type: "search",
    class: "control",
    placeholder: "Filter: a method, a kind, a word",
    "aria-label": "Filter the wire",
    data: { testid: "wire-filter" },
  });
  search.addEventListener("input", () => {
    filter = search.value.trim().toLowerCase();
    [...parts.list.children].forEach(applyFilter);
  });
  const list = el("div", {
    class: "wire-list",
    role: "log",
    "aria-live": "off",
    tabindex: "0",
    "aria-label": "Requests, newest last",
  });
  const clear = el(
    "button",
    { type: "button", class: "button small", on: { click: () => list.replaceChildren() } },
    "Clear",
  );
  const close = el(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Close the inspector", on: { click: () => toggle(false) } },
    icon("close"),
  );
  parts = { list, search };
  root().replaceChildren(
    el("header", { class: "panel-head" }, el("h2", {}, "Inspector"), clear, close),
    faultPanel(),
    el("div", { class: "wire-filter" }, search),
    list,
  );
}

let release = null;

function toggle(open, button = document.querySelector('[data-testid="inspector-toggle"]')) {
  opened = open;
  root().hidden = !open;
  document.body.classList.toggle("inspecting", open);
  button.setAttribute("aria-expanded", String(open));
  if (open) {
    if (!parts) build();
    load();
    parts.search.focus();
    release = onEscape(() => toggle(false));
  } else {
    release?.();
    release = null;
    button.focus();
  }
}

/** The bar's button for the drawer. */
export function inspectorButton() {
  const button = el(
    "button",
    {
      type: "button",
      class: "button bar-button",
      "aria-expanded": "false",
      "aria-controls": "inspector",
      "aria-label": "Inspector",
      title: "What goes over the wire, and faults",
      data: { testid: "inspector-toggle" },
    },
    icon("wire", "tiny"),
    el("span", { class: "wide-only" }, "Inspector"),
  );
  button.addEventListener("click", () => toggle(!opened, button));
  return button;
}
