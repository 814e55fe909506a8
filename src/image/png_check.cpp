#include "image/byte_order.hpp"
#include "image/crc32.hpp"
#include "image/format_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace chartsight {
namespace {

constexpr std::size_t kSignatureSize = 8;
constexpr std::size_t kFrameSize = 12;  // length, type and CRC around a chunk's data
constexpr std::uint32_t kMaxNumber = 0x7FFFFFFF;

struct Chunk {
    std::size_t at;  ///< offset of its length in the file
    std::string_view type;
    std::string_view data;
};

bool is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_critical(const Chunk& chunk) {
    return chunk.type[0] <= 'Z';
}

Result<Chunk> read_chunk(std::string_view bytes, std::size_t at) {
    const std::size_t left = bytes.size() - at;
    if (left < kFrameSize)
        return broken(fmt::format("PNG: ends at byte {} without an IEND chunk", bytes.size()));
    const Chunk named{at, bytes.substr(at + 4, 4), {}};
    if (!std::ranges::all_of(named.type, is_letter))
        return broken(fmt::format("PNG: no chunk begins at byte {}", at));

    const std::uint32_t length = be32(bytes, at);
    if (length > kMaxNumber || length > left - kFrameSize) {
        return broken(fmt::format("PNG: {} chunk at byte {} claims {} bytes; the file has {} left",
                                  named.type, at, length, left - kFrameSize));
    }
    if (crc32(bytes.substr(at + 4, 4 + std::size_t{length})) != be32(bytes, at + 8 + length)) {
        return broken(fmt::format("PNG: {} chunk at byte {} has a wrong CRC", named.type, at));
    }
    return Chunk{at, named.type, bytes.substr(at + 8, length)};
}

bool is_legal_depth(std::uint32_t colour, std::uint32_t depth) {
    switch (colour) {
        case 0: return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
        case 3: return depth == 1 || depth == 2 || depth == 4 || depth == 8;
        case 2:
        case 4:
        case 6: return depth == 8 || depth == 16;
        default: return false;
    }
}

class PngWalker {
public:
    Result<ImageInfo> walk(std::string_view bytes) {
        for (std::size_t at = kSignatureSize; !ended_;) {
            const auto chunk = read_chunk(bytes, at);
            if (!chunk) return std::unexpected(chunk.error());
            const auto taken = at == kSignatureSize ? take_first(*chunk) : take(*chunk);
            if (!taken) return std::unexpected(taken.error());
            at += kFrameSize + chunk->data.size();
        }
        return info_;
    }

private:
    Result<void> take_first(const Chunk& chunk) {
        if (chunk.type != "IHDR")
            return broken(fmt::format("PNG: the first chunk is {}, not IHDR", chunk.type));
        if (chunk.data.size() != 13) {
            return broken(fmt::format("PNG: IHDR has {} bytes, not 13", chunk.data.size()));
        }
        info_ = {ImageFormat::png, be32(chunk.data, 0), be32(chunk.data, 4)};
        const std::uint32_t depth = byte_at(chunk.data, 8);
        const std::uint32_t colour = byte_at(chunk.data, 9);
        if (info_.width == 0 || info_.height == 0 || info_.width > kMaxNumber || info_.height > kMaxNumber) {
            return broken(fmt::format("PNG: impossible size {}x{}", info_.width, info_.height));
        }
        if (!is_legal_depth(colour, depth)) {
            return broken(fmt::format("PNG: colour type {} with bit depth {} does not exist", colour, depth));
        }
        if (chunk.data[10] != 0) return broken("PNG: unknown compression method");
        if (chunk.data[11] != 0) return broken("PNG: unknown filter method");
        if (byte_at(chunk.data, 12) > 1) return broken("PNG: unknown interlace method");
        needs_palette_ = colour == 3;
        max_palette_ = colour == 3 ? 3U << depth : 3U << 8;
        return {};
    }

    Result<void> take(const Chunk& chunk) {
        if (chunk.type == "IDAT") return take_data(chunk);
        if (chunk.type == "IEND") return take_end();
        data_over_ = has_data_;
        if (chunk.type == "PLTE") return take_palette(chunk);
        if (chunk.type == "acTL")
            return unsupported("PNG: animated pictures (APNG) are not accepted; send one frame");
        // Among these a second IHDR, and Apple's CgBI, which changes how the pixels are stored.
        if (is_critical(chunk)) {
            return broken(fmt::format("PNG: unexpected {} chunk at byte {}", chunk.type, chunk.at));
        }
        return {};
    }

    Result<void> take_palette(const Chunk& chunk) {
        if (has_palette_) return broken("PNG: has more than one PLTE chunk");
        if (has_data_) return broken("PNG: PLTE chunk after IDAT");
        if (chunk.data.empty() || chunk.data.size() % 3 != 0 || chunk.data.size() > max_palette_) {
            return broken(fmt::format("PNG: PLTE has {} bytes, not 3 to {} in threes", chunk.data.size(),
                                      max_palette_));
        }
        has_palette_ = true;
        return {};
    }

    Result<void> take_data(const Chunk& chunk) {
        if (needs_palette_ && !has_palette_) return broken("PNG: palette picture without a PLTE chunk");
        if (data_over_)
            return broken(fmt::format("PNG: IDAT chunk at byte {} does not follow the others", chunk.at));
        has_data_ = true;
        data_bytes_ += chunk.data.size();
        return {};
    }

    Result<void> take_end() {
        if (!has_data_) return broken("PNG: has no IDAT chunk");
        if (data_bytes_ == 0) return broken("PNG: its IDAT holds no data");
        ended_ = true;
        return {};
    }

    ImageInfo info_;
    std::size_t max_palette_{0};  // bytes
    std::size_t data_bytes_{0};
    bool needs_palette_{false};
    bool has_palette_{false};
    bool has_data_{false};
    bool data_over_{false};
    bool ended_{false};
};

}  // namespace

Result<ImageInfo> check_png(std::string_view bytes) {
    return PngWalker{}.walk(bytes);
}

}  // namespace chartsight
