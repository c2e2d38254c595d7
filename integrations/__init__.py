"""What other people's servers run: nothing of it is imported by the API, and nothing of the API by it."""
