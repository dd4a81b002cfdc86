// Where people write: text, slash commands with suggestions, mentions, files, and the menu of global shortcuts.
// Nothing is shown as sent here; the message comes back through the stream.

import { api, base64 } from "./api.js";
import { el, fill, icon, uid } from "./dom.js";
import { hush, menu, onEscape, toast } from "./layers.js";
import { mrkdwn } from "./mrkdwn.js";
import { store } from "./store.js";

const drafts = new Map();

const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

export class Composer {
  constructor(root, { channel, thread = null, placeholder, onSent = () => {} }) {
    this.channel = channel;
    this.thread = thread;
    this.onSent = onSent;
    this.key = `${store.route.as}/${channel}/${thread ?? ""}`;
    this.busy = false;
    this.listId = uid("suggest");
    this.suggestions = [];
    this.active = 0;
    this.field = el("textarea", {
      class: "composer-field",
      rows: "1",
      placeholder,
      "aria-label": placeholder,
      data: { testid: thread ? "thread-composer" : "composer" },
      "aria-autocomplete": "list",
      "aria-controls": this.listId,
    });
    this.field.value = drafts.get(this.key) ?? "";
    this.list = el("div", {
      class: "suggest",
      id: this.listId,
      role: "listbox",
      "aria-label": "Suggestions",
      hidden: true,
      data: { testid: "suggestions" },
    });
    this.hint = el("div", { class: "usage-hint", hidden: true, data: { testid: "usage-hint" } });
    this.notice = el("div", {
      class: "composer-notice",
      role: "alert",
      hidden: true,
      data: { testid: "composer-notice" },
    });
    this.sendButton = el(
      "button",
      {
        type: "button",
        class: "icon-button send",
        "aria-label": "Send",
        data: { testid: "send" },
        on: { click: () => this.send() },
      },
      icon("send"),
    );
    const bolt = el(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Shortcuts",
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        hidden: !store.shortcuts.some((shortcut) => shortcut.type === "global"),
        data: { testid: "shortcuts" },
      },
      icon("bolt"),
    );
    bolt.addEventListener("click", () => this.shortcuts(bolt));
    const picker = el("input", {
      type: "file",
      hidden: true,
      "aria-hidden": "true",
      tabindex: "-1",
      data: { testid: "upload" },
    });
    picker.addEventListener("change", () => this.upload(picker));
    const clip = el(
      "button",
      { type: "button", class: "icon-button", "aria-label": "Add a file", on: { click: () => picker.click() } },
      icon("clip"),
    );
    this.root = el(
      "div",
      { class: "composer-area" },
      this.notice,
      this.hint,
      el(
        "div",
        { class: "composer" },
        this.list,
        this.field,
        el(
          "div",
          { class: "composer-tools" },
          thread ? null : bolt,
          clip,
          picker,
          el("span", { class: "composer-help" }, "Enter sends, Shift+Enter adds a line"),
          this.sendButton,
        ),
      ),
    );
    root.append(this.root);
    this.field.addEventListener("input", () => this.changed());
    this.field.addEventListener("click", () => this.suggest());
    this.field.addEventListener("keydown", (event) => this.keydown(event));
    this.field.addEventListener("blur", () => setTimeout(() => this.showSuggestions([]), 150));
    this.fit();
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }

  fit() {
    this.field.style.height = "auto";
    const most = Math.min(240, window.innerHeight * 0.4);
    if (this.field.scrollHeight > 0) this.field.style.height = `${Math.min(this.field.scrollHeight, most)}px`;
    this.sendButton.classList.toggle("ready", this.field.value.trim() !== "");
  }

  changed() {
    drafts.set(this.key, this.field.value);
    this.fit();
    this.suggest();
  }

  say(text, who = "Slackbot") {
    this.notice.hidden = false;
    fill(
      this.notice,
      el("div", { class: "ephemeral-mark" }, icon("eye", "tiny"), "Only visible to you"),
      el("div", {}, el("strong", {}, `${who} `), mrkdwn(escape(text))),
      el(
        "button",
        {
          type: "button",
          class: "icon-button small",
          "aria-label": "Dismiss",
          on: {
            click: () => {
              this.notice.hidden = true;
            },
          },
        },
        icon("close", "tiny"),
      ),
    );
  }

  command() {
    return /^(\/\S+)(?:\s+([\s\S]*))?$/.exec(this.field.value.replace(/\s+$/, ""));
  }

  suggest() {
    const text = this.field.value;
    const upTo = text.slice(0, this.field.selectionStart);
    const slash = /^\/\S*$/.exec(upTo);
    const at = /(?:^|[\s(])([@#])([\w.-]*)$/.exec(upTo);
    const spoken = store.commands.find(
      (command) => text.startsWith(`${command.command} `) || text === command.command,
    );
    this.hint.hidden = !(spoken && text.includes(" "));
    if (!this.hint.hidden)
      fill(this.hint, el("code", {}, spoken.command), " ", spoken.usage_hint || spoken.description || "");
    if (slash) {
      this.showSuggestions(
        store.commands
          .filter((command) => command.command.startsWith(upTo))
          .map((command) => ({
            label: command.command,
            hint: command.usage_hint,
            note: command.description,
            done: upTo === command.command,
            take: () => this.replace(0, text.length, `${command.command} `),
            testid: `command-${command.command.slice(1)}`,
          })),
      );
    } else if (at) {
      const word = at[2].toLowerCase();
      const start = upTo.length - at[2].length;
      const found =
        at[1] === "@"
          ? store.users
              .filter((user) =>
                `${user.name} ${user.real_name}`
                  .toLowerCase()
                  .split(/\s+/)
                  .some((part) => part.startsWith(word)),
              )
              .map((user) => ({ name: user.name, label: user.real_name || user.name, note: `@${user.name}` }))
          : store.channels
              .filter((channel) => channel.kind !== "im" && channel.name.startsWith(word))
              .map((channel) => ({ name: channel.name, label: `#${channel.name}`, note: channel.topic }));
      this.showSuggestions(
        found.slice(0, 8).map((entry) => ({
          ...entry,
          done: entry.name === at[2],
          take: () => this.replace(start, upTo.length, `${entry.name} `),
          testid: `mention-${entry.name}`,
        })),
      );
    } else {
      this.showSuggestions([]);
    }
  }

  replace(start, end, text) {
    const { value } = this.field;
    this.field.value = value.slice(0, start) + text + value.slice(end);
    this.field.selectionStart = start + text.length;
    this.field.selectionEnd = start + text.length;
    this.field.focus();
    this.changed();
  }

  showSuggestions(items) {
    this.suggestions = items;
    this.active = 0;
    this.list.hidden = items.length === 0;
    fill(
      this.list,
      items.map((item, index) =>
        el(
          "div",
          {
            role: "option",
            id: `${this.listId}-${index}`,
            class: "suggestion",
            "aria-selected": "false",
            data: { testid: item.testid },
            on: { pointerdown: (event) => event.preventDefault(), click: () => item.take() },
          },
          el(
            "span",
            { class: "suggestion-head" },
            el("strong", {}, item.label),
            item.hint ? el("span", { class: "suggestion-hint" }, item.hint) : null,
          ),
          item.note ? el("span", { class: "suggestion-note" }, item.note) : null,
        ),
      ),
    );
    this.release?.();
    this.release = items.length > 0 ? onEscape(() => this.showSuggestions([])) : null;
    this.mark();
  }

  mark() {
    [...this.list.children].forEach((node, index) => {
      node.classList.toggle("active", index === this.active);
      node.setAttribute("aria-selected", String(index === this.active));
      if (index === this.active) node.scrollIntoView({ block: "nearest" });
    });
    if (this.suggestions.length > 0)
      this.field.setAttribute("aria-activedescendant", `${this.listId}-${this.active}`);
    else this.field.removeAttribute("aria-activedescendant");
  }

  keydown(event) {
    if (event.isComposing) return;
    const open = this.suggestions.length > 0;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.active =
        (this.active + (event.key === "ArrowDown" ? 1 : -1) + this.suggestions.length) % this.suggestions.length;
      this.mark();
    } else if (open && event.key === "Tab") {
      event.preventDefault();
      this.suggestions[this.active].take();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      const choice = this.suggestions[this.active];
      // What is typed in full is sent; a half-typed command or name is completed first.
      if (open && !choice.done) choice.take();
      else this.send();
    }
  }

  async send() {
    const text = this.field.value.trim();
    if (!text || this.busy) return;
    this.notice.hidden = true;
    const command = this.field.value.startsWith("/") ? this.command() : null;
    if (command && this.thread) {
      this.say(`${command[1]} is not supported in threads. Sorry!`);
      return;
    }
    if (command && !store.commands.some((known) => known.command === command[1])) {
      this.say(
        `${command[1]} is not a valid command. In Slack, all messages that start with the “/” character are interpreted as commands. To send a message instead, put a space before the “/”.`,
      );
      return;
    }
    this.busy = true;
    this.showSuggestions([]);
    this.field.value = "";
    this.changed();
    this.root.classList.add("sending");
    try {
      if (command) {
        const answer = await api.command(this.channel, command[1], command[2] ?? "");
        if (answer.ok === false) {
          hush(answer.error);
          this.say(answer.error ?? `${command[1]} did not work.`);
        }
      } else {
        // The server escapes it and turns @name and #channel into references, as Slack's client does.
        await api.message(this.channel, text, this.thread);
      }
      this.onSent();
    } catch (error) {
      // What was typed must not be lost to a refusal.
      if (this.field.value === "") this.field.value = text;
      this.changed();
      this.say(error.message, "Sandbox");
    } finally {
      this.busy = false;
      this.root.classList.remove("sending");
    }
  }

  shortcuts(button) {
    const items = store.shortcuts
      .filter((shortcut) => shortcut.type === "global")
      .map((shortcut) => ({
        label: shortcut.name,
        description: shortcut.description || store.app.name,
        testid: `shortcut-${shortcut.callback_id}`,
        run: async () => {
          try {
            const answer = await api.shortcut(shortcut.callback_id);
            if (answer.ok === false) toast(answer.error ?? "The shortcut did not work.", "error");
          } catch (error) {
            toast(error.message, "error");
          }
        },
      }));
    menu(button, items, { label: "Shortcuts", testid: "shortcuts-menu" });
  }

  async upload(picker) {
    const file = picker.files[0];
    if (!file) return;
    try {
      await api.upload(this.channel, file.name, await base64(file));
      this.onSent();
    } catch (error) {
      this.say(error.message, "Sandbox");
    } finally {
      picker.value = "";
    }
  }
}
