"""The outside at Amazon: the table, the mail service, the parameter store."""
