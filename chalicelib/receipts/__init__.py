"""What a supporter gave: the history, receipts and yearly statements."""
