"""Every name that Slack hands back to us: commands, callback ids, action ids and the beginnings of block ids."""

from __future__ import annotations

from enum import StrEnum

# Block ids in a person's message of many things begin so: what is pressed there changes in its place.
IN_BUNDLE = "bundle:"


class Command(StrEnum):
    """Slash commands without a prefix; `BACKBEAT` understands the words of all the others."""

    BACKBEAT = "/backbeat"
    CHECKIN = "/checkin"
    COALITION = "/coalition"
    METRIC = "/metric"
    DIGEST = "/digest"
    ACTION = "/action"
    PRIORITY = "/priority"
    DECISION = "/decision"
    ISSUE = "/issue"
    MEETING = "/meeting"
    FUNDING = "/funding"


class Submission(StrEnum):
    """Views that can be submitted, by callback_id."""

    CHECKIN = "check_in"
    CHECKIN_AHEAD = "check_in_ahead"
    PULSE = "pulse"
    PULSE_DONE = "pulse_done"
    CHECKIN_DRAFT = "check_in_draft"
    QUESTION_SET = "question_set_form"
    QUESTION = "question_form"
    QUESTIONS_PREVIEW = "questions_preview"
    MOVE_ROUND = "move_round_form"
    SKIP_ROUND = "skip_round_form"
    REOPEN_ROUND = "reopen_round_form"
    AWAY = "away_form"
    SETTINGS = "settings_form"
    NOTE = "note_form"
    FIGURE = "figure"
    FIGURE_CONFIRM = "figure_confirm"
    FIGURE_TABLE = "figure_table"
    FIGURE_TABLE_CONFIRM = "figure_table_confirm"
    METRIC_PLAN = "metric_plan"
    METRIC_TARGET = "metric_target"
    METRIC_SERIES = "metric_series_form"
    PRIORITY_PLAN = "priority_plan"
    OUTCOME = "outcome"
    NEW_ACTION = "new_action_form"
    CHANGE_ACTION = "change_action_form"
    OWN_ACTIONS = "own_actions_form"
    DIGEST_CONTEXT = "digest_context_form"
    MOVE_DIGEST = "move_digest_form"
    SETUP_NAME = "setup_name"
    SETUP_PRIORITIES = "setup_priorities"
    SETUP_PEOPLE = "setup_people"
    SETUP_ORGANIZATIONS = "setup_organizations"
    SETUP_RHYTHM = "setup_rhythm"
    EDIT_ASK = "edit_ask"
    TRY_ANOTHER = "try_another"
    LETTER = "letter"
    IMPORT_FILE = "import_file_form"
    IMPORT_CONFIRM = "import_confirm_form"
    MEMBER_ADD = "member_add_form"
    MEMBER_EDIT = "member_edit_form"
    MEMBER_ROLES = "member_roles_form"
    MEMBER_LEAVES = "member_leaves_form"
    END_THING = "end_thing_form"
    END_COALITION = "end_coalition_form"
    STAND_IN = "stand_in_form"
    ORGANIZATION = "organization_form"
    GROUP = "group_form"
    NORTH_STAR = "north_star_form"
    COALITION = "coalition_form"

    # decisions
    NEW_DECISION = "new_decision_form"
    BALLOT = "ballot_form"
    RECORD_DECISION = "record_decision_form"
    SET_ASIDE = "set_aside_form"
    REOPEN_DECISION = "reopen_decision_form"
    DECISION_DATE = "decision_date_form"

    # issues
    NEW_ISSUE = "new_issue_form"
    ESCALATE_ISSUE = "escalate_issue_form"
    CLOSE_ISSUE = "close_issue_form"
    VISIBILITY = "visibility_form"
    MEETING_PLAN = "meeting_plan"
    MEETING_SAVE = "meeting_save"
    MEETING_MOVE = "meeting_move_form"
    MEETING_SKIP = "meeting_skip_form"
    MEETING_SUBSTITUTE = "meeting_substitute_form"
    MEETING_POINT = "meeting_point_form"
    MEETING_NOTES = "meeting_notes_form"
    MEETING_NOTES_POST = "meeting_notes_post"

    # funding
    FUNDING_SOURCE = "funding_source_form"
    FUNDING_ALLOCATION = "funding_allocation_form"
    FUNDING_REPORT = "funding_report_form"


