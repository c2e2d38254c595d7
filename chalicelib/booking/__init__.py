"""How a notification becomes entries, access, mails and a checkout's status, in one transaction, for any rail."""
