// Parts of a message that stand outside of its blocks: who wrote it, and its files. The rows are in messages.js.

import { el, icon, safeImage, safeLink } from "./dom.js";
import { store } from "./store.js";

/** Who a message is from: {id, name, app, user}. */
export function author(message) {
  if (message.bot_id || store.isApp(message.user)) {
    return { id: store.app.bot_user_id, name: message.username || store.app.name, app: true, user: null };
  }
  const user = store.user(message.user);
  return {
    id: message.user,
    name: user?.real_name || user?.name || message.username || message.user || "Somebody",
    app: false,
    user,
  };
}

export function files(list) {
  return (list ?? []).map((file) => {
    const url = file.url_private ?? file.permalink;
    const picture = /^image\//.test(file.mimetype ?? "") ? safeImage(file.thumb_url ?? url) : null;
    const name = file.title || file.name || "File";
    if (picture) {
      return el(
        "figure",
        { class: "file-picture" },
        el("figcaption", {}, name),
        el("img", { class: "picture", src: picture, alt: file.alt_txt || name, loading: "lazy" }),
      );
    }
    const href = safeLink(url);
    return el(
      href ? "a" : "span",
      { class: "file", href, target: href ? "_blank" : null, rel: href ? "noopener" : null },
      icon("file"),
      el(
        "span",
        { class: "file-words" },
        el("span", {}, name),
        el(
          "span",
          { class: "note" },
          [file.pretty_type ?? file.filetype, file.size ? `${Math.max(1, Math.round(file.size / 1024))} kB` : null]
            .filter(Boolean)
            .join(" · "),
        ),
      ),
    );
  });
}
