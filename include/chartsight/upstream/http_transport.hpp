#pragma once

#include "chartsight/base/deadline.hpp"
#include "chartsight/base/error.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace chartsight {

/// A request body of known size that is produced piecewise while it is sent. Readable from any offset, since
/// a kept connection that turns out dead makes the transport start again.
class BodySource {
public:
    virtual ~BodySource() = default;
    [[nodiscard]] virtual std::size_t size() const = 0;
    /// Fills `out` from `offset` on; returns the bytes written, 0 only at the end.
    [[nodiscard]] virtual std::size_t read(std::size_t offset, std::span<char> out) const = 0;
};

struct HttpCall {
    std::string url;
    std::vector<std::string> headers;  ///< "Name: value"; may hold a secret
    const BodySource* body{nullptr};   ///< outlives the call
    std::size_t max_answer_bytes{0};
};

struct HttpReply {
    int status{0};
    std::string body;
    std::optional<std::chrono::seconds> retry_after;
};

struct TransportOptions {
    std::chrono::milliseconds connect_timeout{10'000};
    std::string ca_file;  ///< PEM; empty: the system's
};

/// One HTTP exchange, no policy. Thread-safe: each call has a connection of its own while it lasts.
class HttpTransport {
public:
    virtual ~HttpTransport() = default;

    /// Blocking. Any HTTP status is a reply; errors are `upstream_unreachable`, `upstream_invalid` (answer
    /// over its limit or cut off), `deadline_exceeded`, and `cancelled` at once when `stop` is requested.
    [[nodiscard]] virtual Result<HttpReply> post_blocking(const HttpCall& call, Deadline deadline,
                                                          std::stop_token stop) = 0;

    /// Closes kept connections that no call has used since `then`, and frees what they hold; how many.
    virtual std::size_t close_unused_since([[maybe_unused]] Clock::time_point then) { return 0; }
};

/// libcurl with TLS verified, HTTP/1.1 or 2, gzip; connections are kept for the next calls, whatever their
/// thread. Make it before the threads that use it, destroy it after them.
[[nodiscard]] std::unique_ptr<HttpTransport> make_curl_transport(const TransportOptions& options);

}  // namespace chartsight
