"""The newsroom's own rules: its tiers, currencies, campaigns and words, read from its file."""
