"""Signing in and out: codes and links by mail, and the pages that ask for them."""
