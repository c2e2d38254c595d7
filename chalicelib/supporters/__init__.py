"""A supporter's state: who they are, what was given and taken back, what that opens, where they are signed in."""
