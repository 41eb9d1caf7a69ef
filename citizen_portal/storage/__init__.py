"""The only place with SQL: the tables, and one module for each thing that is kept."""
