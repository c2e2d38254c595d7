"""Metrics that alarms watch and no code writes yet. Each leaves this list with the line that counts it."""

AWAITED = frozenset(
    {"TooManyRequests", "SignInsAsked", "SignInsToStrangers", "WrongCodes", "MailBudgetSpent", "CookieTwice"}
)
