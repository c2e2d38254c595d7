"""The inbox: webhook events as they came, stored before they are understood."""
