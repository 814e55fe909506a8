"""Google's error envelope, and every error of the contract by HTTP status and variant."""

from __future__ import annotations

from typing import Any, Callable

SERVICE = "generativelanguage.googleapis.com"
GRPC_SERVICE = "google.ai.generativelanguage.v1beta.GenerativeService"
TYPE = "type.googleapis.com/google.rpc."

CANONICAL = {
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 402: "RESOURCE_EXHAUSTED", 403: "PERMISSION_DENIED",
    404: "NOT_FOUND", 409: "ABORTED", 429: "RESOURCE_EXHAUSTED", 499: "CANCELLED", 500: "INTERNAL",
    501: "UNIMPLEMENTED", 503: "UNAVAILABLE", 504: "DEADLINE_EXCEEDED",
}  # fmt: skip

CANNOT_READ_IMAGE = (
    "Unable to process input image. Please retry or report in "
    "https://developers.generativeai.google/guide/troubleshooting"
)


class GoogleError(Exception):
    """An answer that is an error. `html` replaces the JSON envelope."""

    def __init__(
        self,
        code: int,
        message: str,
        status: str | None = None,
        details: list[dict[str, Any]] | None = None,
        html: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status or CANONICAL.get(code, "UNKNOWN")
        self.details = details or []
        self.html = html

    def envelope(self) -> dict[str, Any]:
        """The JSON body, with `details` only where there are some."""
        error: dict[str, Any] = {"code": self.code, "message": self.message, "status": self.status}
        if self.details:
            error["details"] = self.details
        return {"error": error}


def invalid(message: str) -> GoogleError:
    """A plain 400 INVALID_ARGUMENT."""
    return GoogleError(400, message)


def bad_fields(violations: list[tuple[str, str]]) -> GoogleError:
    """A 400 with a BadRequest detail, from (field, description) pairs; the field is left out where it is empty."""
    listed = [{"field": at, "description": what} if at else {"description": what} for at, what in violations]
    detail = {"@type": TYPE + "BadRequest", "fieldViolations": listed}
    return GoogleError(400, "\n".join(what for _, what in violations), details=[detail])


def error_info(reason: str, **metadata: str) -> dict[str, Any]:
    return {
        "@type": TYPE + "ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": {"service": SERVICE, **metadata},
    }


def key_invalid(message: str = "API key not valid. Please pass a valid API key.") -> GoogleError:
    localized = {"@type": TYPE + "LocalizedMessage", "locale": "en-US", "message": message}
    return GoogleError(400, message, details=[error_info("API_KEY_INVALID"), localized])


def key_missing() -> GoogleError:
    return GoogleError(
        403,
        "Method doesn't allow unregistered callers (callers without established identity). "
        "Please use API Key or other form of API consumer identity to call this API.",
    )


def token_type_unsupported(method: str = "GenerateContent") -> GoogleError:
    return GoogleError(
        401,
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
        "authentication credential.",
        details=[error_info("ACCESS_TOKEN_TYPE_UNSUPPORTED", method=f"{GRPC_SERVICE}.{method}")],
    )


def many_credentials() -> GoogleError:
    return invalid("Multiple authentication credentials received. Please pass only one.")


def model_missing(model: str, version: str = "v1beta", method: str = "generateContent") -> GoogleError:
    return GoogleError(
        404,
        f"models/{model} is not found for API version {version}, or is not supported for {method}. "
        "Call ListModels to see the list of available models and their supported methods.",
    )


def json_mode_off(model: str) -> GoogleError:
    return invalid(f"JSON mode is not enabled for models/{model}")


def modalities_refused(asked: list[str], model: str, accepted: list[list[str]]) -> GoogleError:
    lines = "".join(f"* {', '.join(one)}\n" for one in accepted)
    return invalid(
        f"The requested combination of response modalities ({', '.join(asked)}) is not supported by the model. "
        f"models/{model} accepts the following combination of response modalities:\n{lines}"
    )


def deadline_exceeded() -> GoogleError:
    return GoogleError(504, "Deadline expired before operation could complete.")


def html(code: int, title: str) -> GoogleError:
    """What a front end answers before the service itself is reached."""
    page = (
        f"<!DOCTYPE html>\n<html lang=en>\n<meta charset=utf-8>\n<title>Error {code} ({title})!!1</title>\n"
        f"<p><b>{code}.</b> <ins>That's an error.</ins>\n<p>{title}.\n"
    )
    return GoogleError(code, title, html=page)


def _denied(message: str, reason: str | None = None) -> Callable[[str], GoogleError]:
    return lambda model: GoogleError(403, message, details=[error_info(reason)] if reason else None)


Builder = Callable[[str], GoogleError]

# status -> variant -> error for a model. The first variant of a status is its default. 429 is in quota_error.py.
VARIANTS: dict[int, dict[str, Builder]] = {
    400: {
        "invalid_argument": lambda model: invalid("Request contains an invalid argument."),
        "image": lambda model: invalid(CANNOT_READ_IMAGE),
        "mime": lambda model: invalid("Unsupported MIME type: image/png"),
        "failed_precondition": lambda model: GoogleError(
            400, "User location is not supported for the API use.", "FAILED_PRECONDITION"
        ),
        "key_invalid": lambda model: key_invalid(),
        "key_expired": lambda model: key_invalid("API key expired. Please renew the API key."),
        "unknown_field": lambda model: bad_fields(
            [("generation_config", unknown_name("responseSchema", "generation_config"))]
        ),
        "json_mode": json_mode_off,
        "modalities": lambda model: modalities_refused(["TEXT"], model, [["TEXT", "IMAGE"]]),
        "system_instruction": lambda model: invalid(f"Developer instruction is not enabled for models/{model}"),
        "thinking": lambda model: invalid("Thinking level is not supported for this model."),
        "too_many_tokens": lambda model: invalid(
            "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."
        ),
        "payload": lambda model: invalid("Request payload size exceeds the limit: 20000000 bytes."),
        "credentials": lambda model: many_credentials(),
    },
    401: {
        "token_type": lambda model: token_type_unsupported(),
        "credentials_missing": lambda model: GoogleError(
            401, "Request is missing required authentication credential.", details=[error_info("CREDENTIALS_MISSING")]
        ),
    },
    402: {"prepaid": lambda model: GoogleError(402, "Your prepayment credits are depleted. Please add credits.")},
    403: {
        "unregistered": lambda model: key_missing(),
        "leaked": _denied("Your API key was reported as leaked. Please use another API key."),
        "service_blocked": _denied("Requests to this API are blocked.", "API_KEY_SERVICE_BLOCKED"),
        "referrer_blocked": _denied("Requests from referer <empty> are blocked.", "API_KEY_HTTP_REFERRER_BLOCKED"),
        "ip_blocked": _denied("The provided API key has an IP address restriction.", "API_KEY_IP_ADDRESS_BLOCKED"),
        "service_disabled": _denied("The API has not been used in this project or is disabled.", "SERVICE_DISABLED"),
        "suspended": _denied("Permission denied: Consumer has been suspended.", "CONSUMER_SUSPENDED"),
        "file": _denied("You do not have permission to access the File abc or it may not exist."),
    },
    404: {
        "model": model_missing,
        "new_users": lambda model: GoogleError(404, f"This model models/{model} is no longer available to new users."),
        "entity": lambda model: GoogleError(404, "Requested entity was not found."),
    },
    408: {"html": lambda model: html(408, "Request Timeout")},
    413: {"html": lambda model: html(413, "Request Entity Too Large")},
    499: {"cancelled": lambda model: GoogleError(499, "The operation was cancelled.")},
    500: {
        "internal": lambda model: GoogleError(
            500,
            "An internal error has occurred. Please retry or report in "
            "https://developers.generativeai.google/guide/troubleshooting",
        ),
        "html": lambda model: html(500, "Internal Server Error"),
    },
    501: {"unimplemented": lambda model: GoogleError(501, "Operation is not implemented, or supported, or enabled.")},
    502: {"html": lambda model: html(502, "Bad Gateway")},
    503: {
        "overloaded": lambda model: GoogleError(503, "The model is overloaded. Please try again later."),
        "high_demand": lambda model: GoogleError(
            503,
            "This model is currently experiencing high demand. Spikes in demand are usually temporary. "
            "Please try again later.",
        ),
        "unavailable": lambda model: GoogleError(503, "The service is currently unavailable."),
        "html": lambda model: html(503, "Service Unavailable"),
    },
    504: {"deadline": lambda model: deadline_exceeded(), "html": lambda model: html(504, "Gateway Timeout")},
}


def unknown_name(name: str, at: str) -> str:
    """The wording for a field that does not exist; `at` is the snake_case path of its message, empty at the root."""
    where = f" at '{at}'" if at else ""
    return f'Invalid JSON payload received. Unknown name "{name}"{where}: Cannot find field.'
