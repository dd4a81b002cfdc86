"""Tables and SQL, one file a noun. Only services call it; functions take a session first."""
