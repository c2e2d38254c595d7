"""A stand-in for Stripe on the local stack: API, checkout page, portal page, webhooks and a clock that moves.

It speaks API version 2026-10-28.endive; `README.md` beside this file says what it can and what it leaves out.
"""
