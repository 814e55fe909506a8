#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace chartsight {

enum class ImageFormat { png, jpeg, webp };

/// "image/png" and so on.
[[nodiscard]] std::string_view mime_type_of(ImageFormat format);
/// "png" and so on.
[[nodiscard]] std::string_view name_of(ImageFormat format);

struct ImageLimits {
    std::uint32_t max_side{8192};  ///< pixels
    std::uint64_t max_pixels{24'000'000};
};

/// What the header of an image says.
struct ImageInfo {
    ImageFormat format{ImageFormat::png};
    std::uint32_t width{0};   ///< pixels
    std::uint32_t height{0};  ///< pixels
};

/// Decoded pixels: `height` rows of `width` × `channels` bytes, top row first, no padding.
struct Image {
    std::uint32_t width{0};
    std::uint32_t height{0};
    int channels{0};  ///< 1 grey, 2 grey+alpha, 3 RGB, 4 RGBA
    std::unique_ptr<std::uint8_t[], void (*)(void*)> pixels{nullptr, nullptr};
};

}  // namespace chartsight
