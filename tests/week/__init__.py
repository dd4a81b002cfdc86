"""What people do in a week, by what it is about; `tests.a_week` puts it in order."""
