// What the page knows: who acts, the workspace's people and channels, the clock, and where the page is. It draws
// nothing and fetches nothing; modules listen to its events ("state", "clock", "route").

import { wall } from "./time.js";

const listeners = new Map();

export const store = {
  me: null,
  team: { id: "", name: "" },
  app: { name: "", app_id: "", bot_user_id: "", connections: 0 },
  users: [],
  channels: [],
  commands: [],
  shortcuts: [],
  clock: { now: 0, running: false, rate: 1, zone: "UTC", hooked: false, busy: false },
  clockReceived: 0,
  route: { as: null, view: "channel", channel: null, thread: null, canvas: null },

  on(event, listener) {
    if (!listeners.has(event)) listeners.set(event, new Set());
    listeners.get(event).add(listener);
  },

  off(event, listener) {
    listeners.get(event)?.delete(listener);
  },

  emit(event, detail) {
    for (const listener of listeners.get(event) ?? []) listener(detail);
  },

  /** Takes a whole /page/state answer. */
  takeState(state, anew = false) {
    for (const key of ["me", "team", "app", "users", "channels", "commands", "shortcuts"]) {
      if (state[key] !== undefined && state[key] !== null) this[key] = state[key];
    }
    if (typeof this.me === "string") this.me = this.user(this.me);
    if (state.clock) this.takeClock(state.clock, anew);
    this.emit("state", state);
  },

  /**
   * The clock never goes back, so an earlier moment is an old answer overtaken by the stream; unless `anew`, after the
   * connection was lost, when another sandbox may have taken its place.
   */
  takeClock(clock, anew = false) {
    if (!anew && clock.now < this.clock.now) return;
    this.clock = clock;
    this.clockReceived = performance.now();
    this.emit("clock", clock);
  },

  /** The sandbox's now, carried forward from the last answer at the clock's own pace. */
  now() {
    if (!this.clock.running) return this.clock.now;
    return this.clock.now + ((performance.now() - this.clockReceived) / 1000) * (this.clock.rate || 1);
  },

  /** The zone everything is shown in: the acting person's, or the workspace's if theirs is unknown. */
  get zone() {
    return this.me?.tz || this.clock.zone || "UTC";
  },

  get today() {
    return wall(this.now(), this.zone);
  },

  user(id) {
    return this.users.find((user) => user.id === id) ?? null;
  },

  channel(id) {
    return this.channels.find((channel) => channel.id === id) ?? null;
  },

  isApp(id) {
    return Boolean(id) && (id === this.app.bot_user_id || id === this.app.app_id || id === this.app.bot_id);
  },

  /** Whether a conversation is the one with the app; its `user` is the person as the app sees it. */
  withApp(channel) {
    return channel?.kind === "im" && (this.isApp(channel.user) || channel.user === this.me?.id);
  },

  /** What a conversation is called: an im by the other person, anything else by its name. */
  title(channel) {
    if (!channel) return "";
    if (channel.kind !== "im") return channel.name;
    if (this.withApp(channel)) return this.app.name;
    const user = this.user(channel.user);
    return user?.real_name || user?.name || channel.name || channel.user;
  },

  appChannel() {
    return this.channels.find((channel) => this.withApp(channel)) ?? null;
  },

  /** The location hash of a place; what is left out stays as it is now. */
  hash(place) {
    const as = place.as ?? this.route.as;
    if (place.view === "home") return `#/as/${as}/home`;
    const channel = place.channel ?? this.route.channel;
    const below = place.thread ? `/thread/${place.thread}` : place.canvas ? `/canvas/${place.canvas}` : "";
    return channel ? `#/as/${as}/channel/${channel}${below}` : `#/as/${as}`;
  },

  /** A place from a hash, or null when it is none of ours. */
  parse(hash) {
    const match = /^#\/as\/([^/]+)(?:\/(home|channel)(?:\/([^/]+))?(?:\/(thread|canvas)\/([^/]+))?)?$/.exec(hash);
    if (!match) return null;
    const [, as, view, channel, kind, id] = match;
    const below = { thread: null, canvas: null, ...(kind ? { [kind]: id } : {}) };
    return { as, view: view ?? "channel", channel: channel ?? null, ...below };
  },
};

/** Two letters for an avatar. */
export function initials(name) {
  const words = String(name ?? "?")
    .replace(/[^\p{L}\p{N} ]/gu, " ")
    .trim()
    .split(/\s+/);
  return ((words[0]?.[0] ?? "?") + (words.length > 1 ? words[words.length - 1][0] : "")).toUpperCase();
}

/** A number from 0 to 11 that stays with an id: which of the calm avatar colors it gets. */
export function tint(id) {
  let sum = 0;
  for (const char of String(id ?? "")) sum = (sum * 31 + char.charCodeAt(0)) % 997;
  return sum % 12;
}
