#pragma once

#include "chartsight/base/error.hpp"
#include "upstream/google_error.hpp"

#include <chrono>
#include <optional>

namespace chartsight {

/// What an answer of HTTP status `status` that is not a success means for our client. `retry_after` is the
/// header's value, used where the body names no delay; a refusal that waiting does not cure gets none.
[[nodiscard]] Error error_of_answer(int status, const GoogleError& said,
                                    std::optional<std::chrono::seconds> retry_after);

}  // namespace chartsight
