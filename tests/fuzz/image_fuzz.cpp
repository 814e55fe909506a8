// Input: the bytes of an upload. Limits are small, so that one input costs milliseconds.

#include "chartsight/image/check.hpp"
#include "chartsight/image/decode.hpp"
#include "image/byte_order.hpp"
#include "image/crc32.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace chartsight {
namespace {

constexpr ImageLimits kLimits{.max_side = 512, .max_pixels = 64 * 1024};

void require(bool holds) {
    if (!holds) std::abort();
}

void check_and_decode(std::string_view bytes) {
    const auto info = check_image(bytes, kLimits);
    if (!info) {
        require(!info.error().detail.empty());
        return;
    }
    require(info->width > 0 && info->height > 0);
    require(info->width <= kLimits.max_side && info->height <= kLimits.max_side);
    const auto image = decode_image(bytes, *info, kLimits);
    require(image || !image.error().detail.empty());
    if (!image) return;
    require(image->width == info->width && image->height == info->height);
    require(image->channels >= 1 && image->channels <= 4);
    std::uint32_t sum = 0;  // under a sanitizer this sees a buffer that is too short
    const std::size_t size =
        std::size_t{image->width} * image->height * static_cast<std::size_t>(image->channels);
    for (std::size_t i = 0; i < size; ++i) sum += image->pixels[i];
    require(sum <= 255 * size);
}

// Gives the chunks of a PNG right sums again; otherwise no mutation of one would get past the check.
void repair_png(std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (sniff_mime_type(bytes) != "image/png") return;
    for (std::size_t at = 8; size - at >= 12;) {
        const std::size_t length = be32(bytes, at);
        if (length > size - at - 12) return;
        const std::uint32_t sum = crc32(bytes.substr(at + 4, 4 + length));
        for (std::size_t i = 0; i < 4; ++i)
            data[at + 8 + length + i] = static_cast<std::uint8_t>(sum >> (24 - 8 * i));
        at += 12 + length;
    }
}

}  // namespace
}  // namespace chartsight

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    chartsight::check_and_decode({reinterpret_cast<const char*>(data), size});
    return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int /*seed*/) {
    size = LLVMFuzzerMutate(data, size, max_size);
    chartsight::repair_png(data, size);
    return size;
}
