#include "image/byte_order.hpp"
#include "image/format_check.hpp"

#include <fmt/format.h>

#include <cstddef>

namespace chartsight {
namespace {

constexpr std::size_t kRiffHeader = 8;     // "RIFF" and a size that counts what follows
constexpr std::size_t kFirstChunk = 12;    // behind "WEBP"
constexpr std::size_t kChunkHeader = 8;    // name and size
constexpr std::uint32_t kAnimated = 0x02;  // flag in VP8X

std::unexpected<Error> animated() {
    return unsupported("WebP: animated pictures are not accepted; send one frame");
}

struct Chunk {
    std::size_t at;  ///< offset of its name in the file
    std::string_view name;
    std::string_view data;
};

Result<Chunk> read_chunk(std::string_view bytes, std::size_t at) {
    if (at >= bytes.size() || bytes.size() - at < kChunkHeader) {
        return broken(fmt::format("WebP: ends at byte {} without picture data", bytes.size()));
    }
    const std::size_t size = le32(bytes, at + 4);
    const std::size_t left = bytes.size() - at - kChunkHeader;
    if (size > left) {
        return broken(
            fmt::format("WebP: the chunk at byte {} claims {} bytes; there are {} left", at, size, left));
    }
    return Chunk{at, bytes.substr(at, 4), bytes.substr(at + kChunkHeader, size)};
}

std::size_t next_chunk(const Chunk& chunk) {
    return chunk.at + kChunkHeader + chunk.data.size() + chunk.data.size() % 2;
}

Result<ImageInfo> read_lossy(std::string_view data) {
    if (data.size() < 10) return broken("WebP: the VP8 frame header is cut short");
    const std::uint32_t tag = le24(data, 0);
    const bool key_frame = (tag & 1) == 0;
    const bool shown = (tag >> 4 & 1) != 0;
    if (!key_frame || !shown || data.substr(3, 3) != "\x9D\x01\x2A") return broken("WebP: no VP8 key frame");
    if (tag >> 5 > data.size() - 10) return broken("WebP: the VP8 data is cut short");
    return ImageInfo{ImageFormat::webp, le16(data, 6) & 0x3FFF, le16(data, 8) & 0x3FFF};
}

Result<ImageInfo> read_lossless(std::string_view data) {
    if (data.size() < 5) return broken("WebP: the VP8L header is cut short");
    const std::uint32_t fields =
        le32(data, 1);  // 14 bits width - 1, 14 bits height - 1, alpha, 3 bits version
    if (byte_at(data, 0) != 0x2F || fields >> 29 != 0) return broken("WebP: no VP8L picture");
    return ImageInfo{ImageFormat::webp, (fields & 0x3FFF) + 1, (fields >> 14 & 0x3FFF) + 1};
}

Result<ImageInfo> read_picture(const Chunk& chunk) {
    auto info = chunk.name == "VP8 " ? read_lossy(chunk.data) : read_lossless(chunk.data);
    if (info && (info->width == 0 || info->height == 0)) {
        return broken(fmt::format("WebP: impossible size {}x{}", info->width, info->height));
    }
    return info;
}

bool is_picture(const Chunk& chunk) {
    return chunk.name == "VP8 " || chunk.name == "VP8L";
}

// VP8X names a canvas; the picture comes in a later chunk and must fill it.
Result<ImageInfo> read_extended(std::string_view riff, const Chunk& header) {
    if (header.data.size() < 10) return broken("WebP: the VP8X header is cut short");
    if ((byte_at(header.data, 0) & kAnimated) != 0) return animated();
    const std::uint32_t width = le24(header.data, 4) + 1;
    const std::uint32_t height = le24(header.data, 7) + 1;
    for (std::size_t at = next_chunk(header);;) {
        const auto chunk = read_chunk(riff, at);
        if (!chunk) return std::unexpected(chunk.error());
        if (chunk->name == "ANIM" || chunk->name == "ANMF") return animated();
        if (is_picture(*chunk)) {
            auto info = read_picture(*chunk);
            if (info && (info->width != width || info->height != height)) {
                return broken(fmt::format("WebP: canvas is {}x{} pixels but the picture {}x{}", width, height,
                                          info->width, info->height));
            }
            return info;
        }
        at = next_chunk(*chunk);
    }
}

}  // namespace

Result<ImageInfo> check_webp(std::string_view bytes) {
    const std::size_t size = le32(bytes, 4);
    if (size > bytes.size() - kRiffHeader) {
        return broken(fmt::format("WebP: the header claims {} bytes; the file has {}", size + kRiffHeader,
                                  bytes.size()));
    }
    const std::string_view riff = bytes.substr(0, size + kRiffHeader);
    const auto first = read_chunk(riff, kFirstChunk);
    if (!first) return std::unexpected(first.error());
    if (first->name == "VP8X") return read_extended(riff, *first);
    if (is_picture(*first)) return read_picture(*first);
    return broken("WebP: the first chunk is none of VP8, VP8L and VP8X");
}

}  // namespace chartsight
