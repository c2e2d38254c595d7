"""Gifts that were started: the wish, the attempt, the checkout that came of it, and how it stands."""
