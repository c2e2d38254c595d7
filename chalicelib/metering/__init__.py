"""The meter: so many articles a month for everybody, and what is kept of what was read."""
