"""Changing a recurring gift: amount, interval, pause, stop, keep, as its supporter asks and Stripe then has it."""
