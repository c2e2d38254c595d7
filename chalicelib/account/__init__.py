"""A supporter's own page, and what the newsroom does to a supporter by hand."""
