// The acting person's stack of modals: shows the topmost, keeps what was typed in those below, submits and closes.
// Which views are open is the server's to say; this module only follows.

import { api, ApiError } from "./api.js";
import { el, focusable, icon, trapTab, uid } from "./dom.js";
import { hush, onEscape } from "./layers.js";
import { plain } from "./mrkdwn.js";
import { store } from "./store.js";
import { Surface } from "./surface.js";

const TROUBLE = "We had some trouble connecting. Try again?";

const host = () => document.getElementById("modals");
const slack = () => document.getElementById("slack");

let open = [];
let before = null;
let shows = 0;

class Modal {
  constructor(view) {
    this.id = view.id;
    this.busy = false;
    this.surface = new Surface({ type: "view", view_id: view.id }, { modal: true });
    this.titleId = uid("modal");
    this.title = el("h2", { id: this.titleId });
    this.banner = el("div", { class: "modal-banner", role: "alert", hidden: true, data: { testid: "modal-error" } });
    this.back = el(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Back",
        hidden: true,
        on: { click: () => this.close(false) },
      },
      icon("left"),
    );
    this.x = el(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Close all",
        data: { testid: "modal-x" },
        on: { click: () => this.close(true) },
      },
      icon("close"),
    );
    this.closeButton = el("button", {
      type: "button",
      class: "button",
      data: { testid: "modal-close" },
      on: { click: () => this.close(false) },
    });
    this.submitButton = el("button", {
      type: "button",
      class: "button primary",
      data: { testid: "modal-submit" },
      on: { click: () => this.submit() },
    });
    this.body = el("div", { class: "modal-body", tabindex: "-1" }, this.banner, this.surface.root);
    this.foot = el(
      "footer",
      { class: "modal-foot" },
      el("span", { class: "modal-app" }, store.app.name),
      this.closeButton,
      this.submitButton,
    );
    this.box = el(
      "div",
      {
        class: "modal",
        role: "dialog",
        "aria-modal": "true",
        "aria-labelledby": this.titleId,
        tabindex: "-1",
        data: { testid: "modal", view: view.id },
      },
      el(
        "header",
        { class: "modal-head" },
        this.back,
        el("span", { class: "modal-mark", "aria-hidden": "true" }, (store.app.name || "A").charAt(0)),
        this.title,
        this.x,
      ),
      this.body,
      this.foot,
    );
    this.veil = el("div", { class: "veil" }, this.box);
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.submit();
        return;
      }
      trapTab(event, this.box);
    });
    this.json = null;
  }

  update(view, depth) {
    this.view = view;
    this.back.hidden = depth === 0;
    const json = JSON.stringify([view.title, view.submit, view.close, view.blocks, view.callback_id]);
    if (json === this.json) return;
    this.json = json;
    this.title.textContent = plain(view.title) || "Untitled";
    this.closeButton.textContent = plain(view.close) || "Close";
    this.submitButton.textContent = plain(view.submit) || "Submit";
    this.submitButton.hidden = !view.submit;
    this.banner.hidden = true;
    this.surface.update(view.blocks, view.state?.values);
  }

  focusFirst() {
    const wanted = this.surface.root.querySelector("[data-focus-key]") ?? focusable(this.body)[0] ?? this.box;
    // On phones a focused field would raise the keyboard over the form before it was read.
    if (window.matchMedia("(hover: none)").matches) this.box.focus();
    else wanted.focus({ preventScroll: true });
  }

  fail(text) {
    this.banner.replaceChildren(icon("warn"), el("span", {}, text));
    this.banner.hidden = false;
    this.body.scrollTop = 0;
  }

  wait(on) {
    this.busy = on;
    this.submitButton.classList.toggle("waiting", on);
    this.submitButton.setAttribute("aria-busy", String(on));
  }

  async submit() {
    if (this.busy || !this.view.submit) return;
    this.banner.hidden = true;
    const missing = this.surface.check();
    this.surface.setErrors(missing);
    if (Object.keys(missing).length > 0) return;
    this.wait(true);
    try {
      const answer = await api.submit(this.id, this.surface.state());
      if (answer.errors) {
        const unplaced = this.surface.setErrors(answer.errors);
        if (unplaced.length > 0) this.fail(unplaced.join(" "));
      } else if (answer.ok === false) {
        // Slack says the same sentence whatever went wrong; the wire shows the reason.
        hush(answer.error);
        this.fail(TROUBLE);
        this.banner.title = answer.error ?? "";
      } else {
        await refresh();
      }
    } catch (error) {
      this.fail(error instanceof ApiError && error.status >= 400 && error.status < 500 ? error.message : TROUBLE);
    } finally {
      this.wait(false);
    }
  }

  async close(all) {
    if (this.closing) return;
    this.closing = true;
    try {
      await api.close(this.id, all);
      await refresh();
    } catch (error) {
      this.fail(error.message);
    } finally {
      this.closing = false;
    }
  }
}

async function refresh() {
  const as = store.route.as;
  const before = shows;
  const { stack } = await api.views();
  // The stream may have told of a newer stack while this answer was on its way.
  if (as === store.route.as && before === shows) showStack(stack);
}

/** Follows the server's stack (bottom first). */
export function showStack(stack) {
  shows += 1;
  const views = stack ?? [];
  const was = open[open.length - 1] ?? null;
  open = views.map((view, depth) => {
    const modal = open.find((candidate) => candidate.id === view.id) ?? new Modal(view);
    modal.update(view, depth);
    return modal;
  });
  const top = open[open.length - 1] ?? null;
  if (top === was) return;
  was?.veil.remove();
  was?.release?.();
  if (top) {
    if (!was) before = document.activeElement;
    slack().inert = true;
    host().append(top.veil);
    top.release = onEscape(() => top.close(false));
    top.focusFirst();
  } else {
    slack().inert = false;
    if (before?.isConnected) before.focus({ preventScroll: true });
    before = null;
  }
}

/** Fetches the stack, e.g. after a person switch. */
export async function loadStack() {
  try {
    await refresh();
  } catch {
    // The stream or the next poll brings it.
  }
}
