// Starts the page and routes: from the location's hash to a person and a place, and from the stream's news to the
// modules that show them. The server's side of every call is described in ../page_api.py.
//
// Hooks for tests (data-testid):
//   person-switcher (data-person), person-list, person-ID      the person acting, and the list to choose from
//   channel-NAME, app-dm, app-home, dm-ID, each with …-unread  places in the sidebar; sidebar-toggle on phones
//   app-connection                                             whether the bot holds a connection
//   place-title, tab-home, tab-messages                        the head of the open place
//   messages, thread-messages                                  the scrolling lists; day is a divider between days
//   message (data-ts, data-ephemeral), message-text            one message; its text when it has no blocks
//   reply-count, message-reply, message-menu, edited, alt-text parts of a message
//   shortcut-CALLBACK_ID                                       entries of the message menu and of shortcuts-menu
//   composer, thread-composer, send, shortcuts, upload         writing; usage-hint, suggestions, command-NAME (no slash),
//                                                              mention-NAME, composer-notice beside it
//   outsider                                                   stands instead of the composer where one is no member
//   thread, thread-close                                       the panel at the right
//   button-ACTION_ID, overflow-ACTION_ID, field-ACTION_ID      elements of blocks; option-VALUE in open lists, menus,
//                                                              checkboxes and radio buttons; options is the open list
//   confirm, confirm-yes, confirm-no                           a bot's confirm dialog
//   modal (data-view), modal-submit, modal-close, modal-x      the topmost modal; modal-error is its banner
//   field-error (data-block)                                   an error under a field
//   home                                                       the app's Home
//   tab-canvas-ID, canvas, canvas-edit, canvas-field, canvas-save, canvas-cancel, canvas-delete  a channel's canvases
//   guide, guide-open, guide-close                             a few lines on where to begin, if there are any
//   clock-now (data-epoch), clock-home, clock-busy             the clock; clock-jump, clock-sleep open panels with
//   clock-MODE-to, clock-MODE-go, clock-MODE-hour/0730/0900/monday; clock-toggle (data-running), clock-rate
//   inspector-toggle, wire-row (data-n, data-name), wire-filter, faults, fault-method, fault-kind, fault-times,
//   fault-seconds, fault-add, fault-release, fault-clear, disconnect  the inspector; toast; link (data-state live|polling)

import { api } from "./api.js";
import { CanvasView } from "./canvas.js";
import { clockBar } from "./clock.js";
import { Composer } from "./composer.js";
import { debounce, el, fill, icon } from "./dom.js";
import { guideButton, startGuide } from "./guide.js";
import { channelTabs, head, tabs } from "./heading.js";
import { Home } from "./home.js";
import { inspectorButton, wireNews } from "./inspector.js";
import { toast } from "./layers.js";
import { MessageList } from "./messages.js";
import { loadStack, showStack } from "./modal.js";
import { avatar, badge, personSwitcher } from "./person.js";
import { drawSidebar, startSidebar } from "./sidebar.js";
import { store } from "./store.js";
import { listen } from "./stream.js";

const REMEMBERED = "sandbox-person";

let hangUp = () => {};
let place = null;
let thread = null;

const main = () => document.getElementById("main");
const threadPanel = () => document.getElementById("thread");

const remembered = () => {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
};

const remember = (as) => {
  try {
    localStorage.setItem(REMEMBERED, as);
  } catch {
    // A browser that keeps nothing only forgets the last person.
  }
};

async function refreshState(anew = false) {
  const as = store.route.as;
  try {
    const state = await api.state(as);
    if (as === store.route.as) store.takeState(state, anew);
  } catch {
    // The next change or poll asks again.
  }
}
const refreshSoon = debounce(() => refreshState(), 120);

// Marking as read is for what a person can see; a page in the background reads nothing.
const markRead = debounce(async () => {
  const channel = store.route.channel;
  if (store.route.view !== "channel" || !channel || document.hidden) return;
  if (!store.channel(channel)?.unread) return;
  try {
    await api.read(channel);
    refreshSoon();
  } catch {
    // An unread mark that stays is no reason to disturb anybody.
  }
}, 150);

function showHome() {
  place = { kind: "home", home: new Home(main()), end: () => place.home.end() };
  main().prepend(
    head(store.app.name, {
      mark: avatar(store.app.bot_user_id, store.app.name, "app mini"),
      extra: el("span", { class: "badge app" }, "APP"),
      below: tabs("home"),
    }),
  );
  place.home.open();
}

