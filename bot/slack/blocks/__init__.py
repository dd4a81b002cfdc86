"""What the bot says in Slack: pure functions that turn a domain value into a Message or a View, one module a noun.

`kit` has the small constructors that they share. Nothing here calls Slack or reads the store.
"""
