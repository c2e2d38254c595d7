"""A newsroom of a million supporters, in memory."""
