"""The hosted pages in Chromium: looked at in every state, on paper, in the dark, twice as large."""
