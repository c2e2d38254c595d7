"""Who may read what: the gate, passes, articles, and the page of an article."""
