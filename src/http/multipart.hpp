#pragma once

#include "chartsight/base/error.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chartsight {

/// One part of a form. The views point into the parsed body.
struct Part {
    std::string name;                      ///< UTF-8; may be empty
    std::optional<std::string> file_name;  ///< UTF-8; may be empty, or a whole path
    std::string_view content_type;         ///< as written; empty if the part has none
    std::string_view body;
};

struct MultipartLimits {
    std::size_t max_parts{1024};
    std::size_t max_part_header_bytes{8192};
};

/// True for the 1 to 70 characters RFC 2046 allows.
[[nodiscard]] bool is_boundary(std::string_view boundary);

/// The parts of a multipart/form-data body, in order; none for a form without fields. Copies no bodies;
/// linear time for any input. Tolerates bare line feeds, and a missing last delimiter once a part's header is
/// complete: that part goes on to the end. `Errc::invalid_multipart` for the rest, naming the part by its
/// number from 1.
[[nodiscard]] Result<std::vector<Part>> parse_multipart(std::string_view body, std::string_view boundary,
                                                        const MultipartLimits& limits);

}  // namespace chartsight
