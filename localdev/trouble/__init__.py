"""What goes wrong between the parts of a local stack, for the rehearsal: two proxies, seeded, and calm until told.

One stands between the app and local AWS, one between the Stripe stand-in and the app's webhook; `make run` has none.
"""
