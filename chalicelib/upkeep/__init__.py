"""What runs on a schedule to find what was missed: the sweep, and the frame in which rings of reconcile run."""
