#pragma once

#include "chartsight/base/error.hpp"
#include "chartsight/upstream/upstream.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace chartsight {

/// What one answer of generateContent comes to. `body` may be anything, on any status: HTML, cut off, of
/// wrong types. Pure; linear in `body`, which a picture makes megabytes.
[[nodiscard]] Result<UpstreamAnswer> parse_answer(int status, std::string_view body,
                                                  std::optional<std::chrono::seconds> retry_after);

}  // namespace chartsight
