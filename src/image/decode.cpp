#include "chartsight/image/decode.hpp"

#include "image/decode_within.hpp"
#include "image/format_check.hpp"

#include <fmt/format.h>

#include <limits>

// Known risk: the JPEG decoder of stb 2.27 has a record of memory faults on hostile files, and it runs in
// this process. `check_image` narrows what reaches it and the budget bounds its memory; neither makes it
// safe.
#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_NO_STDIO
#define STBI_NO_HDR
#define STBI_NO_LINEAR
#define STBI_ASSERT(condition) static_cast<void>(0)  // a hostile file must not end the process
#define STBI_MAX_DIMENSIONS 65535                    // what JPEG can say; ImageLimits are far below
#define STBI_MALLOC(size) ::chartsight::budget_malloc(size)
#define STBI_REALLOC(block, size) ::chartsight::budget_realloc(block, size)
#define STBI_FREE(block) ::chartsight::budget_free(block)

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wall"
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wunused-function"
#endif
#if defined(__clang__)
// On damaged JPEG data stb shifts by 32 and more and overflows int. Only wrong pixels are known to come of
// it, and the fuzzer, built with clang, is to go on to what is worse.
#pragma clang attribute push(__attribute__((no_sanitize("shift", "signed-integer-overflow"))), \
                             apply_to = function)
#endif
#include <stb/stb_image.h>
#if defined(__clang__)
#pragma clang attribute pop
#endif
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

namespace chartsight {
namespace {

std::string_view label_of(ImageFormat format) {
    return format == ImageFormat::png ? "PNG" : "JPEG";
}

std::string reason_of(const DecodeBudget& budget) {
    if (budget.exceeded()) return "it needs more memory than a picture of its size should";
    const char* reason = stbi_failure_reason();
    return reason == nullptr ? "unknown reason" : reason;
}

}  // namespace

bool can_decode(ImageFormat format) {
    return format != ImageFormat::webp;
}

Result<Image> decode_within(std::string_view bytes, const ImageInfo& info, const DecodeBudget& budget) {
    int width = 0;
    int height = 0;
    int channels = 0;
    const auto* data = reinterpret_cast<const stbi_uc*>(bytes.data());
    std::unique_ptr<std::uint8_t[], void (*)(void*)> pixels{
        stbi_load_from_memory(data, static_cast<int>(bytes.size()), &width, &height, &channels, 0),
        budget_free};
    if (!pixels)
        return broken(fmt::format("{} cannot be decoded: {}", label_of(info.format), reason_of(budget)));

    Image image{
        static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height), channels, {nullptr, nullptr}};
    if (image.width != info.width || image.height != info.height) {
        return broken(fmt::format("{} cannot be decoded: it holds {}x{} pixels but its header says {}x{}",
                                  label_of(info.format), image.width, image.height, info.width, info.height));
    }
    image.pixels = {pixels.release(), free_pixels};
    return image;
}

Result<Image> decode_image(std::string_view bytes, const ImageInfo& info, const ImageLimits& limits) {
    if (!can_decode(info.format)) {
        return unsupported(fmt::format("{} is not decoded here", mime_type_of(info.format)));
    }
    const auto within = check_sides(info, limits);
    if (!within) return std::unexpected(within.error());
    if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
        return broken(fmt::format("{} cannot be decoded: it is over 2 GiB", label_of(info.format)));
    }
    const DecodeBudget budget(DecodeBudget::limit_for(info, bytes.size()));
    return decode_within(bytes, info, budget);
}

}  // namespace chartsight
