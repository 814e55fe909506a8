#pragma once

#include "chartsight/base/error.hpp"

#include <string>
#include <utility>
#include <vector>

namespace chartsight {

/// An answer before it is put on the wire.
struct Reply {
    unsigned status{200};
    std::string content_type{"application/json"};
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string_view error_code{};  ///< for the log
};

}  // namespace chartsight
