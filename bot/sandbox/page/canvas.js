// A canvas in a channel's tab: its text, and for whoever may write in it a field and a button to delete it.

import { api } from "./api.js";
import { el } from "./dom.js";
import { toast } from "./layers.js";
import { markdown } from "./markdown.js";

export class CanvasView {
  constructor(root, { channel, id }) {
    this.channel = channel;
    this.id = id;
    this.ended = false;
    this.isWriting = false;
    this.body = el("article", { class: "canvas-body", data: { testid: "canvas" } });
    root.append(el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Canvas" }, this.body));
  }

  end() {
    this.ended = true;
  }

  async load() {
    try {
      const { canvas } = await api.canvas(this.channel, this.id);
      // What somebody is writing is not taken away under their hands.
      if (!this.ended && !this.isWriting) this.show(canvas);
    } catch (error) {
      if (!this.ended) this.body.replaceChildren(el("div", { class: "empty" }, error.message));
    }
  }

  show(canvas) {
    if (!canvas) {
      this.body.replaceChildren(el("div", { class: "empty" }, "This canvas was deleted."));
      return;
    }
    const edited = canvas.edited_by ? ` · last edited by ${canvas.edited_by}` : "";
    const button = (label, testid, click) =>
      el("button", { type: "button", class: "button", data: { testid }, on: { click } }, label);
    this.body.replaceChildren(
      el("h2", { class: "canvas-title" }, canvas.title),
      el("p", { class: "canvas-by" }, `Canvas by ${canvas.by}${edited}${canvas.may_write ? "" : " · view only"}`),
      markdown(canvas.markdown),
      canvas.may_write
        ? el(
            "div",
            { class: "canvas-tools" },
            button("Edit", "canvas-edit", () => this.write(canvas)),
            button("Delete", "canvas-delete", () => this.act(api.deleteCanvas(this.channel, this.id))),
          )
        : null,
    );
  }

  write(canvas) {
    this.isWriting = true;
    const field = el("textarea", {
      class: "control canvas-field",
      "aria-label": canvas.title,
      data: { testid: "canvas-field" },
    });
    field.value = canvas.markdown;
    const done = (work) => async () => {
      this.isWriting = false;
      await (work ? this.act(api.editCanvas(this.channel, this.id, field.value)) : this.load());
    };
    const button = (label, testid, work) =>
      el("button", { type: "button", class: "button", data: { testid }, on: { click: done(work) } }, label);
    this.body.replaceChildren(
      el("h2", { class: "canvas-title" }, canvas.title),
      field,
      el(
        "div",
        { class: "canvas-tools" },
        button("Save", "canvas-save", true),
        button("Cancel", "canvas-cancel", false),
      ),
    );
    field.focus();
  }

  async act(work) {
    try {
      await work;
    } catch (error) {
      toast(error.message, "error");
    }
    await this.load();
  }
}
