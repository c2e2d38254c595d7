"""Movements of money, their entries, and the sums that follow. Knows no rail."""
