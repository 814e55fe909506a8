#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chartsight {

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// More than any client sends; keeps the search for repeated names cheap.
inline constexpr std::size_t kMaxParameters = 32;

/// What a backslash in a quoted value means.
enum class Backslash {
    escapes_any,        ///< RFC 9110
    escapes_quotation,  ///< only before '"' and '\': browsers do not escape the ones of a Windows path
};

/// The `; name=value; name="value"` after a media type or disposition. Names come back in lower case, values
/// without quotes. Empty parameters are skipped. An unquoted value may hold any visible character and
/// non-ASCII bytes, since boundaries and file names come that way. The error is the reason alone.
[[nodiscard]] std::expected<Parameters, std::string> parse_parameters(std::string_view text,
                                                                      Backslash backslash);

}  // namespace chartsight
