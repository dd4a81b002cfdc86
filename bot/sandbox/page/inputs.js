// Fields that people type into: text, number, e-mail, web address, rich text (as plain text) and files.

import { api, ApiError, base64 } from "./api.js";
import { debounce, el, icon } from "./dom.js";
import { dispatches, fieldProps, REQUIRED } from "./elements.js";
import { plain } from "./mrkdwn.js";
import { fromRichText, toRichText } from "./richtext.js";

const KINDS = {
  plain_text_input: { mode: "text" },
  number_input: { mode: "decimal" },
  email_text_input: { mode: "email" },
  url_text_input: { mode: "url" },
  rich_text_input: { mode: "text" },
};

const length = (text) => [...text].length;

/** The sentence about what is wrong with a typed value, or null. */
function problem(element, text, required) {
  if (text === "") return required ? REQUIRED : null;
  const size = length(text);
  if (element.min_length && size < element.min_length) return `Must be at least ${element.min_length} characters.`;
  if (element.max_length && size > element.max_length)
    return `Must be at most ${element.max_length} characters; this has ${size}.`;
  if (element.type === "number_input") {
    const shape = element.is_decimal_allowed ? /^[+-]?(\d+\.?\d*|\.\d+)$/ : /^[+-]?\d+$/;
    if (!shape.test(text)) return element.is_decimal_allowed ? "Must be a number." : "Must be a whole number.";
    if (element.min_value !== undefined && Number(text) < Number(element.min_value))
      return `Must be ${element.min_value} or more.`;
    if (element.max_value !== undefined && Number(text) > Number(element.max_value))
      return `Must be ${element.max_value} or less.`;
  }
  if (element.type === "email_text_input" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text))
    return "Must be an e-mail address.";
  if (element.type === "url_text_input" && !/^https?:\/\/\S+$/i.test(text))
    return "Must be a web address that starts with http.";
  return null;
}

function counter(element, field) {
  if (!element.max_length && !element.min_length) return null;
  const node = el("div", { class: "counter", "aria-live": "off" });
  const show = () => {
    const size = length(field.value);
    const short = element.min_length && size < element.min_length;
    const long = element.max_length && size > element.max_length;
    node.textContent = element.max_length
      ? `${size} / ${element.max_length}`
      : `${size}, at least ${element.min_length}`;
    if (short && element.max_length) node.textContent += ` (at least ${element.min_length})`;
    node.classList.toggle("over", Boolean(long));
  };
  field.addEventListener("input", show);
  show();
  return node;
}

function grow(field) {
  const fit = () => {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight + 2, 320)}px`;
  };
  field.addEventListener("input", fit);
  requestAnimationFrame(fit);
}

function textField(element, context) {
  const rich = element.type === "rich_text_input";
  const tall = rich || Boolean(element.multiline);
  const carried = context.carried(element.action_id, element.type);
  const initial = rich
    ? fromRichText(carried ? carried.rich_text_value : element.initial_value)
    : ((carried ? carried.value : element.initial_value) ?? "");
  const field = el(
    tall ? "textarea" : "input",
    fieldProps(element, context, {
      ...(tall ? { rows: "3" } : { type: "text" }),
      class: tall ? "control area" : "control",
      inputmode: KINDS[element.type].mode,
      placeholder: plain(element.placeholder) || null,
      autocomplete: "off",
      spellcheck: element.type === "plain_text_input" || rich ? "true" : "false",
    }),
  );
  field.value = initial;
  if (tall) grow(field);

  const value = () => (field.value === "" ? null : field.value);
  const entry = () => (rich ? { rich_text_value: toRichText(field.value) } : { value: value() });
  if (dispatches(context)) {
    const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
    const fire = () => context.fire(element, entry());
    if (triggers.includes("on_character_entered")) field.addEventListener("input", debounce(fire, 250));
    if (triggers.includes("on_enter_pressed")) {
      field.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.isComposing) return;
        event.preventDefault();
        fire();
      });
    }
  }
  context.register({
    actionId: element.action_id,
    read: () => ({ type: element.type, ...entry() }),
    problem: () => problem(element, field.value, Boolean(context.input) && !context.optional),
  });
  if (element.focus_on_load) requestAnimationFrame(() => field.focus());
  return el("div", { class: "field-wrap" }, field, counter(element, field));
}

function fileField(element, context) {
  let files = context.carried(element.action_id, element.type)?.files ?? [];
  let pending = 0;
  const list = el("div", { class: "file-list", "aria-live": "polite" });
  const most = element.max_files ?? 10;
  const accept = (element.filetypes ?? []).map((type) => `.${type}`).join(",");
  const picker = el(
    "input",
    fieldProps(element, context, { type: "file", multiple: most > 1, accept: accept || null, class: "file-picker" }),
  );

  const show = (note = null) => {
    list.replaceChildren(
      ...files.map((file) =>
        el(
          "span",
          { class: "chip" },
          icon("file", "tiny"),
          file.name ?? file.title ?? file.id,
          el(
            "button",
            {
              type: "button",
              class: "chip-remove",
              "aria-label": `Remove ${file.name ?? "file"}`,
              on: {
                click: () => {
                  files = files.filter((other) => other !== file);
                  show();
                },
              },
            },
            icon("close", "tiny"),
          ),
        ),
      ),
    );
    if (note) list.append(el("span", { class: "note" }, note));
  };

  picker.addEventListener("change", async () => {
    const picked = [...picker.files].slice(0, Math.max(0, most - files.length));
    pending += 1;
    show("Uploading…");
    try {
      for (const file of picked) {
        // Without a channel, so that the file is only stored for the form and posted nowhere.
        const answer = await api.upload(null, file.name, await base64(file));
        files = [...files, answer.file];
      }
      show();
      if (dispatches(context)) context.fire(element, { files });
    } catch (error) {
      show(error instanceof ApiError ? error.message : "The upload did not work.");
    } finally {
      pending -= 1;
      picker.value = "";
    }
  });
  show();
  context.register({
    actionId: element.action_id,
    read: () => ({ type: element.type, files }),
    problem: () => {
      if (pending > 0) return "Wait until the file is uploaded.";
      return context.input && !context.optional && files.length === 0 ? REQUIRED : null;
    },
  });
  return el("div", { class: "field-wrap" }, picker, list);
}

/** The node of any element whose type ends in _input. */
export function renderInput(element, context) {
  if (element.type === "file_input") return fileField(element, context);
  if (KINDS[element.type]) return textField(element, context);
  return el("span", { class: "unknown" }, `(${element.type})`);
}
