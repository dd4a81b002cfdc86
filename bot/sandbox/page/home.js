// The app's Home: tells the bot that it was opened and shows the view that was published for the acting person.

import { api } from "./api.js";
import { el } from "./dom.js";
import { toast } from "./layers.js";
import { store } from "./store.js";
import { Surface } from "./surface.js";

export class Home {
  constructor(root) {
    this.surface = null;
    this.shows = 0;
    this.body = el("div", { class: "home-body", data: { testid: "home" } });
    this.empty = el("div", { class: "empty" }, `${store.app.name} has published nothing here for you yet.`);
    root.append(
      el(
        "div",
        { class: "scroll", tabindex: "0", role: "region", "aria-label": `${store.app.name} Home` },
        this.body,
      ),
    );
    this.ended = false;
  }

  end() {
    this.ended = true;
  }

  /** Opens Home as a person does, and shows what there is before the bot answers. */
  async open() {
    await this.load();
    try {
      await api.openHome();
    } catch (error) {
      toast(error.message, "error");
    }
    await this.load();
  }

  async load() {
    const before = this.shows;
    try {
      const { view } = await api.home();
      // The stream may have brought a newer view while this answer was on its way.
      if (!this.ended && before === this.shows) this.show(view);
    } catch (error) {
      if (!this.ended && !this.surface) this.body.replaceChildren(el("div", { class: "empty" }, error.message));
    }
  }

  show(view) {
    this.shows += 1;
    if (!view) {
      this.surface = null;
      this.body.replaceChildren(this.empty);
      return;
    }
    if (!this.surface) {
      this.surface = new Surface({ type: "view", view_id: view.id });
      this.body.replaceChildren(this.surface.root);
    }
    // Slack keeps a Home's view id over publishing; should it change, actions must name the new one.
    this.surface.container.view_id = view.id;
    this.surface.update(view.blocks, view.state?.values);
  }
}
