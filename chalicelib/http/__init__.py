"""The edge: from a call to a view and back, whatever it is about."""
