#pragma once

#include "chartsight/base/error.hpp"
#include "chartsight/image/image.hpp"
#include "image/decode_budget.hpp"

#include <string_view>

namespace chartsight {

/// `decode_image` with the caller's budget; after failure the budget has everything back.
[[nodiscard]] Result<Image> decode_within(std::string_view bytes, const ImageInfo& info,
                                          const DecodeBudget& budget);

}  // namespace chartsight
