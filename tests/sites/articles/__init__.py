"""Articles from files, on the whole stack."""
