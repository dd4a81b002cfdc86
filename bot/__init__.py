"""Backbeat keeps the operational rhythm of a cross-sector coalition in Slack. This file is the map and imports nothing.

bot/domain     nouns and rules, no I/O           bot/store      tables and SQL, called by services only
bot/services   use cases, one transaction each   bot/slack      blocks, rendering and the gateway to the Web API
bot/files      coalition files                   bot/sandbox    a small Slack on localhost, knows nothing of this bot
handlers/      a person did something in Slack   schedules/     the clock did
"""
