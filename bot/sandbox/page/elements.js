// Buttons, overflow menus, checkboxes and radio buttons, and the table of which module draws which element. Text
// fields are in inputs.js, dates in pickers.js, choices from lists in select.js.

import { el, icon, safeLink, uid } from "./dom.js";
import { picture } from "./blocks.js";
import { renderInput } from "./inputs.js";
import { menu } from "./layers.js";
import { plain, textObject } from "./mrkdwn.js";
import { renderPicker } from "./pickers.js";
import { renderSelect } from "./select.js";

/** What fires when a value changes: always outside of input blocks, inside them only with dispatch_action. */
export function dispatches(context) {
  return !context.input || Boolean(context.input.dispatch_action);
}

/** The attributes that tie a field to its label, its hint and, across redraws, its focus. */
export function fieldProps(element, context, extra = {}) {
  const { data = {}, ...rest } = extra;
  return {
    "aria-labelledby": context.labelId ?? null,
    "aria-label": context.labelId ? null : plain(element.placeholder) || element.action_id || null,
    "aria-describedby": context.hintId ?? null,
    "aria-required": context.input && !context.optional ? "true" : null,
    ...rest,
    data: {
      focusKey: `${context.blockId}/${element.action_id}`,
      actionId: element.action_id,
      testid: `field-${element.action_id}`,
      ...data,
    },
  };
}

/** The sentence Slack shows under a required field that is empty. */
export const REQUIRED = "Please complete this required field.";

function button(element, context) {
  context.live();
  const url = safeLink(element.url);
  const style = element.style === "primary" ? "primary" : element.style === "danger" ? "danger" : "";
  const node = el(
    "button",
    {
      type: "button",
      class: `button ${style}`.trim(),
      "aria-label": element.accessibility_label ?? null,
      data: {
        focusKey: `${context.blockId}/${element.action_id}`,
        actionId: element.action_id,
        testid: `button-${element.action_id}`,
      },
    },
    textObject(element.text),
    url ? icon("right", "tiny") : null,
  );
  node.addEventListener("click", async () => {
    if (node.getAttribute("aria-busy") === "true") return;
    // A link opens at once, in the press itself; browsers block windows that open later.
    if (url) window.open(url, "_blank", "noopener");
    // While a confirm dialog is open, nothing is under way yet.
    const slow = element.confirm ? 0 : setTimeout(() => node.classList.add("waiting"), 150);
    node.setAttribute("aria-busy", "true");
    try {
      await context.fire(element, element.value === undefined ? {} : { value: element.value });
    } finally {
      clearTimeout(slow);
      node.removeAttribute("aria-busy");
      node.classList.remove("waiting");
    }
  });
  return node;
}

function overflow(element, context) {
  context.live();
  const node = el(
    "button",
    {
      type: "button",
      class: "button overflow",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-label": "More actions",
      data: {
        focusKey: `${context.blockId}/${element.action_id}`,
        actionId: element.action_id,
        testid: `overflow-${element.action_id}`,
      },
    },
    icon("dots"),
  );
  node.addEventListener("click", () => {
    menu(
      node,
      (element.options ?? []).map((option) => ({
        label: plain(option.text),
        description: option.description ? plain(option.description) : null,
        testid: `option-${option.value}`,
        run: () => {
          const url = safeLink(option.url);
          if (url) window.open(url, "_blank", "noopener");
          context.fire(element, { selected_option: option });
        },
      })),
      { label: "More actions", align: "end" },
    );
  });
  return node;
}

function optionLabel(option, control) {
  return el(
    "label",
    { class: "choice" },
    control,
    el(
      "span",
      { class: "choice-words" },
      el("span", { class: "choice-text text" }, textObject(option.text)),
      option.description ? el("span", { class: "choice-note text" }, textObject(option.description)) : null,
    ),
  );
}

function choices(element, context, kind) {
  const many = kind === "checkbox";
  const options = element.options ?? [];
  const carried = context.carried(element.action_id, element.type);
  const initial = many
    ? ((carried ? carried.selected_options : element.initial_options) ?? [])
    : [carried ? carried.selected_option : element.initial_option].filter(Boolean);
  let chosen = new Set(initial.map((option) => option.value));
  const name = uid("choice");
  const boxes = options.map((option) =>
    el("input", {
      type: kind,
      name,
      value: option.value,
      checked: chosen.has(option.value),
      ...fieldProps(element, context, {
        "aria-labelledby": null,
        "aria-label": null,
        "aria-required": null,
        "aria-describedby": null,
        data: {
          focusKey: `${context.blockId}/${element.action_id}/${option.value}`,
          testid: `option-${option.value}`,
        },
      }),
    }),
  );
  const picked = () => options.filter((option) => chosen.has(option.value));
  const value = () => (many ? { selected_options: picked() } : { selected_option: picked()[0] ?? null });
  const show = () =>
    boxes.forEach((box) => {
      box.checked = chosen.has(box.value);
    });
  const group = el(
    "div",
    {
      class: "choices",
      role: many ? "group" : "radiogroup",
      "aria-labelledby": context.labelId ?? null,
      "aria-describedby": context.hintId ?? null,
      "aria-required": context.input && !context.optional && !many ? "true" : null,
      data: { testid: `field-${element.action_id}` },
    },
    boxes.map((box, index) => optionLabel(options[index], box)),
  );
  group.addEventListener("change", async () => {
    const before = chosen;
    chosen = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    if (dispatches(context) && !(await context.fire(element, value()))) {
      chosen = before;
      show();
    }
  });
  if (!many && context.optional) {
    // A native radio group cannot be emptied again; Slack lets people press the chosen one once more.
    boxes.forEach((box) =>
      box.addEventListener("click", () => {
        if (box.dataset.was === "true") {
          chosen = new Set();
          show();
        }
        boxes.forEach((other) => {
          other.dataset.was = String(other.checked);
        });
      }),
    );
    boxes.forEach((box) => {
      box.dataset.was = String(box.checked);
    });
  }
  context.register({
    actionId: element.action_id,
    read: () => ({ type: element.type, ...value() }),
    problem: () => (context.input && !context.optional && chosen.size === 0 ? REQUIRED : null),
  });
  return group;
}

function unknown(element) {
  return el("span", { class: "unknown" }, `(${element?.type ?? "nothing"})`);
}

/** The node of one element, wherever it stands: accessory, actions or input block. */
export function renderElement(element, context) {
  const type = element?.type ?? "";
  if (type === "button" || type === "workflow_button" || type === "icon_button") return button(element, context);
  if (type === "image") return picture(element, context, "accessory-image");
  if (type === "overflow") return overflow(element, context);
  if (type === "checkboxes") return choices(element, context, "checkbox");
  if (type === "radio_buttons") return choices(element, context, "radio");
  if (/_select$/.test(type)) return renderSelect(element, context);
  if (["datepicker", "timepicker", "datetimepicker"].includes(type)) return renderPicker(element, context);
  if (/_input$/.test(type)) return renderInput(element, context);
  return unknown(element);
}
