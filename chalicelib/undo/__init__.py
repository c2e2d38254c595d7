"""Undoing a change by the link in the mail that told of it."""
