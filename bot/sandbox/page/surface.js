// One set of blocks on screen (a message, a modal, Home): draws it, keeps what people typed when the bot updates
// it, collects its state, and sends its actions. How each block looks is in blocks.js.

import { api, ApiError } from "./api.js";
import { renderBlock } from "./blocks.js";
import { el, icon, uid } from "./dom.js";
import { askConfirm, toast } from "./layers.js";
import { store } from "./store.js";
import { dayKey } from "./time.js";

const key = (blockId, actionId) => `${blockId}\n${actionId}`;

/** What a block's look follows from: itself, and for "today" and "yesterday" in it the day that it is. */
function looks(block) {
  const json = JSON.stringify(block);
  return json.includes("<!date^") ? `${json} ${dayKey(store.now(), store.zone)}` : json;
}

function sameButId(block) {
  const { block_id: _, ...rest } = block;
  return looks(rest);
}

export class Surface {
  /**
   * `container` is what the API calls so; `files` are the message's files, for pictures that name one.
   */
  constructor(container, { files = [], modal = false } = {}) {
    this.container = container;
    this.files = files;
    this.modal = modal;
    this.parts = [];
    this.root = el("div", { class: "blocks" });
  }

  /**
   * Draws `blocks`. A block that looks the same keeps its very nodes, so focus, scroll and open lists stay; a
   * changed one is drawn anew with the values of inputs whose block_id and action_id are the same, as Slack does.
   * `values` is the server's memory of them, for the first drawing after a reload.
   */
  update(blocks, values = {}) {
    const old = new Map(this.parts.map((part) => [part.key, part]));
    const inert = new Map(
      this.parts.filter((part) => part.controls.length === 0 && !part.live).map((part) => [part.content, part]),
    );
    this.carried = new Map(
      this.parts
        .flatMap((part) => part.controls)
        .map((control) => [key(control.blockId, control.actionId), control.read()]),
    );
    if (this.parts.length === 0) {
      for (const [blockId, entries] of Object.entries(values ?? {})) {
        for (const [actionId, entry] of Object.entries(entries)) this.carried.set(key(blockId, actionId), entry);
      }
    }
    const focus = this.rememberFocus();
    const used = new Set();
    const seen = new Set();
    this.parts = (blocks ?? []).map((block, index) => {
      let blockId = block.block_id ?? `block-${index}`;
      if (seen.has(blockId)) blockId = `${blockId}#${index}`;
      seen.add(blockId);
      const json = looks(block);
      const content = sameButId(block);
      const was = old.get(blockId);
      if (was && was.json === json && !used.has(was)) {
        used.add(was);
        return was;
      }
      const twin = inert.get(content);
      if (twin && !used.has(twin)) {
        used.add(twin);
        twin.node.dataset.blockId = blockId;
        return { ...twin, key: blockId, json };
      }
      return this.draw(block, blockId, json, content);
    });
    this.carried = new Map();
    this.sync(this.parts.map((part) => part.node));
    focus();
  }

  draw(block, blockId, json, content) {
    const controls = [];
    const part = { key: blockId, json, content, controls, live: false, node: null };
    const context = {
      surface: this,
      block,
      blockId,
      modal: this.modal,
      file: (ref) =>
        this.files.find(
          (file) => file.id === ref?.id || (ref?.url && [file.url_private, file.permalink].includes(ref.url)),
        ),
      // What is pressed names its block, so it is drawn anew where the block's id is another one.
      live: () => {
        part.live = true;
      },
      register: (control) => controls.push({ blockId, ...control }),
      carried: (actionId, type) => {
        const entry = this.carried.get(key(blockId, actionId));
        return entry && entry.type === type ? entry : undefined;
      },
      fire: (element, value) => this.fire(blockId, element, value),
      options: (actionId, value) => api.options(this.container, blockId, actionId, value),
    };
    part.node = renderBlock(block, context);
    part.node.dataset.blockId = blockId;
    return part;
  }

  /** Puts `nodes` in order without moving those that are in place already: a moved node would lose its focus. */
  sync(nodes) {
    const wanted = new Set(nodes);
    for (const child of [...this.root.children]) if (!wanted.has(child)) child.remove();
    let at = this.root.firstChild;
    for (const node of nodes) {
      if (node === at) at = at.nextSibling;
      else this.root.insertBefore(node, at);
    }
  }

  rememberFocus() {
    const active = document.activeElement;
    if (!active || !this.root.contains(active) || !active.dataset.focusKey) return () => {};
    const focusKey = active.dataset.focusKey;
    const range = typeof active.selectionStart === "number" ? [active.selectionStart, active.selectionEnd] : null;
    return () => {
      if (active.isConnected) return;
      const again = [...this.root.querySelectorAll("[data-focus-key]")].find(
        (node) => node.dataset.focusKey === focusKey,
      );
      if (!again) return;
      again.focus({ preventScroll: true });
      if (range && typeof again.setSelectionRange === "function") {
        try {
          again.setSelectionRange(...range);
        } catch {
          // Number and e-mail fields have no selection to set.
        }
      }
    };
  }

  /** {block_id: {action_id: {type, …}}} of everything shown that holds a value. */
  state() {
    const values = {};
    for (const control of this.parts.flatMap((part) => part.controls)) {
      values[control.blockId] ??= {};
      values[control.blockId][control.actionId] = control.read();
    }
    return values;
  }

  /** What the page itself can say is missing or wrong, before anything is sent: {block_id: sentence}. */
  check() {
    const errors = {};
    for (const control of this.parts.flatMap((part) => part.controls)) {
      const problem = control.problem?.();
      if (problem) errors[control.blockId] = problem;
    }
    return errors;
  }

  /** Shows each error under its field and takes the others away; the first one gets the focus. */
  setErrors(errors) {
    let first = null;
    const unplaced = [];
    for (const part of this.parts) {
      part.node.querySelector(":scope > .field-error")?.remove();
      part.node.classList.remove("has-error");
      for (const field of part.node.querySelectorAll("[aria-invalid]")) {
        field.removeAttribute("aria-invalid");
        field.removeAttribute("aria-errormessage");
      }
    }
    for (const [blockId, text] of Object.entries(errors ?? {})) {
      const part = this.parts.find((candidate) => candidate.key === blockId);
      if (!part) {
        unplaced.push(text);
        continue;
      }
      const id = uid("error");
      part.node.append(
        el(
          "div",
          { class: "field-error", id, role: "alert", data: { testid: "field-error", block: blockId } },
          icon("warn"),
          el("span", {}, text),
        ),
      );
      part.node.classList.add("has-error");
      const field = part.node.querySelector("[data-focus-key]");
      field?.setAttribute("aria-invalid", "true");
      field?.setAttribute("aria-errormessage", id);
      first ??= field ?? part.node;
    }
    first?.scrollIntoView({ block: "center", behavior: "auto" });
    first?.focus?.({ preventScroll: true });
    return unplaced;
  }

  /**
   * Sends one action, after the element's confirm if it has one. Resolves false when the person said no, so that
   * the element can go back to what it showed.
   */
  async fire(blockId, element, value) {
    if (element.confirm && !(await askConfirm(element.confirm))) return false;
    try {
      const answer = await api.action(this.container, blockId, element.action_id, value, this.state());
      if (answer.ok === false) toast(answer.error ?? "This app did not respond.", "error");
    } catch (error) {
      toast(error instanceof ApiError ? error.message : String(error), "error");
    }
    return true;
  }
}
