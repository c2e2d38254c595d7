"""The local mailbox: what the app sent through SES, for a person to read and for a script to fetch."""