function showChannel(channel) {
  const im = channel.kind === "im";
  const app = store.withApp(channel);
  const title = app ? store.app.name : store.title(channel);
  const user = im ? store.user(channel.user) : null;
  main().append(
    head(title, {
      mark: im
        ? avatar(app ? store.app.bot_user_id : channel.user, title, app ? "app mini" : "mini")
        : icon(channel.kind === "private" ? "lock" : "hash"),
      note: channel.topic,
      extra: app ? el("span", { class: "badge app" }, "APP") : badge(user),
      below: app ? tabs("messages") : im ? null : channelTabs(channel, store.route.canvas),
    }),
  );
  if (store.route.canvas) {
    const canvas = new CanvasView(main(), { channel: channel.id, id: store.route.canvas });
    place = { kind: "canvas", channel: channel.id, canvas, end: () => canvas.end() };
    canvas.load();
    return;
  }
  const list = new MessageList(main(), {
    channel: channel.id,
    openThread: (ts) => {
      location.hash = store.hash({ view: "channel", channel: channel.id, thread: ts });
    },
  });
  if (channel.is_member === false) {
    main().append(
      el(
        "div",
        { class: "composer-area" },
        el(
          "p",
          { class: "outsider", data: { testid: "outsider" } },
          `${store.me.real_name || store.me.name} is not in #${channel.name}, and can read but not write here.`,
        ),
      ),
    );
    place = { kind: "channel", channel: channel.id, list, end: () => list.end() };
    list.load();
    return;
  }
  const composer = new Composer(main(), {
    channel: channel.id,
    placeholder: im ? `Message ${title}` : `Message #${title}`,
    onSent: () => list.follow(),
  });
  place = { kind: "channel", channel: channel.id, list, composer, end: () => list.end() };
  list.load();
  markRead();
}

function showThread() {
  const { channel, thread: ts, view } = store.route;
  const wanted = view === "channel" && channel && ts ? `${channel}/${ts}` : null;
  if (thread?.key === wanted) return;
  thread?.list.end();
  thread = null;
  const panel = threadPanel();
  panel.replaceChildren();
  panel.hidden = wanted === null;
  document.body.classList.toggle("threading", wanted !== null);
  if (wanted === null) return;
  const title = store.title(store.channel(channel));
  const close = el(
    "a",
    {
      class: "icon-button",
      href: store.hash({ view: "channel", channel }),
      "aria-label": "Close the thread",
      data: { testid: "thread-close" },
    },
    icon("close"),
  );
  panel.dataset.testid = "thread";
  panel.append(
    el("header", { class: "panel-head" }, el("h2", {}, "Thread"), el("span", { class: "place-topic" }, title), close),
  );
  const list = new MessageList(panel, { channel, thread: ts });
  const composer = new Composer(panel, { channel, thread: ts, placeholder: "Reply…", onSent: () => list.follow() });
  thread = { key: wanted, list, composer };
  list.load();
  composer.focus();
}

function placeKey() {
  const { route } = store;
  const channel = store.channel(route.channel);
  return route.view === "home" ? "home" : `channel/${channel?.id}/${channel?.is_member}/${route.canvas ?? ""}`;
}

/** The tabs above a channel follow its canvases, and leave what is below them alone. */
function drawTabs() {
  const channel = store.channel(store.route.channel);
  const nav = main().querySelector(".place-head .tabs");
  if (store.route.view !== "channel" || !channel || channel.kind === "im" || !nav) return;
  nav.replaceWith(channelTabs(channel, store.route.canvas));
}

/** Shows the place of the route, building it anew only when it is another one. */
function showPlace() {
  const { route } = store;
  const channel = store.channel(route.channel);
  const key = placeKey();
  if (place?.key !== key) {
    place?.end?.();
    place = null;
    main().replaceChildren();
    if (route.view === "home") showHome();
    else if (channel) showChannel(channel);
    else
      main().append(
        head("Nothing here", { mark: icon("hash") }),
        el("div", { class: "empty" }, "Choose a conversation at the left."),
      );
    place = { ...(place ?? {}), key };
    if (place.composer && !window.matchMedia("(hover: none)").matches) place.composer.focus();
  }
  showThread();
  drawSidebar();
  title();
}

