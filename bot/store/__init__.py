"""Tables and SQL, a file or package for each noun. Only services call it; functions take a session first."""
