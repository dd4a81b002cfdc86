// The clock in the bar: the sandbox's now in two zones, jumping, sleeping, holding. Arithmetic is in time.js.

import { api } from "./api.js";
import { el, fill, icon, uid } from "./dom.js";
import { popover, toast } from "./layers.js";
import { store } from "./store.js";
import { dayShort, fromLocalInput, next, time, toLocalInput, wall, zoneAbbreviation, zoneCity } from "./time.js";

const DIFFERENCE =
  "Jump visits every due moment on the way, so nothing is late. Sleep leaps over them, as downtime does.";
const UNHOOKED = "The bot's schedule is not connected to this clock, so a jump leaps like a sleep.";

const RATES = [
  [1, "real pace"],
  [60, "a minute a second"],
  [3600, "an hour a second"],
];

let pending = false;

async function change(body) {
  pending = body.mode === "jump";
  tick();
  try {
    store.takeClock(await api.clock(body));
    while (store.clock.busy) {
      // The stream says when a jump is over; asking as well keeps the bar right while the stream is down.
      await new Promise((done) => {
        setTimeout(done, 1000);
      });
      if (store.clock.busy) store.takeClock((await api.state()).clock);
    }
  } catch (error) {
    toast(error.message, "error");
  } finally {
    pending = false;
    tick();
  }
}

let tick = () => {};

function panel(button, mode) {
  const jump = mode === "jump";
  const verb = jump ? "Jump" : "Sleep";
  const fieldId = uid("moment");
  const zone = store.zone;
  const field = el("input", {
    type: "datetime-local",
    class: "control",
    id: fieldId,
    value: toLocalInput(next(store.now(), zone, 9, 0), zone),
    data: { testid: `clock-${mode}-to` },
  });
  const problem = el("div", { class: "field-error", role: "alert", hidden: true });
  const go = (to) => {
    if (to === null) return;
    if (to <= store.now()) {
      fill(problem, icon("warn"), el("span", {}, "The clock only goes forward. Choose a later moment."));
      problem.hidden = false;
      field.focus();
      return;
    }
    handle.close();
    button.focus();
    change({ mode, to });
  };
  const quick = [
    ["+1 hour", () => store.now() + 3600, "hour"],
    ["Next 7:30 AM", () => next(store.now(), zone, 7, 30), "0730"],
    ["Next 9:00 AM", () => next(store.now(), zone, 9, 0), "0900"],
    ["Next Monday 9:00 AM", () => next(store.now(), zone, 9, 0, 1), "monday"],
  ];
  const form = el(
    "form",
    {
      class: "clock-panel",
      "aria-label": `${verb} to a moment`,
      on: {
        submit: (event) => {
          event.preventDefault();
          go(fromLocalInput(field.value, zone));
        },
      },
    },
    el(
      "label",
      { for: fieldId, class: "input-label" },
      jump ? "Jump to" : "Sleep until",
      el("span", { class: "optional" }, ` ${zoneCity(zone)} time`),
    ),
    el(
      "div",
      { class: "clock-row" },
      field,
      el("button", { type: "submit", class: "button primary", data: { testid: `clock-${mode}-go` } }, verb),
    ),
    problem,
    el(
      "div",
      { class: "quick" },
      quick.map(([label, at, id]) => {
        const note = id === "hour" ? null : dayShort(at(), zone, store.now());
        return el(
          "button",
          {
            type: "button",
            class: "button small",
            data: { testid: `clock-${mode}-${id}` },
            on: { click: () => go(at()) },
          },
          label,
          note ? el("span", { class: "note" }, ` ${note}`) : null,
        );
      }),
    ),
    el("p", { class: "help" }, DIFFERENCE),
    jump && !store.clock.hooked ? el("p", { class: "help warn-text" }, UNHOOKED) : null,
  );
  const handle = popover(button, form, {
    className: "clock-popover",
    returnFocus: button,
    align: "end",
    onClose: () => button.setAttribute("aria-expanded", "false"),
    testid: `clock-${mode}-panel`,
  });
  button.setAttribute("aria-expanded", "true");
  field.focus();
}

/** The clock's part of the bar; it runs by itself. */
export function clockBar() {
  const now = el("span", { class: "clock-now", data: { testid: "clock-now" } });
  const home = el("span", { class: "clock-home", data: { testid: "clock-home" } });
  const busy = el(
    "span",
    { class: "clock-busy", role: "status", hidden: true, data: { testid: "clock-busy" } },
    el("span", { class: "spinner" }),
    "visiting due moments…",
  );
  const opener = (mode, label, sign) => {
    const button = el(
      "button",
      {
        type: "button",
        class: "button bar-button",
        title: DIFFERENCE,
        "aria-label": label,
        "aria-haspopup": "dialog",
        "aria-expanded": "false",
        data: { testid: `clock-${mode}` },
      },
      icon(sign, "tiny"),
      el("span", {}, label),
    );
    button.addEventListener("click", () => panel(button, mode));
    return button;
  };
  const jump = opener("jump", "Jump to…", "jump");
  const sleep = opener("sleep", "Sleep until…", "moon");
  const toggle = el("button", { type: "button", class: "button bar-button", data: { testid: "clock-toggle" } });
  toggle.addEventListener("click", () =>
    change(store.clock.running ? { mode: "hold" } : { mode: "live", rate: store.clock.rate || 1 }),
  );
  const rate = el(
    "select",
    {
      class: "control bar-select",
      "aria-label": "Pace of the clock",
      title: "Pace of the clock",
      data: { testid: "clock-rate" },
    },
    RATES.map(([value, label]) => el("option", { value: String(value) }, label)),
  );
  rate.addEventListener("change", () => change({ mode: "live", rate: Number(rate.value) }));

  let running = null;
  tick = () => {
    const at = store.now();
    const zone = store.zone;
    const other = store.clock.zone || "UTC";
    const words = `${dayShort(at, zone, at)}, ${wall(at, zone).year} · ${time(at, zone, true)} ${zoneAbbreviation(at, zone)}`;
    if (now.textContent !== words) now.textContent = words;
    now.dataset.epoch = String(at);
    const day = dayShort(at, other) === dayShort(at, zone) ? "" : `${dayShort(at, other)}, `;
    const there = `${day}${time(at, other)} ${zoneAbbreviation(at, other)} in the workspace`;
    if (home.textContent !== there) home.textContent = there;
    home.title = `The workspace's zone, ${other}`;
    const working = store.clock.busy || pending;
    busy.hidden = !working;
    for (const control of [jump, sleep, toggle, rate]) control.disabled = working;
    if (running !== store.clock.running) {
      running = store.clock.running;
      fill(toggle, icon(running ? "pause" : "play", "tiny"), el("span", {}, running ? "Hold" : "Run"));
      toggle.title = running ? "Time passes. Press to hold it." : "Time stands still. Press to let it pass.";
      toggle.setAttribute("aria-label", toggle.title);
      toggle.dataset.running = String(running);
    }
    const known = RATES.some(([value]) => value === store.clock.rate);
    rate.hidden = !running;
    if (document.activeElement !== rate) rate.value = known ? String(store.clock.rate) : "1";
  };
  store.on("clock", () => tick());
  store.on("state", () => tick());
  setInterval(() => tick(), 500);
  return el(
    "div",
    { class: "clock-bar", role: "group", "aria-label": "The sandbox's clock" },
    el("div", { class: "clock-face" }, icon("clock"), el("div", { class: "clock-words" }, now, home), busy),
    el("div", { class: "clock-buttons" }, jump, sleep, toggle, rate),
  );
}
