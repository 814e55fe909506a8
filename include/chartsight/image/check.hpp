#pragma once

#include "chartsight/base/error.hpp"
#include "chartsight/image/image.hpp"

#include <optional>
#include <string_view>

namespace chartsight {

/// The MIME type of picture bytes by their first bytes alone, also of formats we do not accept
/// (GIF, BMP, TIFF, HEIC, AVIF, PDF, SVG); nothing for unknown bytes.
[[nodiscard]] std::optional<std::string_view> sniff_mime_type(std::string_view bytes);

/// The cheap check before any paid call: true type by its bytes, sides from the header, limits, and that the
/// file goes on to its end marker. Allocates no pixels. `Errc::unsupported_image` for anything but PNG, JPEG
/// and WebP, `Errc::broken_image` with the reason for the rest. Pure; thread-safe.
[[nodiscard]] Result<ImageInfo> check_image(std::string_view bytes, const ImageLimits& limits);

}  // namespace chartsight
