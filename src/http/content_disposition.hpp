#pragma once

#include "chartsight/base/error.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace chartsight {

struct ContentDisposition {
    std::string name;                      ///< UTF-8; may be empty
    std::optional<std::string> file_name;  ///< UTF-8; may be empty, or a path as old browsers send it
};

/// The Content-Disposition of one form-data part. `filename*` wins over `filename` unless it cannot be
/// decoded; a file name that is not UTF-8 is taken for ISO 8859-1. `Errc::invalid_multipart` for a malformed
/// header, another type than form-data, or no name.
[[nodiscard]] Result<ContentDisposition> parse_content_disposition(std::string_view header);

}  // namespace chartsight
