"""Storage: the tables, and one module of queries per noun. The only importer of SQLAlchemy."""
