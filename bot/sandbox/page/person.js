// The switch for whom one acts as: the button in the bar and the searchable list behind it.

import { el, fill, icon, uid } from "./dom.js";
import { popover } from "./layers.js";
import { initials, store, tint } from "./store.js";
import { time, zoneAbbreviation } from "./time.js";

const BADGES = {
  multi_channel_guest: ["Guest", "A guest in several channels"],
  single_channel_guest: ["Single-channel guest", "A guest in one channel"],
  connected: ["Connected", "From another workspace, through Slack Connect"],
};

export function avatar(id, name, className = "") {
  return el("span", { class: `avatar tint-${tint(id)} ${className}`.trim(), "aria-hidden": "true" }, initials(name));
}

export function badge(user) {
  const [text, title] = BADGES[user?.kind] ?? [];
  return text ? el("span", { class: `badge ${user.kind}`, title }, text) : null;
}

const fullName = (user) => user.real_name || user.name;

function local(user) {
  const zone = user.tz || store.clock.zone;
  return `${time(store.now(), zone)} ${zoneAbbreviation(store.now(), zone)}`;
}

const people = () => store.users.filter((user) => !store.isApp(user.id) && !user.is_bot && !user.deleted);

function open(button) {
  const listId = uid("people");
  const search = el("input", {
    type: "text",
    class: "control",
    placeholder: "Find a person",
    "aria-label": "Find a person",
    autocomplete: "off",
    role: "combobox",
    "aria-expanded": "true",
    "aria-controls": listId,
    "aria-autocomplete": "list",
  });
  const list = el("div", { role: "listbox", id: listId, class: "people", "aria-label": "People" });
  const handle = popover(button, [el("div", { class: "people-search" }, search), list], {
    className: "people-popover",
    testid: "person-list",
    returnFocus: button,
    onClose: () => button.setAttribute("aria-expanded", "false"),
  });
  button.setAttribute("aria-expanded", "true");
  let active = 0;
  let shown = [];

  const choose = (user) => {
    handle.close();
    button.focus();
    location.hash = store.hash({ as: user.id, view: store.route.view, channel: store.route.channel });
  };
  const mark = () => {
    [...list.children].forEach((node, index) => {
      node.classList.toggle("active", index === active);
      if (index === active) {
        node.scrollIntoView({ block: "nearest" });
        search.setAttribute("aria-activedescendant", node.id);
      }
    });
  };
  const draw = () => {
    const words = search.value.trim().toLowerCase().split(/\s+/);
    shown = people().filter((user) => {
      const hay = `${fullName(user)} ${user.name} ${user.title} ${user.team_name} ${user.tz}`.toLowerCase();
      return words.every((word) => hay.includes(word));
    });
    fill(
      list,
      shown.map((user, index) =>
        el(
          "div",
          {
            role: "option",
            id: `${listId}-${index}`,
            class: "person",
            "aria-selected": user.id === store.me?.id ? "true" : "false",
            data: { testid: `person-${user.id}` },
            on: { click: () => choose(user) },
          },
          avatar(user.id, fullName(user)),
          el(
            "span",
            { class: "person-words" },
            el("span", { class: "person-name" }, fullName(user), badge(user)),
            el("span", { class: "person-note" }, [user.title, user.team_name].filter(Boolean).join(" · ")),
          ),
          el("span", { class: "person-time" }, local(user)),
          user.id === store.me?.id ? icon("check", "tiny") : null,
        ),
      ),
    );
    if (shown.length === 0) fill(list, el("div", { class: "menu-empty" }, "Nobody of that name."));
    mark();
  };
  search.addEventListener("input", () => {
    active = 0;
    draw();
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      active = (active + (event.key === "ArrowDown" ? 1 : -1) + shown.length) % Math.max(1, shown.length);
      mark();
    } else if (event.key === "Enter" && shown[active]) {
      event.preventDefault();
      choose(shown[active]);
    } else if (event.key === "Tab") {
      handle.close();
    }
  });
  draw();
  active = Math.max(
    0,
    shown.findIndex((user) => user.id === store.me?.id),
  );
  mark();
  handle.move();
  search.focus();
}

/** The button that shows who acts; it follows the store. */
export function personSwitcher() {
  const button = el("button", {
    type: "button",
    class: "person-switcher",
    "aria-haspopup": "listbox",
    "aria-expanded": "false",
    data: { testid: "person-switcher" },
  });
  button.addEventListener("click", () => open(button));
  let drawn = "";
  const draw = () => {
    const me = store.me;
    if (!me) return;
    const now = JSON.stringify(me);
    if (now === drawn) return;
    drawn = now;
    button.dataset.person = me.id;
    button.setAttribute("aria-label", `Acting as ${fullName(me)}. Change person`);
    fill(
      button,
      avatar(me.id, fullName(me)),
      el(
        "span",
        { class: "person-words" },
        el("span", { class: "person-name" }, el("span", { class: "clip" }, fullName(me)), badge(me)),
        el(
          "span",
          { class: "person-note" },
          [me.team_name, zoneAbbreviation(store.now(), store.zone)].filter(Boolean).join(" · "),
        ),
      ),
      icon("down", "tiny"),
    );
  };
  store.on("state", draw);
  return button;
}
