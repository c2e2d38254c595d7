"""`GET /v1/health`."""

from chalicelib.aws.secrets import SecretsUnavailable
from chalicelib.http import proxy
from chalicelib.http.call import Answer, Call
from chalicelib.version import version


def show(call: Call) -> Answer:
    """200 when the table answers, 503 when it does not; the body says the same.

    `proxied`: the newsroom's proxy or CDN forwarded this call and presented its secret. Only this shows from outside
    whether limits count readers or the proxy (`ops doctor` looks at it).
    """
    answers = call.wiring.table.describe()
    told = {
        "ok": answers,
        "version": version(),
        "table": "ok" if answers else "down",
        "proxied": _proxied(call),
    }
    return Answer(told, 200 if answers else 503)


def _proxied(call: Call) -> bool:
    try:
        return proxy.presented(call.headers, lambda: call.wiring.secrets.get("SPILNO_PROXY_SECRET"))
    except SecretsUnavailable:
        return False  # our health is not the parameter store's
