#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace chartsight {

/// `text` with each %XX as its byte; nothing if a '%' is not followed by two hex digits.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace chartsight
