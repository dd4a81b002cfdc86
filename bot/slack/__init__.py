"""How things look in Slack and how they are sent: pure block functions, and the one gateway to the Web API."""
