"""The same gate, the same form and the same webhook, written the way one would otherwise: what ours is held against.

Each does the same work and gives the same answer (`tests/proofs/bench/test_peers.py`), as the framework's own pages
show it: pydantic where it is natural, PyJWT for the pass, Stripe's own `construct_event` for the webhook, everything
imported at the top. Run only in `.venv-bench`.
"""
