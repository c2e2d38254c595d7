"""What runs by itself or by hand to find what was missed: the sweep, reconcile, rebuild."""
