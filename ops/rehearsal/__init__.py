"""The rehearsal: a year of a newsroom, played on a local stack of its own, with everything going wrong that may."""
