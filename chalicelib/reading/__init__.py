"""What a reader may read: the gate, passes, and the page of an article."""
