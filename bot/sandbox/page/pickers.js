// Date, time and date-with-time pickers. The field is the browser's own (good on phones and with keyboards); the
// calendar beside it opens at the sandbox's day, not at the browser's.

import { debounce, el, icon } from "./dom.js";
import { dispatches, fieldProps, REQUIRED } from "./elements.js";
import { popover } from "./layers.js";
import { plain } from "./mrkdwn.js";
import { store } from "./store.js";
import { fromLocalInput, toLocalInput } from "./time.js";

const pad = (number) => String(number).padStart(2, "0");
const iso = (date) => `${date.getUTCFullYear()}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;
const fromIso = (text) => new Date(`${text}T00:00:00Z`);
const spoken = new Intl.DateTimeFormat("en-US", {
  timeZone: "UTC",
  weekday: "long",
  month: "long",
  day: "numeric",
  year: "numeric",
});
const monthName = new Intl.DateTimeFormat("en-US", { timeZone: "UTC", month: "long", year: "numeric" });

/** Opens a month of days beside `anchor`; `choose` gets YYYY-MM-DD. */
export function calendar(anchor, current, choose) {
  const now = store.today;
  const today = `${now.year}-${pad(now.month)}-${pad(now.day)}`;
  let at = fromIso(/^\d{4}-\d{2}-\d{2}$/.test(current ?? "") ? current : today);
  const box = el("div", { class: "calendar", role: "dialog", "aria-label": "Choose a date" });
  const handle = popover(anchor, box, { className: "calendar-popover", returnFocus: anchor });

  const pick = (day) => {
    handle.close();
    anchor.focus();
    choose(day);
  };
  const shift = (days) => {
    at = new Date(at.getTime() + days * 86400000);
    draw(true);
  };
  const shiftMonth = (months) => {
    const day = at.getUTCDate();
    const first = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1));
    const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
    at = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), Math.min(day, last)));
    draw(true);
  };

  function draw(focus) {
    const first = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1));
    const start = new Date(first.getTime() - first.getUTCDay() * 86400000);
    const days = Array.from({ length: 42 }, (_, index) => new Date(start.getTime() + index * 86400000));
    box.replaceChildren(
      el(
        "div",
        { class: "calendar-head" },
        el(
          "button",
          {
            type: "button",
            class: "icon-button small",
            "aria-label": "Month before",
            on: { click: () => shiftMonth(-1) },
          },
          icon("left"),
        ),
        el("strong", { "aria-live": "polite" }, monthName.format(at)),
        el(
          "button",
          {
            type: "button",
            class: "icon-button small",
            "aria-label": "Month after",
            on: { click: () => shiftMonth(1) },
          },
          icon("right"),
        ),
      ),
      el(
        "div",
        { class: "calendar-grid" },
        ["Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"].map((name) =>
          el("span", { class: "calendar-name", "aria-hidden": "true" }, name),
        ),
        days.map((day) =>
          el(
            "button",
            {
              type: "button",
              class: [
                "calendar-day",
                day.getUTCMonth() === at.getUTCMonth() ? "" : "other",
                iso(day) === today ? "today" : "",
                iso(day) === current ? "chosen" : "",
              ]
                .filter(Boolean)
                .join(" "),
              tabindex: iso(day) === iso(at) ? "0" : "-1",
              "aria-label": spoken.format(day),
              "aria-current": iso(day) === today ? "date" : null,
              data: { day: iso(day) },
              on: { click: () => pick(iso(day)) },
            },
            day.getUTCDate(),
          ),
        ),
      ),
    );
    if (focus) box.querySelector(`[data-day="${iso(at)}"]`)?.focus();
    handle.move();
  }

  box.addEventListener("keydown", (event) => {
    if (!event.target.dataset?.day) return;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
    if (step) shift(step);
    else if (event.key === "PageUp") shiftMonth(-1);
    else if (event.key === "PageDown") shiftMonth(1);
    else return;
    event.preventDefault();
  });
  draw(true);
}

const KINDS = {
  datepicker: { type: "date", key: "selected_date", initial: "initial_date" },
  timepicker: { type: "time", key: "selected_time", initial: "initial_time" },
  datetimepicker: { type: "datetime-local", key: "selected_date_time", initial: "initial_date_time" },
};

/** The node of a datepicker, timepicker or datetimepicker. */
export function renderPicker(element, context) {
  const kind = KINDS[element.type];
  const moment = element.type === "datetimepicker";
  const carried = context.carried(element.action_id, element.type);
  const initial = (carried ? carried[kind.key] : element[kind.initial]) ?? null;
  const field = el(
    "input",
    fieldProps(element, context, {
      type: kind.type,
      class: "control picker",
      title: plain(element.placeholder) || null,
    }),
  );
  field.value = initial === null ? "" : moment ? toLocalInput(initial, store.zone) : initial;

  const read = () => {
    if (!field.value) return null;
    return moment ? fromLocalInput(field.value, store.zone) : field.value.slice(0, kind.type === "time" ? 5 : 10);
  };
  let last = read();
  const changed = async () => {
    // While somebody types a year, the browser reports the years 2, 20 and 202 as dates.
    if (kind.type !== "time" && field.value && Number(field.value.slice(0, 4)) < 1900) return;
    if (read() === last) return;
    const before = last;
    last = read();
    if (dispatches(context) && !(await context.fire(element, { [kind.key]: last }))) {
      last = before;
      field.value = before === null ? "" : moment ? toLocalInput(before, store.zone) : before;
    }
  };
  const later = debounce(changed, 350);
  field.addEventListener("change", later);
  field.addEventListener("blur", changed);

  context.register({
    actionId: element.action_id,
    read: () => ({ type: element.type, [kind.key]: read() }),
    problem: () => (context.input && !context.optional && read() === null ? REQUIRED : null),
  });
  if (element.focus_on_load) requestAnimationFrame(() => field.focus());
  const wrap = el("div", { class: `picker-wrap ${kind.type}` }, field);
  if (kind.type !== "time") {
    const open = el(
      "button",
      { type: "button", class: "icon-button picker-button", "aria-label": "Open the calendar" },
      icon("calendar"),
    );
    open.addEventListener("click", () =>
      calendar(open, field.value.slice(0, 10), (day) => {
        field.value = moment ? `${day}T${field.value.slice(11) || "09:00"}` : day;
        changed();
      }),
    );
    wrap.append(open);
  }
  if (!field.value && plain(element.placeholder))
    wrap.append(el("span", { class: "picker-note" }, plain(element.placeholder)));
  field.addEventListener("input", () => wrap.querySelector(".picker-note")?.remove());
  return wrap;
}
