// The panel that makes the network and a busy Slack misbehave on request: faults by method, and lost sockets.

import { api } from "./api.js";
import { el, uid } from "./dom.js";
import { toast } from "./layers.js";

const KINDS = [
  ["drop_after_accept", "Accept, then drop the connection"],
  ["drop_before_accept", "Drop the connection, accept nothing"],
  ["error_500", "Answer 500, accept nothing"],
  ["error_500_after_accept", "Accept, then answer 500"],
  ["internal_error", "Answer internal_error"],
  ["delay", "Delay the answer"],
  ["rate_limited", "Answer 429, rate limited"],
  ["withhold", "Withhold the answer"],
  ["in_pieces", "Give a file in pieces (download)"],
  ["cut", "Give only half of a file (download)"],
];
const METHODS = [
  "chat.postMessage",
  "chat.update",
  "chat.postEphemeral",
  "views.open",
  "views.update",
  "views.push",
  "views.publish",
  "conversations.history",
  "conversations.open",
  "users.info",
  "conversations.canvases.create",
  "canvases.edit",
  "files.getUploadURLExternal",
  "files.completeUploadExternal",
  "download",
  "*",
];
const TIMED = new Set(["delay", "rate_limited", "withhold"]);

/** The panel, closed at first. */
export function faultPanel() {
  const listId = uid("methods");
  const method = el("input", {
    type: "text",
    class: "control",
    value: "chat.postMessage",
    list: listId,
    "aria-label": "Method",
    autocomplete: "off",
    spellcheck: "false",
    data: { testid: "fault-method" },
  });
  const kind = el(
    "select",
    { class: "control", "aria-label": "What goes wrong", data: { testid: "fault-kind" } },
    KINDS.map(([value, label]) => el("option", { value }, label)),
  );
  const times = el("input", {
    type: "number",
    class: "control",
    min: "1",
    max: "1000",
    value: "1",
    data: { testid: "fault-times" },
  });
  const seconds = el("input", {
    type: "number",
    class: "control",
    min: "0",
    max: "600",
    step: "0.5",
    value: "5",
    data: { testid: "fault-seconds" },
  });
  const secondsLabel = el("label", {}, "Seconds", seconds);
  const show = () => {
    secondsLabel.hidden = !TIMED.has(kind.value);
  };
  kind.addEventListener("change", show);
  show();
  const form = el(
    "form",
    { class: "fault-form" },
    el(
      "label",
      { class: "wide" },
      "Method (* for any)",
      method,
      el(
        "datalist",
        { id: listId },
        METHODS.map((name) => el("option", { value: name })),
      ),
    ),
    el("label", { class: "wide" }, "What goes wrong", kind),
    el("label", {}, "Times", times),
    secondsLabel,
    el("button", { type: "submit", class: "button primary", data: { testid: "fault-add" } }, "Add fault"),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await api.fault({
        method: method.value.trim(),
        kind: kind.value,
        times: Number(times.value) || 1,
        ...(TIMED.has(kind.value) ? { seconds: Number(seconds.value) } : {}),
      });
      toast(
        `The next ${times.value === "1" ? "call" : `${times.value} calls`} of ${method.value.trim()} will go wrong.`,
      );
    } catch (error) {
      toast(error.message, "error");
    }
  });
  const disconnect = el(
    "button",
    { type: "button", class: "button small", data: { testid: "disconnect" } },
    "Disconnect sockets",
  );
  disconnect.addEventListener("click", async () => {
    try {
      await api.disconnect();
      toast("Every Socket Mode connection was asked to reconnect.");
    } catch (error) {
      toast(error.message, "error");
    }
  });
  const simple = (kind, label, done) =>
    el(
      "button",
      {
        type: "button",
        class: "button small",
        data: { testid: `fault-${kind}` },
        on: {
          click: () =>
            api.fault({ method: "*", kind, times: 1 }).then(
              () => toast(done),
              (error) => toast(error.message, "error"),
            ),
        },
      },
      label,
    );
  return el(
    "details",
    { class: "faults", data: { testid: "faults" } },
    el("summary", {}, "Faults"),
    form,
    el(
      "div",
      { class: "fault-foot" },
      disconnect,
      simple("release", "Release withheld", "Withheld answers were let go."),
      simple("clear", "Clear faults", "No fault waits any more."),
    ),
  );
}
