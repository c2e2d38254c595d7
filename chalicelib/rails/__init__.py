"""Where money comes from. Each rail alone knows the words of its provider."""
