"""`python -m ops doctor`: checks everything that can be wrong with a stage, and says how to repair it."""
