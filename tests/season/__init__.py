"""A season of the sample coalition: people by script, what they were promised, and a second count of every number."""
