"""`ops setup`: asks, explains, and creates what a stage needs before its first deployment. Safe to repeat."""
