"""`ops rotate`: another key in the place of one that opens articles, so that nobody is shut out meanwhile."""
