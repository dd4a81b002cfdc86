// Building DOM nodes by hand. Text always becomes a text node, never markup, so nothing a person or a bot
// writes can run in the page. No state and no knowledge of Slack is here.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes an element. `props` are attributes, except: `on` (listeners by event name), `data` (data-* attributes)
 * and properties that only exist as properties (value, checked, disabled, selected, indeterminate).
 * An attribute whose value is null, undefined or false is left out.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (key === "data") {
      for (const [name, datum] of Object.entries(value)) {
        if (datum !== null && datum !== undefined) node.dataset[name] = String(datum);
      }
    } else if (["value", "checked", "disabled", "selected"].includes(key)) {
      node[key] = value;
    } else {
      node.setAttribute(key, value === true ? "" : String(value));
    }
  }
  append(node, children);
  return node;
}

/** Adds strings, nodes and (nested) arrays of them; null and false are skipped. */
export function append(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

/** Replaces everything inside `node`. */
export function fill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

// Icons are stroke paths on a 20 × 20 grid; they take the color of the text around them.
const ICONS = {
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  close: "M5 5l10 10M15 5L5 15",
  lock: "M5.5 9h9v7h-9zM7.2 9V6.6a2.8 2.8 0 0 1 5.6 0V9",
  hash: "M7.6 3.5L6 16.5M14 3.5l-1.6 13M3.5 7.5h13.4M3 12.5h13.4",
  home: "M3.5 9.5L10 4l6.5 5.5M5.5 8.5v7.8h9V8.5M8.5 16v-4h3v4",
  chat: "M3.5 4.5h13v9.5H9l-3.7 3v-3H3.5z",
  bolt: "M11 2.8L4.8 11.4H9.4L8.8 17.2 15.2 8.4H10.6z",
  send: "M3.5 10L16.5 4l-3.4 12.5-3.6-4.6zM9.5 11.9l7-7.9",
  clip: "M13.8 6.6l-5.6 5.7a1.4 1.4 0 0 0 2 2l5.9-6a2.9 2.9 0 0 0-4.1-4.1L5.6 10.6a4.3 4.3 0 0 0 6.1 6.1l4.4-4.5",
  dots: "M5 10h.01M10 10h.01M15 10h.01",
  eye: "M2.5 10S5.2 5 10 5s7.5 5 7.5 5-2.7 5-7.5 5-7.5-5-7.5-5zM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  reply: "M8 5L3.5 9.5 8 14M4 9.5h6.5a6 6 0 0 1 6 6",
  down: "M5 7.5l5 5 5-5",
  left: "M12 4.5L6.5 10l5.5 5.5",
  right: "M8 4.5l5.5 5.5L8 15.5",
  clock: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4.2l2.8 1.7",
  wire: "M3 7h10.5M11 4l3 3-3 3M17 13H6.5M9 10l-3 3 3 3",
  file: "M5.5 3h6l3.5 3.6V17h-9.5zM11.5 3v3.6H15",
  calendar: "M3.5 5.5h13v11h-13zM3.5 8.8h13M7 3.5v3.4M13 3.5v3.4",
  warn: "M10 3.2l7.3 13H2.7zM10 8.2v3.6M10 14h.01",
  info: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 9.2V13.5M10 6.6h.01",
  check: "M4.5 10.5l3.6 3.7 7.4-8.2",
  search: "M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l4 4",
  pause: "M7 5v10M13 5v10",
  play: "M6.5 4.5l8.5 5.5-8.5 5.5z",
  moon: "M15.8 12.2A6.6 6.6 0 0 1 7.8 4.2a6.6 6.6 0 1 0 8 8z",
  jump: "M3.5 4.5L10 10l-6.5 5.5zM10 4.5l6.5 5.5-6.5 5.5z",
};

/** An icon that screen readers skip; the control around it carries the words. */
export function icon(name, className = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", `icon icon-${name} ${className}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name] ?? "");
  svg.append(path);
  return svg;
}

/** Only web and mail addresses become links; anything else (javascript:, data:) stays text. */
export function safeLink(url) {
  return /^(https?:|mailto:|tel:)/i.test(url ?? "") ? url : null;
}

/** Pictures may also come from this server (a path) or stand in the page as image data. */
export function safeImage(url) {
  return /^(https?:|data:image\/(png|jpeg|gif|webp|svg\+xml)|\/(?!\/))/i.test(url ?? "") ? url : null;
}

let serial = 0;
/** A document-wide unique id, for aria-labelledby and friends. */
export function uid(prefix = "x") {
  serial += 1;
  return `${prefix}-${serial}`;
}

/** Waits until calls pause for `ms`, then runs `fn` once with the last arguments. */
export function debounce(fn, ms) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => fn(...args), ms);
  };
}

/** The elements Tab would visit inside `root`, in order. */
export function focusable(root) {
  const all = root.querySelectorAll('a[href], button, input, select, textarea, [tabindex]:not([tabindex="-1"])');
  return [...all].filter((node) => !node.disabled && node.tabIndex >= 0 && node.getClientRects().length > 0);
}

/** Keeps Tab inside `root`; call it from a keydown listener. */
export function trapTab(event, root) {
  if (event.key !== "Tab") return;
  const stops = focusable(root);
  if (stops.length === 0) {
    event.preventDefault();
    return;
  }
  const first = stops[0];
  const last = stops[stops.length - 1];
  const inside = root.contains(document.activeElement);
  if (event.shiftKey && (!inside || document.activeElement === first || document.activeElement === root)) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && (!inside || document.activeElement === last)) {
    event.preventDefault();
    first.focus();
  }
}
