"""Stripe's HTTP API, one module for each group of resources."""
