// The calls of /page/…, one function each. Nothing is kept here; the person acting comes from the store.

import { store } from "./store.js";

/** A refusal or a connection that failed; its message is a sentence for people. */
export class ApiError extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

async function call(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new ApiError("The sandbox does not answer. Is it running?");
  }
  let body = null;
  try {
    body = await response.json();
  } catch {
    body = null;
  }
  if (!response.ok) throw new ApiError(body?.error ?? `The sandbox answered ${response.status}.`, response.status);
  return body ?? {};
}

function get(name, params = {}) {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (value !== null && value !== undefined) query.set(key, value);
  }
  const text = query.toString();
  return call(`/page/${name}${text ? `?${text}` : ""}`);
}

function post(name, body = {}) {
  return call(`/page/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

const as = () => store.route.as;

export const api = {
  state: (who) => get("state", { as: who ?? as() }),
  messages: (channel, thread = null) => get("messages", { as: as(), channel, thread_ts: thread }),
  canvas: (channel, id) => get("canvas", { as: as(), channel, id }),
  editCanvas: (channel, id, markdown) => post("canvas_edit", { as: as(), channel, id, markdown }),
  deleteCanvas: (channel, id) => post("canvas_delete", { as: as(), channel, id }),
  read: (channel) => post("read", { as: as(), channel }),
  home: () => get("home", { as: as() }),
  openHome: () => post("open_home", { as: as() }),
  message: (channel, text, thread = null) =>
    post("message", { as: as(), channel, text, ...(thread ? { thread_ts: thread } : {}) }),
  command: (channel, command, text) => post("command", { as: as(), channel, command, text }),
  shortcut: (callbackId, channel = null, messageTs = null) =>
    post("shortcut", {
      as: as(),
      callback_id: callbackId,
      ...(channel ? { channel } : {}),
      ...(messageTs ? { message_ts: messageTs } : {}),
    }),
  action: (container, blockId, actionId, value, state) =>
    post("action", { as: as(), container, block_id: blockId, action_id: actionId, value, state }),
  submit: (viewId, state) => post("submit", { as: as(), view_id: viewId, state }),
  close: (viewId, isCleared) => post("close", { as: as(), view_id: viewId, is_cleared: isCleared }),
  options: (container, blockId, actionId, value) =>
    post("options", { as: as(), container, block_id: blockId, action_id: actionId, value }),
  upload: (channel, name, base64) =>
    post("upload", { as: as(), ...(channel ? { channel } : {}), name, content_base64: base64 }),
  views: () => get("views", { as: as() }),
  wire: (after) => get("wire", { after }),
  fault: (fault) => post("fault", fault),
  disconnect: () => post("disconnect"),
  clock: (change) => post("clock", change),
};

/** A chosen file's bytes as base64. */
export function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",")[1] ?? "");
    reader.onerror = () => reject(new ApiError(`${file.name} could not be read.`));
    reader.readAsDataURL(file);
  });
}
