"""From the wish to give to the thank-you page."""
