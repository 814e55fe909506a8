#pragma once

#include "chartsight/base/error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chartsight {

struct ContentType {
    std::string type;  ///< lower case, e.g. "multipart/form-data"; empty if the header is absent
    std::vector<std::pair<std::string, std::string>> parameters;  ///< names in lower case, values unquoted
};

/// An empty header counts as absent. `Errc::bad_request` for a malformed one.
[[nodiscard]] Result<ContentType> parse_content_type(std::string_view header);

/// The value of a parameter, a view into `content_type`; `name` in lower case.
[[nodiscard]] std::optional<std::string_view> find_parameter(const ContentType& content_type,
                                                             std::string_view name);

}  // namespace chartsight
