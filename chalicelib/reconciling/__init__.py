"""What every rail's rings of reconcile share: a run, its time and tallies, and how two sets of books are compared."""
