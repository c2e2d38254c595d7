"""Every sentence of pages and mails in each language, and how a language writes amounts, days and counts."""
