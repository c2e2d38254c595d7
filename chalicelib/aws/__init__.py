"""Our ports on Amazon's services: the table, the mail service, the parameter store."""
