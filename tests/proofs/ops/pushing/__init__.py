"""`ops articles` over HTTP."""
