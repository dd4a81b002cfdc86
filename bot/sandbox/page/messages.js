// A list of messages, in a channel or in a thread: loading, days, one row a message, scrolling. What is inside a
// message's blocks is the surface's; writing is in composer.js.

import { api } from "./api.js";
import { el, icon } from "./dom.js";
import { menu, toast } from "./layers.js";
import { author, files } from "./message_parts.js";
import { mrkdwn } from "./mrkdwn.js";
import { avatar, badge } from "./person.js";
import { store } from "./store.js";
import { Surface } from "./surface.js";
import { dayDivider, dayKey, full, time } from "./time.js";

const TOGETHER_SECONDS = 300;

/** Says a line to screen readers. */
function announce(text) {
  document.getElementById("announcer").textContent = text;
}

export class MessageList {
  /** `openThread(ts)` is called for a reply; without it the rows offer no replies (inside a thread). */
  constructor(root, { channel, thread = null, openThread = null }) {
    this.channel = channel;
    this.thread = thread;
    this.openThread = openThread;
    this.rows = new Map();
    this.days = new Map();
    this.first = true;
    this.wanted = 0;
    this.content = el("div", { class: "message-list" });
    this.pill = el(
      "button",
      {
        type: "button",
        class: "new-pill",
        hidden: true,
        data: { testid: "new-messages" },
        on: { click: () => this.toBottom() },
      },
      icon("down", "tiny"),
      "New messages",
    );
    this.scroll = el(
      "div",
      {
        class: "scroll",
        tabindex: "0",
        role: "region",
        "aria-label": thread ? "Thread" : "Messages",
        data: { testid: thread ? "thread-messages" : "messages" },
      },
      this.content,
    );
    root.append(el("div", { class: "scroll-frame" }, this.scroll, this.pill));
    this.pinned = true;
    this.scroll.addEventListener("scroll", () => {
      this.pinned = this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < 80;
      if (this.pinned) {
        this.pill.hidden = true;
        this.pinnedTop = this.scroll.scrollTop;
      }
    });
    // "Today" is another day after midnight.
    this.newDay = () => {
      if (this.shown && this.day !== dayKey(store.now(), store.zone)) this.show(this.shown);
    };
    store.on("clock", this.newDay);
    // Pictures and blocks that grow later must not push the newest message out of sight.
    this.observer = new ResizeObserver(() => {
      this.lookWhetherPinned();
      if (this.pinned) this.toBottom();
    });
    this.observer.observe(this.content);
    this.observer.observe(this.scroll);
  }

  end() {
    this.observer.disconnect();
    store.off("clock", this.newDay);
    this.wanted += 1;
  }

