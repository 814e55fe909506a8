#pragma once

#include "chartsight/base/error.hpp"
#include "http/reply.hpp"

#include <string>

namespace chartsight {

/// The HTTP status of an error: the only place that knows. 499 is never sent, only logged.
[[nodiscard]] unsigned status_of(Errc code);

/// An RFC 9457 problem with `code` and `request_id`, and `Retry-After` where the error says when.
[[nodiscard]] Reply problem_reply(const Error& error, const std::string& request_id);

}  // namespace chartsight
