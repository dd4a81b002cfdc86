"""Pictures of metrics, money and weeks. The domain decides what they show, and `bot/slack` brings them to Slack."""
