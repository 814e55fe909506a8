#pragma once

#include <string>
#include <string_view>

namespace chartsight {

/// The beginning of foreign text, fit for a client's eyes: printable ASCII only, white space folded, anything
/// that looks like a credential replaced by `[key]`, at most `most` bytes.
[[nodiscard]] std::string excerpt(std::string_view text, std::size_t most);

}  // namespace chartsight
