"""Django's PostgreSQL backend without the memory of statements that DEBUG brings along."""
