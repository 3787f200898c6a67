"""Everything a person can do, by key, menu or palette: one table, and its entries as ``QAction`` objects."""
