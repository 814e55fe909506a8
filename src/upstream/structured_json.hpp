#pragma once

#include <string>
#include <string_view>

namespace chartsight {

/// The JSON object or array a model wrote, without the white space around its tokens: the whole text, else a
/// fenced block, else the first balanced `{…}` or `[…]` amid prose. Empty if there is none, or if it is cut
/// off. Linear in the text, whatever stands in it.
[[nodiscard]] std::string find_structured_json(std::string_view text);

}  // namespace chartsight
