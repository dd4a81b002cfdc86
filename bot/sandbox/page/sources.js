// Where a select's options come from and how its choice is named in Slack's payloads: given options, the bot's
// own search (external), people, or conversations. The combobox that shows them is in select.js.

import { plain } from "./mrkdwn.js";
import { store } from "./store.js";

const asChoice = (option) => ({
  value: option.value,
  label: plain(option.text),
  note: option.description ? plain(option.description) : null,
  raw: option,
});

function person(id) {
  const user = store.user(id);
  return {
    value: id,
    label: user ? user.real_name || user.name : id,
    note: user ? [user.title, user.team_name].filter(Boolean).join(" · ") : null,
    raw: id,
  };
}

function conversation(id) {
  const channel = store.channel(id);
  if (!channel) return { value: id, label: id, note: null, raw: id };
  const label = channel.kind === "im" ? store.title(channel) : `#${channel.name}`;
  return { value: id, label, note: channel.kind === "private" ? "private" : null, raw: id };
}

const matches = (choice, text) => {
  const hay = `${choice.label} ${choice.note ?? ""}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word));
};

/** A source whose choices are ids and whose payload has the key `single` or, for many, `plural`. */
function ids(element, many, { single, plural, initialOne, initialMany, make, all }) {
  return {
    initial: (carried) => {
      const given = carried ? (many ? carried[plural] : carried[single]) : element[many ? initialMany : initialOne];
      return [given].flat().filter(Boolean).map(make);
    },
    entry: (chosen) =>
      many ? { [plural]: chosen.map((choice) => choice.raw) } : { [single]: chosen[0]?.raw ?? null },
    immediate: (text) => [
      {
        label: null,
        choices: all()
          .map(make)
          .filter((choice) => matches(choice, text)),
      },
    ],
  };
}

function options(element, many, context) {
  const groupsOf = (given) =>
    given.option_groups?.length
      ? given.option_groups.map((group) => ({
          label: plain(group.label),
          choices: (group.options ?? []).map(asChoice),
        }))
      : [{ label: null, choices: (given.options ?? []).map(asChoice) }];
  const external = /external_select$/.test(element.type);
  const source = {
    initial: (carried) => {
      const given = carried
        ? many
          ? carried.selected_options
          : carried.selected_option
        : element[many ? "initial_options" : "initial_option"];
      const chosen = [given].flat().filter(Boolean).map(asChoice);
      if (external || !carried) return chosen;
      // A value kept over an update only stands while the new list has it.
      const known = new Set(
        groupsOf(element)
          .flatMap((group) => group.choices)
          .map((choice) => choice.value),
      );
      return chosen.filter((choice) => known.has(choice.value));
    },
    entry: (chosen) =>
      many ? { selected_options: chosen.map((choice) => choice.raw) } : { selected_option: chosen[0]?.raw ?? null },
  };
  if (external) {
    source.minimum = element.min_query_length ?? 3;
    source.search = async (text) => groupsOf(await context.options(element.action_id, text));
  } else {
    source.immediate = (text) =>
      groupsOf(element)
        .map((group) => ({ ...group, choices: group.choices.filter((choice) => matches(choice, text)) }))
        .filter((group) => group.choices.length > 0);
  }
  return source;
}

function conversations(element, many, context) {
  const filter = element.filter ?? {};
  const kinds = { im: "im", private: "private", public: "public" };
  const source = ids(element, many, {
    single: "selected_conversation",
    plural: "selected_conversations",
    initialOne: "initial_conversation",
    initialMany: "initial_conversations",
    make: conversation,
    all: () =>
      store.channels
        .filter((channel) => {
          if (filter.include && !filter.include.includes(kinds[channel.kind])) return false;
          return !(filter.exclude_bot_users && store.withApp(channel));
        })
        .map((channel) => channel.id),
  });
  const initial = source.initial;
  source.initial = (carried) => {
    const chosen = initial(carried);
    const current = context.surface.container.channel ?? store.route.channel;
    return chosen.length === 0 && !carried && element.default_to_current_conversation && current
      ? [conversation(current)]
      : chosen;
  };
  return source;
}

/** The source for a select element: {initial, entry, immediate} or {initial, entry, minimum, search}. */
export function sourceOf(element, context) {
  const many = element.type.startsWith("multi_");
  const kind = element.type.replace(/^multi_/, "");
  if (kind === "users_select") {
    return ids(element, many, {
      single: "selected_user",
      plural: "selected_users",
      initialOne: "initial_user",
      initialMany: "initial_users",
      make: person,
      all: () => store.users.filter((user) => !store.isApp(user.id)).map((user) => user.id),
    });
  }
  if (kind === "channels_select") {
    return ids(element, many, {
      single: "selected_channel",
      plural: "selected_channels",
      initialOne: "initial_channel",
      initialMany: "initial_channels",
      make: conversation,
      all: () => store.channels.filter((channel) => channel.kind === "public").map((channel) => channel.id),
    });
  }
  if (kind === "conversations_select") return conversations(element, many, context);
  return options(element, many, context);
}
