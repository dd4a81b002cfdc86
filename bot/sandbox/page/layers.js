// Things that lie above the page: popovers, menus, confirm dialogs and toasts, and which of them Escape closes.
// Modals of a bot are in modal.js; they only register here for Escape.

import { append, el, icon, trapTab, uid } from "./dom.js";
import { plain, textObject } from "./mrkdwn.js";

const stack = [];

/** Registers something that Escape closes while it is on top; returns the function that takes it off again. */
export function onEscape(close) {
  const entry = { close };
  stack.push(entry);
  return () => {
    const at = stack.indexOf(entry);
    if (at >= 0) stack.splice(at, 1);
  };
}

document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || stack.length === 0 || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    stack[stack.length - 1].close();
  },
  true,
);

const layer = () => document.getElementById("layer");

function place(panel, anchor, { matchWidth, align }) {
  const box = anchor.getBoundingClientRect();
  const below = window.innerHeight - box.bottom - 12;
  const above = box.top - 12;
  if (matchWidth) panel.style.minWidth = `${Math.min(Math.max(box.width, 160), window.innerWidth - 16)}px`;
  panel.style.maxHeight = "";
  const height = Math.min(panel.scrollHeight, 420);
  const up = height > below && above > below;
  panel.style.maxHeight = `${Math.max(120, Math.min(480, up ? above : below))}px`;
  const width = panel.offsetWidth;
  const left = align === "end" ? box.right - width : box.left;
  panel.style.left = `${Math.max(8, Math.min(left, window.innerWidth - width - 8))}px`;
  panel.style.top = up ? `${Math.max(8, box.top - 4 - panel.offsetHeight)}px` : `${box.bottom + 4}px`;
}

/**
 * Shows `content` beside `anchor`. Closes on Escape and on a press elsewhere. Returns {panel, close, move}.
 */
export function popover(anchor, content, options = {}) {
  const panel = el("div", { class: `popover ${options.className ?? ""}`.trim(), data: { testid: options.testid } });
  append(panel, content);
  layer().append(panel);
  const move = () => {
    if (!anchor.isConnected) close();
    else place(panel, anchor, options);
  };
  const outside = (event) => {
    if (!panel.contains(event.target) && !anchor.contains(event.target)) close();
  };
  let open = true;
  const release = onEscape(() => {
    close();
    options.returnFocus?.focus();
  });
  function close() {
    if (!open) return;
    open = false;
    release();
    panel.remove();
    document.removeEventListener("pointerdown", outside, true);
    window.removeEventListener("resize", move);
    document.removeEventListener("scroll", scrolled, true);
    options.onClose?.();
  }
  function scrolled(event) {
    if (!panel.contains(event.target)) move();
  }
  document.addEventListener("pointerdown", outside, true);
  window.addEventListener("resize", move);
  document.addEventListener("scroll", scrolled, true);
  move();
  return { panel, close, move };
}

/** A menu of {label, description, run, danger, testid}; arrow keys move, Enter runs. */
export function menu(anchor, items, { label, testid, align } = {}) {
  anchor.setAttribute("aria-expanded", "true");
  const handle = popover(anchor, [], {
    className: "menu",
    testid,
    align,
    returnFocus: anchor,
    onClose: () => anchor.setAttribute("aria-expanded", "false"),
  });
  const list = el("div", { role: "menu", "aria-label": label });
  for (const item of items) {
    list.append(
      el(
        "button",
        {
          type: "button",
          role: "menuitem",
          class: item.danger ? "menu-item danger" : "menu-item",
          tabindex: "-1",
          data: { testid: item.testid },
          on: {
            click: () => {
              handle.close();
              anchor.focus();
              item.run();
            },
          },
        },
        el("span", { class: "menu-label" }, item.label),
        item.description ? el("span", { class: "menu-note" }, item.description) : null,
      ),
    );
  }
  if (items.length === 0) list.append(el("div", { class: "menu-empty" }, "Nothing here."));
  list.addEventListener("keydown", (event) => {
    const all = [...list.querySelectorAll("[role=menuitem]")];
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Tab") handle.close();
    if (to === undefined || all.length === 0) return;
    event.preventDefault();
    all[(to + all.length) % all.length].focus();
  });
  handle.panel.append(list);
  handle.move();
  list.querySelector("[role=menuitem]")?.focus();
  return handle;
}

/** Asks a bot's confirm object; resolves true or false. Focus goes back where it was. */
export function askConfirm(confirm) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    const title = uid("confirm");
    const text = uid("confirm-text");
    const finish = (answer) => {
      release();
      veil.remove();
      if (before?.isConnected) before.focus();
      resolve(answer);
    };
    const release = onEscape(() => finish(false));
    const yes = el(
      "button",
      {
        type: "button",
        class: confirm.style === "danger" ? "button danger solid" : "button primary",
        data: { testid: "confirm-yes" },
        on: { click: () => finish(true) },
      },
      plain(confirm.confirm) || "Yes",
    );
    const no = el(
      "button",
      {
        type: "button",
        class: "button",
        data: { testid: "confirm-no" },
        on: { click: () => finish(false) },
      },
      plain(confirm.deny) || "Cancel",
    );
    const box = el(
      "div",
      {
        class: "confirm",
        role: "alertdialog",
        "aria-modal": "true",
        "aria-labelledby": title,
        "aria-describedby": text,
        data: { testid: "confirm" },
        on: { keydown: (event) => trapTab(event, box) },
      },
      el("h2", { id: title }, plain(confirm.title) || "Are you sure?"),
      el("div", { id: text, class: "confirm-text" }, textObject(confirm.text)),
      el("div", { class: "confirm-buttons" }, no, yes),
    );
    const veil = el("div", { class: "veil above" }, box);
    layer().append(veil);
    yes.focus();
  });
}

const hushed = new Map();
const HUSH_MS = 3000;

/** Takes away, and keeps away for a moment, a toast whose words another place on the page shows already. */
export function hush(text) {
  if (!text) return;
  hushed.set(text, performance.now());
  for (const note of document.querySelectorAll(".toast")) if (note.dataset.text === text) note.remove();
}

/** A short notice at the corner; errors stay longer. The same words are shown once at a time. */
export function toast(text, level = "info") {
  if (performance.now() - (hushed.get(text) ?? -HUSH_MS) < HUSH_MS) return;
  const box = document.getElementById("toasts");
  if ([...box.children].some((note) => note.dataset.text === text)) return;
  const remove = () => note.remove();
  const note = el(
    "div",
    { class: `toast ${level}`, data: { testid: "toast", text }, role: level === "error" ? "alert" : "status" },
    icon(level === "error" ? "warn" : "info"),
    el("span", {}, text),
    el(
      "button",
      { type: "button", class: "icon-button small", "aria-label": "Dismiss", on: { click: remove } },
      icon("close"),
    ),
  );
  while (box.children.length > 3) box.firstChild.remove();
  box.append(note);
  setTimeout(remove, level === "error" ? 12000 : 5000);
}