class Action(StrEnum):
    """Buttons and menus that act at once, by action_id; by noun, as `handlers/` has them."""

    # check-ins
    ANSWER = "answer"
    ANSWER_OPEN = "answer_open"
    NO_CHANGE = "no_change"
    ANSWER_AHEAD = "answer_ahead"
    KEEP_WORDS = "keep_words"
    ASK_STAND_IN = "ask_stand_in"
    DECLINE_STAND_IN = "decline_stand_in"
    CHECKIN_STATUS = "check_in_status"
    CHECKIN_PREVIEW = "check_in_preview"
    CHECKIN_ANSWERS = "check_in_answers"
    CHECKIN_TABLE = "check_in_table"
    CHECKIN_PICTURES = "check_in_pictures"
    SAY_DONE = "pulse_say_done"
    ASK_AGAIN = "ask_again"
    ASK_ONCE_MORE = "ask_once_more"
    CLOSE_ROUND = "close_round"
    REOPEN_ROUND = "reopen_round"
    MOVE_ROUND = "move_round"
    SKIP_ROUND = "skip_round"
    RESTORE_ROUND = "restore_round"
    ADD_CHECKIN = "add_check_in"
    START_STOCKTAKE = "start_stocktake"
    EDIT_CHECKIN = "edit_check_in"
    SAVE_CHECKIN = "save_check_in"
    BACK_TO_CHECKIN = "back_to_check_in"
    QUESTION_SETS = "question_sets"
    OPEN_QUESTIONS = "open_questions"
    ADD_QUESTIONS = "add_questions"
    EDIT_QUESTIONS = "edit_questions"
    COPY_QUESTIONS = "copy_questions"
    PREVIEW_QUESTIONS = "preview_questions"
    TRY_QUESTIONS = "try_questions"  # as they are in hand
    START_QUESTIONS_OVER = "start_questions_over"
    ADD_QUESTION = "add_question"
    EDIT_QUESTION = "edit_question"
    QUESTION_UP = "question_up"
    QUESTION_DOWN = "question_down"
    TAKE_QUESTION_OUT = "take_question_out"
    QUESTION_KIND = "question_kind"  # what is asked for was chosen
    ASK_PAUSE_CHECKIN = "ask_pause_check_in"
    PAUSE_CHECKIN = "pause_check_in"
    RESUME_CHECKIN = "resume_check_in"

    # days away, one's own settings, and words to the coordinators
    AWAY = "away"
    COME_BACK = "come_back"
    CANCEL_AWAY = "cancel_away"
    MY_SETTINGS = "my_settings"
    WHAT_COMES = "what_comes"
    KIND_WANTED = "kind_wanted"
    COPY_WANTED = "copy_wanted"
    WRITE_TO_COORDINATORS = "write_to_coordinators"
    SEND_NOTE = "send_note"
    CHANGE_NOTE = "change_note"

    # first contact
    SOUNDS_RIGHT = "sounds_right"
    WHO_SEES_WHAT = "who_sees_what"

    # asks
    SEND_ASK = "send_ask"
    EDIT_ASK = "open_edit_ask"
    TALK_FIRST = "talk_first"
    ASK_HELP = "ask_can_help"
    ASK_ANOTHER = "ask_another"
    ASK_TALK = "ask_talk"
    ASK_ACTION = "ask_to_action"
    OPEN_ASK = "open_ask"
    ASK_CAME_THROUGH = "ask_came_through"
    ASK_FELL_THROUGH = "ask_fell_through"
    WITHDRAW_ASK = "withdraw_ask"
    PRIORITY_ASKS = "priority_asks"
    ASK_NAMED = "find_provider"  # who is asked was chosen: the same element as the search

    # letters
    WRITE_TO = "write_to"
    SEE_NOTE = "see_note"
    REPLY_TO_NOTE = "reply_to_note"

    # the coordinators' brief
    ASK_FOR_FIGURES = "ask_for_figures"
    SEE_OVERDUE = "see_overdue"
    ANSWER_FOR = "answer_for"

    # action items
    NEW_ACTION = "new_action"
    ADD_DRAFT = "add_action_draft"
    CHANGE_DRAFT = "change_action_draft"
    MY_ACTIONS = "my_actions"
    TURN_ACTIONS = "turn_actions"
    SORT_ACTIONS = "sort_actions"
    OPEN_ACTION = "open_action"
    ACTION_HISTORY = "action_history"
    ACTION_DONE = "action_done"
    ACTION_START = "action_start"
    ACTION_MOVE = "action_move"
    ACTION_BLOCK = "action_block"
    ACTION_CANCEL = "action_cancel"
    ACTION_RENEW = "action_renew"
    ACTION_HELP = "action_help"
    ACTION_UNDO = "action_undo"
    ACCEPT_ACTION = "accept_action"
    OFFER_DATE = "offer_date"
    DECLINE_ACTION = "decline_action"
    ALL_ACTIONS = "all_actions"
    ACTION_FORM_NEXT = "action_form_next"
    ACTION_FORM_BACK = "action_form_back"

    # decisions
    NEW_DECISION = "new_decision"
    PROPOSE_DRAFT = "propose_decision_draft"
    CHANGE_DECISION_DRAFT = "change_decision_draft"
    MY_DECISIONS = "my_decisions"
    TURN_DECISIONS = "turn_decisions"
    OPEN_DECISION = "open_decision"
    DECISION_HISTORY = "decision_history"
    DECISION_ANSWER = "decision_answer"
    DECISION_OPTION_1 = "decision_option_1"
    DECISION_OPTION_2 = "decision_option_2"
    DECISION_OPTION_3 = "decision_option_3"
    DECISION_OPTION_4 = "decision_option_4"
    DECISION_OPTION_5 = "decision_option_5"
    DECISION_ABSTAIN = "decision_abstain"
    DECISION_OBJECT = "decision_object"
    DECISION_TALK = "decision_talk"
    RECORD_DECISION = "record_decision"
    SET_DECISION_ASIDE = "set_decision_aside"
    REOPEN_DECISION = "reopen_decision"
    ASK_VOICES_AGAIN = "ask_voices_again"
    DECISION_NEW_DATE = "decision_new_date"
    DECISION_TO_MEETING = "decision_to_meeting"

    # issues
    NEW_ISSUE = "new_issue"
    RAISE_DRAFT = "raise_issue_draft"
    CHANGE_ISSUE_DRAFT = "change_issue_draft"
    MY_ISSUES = "my_issues"
    TURN_ISSUES = "turn_issues"
    OPEN_ISSUE = "open_issue"
    ISSUE_HISTORY = "issue_history"
    ESCALATE_ISSUE = "escalate_issue"
    ESCALATE_NOW = "escalate_issue_now"
    RESOLVE_ISSUE = "resolve_issue"
    PARK_ISSUE = "park_issue"
    REOPEN_ISSUE = "reopen_issue"
    ISSUE_DECISION = "issue_decision"
    ISSUE_AGENDA = "issue_agenda"

    # who sees an action, an issue or a decision
    VISIBILITY = "visibility"

    # metrics
    FIGURE_UPDATE = "figure_update"
    FIGURE_CHOSEN = "figure_chosen"
    FIGURE_RECORD = "figure_record"
    FIGURE_CHANGE = "figure_change"
    FIGURE_UNDO = "figure_undo"
    FIGURE_CARD = "figure_card"
    FIGURES_ALL = "figures_all"
    FIGURES_OF = "figures_of"
    METRIC_ADD = "metric_add"
    METRIC_MORE = "metric_more"
    METRIC_EDIT = "metric_edit"
    METRIC_RETARGET = "metric_retarget"
    METRIC_MEANING = "metric_meaning"
    METRIC_PARTS = "metric_parts"
    METRIC_HISTORY = "metric_history"
    METRIC_SERIES = "metric_series"
    SERIES_RECORD = "series_record"
    SERIES_CHANGE = "series_change"
    SERIES_DECLINE = "series_decline"

    # digests
    DIGEST_OVERVIEW = "digest_overview"
    DIGEST_PREVIEW = "digest_preview"
    DIGEST_EDITION = "digest_edition"
    DIGEST_TURN = "digest_turn"
    DIGEST_OPEN = "digest_open"
    DIGEST_PAST = "past_digests"
    DIGEST_PAST_TURN = "turn_past_digests"
    DIGEST_COPIES = "digest_copies"
    DIGEST_SUBSCRIBE = "digest_subscribe"
    DIGEST_ASK = "digest_ask_to_send"
    DIGEST_SEND = "digest_send"
    DIGEST_FORWARD = "digest_forward"
    DIGEST_FORWARD_FILES = "digest_forward_files"
    DIGEST_FORWARD_TEXT = "digest_forward_text"
    DIGEST_FORWARD_TEXT_FILE = "digest_forward_text_file"
    DIGEST_PASSED_ON = "digest_passed_on"
    DIGEST_NOT_PASSED_ON = "digest_not_passed_on"
    DIGEST_CONTEXT = "digest_context"
    MOVE_DIGEST = "move_digest"
    LEAVE_OUT_DIGEST = "leave_out_digest"
    # meetings
    MEETINGS_MINE = "meetings_mine"
    TURN_MEETINGS = "turn_meetings"
    OPEN_MEETING = "open_meeting"
    NEW_MEETING = "new_meeting"
    EDIT_MEETING = "edit_meeting"
    CHANGE_PLAN = "change_meeting_plan"
    MEETING_COMING = "meeting_coming"
    MEETING_NOT_COMING = "meeting_not_coming"
    MEETING_SEND = "meeting_send"
    MEETING_AGENDA = "meeting_agenda"
    READ_PACK = "read_pack"
    PACK_TURN = "pack_turn"
    PACK_BACK = "pack_back"
    ADD_POINT = "add_agenda_point"
    MOVE_MEETING = "move_meeting"
    SKIP_MEETING = "skip_meeting"
    WRITE_NOTES = "write_notes"
    CHANGE_NOTES = "change_notes"
    CALENDAR_FILE = "calendar_file"
    CALENDAR_FEED = "calendar_feed"
    NEW_FEEDS = "new_calendar_feeds"
    MAIL_CHANGES = "mail_calendar_changes"
    MAIL_NO_CHANGES = "mail_no_calendar_changes"

    # priorities
    PRIORITY_CARD = "priority_card"
    PRIORITIES_ALL = "priorities_all"
    PLAN = "plan"
    PLAN_TURN = "plan_turn"
    PLAN_BACK = "plan_back"
    PRIORITY_HISTORY = "priority_history"
    PRIORITY_EDIT = "priority_edit"
    PRIORITY_OUTCOMES = "priority_outcomes"
    OUTCOME_EDIT = "outcome_edit"
    OUTCOME_ADD = "outcome_add"

    # funding
    FUNDING_OVERVIEW = "funding_overview"
    FUNDING_LIST = "funding_list"
    FUNDING_CARD = "funding_card"
    FUNDING_ADD = "funding_add"
    FUNDING_UPDATE = "funding_update"
    FUNDING_ALLOCATE = "funding_allocate"
    FUNDING_REPORT = "funding_report"
    FUNDING_HISTORY = "funding_history"

    # people
    LINK_PEOPLE = "link_people"
    PICK_ACCOUNT = "pick_account"
    TURN_PEOPLE = "turn_people"
    ASK_TO_BE_LINKED = "ask_to_be_linked"
    LINK_ACCOUNT = "link_account"

    # members
    TURN_MEMBERS = "turn_members"
    OPEN_MEMBER = "open_member"
    ADD_MEMBER = "add_member"
    EDIT_MEMBER = "edit_member"
    GIVE_ROLES = "give_roles"
    CHANGE_STAND_IN = "change_stand_in"
    MEMBER_LEAVES = "member_leaves"
    CALL_BACK_LINKS = "call_back_links"
    MAIL_WORKS = "mail_works"
    TAKE_PART_AGAIN = "take_part_again"
    FORMER_MEMBERS = "former_members"
    ERASE_MEMBER = "erase_member"

    # what ends
    END_THING = "end_thing"
    END_COALITION = "end_coalition"
    REOPEN_COALITION = "reopen_coalition"
    REOPEN_THING = "reopen_thing"
    ENDED_THINGS = "ended_things"
    TURN_RHYTHM = "turn_rhythm"

    # organizations
    TURN_ORGANIZATIONS = "turn_organizations"
    OPEN_ORGANIZATION = "open_organization"
    ADD_ORGANIZATION = "add_organization"
    EDIT_ORGANIZATION = "edit_organization"

    # groups
    TURN_GROUPS = "turn_groups"
    OPEN_GROUP = "open_group"
    ADD_GROUP = "add_group"
    EDIT_GROUP = "edit_group"

    # the north star
    EDIT_NORTH_STAR = "edit_north_star"

    # the coalition's own fields
    EDIT_COALITION = "edit_coalition"

    # audit
    TURN_AUDIT = "turn_audit"

    # coalition files
    CHECK_FILE = "check_file"
    CHECK_FIGURES = "check_figures"

    # setup
    SETUP_ADD_PRIORITY = "setup_add_priority"
    SETUP_DROP_PRIORITY = "setup_drop_priority"
    SETUP_KEEP = "setup_keep"
    SETUP_BACK = "setup_back"

    # coalitions
    WEEK = "week"
    START = "start"
    ASK_PAUSE = "pause_from_brief"  # as briefs carry it that were sent
    PAUSE = "pause"
    RESUME = "resume"
    RESUME_WITHOUT_DIGEST = "resume_without_digest"
    ASK_RESUME = "ask_resume"

    # canvases
    CANVASES = "canvases"
    CANVASES_ASK = "canvases_ask"
    CANVAS_MAKE = "canvas_make"
    CANVAS_MAKE_TOLD = "canvas_make_told"

    # held deliveries
    IT_ARRIVED = "it_arrived"
    SEND_AGAIN = "send_again"
    DELIVERIES = "deliveries"
    TURN_DELIVERIES = "turn_deliveries"

    # home
    REFRESH = "refresh"
    CHECK_CHANNELS = "check_channels"
    TURN_PAGE = "turn_page"
    GO_STATUS = "go_status"
    GO_DELIVERIES = "go_deliveries"
    GO_HEALTH = "go_health"
    GO_RHYTHM = "go_rhythm"
    GO_WAITING = "go_waiting"
    GO_CHECKINS = "go_check_ins"
    GO_ANSWER_FOR = "go_answer_for"
    GO_ACTIONS = "go_actions"
    GO_FIGURES = "go_figures"
    GO_PRIORITIES = "go_priorities"
    GO_MEETINGS = "go_meetings"
    GO_DECISIONS = "go_decisions"
    GO_ISSUES = "go_issues"
    GO_FUNDING = "go_funding"
    GO_DIGEST = "go_digest"
    GO_COALITION = "go_coalition"
    GO_MEMBERS = "go_members"
    GO_ORGANIZATIONS = "go_organizations"
    GO_GROUPS = "go_groups"
    GO_NORTH_STAR = "go_north_star"
    GO_IMPORT = "go_import"
    GO_EXPORT = "go_export"
    GO_CHANGES = "go_changes"
    GO_SETUP = "go_setup"
    GO_SETTINGS = "go_settings"
    GO_HELP = "go_help"

    # words, and menus that stand for several buttons
    SAY = "say"
    MORE = "more"
    SHOW_MENU = "show_menu"


class Search(StrEnum):
    """Menus whose options the bot gives while somebody types, by action_id."""

    PROVIDER = "find_provider"
    MEMBER = "find_member"
    ORGANIZATION = "find_organization"
    ANSWER_MEMBER = "find_member_to_answer"
    ANSWER_ORGANIZATION = "find_organization_to_answer"
    ANSWER_GROUP = "find_group_to_answer"
    ANSWER_PRIORITY = "find_priority_to_answer"
    ANSWER_METRIC = "find_metric_to_answer"
    ANSWER_ACTION = "find_action_to_answer"
    OWN_ZONE = "find_own_zone"
    ZONE = "find_zone"
    LOCALE = "find_locale"


class Shortcut(StrEnum):
    """Shortcuts from Slack's own menus, by callback_id."""

    NEW_ACTION = "new_action_item"
    MESSAGE_TO_ACTION = "message_to_action"


class Entry(StrEnum):
    """Elements of a form that are only read when it is sent, by action_id. Nothing listens to them."""

    VALUE = "value"


class BlockPrefix(StrEnum):
    """How block ids begin; what follows is encoded in `metadata`."""

    QUESTION = "question:"
    MEMBER = "member:"
