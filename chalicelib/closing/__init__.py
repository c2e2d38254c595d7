"""Closing the books day by day: a provider's lines against the ledger, and a seal for each day that was compared."""
