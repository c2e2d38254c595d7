"""Mails: what each says, the outbox, how one is sent, and the addresses that get none."""
