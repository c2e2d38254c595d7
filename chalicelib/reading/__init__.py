"""Who may read what: the gate, passes, articles and what is shown of them."""
