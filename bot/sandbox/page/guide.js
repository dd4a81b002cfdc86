// The guide above the page: a few lines on where to begin, given by whoever started the sandbox. It goes when it is
// closed, and comes back by its button in the bar. Without lines there is neither.

import { el, fill, icon } from "./dom.js";
import { store } from "./store.js";

const CLOSED = "sandbox-guide-closed";

const panel = () => document.getElementById("guide");

const wasClosed = () => {
  try {
    return localStorage.getItem(CLOSED) === "yes";
  } catch {
    return false;
  }
};

function show(open) {
  panel().hidden = !open;
  try {
    localStorage.setItem(CLOSED, open ? "no" : "yes");
  } catch {
    // A browser that keeps nothing shows the guide the next time.
  }
}

/** The button in the bar that brings the guide back. */
export function guideButton() {
  return el(
    "button",
    {
      type: "button",
      class: "button bar-button",
      hidden: true,
      data: { testid: "guide-open" },
      on: { click: () => show(panel().hidden) },
    },
    "Guide",
  );
}

/** Draws the guide once its lines are known. */
export function startGuide() {
  let drawn = false;
  store.on("state", (state) => {
    if (drawn || !state.guide?.length) return;
    drawn = true;
    fill(
      panel(),
      el("ol", {}, state.guide.map((line) => el("li", {}, line))),
      el(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": "Close the guide",
          data: { testid: "guide-close" },
          on: { click: () => show(false) },
        },
        icon("close"),
      ),
    );
    document.querySelector('[data-testid="guide-open"]').hidden = false;
    panel().hidden = wasClosed();
  });
}
