"""The log, the metrics in its lines, and whose work a line belongs to."""
