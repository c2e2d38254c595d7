"""Stripe's error answers. Shape and codes: https://docs.stripe.com/api/errors and /error-codes; API v2 differs."""

from typing import Any

Json = dict[str, Any]


class ApiRefusal(Exception):
    """An answer that is not 2xx, in Stripe's shape.

    `status` is the HTTP status; `kind` is Stripe's error `type`; `param` names the parameter as the caller wrote it,
    such as `line_items[0][price_data][currency]`; `headers` go with the answer.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        status: int = 400,
        kind: str = "invalid_request_error",
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.headers = headers or {}
        self.message, self.code, self.param, self.status, self.kind = message, code, param, status, kind

    def body(self, path: str = "") -> Json:
        """The JSON answer to a call at this path. Absent fields are left out, as Stripe does."""
        if path.startswith("/v2/"):
            return {"error": self._of_v2()}
        error: Json = {"message": self.message, "type": self.kind}
        if self.code:
            error |= {
                "code": self.code,
                "doc_url": f"https://docs.stripe.com/error-codes#{self.code.replace('_', '-')}",
            }
        if self.param:
            error["param"] = self.param
        return {"error": dict(sorted(error.items()))}

    def _of_v2(self) -> Json:
        """API v2 has codes of its own, says no `param`, and no `type` where the code says it all.

        https://docs.stripe.com/api/v2/core/event-destinations names the codes; the sentence about fields is quoted in
        https://github.com/stripe/terraform-provider-stripe/issues/40.
        """
        if self.code == "resource_missing":
            return {"code": "not_found", "message": self.message}
        if self.param:
            fields = f"Some fields in the request were invalid: '{self.param}: {self.message}'"
            return {"code": "invalid_fields", "message": fields}
        if self.code == "rate_limit":
            return {"code": self.code, "message": self.message, "type": self.code}
        return {"message": self.message, "type": self.kind} | ({"code": self.code} if self.code else {})


def missing_object(kind: str, identifier: str, param: str = "id", status: int = 404) -> ApiRefusal:
    """The answer to an id that does not exist: 404 in a path, 400 in a parameter."""
    return ApiRefusal(f"No such {kind}: '{identifier}'", code="resource_missing", param=param, status=status)


def missing_param(param: str) -> ApiRefusal:
    """The answer when a required parameter is not there."""
    return ApiRefusal(f"Missing required param: {param}.", code="parameter_missing", param=param)
