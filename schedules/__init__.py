"""What the clock does: a heartbeat of a few interval jobs over our own tables. Handlers are the other edge."""
