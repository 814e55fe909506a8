#pragma once

#include "chartsight/base/error.hpp"
#include "chartsight/image/image.hpp"

#include <string_view>

namespace chartsight {

/// Blocking: CPU-bound. Decodes what `check_image` has accepted as `info`. Memory is bounded by a budget of
/// 16·width·height + 2·bytes + 1 MiB; over it, and for damaged data, `Errc::broken_image`.
[[nodiscard]] Result<Image> decode_image(std::string_view bytes, const ImageInfo& info,
                                         const ImageLimits& limits);

/// False where the format is passed to Gemini without being decoded here (WebP).
[[nodiscard]] bool can_decode(ImageFormat format);

}  // namespace chartsight