  toBottom() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
    this.pinnedTop = this.scroll.scrollTop;
    this.pinned = true;
    this.pill.hidden = true;
  }

  /**
   * A browser may report scrolling late; a position above the one set here says that somebody scrolled up. Content that
   * grew is no sign: it leaves the position as it was.
   */
  lookWhetherPinned() {
    if (this.scroll.scrollTop < (this.pinnedTop ?? 0) - 80) this.pinned = false;
  }

  /** After one's own message or command: whatever comes is wanted in sight. */
  follow() {
    this.toBottom();
    return this.load();
  }

  /** Fetches and shows; an answer that comes after a newer question is dropped. */
  async load() {
    this.wanted += 1;
    const mine = this.wanted;
    let messages;
    try {
      ({ messages } = await api.messages(this.channel, this.thread));
    } catch (error) {
      if (mine === this.wanted && this.first)
        this.content.replaceChildren(el("div", { class: "empty" }, error.message));
      return;
    }
    if (mine === this.wanted) this.show(messages);
  }

  show(messages) {
    this.lookWhetherPinned();
    this.shown = messages;
    this.day = dayKey(store.now(), store.zone);
    const inChannel = (message) =>
      !message.thread_ts || message.thread_ts === message.ts || message.subtype === "thread_broadcast";
    const list = this.thread ? messages : messages.filter(inChannel);
    const nodes = [];
    const keys = new Set();
    const fresh = [];
    let day = null;
    let before = null;
    if (list.length === 0) nodes.push(this.emptyNode());
    for (const message of list) {
      const at = Number(message.ts);
      const today = dayKey(at, store.zone);
      if (today !== day) nodes.push(this.dayNode(today, at));
      const key = `${message.ephemeral ? "e" : "m"}${message.ts}`;
      keys.add(key);
      if (!this.rows.has(key)) fresh.push(message);
      const row = this.row(key, message);
      row.node.classList.toggle("together", today === day && before !== null && this.together(before, message));
      nodes.push(row.node);
      if (this.thread && message.ts === this.thread && list.length > 1) nodes.push(this.repliesNode(list.length - 1));
      day = today;
      before = message;
    }
    for (const key of [...this.rows.keys()]) if (!keys.has(key)) this.rows.delete(key);
    this.sync(nodes);
    if (this.first) {
      this.toBottom();
    } else if (fresh.length > 0) {
      const last = fresh[fresh.length - 1];
      if (last.user !== store.me?.id) announce(`${author(last).name}: ${last.text || "new message"}`);
      if (this.pinned || last.user === store.me?.id) this.toBottom();
      else this.pill.hidden = false;
    }
    this.first = false;
  }

  together(before, message) {
    return (
      !message.bot_id &&
      before.user === message.user &&
      !before.ephemeral &&
      !message.ephemeral &&
      !before.bot_id &&
      !before.reply_count &&
      Number(message.ts) - Number(before.ts) < TOGETHER_SECONDS
    );
  }

  emptyNode() {
    this.empty ??= el("div", { class: "empty" }, "Nothing here yet. Say something below.");
    return this.empty;
  }

  repliesNode(count) {
    this.replies ??= el("div", { class: "divider-line replies-line", role: "separator" }, el("span", {}));
    this.replies.firstChild.textContent = `${count} ${count === 1 ? "reply" : "replies"}`;
    return this.replies;
  }

  dayNode(key, at) {
    if (!this.days.has(key))
      this.days.set(
        key,
        el("div", { class: "divider-line day-line", role: "separator", data: { testid: "day" } }, el("span", {})),
      );
    const node = this.days.get(key);
    const words = dayDivider(at, store.zone, store.now());
    if (node.firstChild.textContent !== words) node.firstChild.textContent = words;
    return node;
  }

  sync(nodes) {
    const wanted = new Set(nodes);
    for (const child of [...this.content.children]) if (!wanted.has(child)) child.remove();
    let at = this.content.firstChild;
    for (const node of nodes) {
      if (node === at) at = at.nextSibling;
      else this.content.insertBefore(node, at);
    }
  }

  row(key, message) {
    const json = `${JSON.stringify(message)} ${this.day}`;
    let row = this.rows.get(key);
    if (!row) {
      row = { json: null, node: null, surface: null, content: null };
      this.rows.set(key, row);
    }
    if (row.json === json) return row;
    row.json = json;
    this.draw(row, message);
    return row;
  }

  /** Draws around the surface, which stays the same object so that a half-made choice outlives an edit. */
  draw(row, message) {
    const who = author(message);
    const at = Number(message.ts);
    if (message.blocks?.length) {
      row.surface ??= new Surface({
        type: "message",
        channel: this.channel,
        message_ts: message.ts,
        ...(message.ephemeral ? { ephemeral: true } : {}),
      });
      row.surface.files = message.files ?? [];
      row.surface.update(message.blocks);
    } else {
      row.surface = null;
    }
    const words = row.surface
      ? row.surface.root
      : el("div", { class: "text", data: { testid: "message-text" } }, mrkdwn(message.text));
    const deleted = message.subtype === "tombstone";
    row.node ??= el("article", { class: "message", data: { testid: "message", ts: message.ts } });
    row.node.classList.toggle("ephemeral", Boolean(message.ephemeral));
    row.node.setAttribute("aria-label", `${who.name}, ${time(at, store.zone)}`);
    row.node.dataset.ephemeral = String(Boolean(message.ephemeral));
    const parts = [
      message.ephemeral ? el("div", { class: "ephemeral-mark" }, icon("eye", "tiny"), "Only visible to you") : null,
      el(
        "div",
        { class: "message-head" },
        el("span", { class: "author" }, who.name),
        who.app ? el("span", { class: "badge app" }, "APP") : badge(who.user),
        el(
          "time",
          { class: "message-time", datetime: new Date(at * 1000).toISOString(), title: full(at, store.zone) },
          time(at, store.zone),
        ),
      ),
      deleted ? el("div", { class: "note" }, "This message was deleted.") : words,
      message.edited && !deleted
        ? el(
            "span",
            {
              class: "edited",
              title: message.edited.ts ? full(Number(message.edited.ts), store.zone) : null,
              data: { testid: "edited" },
            },
            "(edited)",
          )
        : null,
      row.surface && (message.files ?? []).every((file) => JSON.stringify(message.blocks).includes(file.id))
        ? null
        : files(message.files),
      this.threadBar(message),
    ]
      .flat()
      .filter(Boolean);
    // The surface's root stays in its place: taking it out and in again would lose focus and open lists.
    const body = row.body ?? (row.body = el("div", { class: "message-body" }));
    const keep = new Set(parts);
    for (const child of [...body.children]) if (!keep.has(child)) child.remove();
    let next = body.firstChild;
    for (const part of parts) {
      if (part === next) next = next.nextSibling;
      else body.insertBefore(part, next);
    }
    if (!row.node.firstChild) {
      row.node.append(avatar(who.id, who.name, who.app ? "app" : ""), body, this.tools(row));
    }
    row.message = message;
  }

  threadBar(message) {
    if (!this.openThread || !message.reply_count) return null;
    const count = message.reply_count;
    return el(
      "button",
      {
        type: "button",
        class: "thread-bar",
        data: { testid: "reply-count" },
        on: { click: () => this.openThread(message.ts) },
      },
      icon("reply", "tiny"),
      `${count} ${count === 1 ? "reply" : "replies"}`,
    );
  }

  tools(row) {
    const more = el(
      "button",
      {
        type: "button",
        class: "icon-button small",
        "aria-label": "More actions",
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        data: { testid: "message-menu" },
      },
      icon("dots"),
    );
    more.addEventListener("click", () =>
      menu(more, this.menuItems(row), { label: "Message", testid: "message-menu-items", align: "end" }),
    );
    const reply = this.openThread
      ? el(
          "button",
          {
            type: "button",
            class: "icon-button small",
            "aria-label": "Reply in thread",
            data: { testid: "message-reply" },
            on: { click: () => this.openThread(row.message.thread_ts ?? row.message.ts) },
          },
          icon("reply"),
        )
      : null;
    const tools = el("div", { class: "message-tools" }, reply, more);
    if (row.node.dataset.ephemeral === "true") reply?.remove();
    return tools;
  }

  menuItems(row) {
    const message = row.message;
    const shortcuts = store.shortcuts
      .filter((shortcut) => shortcut.type === "message")
      .map((shortcut) => ({
        label: shortcut.name,
        description: shortcut.description || store.app.name,
        testid: `shortcut-${shortcut.callback_id}`,
        run: async () => {
          try {
            const answer = await api.shortcut(shortcut.callback_id, this.channel, message.ts);
            if (answer.ok === false) toast(answer.error ?? "The shortcut did not work.", "error");
          } catch (error) {
            toast(error.message, "error");
          }
        },
      }));
    const own = [];
    if (message.blocks?.length) {
      own.push({
        label: "Show the notification's text",
        description: "What phones and screen readers get",
        run: () => this.showAlt(row),
      });
    }
    own.push({
      label: "Copy the timestamp",
      description: message.ts,
      run: () => navigator.clipboard?.writeText(message.ts),
    });
    return message.ephemeral ? own : [...shortcuts, ...own];
  }

  showAlt(row) {
    const shown = row.body.querySelector(":scope > .alt-text");
    if (shown) {
      shown.remove();
      return;
    }
    row.body.append(
      el(
        "div",
        { class: "alt-text", data: { testid: "alt-text" } },
        el("strong", {}, "Notification text: "),
        mrkdwn(row.message.text),
      ),
    );
  }
}
