"""The app behind what API Gateway and Lambda would be: JSON events in, JSON answers out, one request at a time.

    gunicorn (threads, HTTP) ── adapter ── pool ══ JSON lines ══ function processes, each with its own `app`

The HTTP side keeps many connections; a function process sees one event at a time, as a Lambda instance does.
What API Gateway itself would refuse is refused here, with the bodies of `infra/gateway_responses.json`.
"""
