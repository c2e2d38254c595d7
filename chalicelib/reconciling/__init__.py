"""Reconcile's parts that every rail shares: a run, its time and tallies, and the comparison of two sets of books."""