function title() {
  const unread = store.channels.reduce((sum, channel) => sum + (channel.unread ?? 0), 0);
  const where =
    store.route.view === "home" ? `${store.app.name} Home` : store.title(store.channel(store.route.channel));
  document.title = `${unread > 0 ? `(${unread}) ` : ""}${where || "Sandbox"} · ${store.me?.real_name ?? ""}`;
}

const reload = debounce(() => place?.list?.load(), 25);
const reloadThread = debounce(() => thread?.list.load(), 25);

function onEvent(event) {
  switch (event.type) {
    case "message":
    case "message_changed":
    case "message_deleted":
    case "ephemeral":
      if (event.channel === place?.channel) {
        reload();
        if (thread) reloadThread();
      }
      refreshSoon();
      break;
    case "canvas":
      if (event.id === store.route.canvas) place?.canvas?.load();
      break;
    case "view":
      showStack(event.stack);
      break;
    case "home":
      if (place?.home) place.home.show(event.view);
      break;
    case "state":
      refreshSoon();
      break;
    case "clock":
      store.takeClock(event);
      break;
    case "wire":
      wireNews();
      break;
    case "toast":
      toast(event.text, event.level);
      break;
    default:
      break;
  }
}

function onPoll() {
  refreshState(true);
  loadStack();
  place?.list?.load();
  place?.home?.load();
  place?.canvas?.load();
  thread?.list.load();
  wireNews();
}

/** Becomes another person: everything shown is theirs, so everything is fetched and built again. */
async function become(route) {
  let state;
  try {
    state = await api.state(route.as);
  } catch (error) {
    if (!route.as) throw error;
    // The hash or the browser's memory may name somebody of another workspace.
    state = await api.state("");
  }
  hangUp();
  place?.end?.();
  thread?.list.end();
  place = null;
  thread = null;
  showStack([]);
  store.me = null;
  store.route = route;
  store.takeState(state, true);
  store.route = { ...route, as: store.me.id };
  remember(store.me.id);
  hangUp = listen(store.me.id, {
    onEvent,
    onPoll,
    onLink: (link) => {
      const node = document.querySelector('[data-testid="link"]');
      node.dataset.state = link;
      node.hidden = link === "live";
    },
  });
  loadStack();
}

const first = () =>
  store.channels.find((channel) => channel.kind !== "im" && channel.is_member !== false) ?? store.channels[0] ?? null;

async function follow() {
  // Who comes without an address sees first what the app shows them.
  const wanted = store.parse(location.hash) ?? { as: remembered(), view: "home", channel: null, thread: null, canvas: null };
  if (!store.me || wanted.as !== store.me.id) {
    await become(wanted);
  } else {
    store.route = wanted;
  }
  const { route } = store;
  if (route.view === "channel" && !store.channel(route.channel)) {
    // The place is not this person's to see (or none was named): go where they would start.
    store.route = { ...route, channel: first()?.id ?? null, thread: null, canvas: null };
  }
  const hash = store.hash({ ...store.route });
  if (location.hash !== hash) history.replaceState(null, "", hash);
  showPlace();
  markRead();
}

let following = Promise.resolve();
/** One move at a time: a quick second press must not overtake the first. */
function followNext() {
  following = following.then(follow).catch((error) => {
    console.error(error);
    fill(
      main(),
      el(
        "div",
        { class: "empty" },
        `${error.message} `,
        el("button", { type: "button", class: "button", on: { click: () => location.reload() } }, "Try again"),
      ),
    );
  });
}

function start() {
  const link = el(
    "span",
    { class: "link-state", role: "status", hidden: true, data: { testid: "link" } },
    "Connection lost; asking every two seconds",
  );
  document
    .getElementById("bar")
    .append(
      el("div", { class: "bar-who" }, el("span", { class: "bar-label" }, "Acting as"), personSwitcher()),
      link,
      clockBar(),
      guideButton(),
      inspectorButton(),
    );
  startGuide();
  startSidebar();
  store.on("state", () => {
    if (!place) return;
    // Joining or leaving a channel changes what one can do in it.
    if (store.route.as === store.me?.id && place.key !== placeKey()) showPlace();
    drawSidebar();
    drawTabs();
    title();
    markRead();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) markRead();
  });
  window.addEventListener("hashchange", followNext);
  followNext();
}

start();
