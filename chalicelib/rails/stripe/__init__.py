"""Stripe: its events and objects read as facts, its API, and what is reconciled with it."""
