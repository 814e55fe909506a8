#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace chartsight {

/// Every way a request can fail. `http/problem.cpp` is the only place that knows the HTTP status of each.
enum class Errc {
    bad_request,           ///< malformed HTTP: request line, header, chunk, query
    invalid_multipart,     ///< the multipart body cannot be read
    missing_image,         ///< no part named `file` or `image`, or an empty body
    invalid_option,        ///< an option has a value that is not allowed
    not_found,             ///< no such route
    method_not_allowed,    ///< the route exists, not with this method
    request_timeout,       ///< the client took too long to send
    length_required,       ///< a POST without a body
    payload_too_large,     ///< body over MAX_UPLOAD_BYTES
    target_too_long,       ///< request target over its limit
    unsupported_image,     ///< not an image format we read
    expectation_failed,    ///< an `Expect` other than 100-continue
    broken_image,          ///< an image, but damaged or over the side or pixel limit
    headers_too_large,     ///< header over MAX_HEADER_BYTES
    upstream_quota,        ///< Gemini says 429
    client_gone,           ///< the client hung up; nobody reads the answer
    cancelled,             ///< we stopped the work ourselves; never reaches a client
    internal,              ///< a fault of ours
    upstream_rejected,     ///< Gemini refused the request, the key or the model
    upstream_blocked,      ///< Gemini's filters refused the picture or the answer
    upstream_invalid,      ///< Gemini answered nonsense, nothing, or not what was asked for
    upstream_unreachable,  ///< no connection, TLS failure, reset
    upstream_unavailable,  ///< Gemini says 5xx
    overloaded,            ///< all places and all queue places are taken
    queue_timeout,         ///< waited QUEUE_TIMEOUT for a place
    deadline_exceeded,     ///< REQUEST_TIMEOUT or the upstream's timeout is over
    version_unsupported,   ///< not HTTP/1.0 or HTTP/1.1
};

/// `detail` is written for the client: which field, what was wrong, what is allowed. Never a key or model
/// text. Has constructors, so that a temporary of it is safe in a co_await statement (GCC 12, see
/// scripts/lint_coroutines).
struct Error {
    Error() = default;
    Error(Errc error_code, std::string error_detail, std::optional<std::chrono::seconds> wait = std::nullopt)
        : code(error_code), detail(std::move(error_detail)), retry_after(wait) {}

    Errc code{Errc::internal};
    std::string detail;
    std::optional<std::chrono::seconds> retry_after;
};

template <class T>
using Result = std::expected<T, Error>;

/// The name a client sees as `code`, e.g. "payload_too_large".
[[nodiscard]] std::string_view name_of(Errc code);

[[nodiscard]] inline std::unexpected<Error> fail(Errc code, std::string detail) {
    return std::unexpected(Error(code, std::move(detail)));
}

}  // namespace chartsight
