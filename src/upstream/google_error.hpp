#pragma once

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace chartsight {

/// What Google's error envelope says; empty where it says nothing.
struct GoogleError {
    int code{0};
    std::string status;                               ///< canonical name such as INVALID_ARGUMENT
    std::string message;                              ///< as sent: not fit for a client
    std::string reason;                               ///< of the ErrorInfo detail, such as API_KEY_INVALID
    std::optional<std::chrono::seconds> retry_delay;  ///< of the RetryInfo detail, rounded up
    bool has_limit_zero{false};  ///< a violated quota of 0: the model is not enabled for the project
    bool is_daily{false};
    bool is_per_minute{false};
};

/// Reads the value of the envelope's `error`, of any type.
[[nodiscard]] GoogleError read_google_error(const nlohmann::json& error);

/// Reads an error's body: the envelope, the envelope in an array, or anything else, which becomes the
/// message.
[[nodiscard]] GoogleError parse_google_error(std::string_view body);

/// A protobuf Duration such as "34s" or "35.174346048s", also "900ms", rounded up and at most a week.
[[nodiscard]] std::optional<std::chrono::seconds> parse_retry_delay(std::string_view text);

}  // namespace chartsight
