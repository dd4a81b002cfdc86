// Every choice from a list: static, external, users, channels and conversations, single and multiple. One
// combobox (type to search, arrow keys, Enter) serves them all; where its options come from is in sources.js.

import { debounce, el, icon, uid } from "./dom.js";
import { words } from "./emoji.js";
import { dispatches, fieldProps, REQUIRED } from "./elements.js";
import { popover } from "./layers.js";
import { plain } from "./mrkdwn.js";
import { sourceOf } from "./sources.js";

const SHOWN = 100;

/** The node of any element whose type ends in _select. */
export function renderSelect(element, context) {
  const many = element.type.startsWith("multi_");
  const source = sourceOf(element, context);
  const carried = context.carried(element.action_id, element.type);
  let chosen = source.initial(carried);
  let handle = null;
  let shown = [];
  let active = -1;
  let query = 0;

  const listId = uid("options");
  const field = el(
    "input",
    fieldProps(element, context, {
      type: "text",
      role: "combobox",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      "aria-controls": listId,
      autocomplete: "off",
      spellcheck: "false",
      class: "select-field",
      placeholder: plain(element.placeholder) || (many ? "Choose" : "Choose an option"),
    }),
  );
  const chips = el("span", { class: "chips" });
  const clear = el(
    "button",
    { type: "button", class: "icon-button small select-clear", "aria-label": "Clear" },
    icon("close", "tiny"),
  );
  const box = el(
    "div",
    { class: `control select ${many ? "many" : "one"}` },
    chips,
    field,
    clear,
    icon("down", "select-arrow"),
  );

  const entry = () => source.entry(chosen);

  function show() {
    if (many) {
      chips.replaceChildren(
        ...chosen.map((choice) =>
          el(
            "span",
            { class: "chip", data: { value: choice.value } },
            words(choice.label),
            el(
              "button",
              {
                type: "button",
                class: "chip-remove",
                "aria-label": `Remove ${choice.label}`,
                on: {
                  click: (event) => {
                    event.stopPropagation();
                    set(chosen.filter((other) => other !== choice));
                    field.focus();
                  },
                },
              },
              icon("close", "tiny"),
            ),
          ),
        ),
      );
      field.value = "";
    } else {
      field.value = chosen[0]?.label ?? "";
    }
    box.classList.toggle("filled", chosen.length > 0);
    clear.hidden = many || chosen.length === 0 || !(context.optional || !context.input);
  }

  async function set(next) {
    const before = chosen;
    chosen = next;
    show();
    if (dispatches(context) && !(await context.fire(element, entry()))) {
      chosen = before;
      show();
    }
  }

  function take(choice) {
    if (!many) {
      close();
      if (choice.value !== chosen[0]?.value) set([choice]);
      else show();
      return;
    }
    const has = chosen.some((other) => other.value === choice.value);
    if (!has && element.max_selected_items && chosen.length >= element.max_selected_items) return;
    set(has ? chosen.filter((other) => other.value !== choice.value) : [...chosen, choice]);
    field.value = "";
    refresh();
  }

  function mark(to) {
    active = shown.length === 0 ? -1 : (to + shown.length) % shown.length;
    handle?.panel.querySelectorAll("[role=option]").forEach((node, index) => {
      node.classList.toggle("active", index === active);
      if (index === active) {
        field.setAttribute("aria-activedescendant", node.id);
        node.scrollIntoView({ block: "nearest" });
      }
    });
    if (active < 0) field.removeAttribute("aria-activedescendant");
  }

  function draw(groups, note) {
    if (!handle) return;
    shown = groups.flatMap((group) => group.choices).slice(0, SHOWN);
    let index = 0;
    const list = el("div", {
      role: "listbox",
      id: listId,
      class: "options",
      "aria-multiselectable": many ? "true" : null,
    });
    for (const group of groups) {
      if (index >= SHOWN) break;
      if (group.label) list.append(el("div", { class: "option-group", role: "presentation" }, group.label));
      for (const choice of group.choices.slice(0, SHOWN - index)) {
        const on = chosen.some((other) => other.value === choice.value);
        list.append(
          el(
            "div",
            {
              role: "option",
              id: `${listId}-${index}`,
              class: "option",
              "aria-selected": on ? "true" : "false",
              data: { testid: `option-${choice.value}`, value: choice.value },
              on: {
                // The field keeps the focus, so the list stays open until a choice is made.
                pointerdown: (event) => event.preventDefault(),
                click: () => take(choice),
              },
            },
            el(
              "span",
              { class: "option-words" },
              el("span", {}, words(choice.label)),
              choice.note ? el("span", { class: "option-note" }, choice.note) : null,
            ),
            on ? icon("check", "tiny") : null,
          ),
        );
        index += 1;
      }
    }
    const total = groups.reduce((sum, group) => sum + group.choices.length, 0);
    if (note) list.append(el("div", { class: "option-note-row" }, note));
    else if (total === 0) list.append(el("div", { class: "option-note-row" }, "No results"));
    else if (total > SHOWN)
      list.append(el("div", { class: "option-note-row" }, `${total - SHOWN} more; type to narrow the list`));
    handle.panel.replaceChildren(list);
    handle.move();
    const at = shown.findIndex((choice) => choice.value === chosen[0]?.value);
    mark(!many && at >= 0 ? at : 0);
  }

  const typed = () => (many || field.value !== (chosen[0]?.label ?? "") ? field.value.trim() : "");

  async function refresh() {
    query += 1;
    const mine = query;
    const text = typed();
    if (source.immediate) {
      draw(source.immediate(text), null);
      return;
    }
    if (text.length < source.minimum) {
      draw([], source.minimum === 1 ? "Type to search" : `Type ${source.minimum} characters to search`);
      return;
    }
    draw([], "Searching…");
    try {
      const groups = await source.search(text);
      if (mine === query) draw(groups, null);
    } catch (error) {
      if (mine === query) draw([], `No options: ${error.message}`);
    }
  }
  const searchSoon = debounce(refresh, 200);

  function open() {
    if (handle) return;
    box.scrollIntoView({ block: "nearest" });
    handle = popover(box, [], {
      className: "select-popover",
      matchWidth: true,
      testid: "options",
      onClose: () => {
        handle = null;
        field.setAttribute("aria-expanded", "false");
        field.removeAttribute("aria-activedescendant");
        query += 1;
        show();
      },
    });
    field.setAttribute("aria-expanded", "true");
    refresh();
  }
  function close() {
    handle?.close();
  }

  field.addEventListener("focus", () => {
    if (!many) field.select();
  });
  field.addEventListener("click", open);
  box.addEventListener("click", (event) => {
    if (event.target === clear || clear.contains(event.target)) return;
    field.focus();
    open();
  });
  clear.addEventListener("click", () => {
    set([]);
    field.focus();
  });
  field.addEventListener("input", () => {
    if (!handle) open();
    else if (source.immediate) refresh();
    else searchSoon();
  });
  field.addEventListener("blur", () =>
    setTimeout(() => {
      if (document.activeElement !== field) close();
    }, 120),
  );
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!handle) open();
      else mark(active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (handle && shown[active]) take(shown[active]);
      else if (!handle) open();
    } else if (event.key === "Tab") {
      close();
    } else if (event.key === "Backspace" && many && field.value === "" && chosen.length > 0) {
      set(chosen.slice(0, -1));
    }
  });

  show();
  context.register({
    actionId: element.action_id,
    read: () => ({ type: element.type, ...entry() }),
    problem: () => (context.input && !context.optional && chosen.length === 0 ? REQUIRED : null),
  });
  if (element.focus_on_load) requestAnimationFrame(() => field.focus());
  return box;
}
