"""Mutants of the rules of money and access: small mistakes, each of which some test must notice."""
