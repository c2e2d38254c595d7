"""Everything that follows from the ledger, derived anew and held against what is stored."""
