#pragma once

#include "chartsight/base/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chartsight {

inline constexpr std::size_t kMaxTargetBytes = 8192;
inline constexpr std::size_t kMaxQueryPairs = 100;

struct Target {
    std::string path;  ///< decoded, UTF-8; not normalised: "//" and "/../" simply match no route
    std::vector<std::pair<std::string, std::string>>
        query;  ///< decoded, UTF-8, in order; "x" alone is {"x", ""}
};

/// The target of a request line: origin form, absolute form (whose host is ignored) or "*". Non-ASCII
/// characters may come unescaped, as curl sends them. `Errc::bad_request` for the rest, also for an encoded
/// slash, a control character and a fragment; `Errc::target_too_long` over kMaxTargetBytes.
[[nodiscard]] Result<Target> parse_target(std::string_view request_target);

}  // namespace chartsight
