"""Rebuild: derive anew everything that follows from the ledger, and compare it with what is stored."""
