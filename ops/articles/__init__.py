"""`articles`: what the newsroom does with its articles from a terminal: from files, and links that give one away."""
