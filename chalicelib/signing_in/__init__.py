"""Codes and links by mail, and the sessions they open."""
