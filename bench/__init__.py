"""Benchmarks: what the parts cost, measured, as tables. Never packaged."""
