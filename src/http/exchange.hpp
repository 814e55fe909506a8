#pragma once

#include "chartsight/base/deadline.hpp"
#include "chartsight/base/request_id.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace chartsight {

namespace http = boost::beast::http;

/// One request and its answer, from the first byte of the header to the log line at the end.
struct Exchange {
    using Parser = http::request_parser<http::string_body>;

    Parser parser;
    std::size_t header_bytes{0};  ///< at the front of the connection's buffer until the request is admitted
    RequestId id;
    std::string correlation_id;  ///< the client's own X-Request-ID, if it is a valid one
    Clock::time_point received{Clock::now()};

    struct Times {
        std::chrono::microseconds queue{0};
        std::chrono::microseconds receive{0};
        std::chrono::microseconds check{0};
        std::chrono::microseconds decode{0};
        std::chrono::microseconds upstream{0};
    } times{};
    std::size_t tries{0};
    bool must_close{false};         ///< where the next request begins is not known
    std::string_view error_code{};  ///< name of the error answered, or empty

    [[nodiscard]] const http::request<http::string_body>& request() const { return parser.get(); }
    [[nodiscard]] std::string_view header(http::field name) const {
        const auto value = parser.get()[name];
        return {value.data(), value.size()};
    }
    [[nodiscard]] std::string_view target() const {
        const auto target = parser.get().target();
        return {target.data(), target.size()};
    }
    [[nodiscard]] std::string_view method() const {
        const auto method = parser.get().method_string();
        return {method.data(), method.size()};
    }
};

/// Microseconds since `start`.
[[nodiscard]] inline std::chrono::microseconds elapsed(Clock::time_point start) {
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
}

}  // namespace chartsight
