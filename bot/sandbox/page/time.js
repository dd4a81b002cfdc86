// Moments in a named zone: wall clock parts, Slack's date tokens, day dividers, and a wall time back to epoch.
// The browser's own zone is never used: a person here reads the clock of the person they act as.

const LOCALE = "en-US";
const formatters = new Map();

function formatter(zone, options) {
  const key = `${zone}|${JSON.stringify(options)}`;
  if (!formatters.has(key)) {
    let made;
    try {
      made = new Intl.DateTimeFormat(LOCALE, { timeZone: zone, ...options });
    } catch {
      // An unknown zone name must not take the page down; UTC is what Slack's API would say.
      made = new Intl.DateTimeFormat(LOCALE, { timeZone: "UTC", ...options });
    }
    formatters.set(key, made);
  }
  return formatters.get(key);
}

const PARTS = {
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "numeric",
  second: "numeric",
  hourCycle: "h23",
};

/** {year, month, day, hour, minute, second, weekday (0 = Sunday)} of `epoch` in `zone`. */
export function wall(epoch, zone) {
  const parts = {};
  for (const { type, value } of formatter(zone, PARTS).formatToParts(new Date(epoch * 1000))) {
    if (type !== "literal") parts[type] = Number(value);
  }
  parts.weekday = new Date(Date.UTC(parts.year, parts.month - 1, parts.day)).getUTCDay();
  return parts;
}

function asUtc(parts) {
  return (
    Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0) / 1000
  );
}

/** Seconds that `zone` is ahead of UTC at `epoch`. */
function offset(epoch, zone) {
  return asUtc(wall(epoch, zone)) - Math.floor(epoch);
}

/**
 * The moment at which clocks in `zone` show `parts`. A time that a clock change skips moves forward, one
 * that comes twice is the first: the same rule as calendars use.
 */
export function epochOf(parts, zone) {
  const naive = asUtc(parts);
  const before = naive - offset(naive - 86400, zone);
  const after = naive - offset(naive + 86400, zone);
  const right = [before, after].filter((guess) => asUtc(wall(guess, zone)) === naive);
  return right.length > 0 ? Math.min(...right) : before;
}

const pad = (number) => String(number).padStart(2, "0");

/** The value of an <input type="datetime-local"> for a moment in a zone. */
export function toLocalInput(epoch, zone) {
  const at = wall(epoch, zone);
  return `${at.year}-${pad(at.month)}-${pad(at.day)}T${pad(at.hour)}:${pad(at.minute)}`;
}

/** The moment that a datetime-local value means in a zone, or null when it is not complete. */
export function fromLocalInput(value, zone) {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/.exec(value ?? "");
  if (!match) return null;
  const [year, month, day, hour, minute] = match.slice(1).map(Number);
  return epochOf({ year, month, day, hour, minute }, zone);
}

/** The next moment after `epoch` at hour:minute in `zone`, on `weekday` (0 = Sunday) if one is given. */
export function next(epoch, zone, hour, minute, weekday = null) {
  const now = wall(epoch, zone);
  for (let days = 0; days <= 8; days += 1) {
    const date = new Date(Date.UTC(now.year, now.month - 1, now.day + days));
    if (weekday !== null && date.getUTCDay() !== weekday) continue;
    const at = epochOf(
      { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), hour, minute },
      zone,
    );
    if (at > epoch + 0.5) return at;
  }
  return epoch + 86400;
}

export function time(epoch, zone, seconds = false) {
  const options = { hour: "numeric", minute: "2-digit", hour12: true };
  if (seconds) options.second = "2-digit";
  // Intl puts a narrow no-break space before AM; Slack's clients show a plain one.
  return formatter(zone, options)
    .format(new Date(epoch * 1000))
    .replace(/\u202f/g, " ");
}

/** "Tue, Nov 24" with the year when it is not the year of `now`. */
export function dayShort(epoch, zone, now = epoch) {
  const options = { weekday: "short", month: "short", day: "numeric" };
  if (wall(epoch, zone).year !== wall(now, zone).year) options.year = "numeric";
  return formatter(zone, options).format(new Date(epoch * 1000));
}

/** "EST", "CDT": how people call the zone at that moment. */
export function zoneAbbreviation(epoch, zone) {
  const parts = formatter(zone, { timeZoneName: "short", hour: "numeric" }).formatToParts(new Date(epoch * 1000));
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
}

/** "New York" for America/New_York. */
export function zoneCity(zone) {
  return (zone ?? "").split("/").pop().replace(/_/g, " ");
}

function ordinal(day) {
  const rest = day % 100;
  if (rest >= 11 && rest <= 13) return `${day}th`;
  return `${day}${["th", "st", "nd", "rd"][day % 10] ?? "th"}`;
}

