"""Leaving without signing in: statements that cancel or withdraw, and what follows from each."""
