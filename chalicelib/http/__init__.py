"""The edge: checks calls, finds their view, and writes answers; knows no feature."""