/** Whole calendar days from `now` to `epoch`, as people in `zone` count them. */
function daysBetween(epoch, now, zone) {
  const a = wall(epoch, zone);
  const b = wall(now, zone);
  return Math.round((Date.UTC(a.year, a.month - 1, a.day) - Date.UTC(b.year, b.month - 1, b.day)) / 86400000);
}

function nearWord(epoch, now, zone) {
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[daysBetween(epoch, now, zone)] ?? null;
}

function ago(epoch, now) {
  const seconds = Math.round(now - epoch);
  const size = Math.abs(seconds);
  if (size < 45) return seconds >= 0 ? "just now" : "in a moment";
  const steps = [
    [60, 3600, "minute"],
    [3600, 86400, "hour"],
    [86400, 2592000, "day"],
    [2592000, 31536000, "month"],
  ];
  const step = steps.find(([, below]) => size < below) ?? [31536000, Infinity, "year"];
  const count = Math.max(1, Math.round(size / step[0]));
  const words = `${count} ${step[2]}${count === 1 ? "" : "s"}`;
  return seconds >= 0 ? `${words} ago` : `in ${words}`;
}

const name = (epoch, zone, options) => formatter(zone, options).format(new Date(epoch * 1000));

// Slack leaves out the year of dates less than half a year away.
function year(epoch, now, at) {
  return Math.abs(epoch - now) < 182 * 86400 ? "" : `, ${at.year}`;
}

const FORMATS = {
  date_num: (epoch, zone) => {
    const at = wall(epoch, zone);
    return `${at.year}-${pad(at.month)}-${pad(at.day)}`;
  },
  date_slash: (epoch, zone) => {
    const at = wall(epoch, zone);
    return `${pad(at.month)}/${pad(at.day)}/${at.year}`;
  },
  date: (epoch, zone, now) => {
    const at = wall(epoch, zone);
    return `${name(epoch, zone, { month: "long" })} ${ordinal(at.day)}${year(epoch, now, at)}`;
  },
  date_short: (epoch, zone, now) => {
    const at = wall(epoch, zone);
    return `${name(epoch, zone, { month: "short" })} ${at.day}${year(epoch, now, at)}`;
  },
  date_long: (epoch, zone, now) => `${name(epoch, zone, { weekday: "long" })}, ${FORMATS.date(epoch, zone, now)}`,
  date_long_full: (epoch, zone) => name(epoch, zone, { month: "long", day: "numeric", year: "numeric" }),
  date_pretty: (epoch, zone, now) => nearWord(epoch, now, zone) ?? FORMATS.date(epoch, zone, now),
  date_short_pretty: (epoch, zone, now) => nearWord(epoch, now, zone) ?? FORMATS.date_short(epoch, zone, now),
  date_long_pretty: (epoch, zone, now) => nearWord(epoch, now, zone) ?? FORMATS.date_long(epoch, zone, now),
  day_divider_pretty: (epoch, zone, now) => {
    const near = nearWord(epoch, now, zone);
    if (near) return near;
    const at = wall(epoch, zone);
    const day = `${name(epoch, zone, { weekday: "long" })}, ${name(epoch, zone, { month: "long" })} ${ordinal(at.day)}`;
    return at.year === wall(now, zone).year ? day : `${day}, ${at.year}`;
  },
  time: (epoch, zone) => time(epoch, zone),
  time_secs: (epoch, zone) => time(epoch, zone, true),
  ago: (epoch, zone, now) => ago(epoch, now),
};

/**
 * Slack's date template, e.g. "{date_short_pretty} at {time}". A day word that opens the text gets a capital.
 * Returns null when the template has a token that Slack does not know, so that the caller shows the fallback.
 */
export function slackDate(epoch, template, zone, now) {
  let known = true;
  const text = template.replace(/\{([a-z_]+)\}/g, (whole, token, at) => {
    if (!FORMATS[token]) {
      known = false;
      return whole;
    }
    const made = FORMATS[token](epoch, zone, now);
    return at === 0 ? made.charAt(0).toUpperCase() + made.slice(1) : made;
  });
  return known ? text : null;
}

/** The words on the line between two days of messages. */
export function dayDivider(epoch, zone, now) {
  return slackDate(epoch, "{day_divider_pretty}", zone, now);
}

/** A key that is equal for moments on the same day of that zone. */
export function dayKey(epoch, zone) {
  return FORMATS.date_num(epoch, zone);
}

/** The whole moment, for tooltips. */
export function full(epoch, zone) {
  const day = name(epoch, zone, { weekday: "long", month: "long", day: "numeric", year: "numeric" });
  return `${day} at ${time(epoch, zone, true)} ${zoneAbbreviation(epoch, zone)}`;
}
