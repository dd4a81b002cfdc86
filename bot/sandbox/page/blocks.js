// How each kind of block looks. Interactive elements are in elements.js, inputs.js and select.js; collecting
// values and sending actions is the surface's work.

import { el, icon, safeImage, uid } from "./dom.js";
import { renderElement } from "./elements.js";
import { markdown } from "./markdown.js";
import { plain, textObject } from "./mrkdwn.js";
import { richText } from "./richtext.js";

function section(block, context) {
  const body = el("div", { class: "section-body" });
  if (block.text) body.append(el("div", { class: "text" }, textObject(block.text)));
  if (block.fields) {
    body.append(
      el(
        "div",
        { class: "fields" },
        block.fields.map((field) => el("div", { class: "field text" }, textObject(field))),
      ),
    );
  }
  const node = el("div", { class: "block section" }, body);
  if (block.accessory) {
    node.classList.add(`accessory-${block.accessory.type}`);
    node.append(el("div", { class: "accessory" }, renderElement(block.accessory, context)));
  }
  return node;
}

function header(block) {
  // Messages and modals have headings of their own above this one.
  return el("div", { class: "block header", role: "heading", "aria-level": "3" }, textObject(block.text));
}

/** The picture of an image block or element, whether it names a web address or a file of the workspace. */
export function picture(image, context, className) {
  const file = image.slack_file ? context.file(image.slack_file) : null;
  const source =
    image.image_url ??
    file?.url_private ??
    image.slack_file?.url ??
    (image.slack_file?.id ? `/files/${encodeURIComponent(image.slack_file.id)}/picture` : null);
  const url = safeImage(source);
  if (!url) return el("span", { class: "picture-missing" }, icon("warn"), image.alt_text ?? "Picture");
  const img = el("img", {
    class: className,
    src: url,
    alt: image.alt_text ?? "",
    loading: "lazy",
    title: image.alt_text ?? null,
  });
  img.addEventListener("error", () => {
    img.replaceWith(
      el(
        "span",
        { class: "picture-missing", role: "img", "aria-label": image.alt_text ?? "Picture" },
        icon("warn"),
        ` Picture could not be loaded: ${image.alt_text ?? ""}`,
      ),
    );
  });
  return img;
}

function image(block, context) {
  return el(
    "figure",
    { class: "block image" },
    block.title ? el("figcaption", {}, textObject(block.title)) : null,
    picture(block, context, "picture"),
  );
}

function contextBlock(block, context) {
  return el(
    "div",
    { class: "block context" },
    (block.elements ?? []).map((element) =>
      element.type === "image"
        ? picture(element, context, "context-image")
        : el("div", { class: "text" }, textObject(element)),
    ),
  );
}

function actions(block, context) {
  return el(
    "div",
    { class: "block actions", role: "group" },
    (block.elements ?? []).map((element) => renderElement(element, context)),
  );
}

function input(block, context) {
  const labelId = uid("label");
  const hintId = block.hint ? uid("hint") : null;
  const element = renderElement(block.element, {
    ...context,
    input: block,
    labelId,
    hintId,
    optional: Boolean(block.optional),
  });
  const grouped = ["checkboxes", "radio_buttons"].includes(block.element?.type);
  const label = el(
    "div",
    { class: "input-label", id: labelId },
    textObject(block.label),
    block.optional ? el("span", { class: "optional" }, " (optional)") : null,
  );
  if (!grouped) {
    // A press on the label goes to the field, as a native label would do.
    label.addEventListener("click", () => element.querySelector("[data-focus-key]")?.focus());
  }
  return el(
    "div",
    { class: "block input" },
    label,
    element,
    block.hint ? el("div", { class: "hint", id: hintId }, textObject(block.hint)) : null,
  );
}

function cell(content) {
  if (content?.type === "rich_text") return richText(content);
  if (content?.type === "raw_text") return el("span", {}, String(content.text ?? ""));
  if (content?.type === "raw_number") return el("span", {}, String(content.text ?? content.value ?? ""));
  return el("span", {}, textObject(content));
}

function table(block) {
  const settings = block.column_settings ?? [];
  const row = (cells, tag) =>
    el(
      "tr",
      {},
      cells.map((content, index) =>
        el(
          tag,
          {
            class: `align-${settings[index]?.align ?? "left"}${settings[index]?.is_wrapped ? " wrapped" : ""}`,
            scope: tag === "th" ? "col" : null,
          },
          cell(content),
        ),
      ),
    );
  const [head, ...body] = block.rows ?? [];
  return el(
    "div",
    { class: "block table-scroll", tabindex: "0", role: "region", "aria-label": block.caption ?? "Table" },
    el(
      "table",
      { class: block.type === "data_table" ? "block-table data-table" : "block-table" },
      block.caption ? el("caption", {}, block.caption) : null,
      head ? el("thead", {}, row(head, "th")) : null,
      el(
        "tbody",
        {},
        body.map((cells) => row(cells, "td")),
      ),
    ),
  );
}

function alert(block) {
  const level = ["info", "warning", "error", "success"].includes(block.level) ? block.level : "default";
  const sign = { warning: "warn", error: "warn", success: "check" }[level] ?? "info";
  return el(
    "div",
    { class: `block alert ${level}`, role: level === "error" ? "alert" : "note" },
    icon(sign),
    el("div", { class: "text" }, textObject(block.text)),
  );
}

function video(block, context) {
  return el(
    "figure",
    { class: "block image" },
    el("figcaption", {}, textObject(block.title)),
    picture({ image_url: block.thumbnail_url, alt_text: block.alt_text }, context, "picture"),
  );
}

function unknown(block) {
  return el(
    "details",
    { class: "block unknown" },
    el("summary", {}, `A “${block.type}” block, which this page does not draw`),
    el("pre", {}, JSON.stringify(block, null, 2)),
  );
}

const BLOCKS = {
  section,
  header,
  image,
  actions,
  input,
  table,
  data_table: table,
  alert,
  video,
  context: contextBlock,
  context_actions: actions,
  divider: () => el("hr", { class: "block divider" }),
  rich_text: (block) => el("div", { class: "block text" }, richText(block)),
  markdown: (block) => el("div", { class: "block text" }, markdown(block.text)),
};

/** The node of one block. A block that cannot be drawn shows its JSON instead of taking the message down. */
export function renderBlock(block, context) {
  try {
    return (BLOCKS[block.type] ?? unknown)(block, context);
  } catch (error) {
    console.error(`Drawing a ${block.type} block:`, error);
    return unknown(block);
  }
}

/** A line of text for a set of blocks, for places that only have room for words. */
export function summary(blocks) {
  const first = (blocks ?? []).find((block) => block.text || block.elements);
  return first?.text ? plain(first.text) : "";
}
