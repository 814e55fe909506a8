#pragma once

#include "chartsight/base/error.hpp"
#include "http/content_disposition.hpp"

#include <cstddef>
#include <string_view>

namespace chartsight {

struct PartHeader {
    ContentDisposition disposition;
    std::string_view content_type;  ///< as written; empty if the part has none
    std::size_t size{0};            ///< bytes up to and including the blank line
};

/// The header at the front of `text`, which goes on with the part's body. Views point into `text`.
/// `Errc::invalid_multipart` for a malformed, cut-off or folded header, one over `max_bytes`, one without
/// Content-Disposition, or with a transfer encoding that would have to be undone.
[[nodiscard]] Result<PartHeader> parse_part_header(std::string_view text, std::size_t max_bytes);

}  // namespace chartsight
