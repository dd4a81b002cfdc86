"""What the sandbox's page talks to: JSON under /page/…, one stream of changes. Nothing here is Slack's.

Contract with `page/` (plain JavaScript). Every request names the person acting as `as` (a user id); the
page may switch person at any time. Moments are epoch seconds (float) of the sandbox's clock; `ts` is Slack's string.

GET  /                            the page; GET /page/static/NAME its files
GET  /page/state?as=U             {me, team: {id, name}, app: {name, app_id, bot_user_id, connections},
                                   users: [{id, name, real_name, tz, kind: member|multi_channel_guest|
                                            single_channel_guest|connected, team_id, team_name, title}],
                                   channels: [{id, name, kind: public|private|im, is_member, user (of an im),
                                               topic, unread: int, last_ts}]   (those `me` can see; ims of `me`),
                                   commands: [{command, description, usage_hint}],
                                   shortcuts: [{name, callback_id, type: global|message, description}],
                                   clock: CLOCK}
GET  /page/messages?as=U&channel=C[&thread_ts=T]
                                  {messages: [MESSAGE]} oldest first; with thread_ts the parent and its replies.
                                  MESSAGE = {ts, user|bot_id, username, text, blocks, thread_ts, reply_count,
                                             edited: {ts}|null, ephemeral: bool, files: [...], subtype}
POST /page/read      {as, channel}                       marks as read
GET  /page/home?as=U              {view: VIEW|null}
POST /page/open_home {as}         sends app_home_opened → {}
POST /page/message   {as, channel, text, thread_ts?}     a person writes → {ts}
POST /page/command   {as, channel, command, text}        → {ok, error?}  (error: Slack's words, e.g.
                                                          "/foo failed with the error “operation_timeout”")
POST /page/shortcut  {as, callback_id, channel?, message_ts?}     → {ok, error?}
POST /page/action    {as, container: {type: message|view, channel?, message_ts?, view_id?, ephemeral?},
                      block_id, action_id, value, state}  → {ok, error?}
                      `value` by element type: button {"value"}, select {"selected_option": OPTION}, multi
                      {"selected_options": [...]}, users_select {"selected_user": id}, datepicker
                      {"selected_date"}, timepicker {"selected_time"}, checkboxes/radio likewise, overflow
                      {"selected_option"}, plain_text_input {"value"}. `state` = {block_id: {action_id: {type, …}}} of
                      every input shown in that message or view.
POST /page/submit    {as, view_id, state}                → {ok, errors: {block_id: text}|null, error?}
POST /page/close     {as, view_id, is_cleared}           Close button (false) or X (true) → {}
POST /page/options   {as, container, block_id, action_id, value}   typed text of an external_select
                                                          → {options: [...], option_groups?: [...]}
POST /page/upload    {as, channel, name, content_base64} → {file}
GET  /page/views?as=U             {stack: [VIEW]}  the open modals of that person, bottom first
GET  /page/wire?after=N           {entries: [{n, at, direction: in|out, kind: web_api|envelope|ack|http|response_url,
                                   name, summary, request, response, ms, error}]}   what went over the wire
POST /page/fault     {method, kind: drop_after_accept|error_500|delay|rate_limited|withhold, times, seconds?}
POST /page/disconnect {}          asks every Socket Mode connection to reconnect
POST /page/clock     {mode: jump|sleep|live|hold, to?: epoch, rate?: float}  → CLOCK
                      `jump` visits every due moment on the way in order; `sleep` leaps.
                      CLOCK = {now, iso, running: bool, rate, zone, hooked: bool, busy: bool}
GET  /page/stream?as=U            text/event-stream; each event's data is JSON {type, …}:
                                  message|message_changed|message_deleted|ephemeral {channel, ts, thread_ts?},
                                  view {stack: [VIEW]}, home {view}, state {}, clock CLOCK, wire {n},
                                  toast {text, level: info|error}
Errors: HTTP 4xx with {"error": sentence}.
"""
