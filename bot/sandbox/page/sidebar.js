// The list of places: the app's Home and messages, channels, direct messages, each with its unread count.

import { el, icon } from "./dom.js";
import { avatar } from "./person.js";
import { store } from "./store.js";

const root = () => document.getElementById("sidebar");
const veil = () => document.getElementById("sidebar-veil");

/** On a phone the sidebar is a drawer over the conversation. */
export function openDrawer(open) {
  root().classList.toggle("open", open);
  veil().hidden = !open;
  if (open) root().querySelector("a")?.focus();
}

const isOpen = () => root().classList.contains("open");

function row({ href, mark, label, testid, unread = 0, current, extra = null, dim = false }) {
  const words = unread > 0 ? `${label}, ${unread} unread` : label;
  return el(
    "a",
    {
      class: ["place", current ? "current" : "", unread > 0 ? "unread" : "", dim ? "dim" : ""]
        .filter(Boolean)
        .join(" "),
      href,
      "aria-current": current ? "page" : null,
      "aria-label": words,
      data: { testid },
      on: { click: () => openDrawer(false) },
    },
    el("span", { class: "place-mark" }, mark),
    el("span", { class: "place-name" }, label),
    extra,
    unread > 0
      ? el(
          "span",
          { class: "count", "aria-hidden": "true", data: { testid: `${testid}-unread` } },
          unread > 99 ? "99+" : unread,
        )
      : null,
  );
}

function group(title, rows) {
  return rows.length > 0 ? el("section", { class: "places", "aria-label": title }, el("h2", {}, title), rows) : null;
}

function channelRow(channel) {
  const { route } = store;
  const im = channel.kind === "im";
  const app = store.withApp(channel);
  const title = app ? "Messages" : store.title(channel);
  const mark = app
    ? icon("chat")
    : im
      ? avatar(channel.user, title, "mini")
      : icon(channel.kind === "private" ? "lock" : "hash");
  return row({
    href: store.hash({ view: "channel", channel: channel.id }),
    mark,
    label: title,
    unread: channel.is_member === false ? 0 : (channel.unread ?? 0),
    current: route.view === "channel" && route.channel === channel.id,
    testid: app ? "app-dm" : im ? `dm-${channel.user}` : `channel-${channel.name}`,
    extra: app ? el("span", { class: "badge app" }, "APP") : null,
    dim: channel.is_member === false,
  });
}

let drawn = "";

/** Draws the sidebar again when anything it shows has changed. */
export function drawSidebar() {
  const now = JSON.stringify([store.channels, store.route, store.app, store.team, store.me?.id]);
  if (now === drawn) return;
  drawn = now;
  const nav = root();
  const focused = nav.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
  const scroll = nav.scrollTop;
  const byName = (a, b) => store.title(a).localeCompare(store.title(b));
  const channels = store.channels.filter((channel) => channel.kind !== "im").sort(byName);
  const app = store.appChannel();
  const ims = store.channels.filter((channel) => channel.kind === "im" && channel !== app).sort(byName);
  const home = row({
    href: store.hash({ view: "home" }),
    mark: icon("home"),
    label: "Home",
    testid: "app-home",
    current: store.route.view === "home",
  });
  nav.replaceChildren(
    el(
      "div",
      { class: "workspace" },
      el("span", { class: "workspace-name" }, store.team.name || "Sandbox"),
      el(
        "span",
        {
          class: `connection ${store.app.connections > 0 ? "on" : "off"}`,
          data: { testid: "app-connection" },
          title:
            store.app.connections > 0
              ? `${store.app.name} holds ${store.app.connections} open connection(s)`
              : `${store.app.name} has no open connection`,
        },
        store.app.connections > 0 ? `${store.app.name} is connected` : `${store.app.name} is not connected`,
      ),
    ),
    ...[
      group(store.app.name || "App", [home, app ? channelRow(app) : null].filter(Boolean)),
      group("Channels", channels.map(channelRow)),
      group("Direct messages", ims.map(channelRow)),
    ].filter(Boolean),
  );
  nav.scrollTop = scroll;
  if (focused) nav.querySelector(`[data-testid="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

/** Wires the drawer's ways out once. */
export function startSidebar() {
  veil().addEventListener("click", () => openDrawer(false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen()) openDrawer(false);
  });
}
