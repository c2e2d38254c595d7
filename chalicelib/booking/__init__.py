"""How what a rail tells becomes entries, access, mails and a checkout's status, in one transaction."""
