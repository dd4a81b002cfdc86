// The head above a conversation or Home: its title, its topic, the app's tabs, and the drawer's button on phones.

import { el, icon } from "./dom.js";
import { openDrawer } from "./sidebar.js";
import { store } from "./store.js";

/** The tabs of the app's conversation: Home and Messages. */
export function tabs(current) {
  const app = store.appChannel();
  const tab = (name, label, href) =>
    el(
      "a",
      {
        class: `tab${name === current ? " current" : ""}`,
        href,
        "aria-current": name === current ? "page" : null,
        data: { testid: `tab-${name}` },
      },
      label,
    );
  return el(
    "nav",
    { class: "tabs", "aria-label": store.app.name },
    tab("home", "Home", store.hash({ view: "home" })),
    app ? tab("messages", "Messages", store.hash({ view: "channel", channel: app.id })) : null,
  );
}

/** The tabs of a channel: its messages, and its canvases; nothing where it has none. */
export function channelTabs(channel, current) {
  const canvases = channel.canvases ?? [];
  const tab = (key, label, href, testid) =>
    el(
      "a",
      {
        class: `tab${key === current ? " current" : ""}`,
        href,
        "aria-current": key === current ? "page" : null,
        data: { testid },
      },
      label,
    );
  return el(
    "nav",
    { class: "tabs", "aria-label": `#${channel.name}`, hidden: canvases.length === 0 && !current ? true : null },
    tab(null, "Messages", store.hash({ view: "channel", channel: channel.id }), "tab-messages"),
    canvases.map((one) =>
      tab(
        one.id,
        one.title,
        store.hash({ view: "channel", channel: channel.id, canvas: one.id }),
        `tab-canvas-${one.id}`,
      ),
    ),
  );
}

/** The head of a place: `mark` before its title, `note` and `extra` after it, `below` under the line. */
export function head(title, { mark, note = null, extra = null, below = null }) {
  const drawer = el(
    "button",
    {
      type: "button",
      class: "icon-button drawer-button",
      "aria-label": "Conversations",
      data: { testid: "sidebar-toggle" },
      on: { click: () => openDrawer(true) },
    },
    icon("menu"),
  );
  return el(
    "header",
    { class: "place-head" },
    el(
      "div",
      { class: "place-line" },
      drawer,
      el("span", { class: "place-mark" }, mark),
      el("h1", { data: { testid: "place-title" } }, title),
      extra,
      note ? el("span", { class: "place-topic" }, note) : null,
    ),
    below,
  );
}
