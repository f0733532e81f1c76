"""SQL only: the tables and every statement, one file a table family. SQLite by default, PostgreSQL later."""
