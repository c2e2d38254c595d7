"""What every rail's rings of reconcile share: a run, its time, its tallies, when it stops."""
