// The small set of emoji shortcodes that bots tend to write. Anything else stays as :name:, which tells a
// developer that the bot leans on a shortcode nobody here knows.

import { el } from "./dom.js";

const EMOJI = {
  "+1": "👍",
  thumbsup: "👍",
  "-1": "👎",
  thumbsdown: "👎",
  ok_hand: "👌",
  wave: "👋",
  clap: "👏",
  pray: "🙏",
  raised_hands: "🙌",
  muscle: "💪",
  eyes: "👀",
  point_right: "👉",
  point_left: "👈",
  point_up: "☝️",
  point_down: "👇",
  smile: "😄",
  slightly_smiling_face: "🙂",
  grinning: "😀",
  wink: "😉",
  blush: "😊",
  joy: "😂",
  thinking_face: "🤔",
  disappointed: "😞",
  cry: "😢",
  tada: "🎉",
  sparkles: "✨",
  heart: "❤️",
  fire: "🔥",
  rocket: "🚀",
  star: "⭐",
  trophy: "🏆",
  white_check_mark: "✅",
  heavy_check_mark: "✔️",
  ballot_box_with_check: "☑️",
  x: "❌",
  no_entry: "⛔",
  no_entry_sign: "🚫",
  warning: "⚠️",
  rotating_light: "🚨",
  exclamation: "❗",
  question: "❓",
  bangbang: "‼️",
  red_circle: "🔴",
  large_red_circle: "🔴",
  large_orange_circle: "🟠",
  large_yellow_circle: "🟡",
  large_green_circle: "🟢",
  large_blue_circle: "🔵",
  large_purple_circle: "🟣",
  white_circle: "⚪",
  black_circle: "⚫",
  large_red_square: "🟥",
  large_yellow_square: "🟨",
  large_green_square: "🟩",
  small_red_triangle: "🔺",
  bell: "🔔",
  no_bell: "🔕",
  mega: "📣",
  loudspeaker: "📢",
  speech_balloon: "💬",
  thought_balloon: "💭",
  robot_face: "🤖",
  calendar: "📆",
  date: "📅",
  spiral_calendar_pad: "🗓️",
  clock1: "🕐",
  clock9: "🕘",
  alarm_clock: "⏰",
  stopwatch: "⏱️",
  hourglass: "⌛",
  hourglass_flowing_sand: "⏳",
  zzz: "💤",
  palm_tree: "🌴",
  sunny: "☀️",
  umbrella: "☔",
  seedling: "🌱",
  memo: "📝",
  pencil: "📝",
  pencil2: "✏️",
  clipboard: "📋",
  page_facing_up: "📄",
  bookmark_tabs: "📑",
  pushpin: "📌",
  round_pushpin: "📍",
  paperclip: "📎",
  link: "🔗",
  lock: "🔒",
  unlock: "🔓",
  key: "🔑",
  mag: "🔍",
  bulb: "💡",
  gear: "⚙️",
  wrench: "🔧",
  hammer: "🔨",
  package: "📦",
  inbox_tray: "📥",
  outbox_tray: "📤",
  email: "✉️",
  envelope: "✉️",
  phone: "☎️",
  chart_with_upwards_trend: "📈",
  chart_with_downwards_trend: "📉",
  bar_chart: "📊",
  moneybag: "💰",
  dollar: "💵",
  checkered_flag: "🏁",
  triangular_flag_on_post: "🚩",
  dart: "🎯",
  handshake: "🤝",
  busts_in_silhouette: "👥",
  bust_in_silhouette: "👤",
  house: "🏠",
  office: "🏢",
  school: "🏫",
  arrow_right: "➡️",
  arrow_left: "⬅️",
  arrow_up: "⬆️",
  arrow_down: "⬇️",
  arrow_upper_right: "↗️",
  arrow_lower_right: "↘️",
  arrows_counterclockwise: "🔄",
  repeat: "🔁",
  information_source: "ℹ️",
  new: "🆕",
  one: "1️⃣",
  two: "2️⃣",
  three: "3️⃣",
  four: "4️⃣",
  five: "5️⃣",
  100: "💯",
};

// Standings are told by colored circles in every message, and a machine without an emoji font would show boxes for
// them. These are drawn by the style sheet over the character, which stays there for copying and screen readers.
const DOTS = {
  "🔴": "red",
  "🟠": "orange",
  "🟡": "yellow",
  "🟢": "green",
  "🔵": "blue",
  "🟣": "purple",
  "⚪": "white",
  "⚫": "black",
};
const DOT = new RegExp(`(${Object.keys(DOTS).join("|")})`, "u");

const SHORTCODE = /:([a-z0-9_+-]+):/g;

/** The character of one shortcode, or null. */
export function emoji(name) {
  return EMOJI[(name ?? "").split("::")[0]] ?? null;
}

/** Replaces the shortcodes that are known and leaves the others as written. */
export function withEmoji(text) {
  return text.replace(SHORTCODE, (whole, name) => EMOJI[name] ?? whole);
}

/** Text with shortcodes replaced, as strings and, for colored circles, nodes. */
export function words(text) {
  return withEmoji(text)
    .split(DOT)
    .filter((part) => part !== "")
    .map((part) => (DOTS[part] ? el("span", { class: `dot dot-${DOTS[part]}` }, part) : part));
}

/** The characters of a rich_text emoji's `unicode` ("1f469-200d-1f680"), or null. */
export function fromCodepoints(unicode) {
  if (!/^[0-9a-f]+(-[0-9a-f]+)*$/i.test(unicode ?? "")) return null;
  try {
    return String.fromCodePoint(...unicode.split("-").map((part) => parseInt(part, 16)));
  } catch {
    return null;
  }
}
