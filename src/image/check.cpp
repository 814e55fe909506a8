#include "chartsight/image/check.hpp"

#include "image/format_check.hpp"

#include <fmt/format.h>

namespace chartsight {
namespace {

constexpr std::string_view kAllowed = "allowed: image/png, image/jpeg, image/webp";

Result<ImageInfo> walk(std::string_view type, std::string_view bytes) {
    if (type == mime_type_of(ImageFormat::png)) return check_png(bytes);
    if (type == mime_type_of(ImageFormat::jpeg)) return check_jpeg(bytes);
    if (type == mime_type_of(ImageFormat::webp)) return check_webp(bytes);
    return unsupported(fmt::format("{} is not accepted; {}", type, kAllowed));
}

}  // namespace

Result<void> check_sides(const ImageInfo& info, const ImageLimits& limits) {
    if (info.width > limits.max_side || info.height > limits.max_side) {
        return broken(fmt::format("image is {}x{} pixels; MAX_IMAGE_SIDE allows {}", info.width, info.height,
                                  limits.max_side));
    }
    const std::uint64_t pixels = std::uint64_t{info.width} * info.height;
    if (pixels > limits.max_pixels) {
        return broken(fmt::format("image is {}x{} = {} pixels; MAX_IMAGE_PIXELS allows {}", info.width,
                                  info.height, pixels, limits.max_pixels));
    }
    return {};
}

Result<ImageInfo> check_image(std::string_view bytes, const ImageLimits& limits) {
    if (bytes.empty()) return fail(Errc::missing_image, "the image is empty");
    const auto type = sniff_mime_type(bytes);
    if (!type) return unsupported(fmt::format("the file is not an image of a known format; {}", kAllowed));

    auto info = walk(*type, bytes);
    if (!info) return info;
    const auto within = check_sides(*info, limits);
    if (!within) return std::unexpected(within.error());
    return info;
}

}  // namespace chartsight
