"""`python -m ops doctor`: everything that can be wrong, each with its mend."""
