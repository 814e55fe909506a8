#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chartsight {

/// A whole decimal number, nothing around it.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text);

/// "30" and "30s" are seconds, "1500ms" milliseconds, "5m" minutes; fractions are allowed ("0.5").
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// Items of a comma-separated list, blanks around them removed, empty ones left out.
[[nodiscard]] std::vector<std::string> parse_list(std::string_view text);

}  // namespace chartsight
