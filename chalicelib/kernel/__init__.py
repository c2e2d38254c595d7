"""What every room may use: money, times, identifiers, addresses, errors, and the table with its keys."""
