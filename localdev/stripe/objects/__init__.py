"""Builders: each makes one kind of object with every field Stripe shows, nulls included, at 2026-10-28.endive."""
