#pragma once

#include "chartsight/base/error.hpp"
#include "chartsight/image/image.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace chartsight {

// One walker per format. Each takes bytes that `sniff_mime_type` gave its type, and goes through the
// structure up to the end marker without decoding; what follows the end marker is tolerated, as cameras and
// tools leave data there. The sides it returns are not zero and not yet held against any limit.
[[nodiscard]] Result<ImageInfo> check_png(std::string_view bytes);
[[nodiscard]] Result<ImageInfo> check_jpeg(std::string_view bytes);
[[nodiscard]] Result<ImageInfo> check_webp(std::string_view bytes);

/// `Errc::broken_image` when the sides are over the limits.
[[nodiscard]] Result<void> check_sides(const ImageInfo& info, const ImageLimits& limits);

[[nodiscard]] inline std::unexpected<Error> broken(std::string detail) {
    return fail(Errc::broken_image, std::move(detail));
}

[[nodiscard]] inline std::unexpected<Error> unsupported(std::string detail) {
    return fail(Errc::unsupported_image, std::move(detail));
}

}  // namespace chartsight
