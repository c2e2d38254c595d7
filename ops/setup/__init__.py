"""`ops setup`: asks, explains, and makes what a stage needs before its first deployment. Safe to repeat."""
