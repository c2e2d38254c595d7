"""Reminders that somebody asked for, and the switches of mails that can be switched off."""
