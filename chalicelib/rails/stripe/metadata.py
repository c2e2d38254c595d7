"""Keys of the metadata that we write on Stripe's objects."""

MARK = "spilno"
SUPPORTER = "supporter"
LANGUAGE = "language"
CAMPAIGN = "campaign"
SOURCE = "source"
INTERVAL = "interval"
