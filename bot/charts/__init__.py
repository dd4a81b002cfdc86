"""Pictures of metrics and money. What they show is decided in the domain; how they get to Slack is in `bot/slack`."""
