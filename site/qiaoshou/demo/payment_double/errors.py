"""Stripe's errors: their types, codes and the envelope they travel in."""

from typing import Any

DOCS = "https://stripe.com/docs/error-codes/"


class ApiError(Exception):
    """An answer that is not 200.

    `kept` says whether Stripe would play it again for the same idempotency key: it
    does not where the request was refused before anything began.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str = "",
        param: str = "",
        kept: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.kind = kind
        self.code = code
        self.param = param
        self.kept = kept

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {"message": self.message, "type": self.kind}
        if self.code:
            error |= {
                "code": self.code,
                "doc_url": DOCS + self.code.replace("_", "-"),
            }
        if self.param:
            error["param"] = self.param
        return {"error": error}


def no_such(kind: str, object_id: str, param: str) -> ApiError:
    return ApiError(
        f"No such {kind}: '{object_id}'",
        status=404,
        code="resource_missing",
        param=param,
    )
