"""What we hold about a person, handed over and erased. `rules/of_people.py` says both of each attribute."""
