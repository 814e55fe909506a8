#include "image/byte_order.hpp"
#include "image/format_check.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstring>

namespace chartsight {
namespace {

// A progressive photo has about ten scans. Each costs a decoder a pass over all coefficients however few
// bytes it has, so a small file with thousands of empty ones would cost seconds.
constexpr int kMaxScans = 64;

constexpr std::uint8_t kHuffmanTables = 0xC4;
constexpr std::uint8_t kQuantisationTables = 0xDB;
constexpr std::uint8_t kEndOfImage = 0xD9;
constexpr std::uint8_t kStartOfScan = 0xDA;

bool is_frame(std::uint8_t marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

// Tables, application data and comments: what a decoder either knows or skips by its length.
bool is_side_segment(std::uint8_t marker) {
    return marker == kHuffmanTables || (marker >= kQuantisationTables && marker <= 0xDD) ||
           (marker >= 0xE0 && marker <= 0xEF) || marker == 0xFE;
}

// Counted here because a decoder may trust the counts: stb 2.27 writes past its table when they add up to
// over 256.
bool are_huffman_tables(std::string_view data) {
    while (!data.empty()) {
        if (data.size() < 17 || (byte_at(data, 0) >> 4) > 1 || (byte_at(data, 0) & 15) > 3) return false;
        std::size_t codes = 0;
        for (std::size_t i = 1; i <= 16; ++i) codes += byte_at(data, i);
        if (codes > 256 || codes > data.size() - 17) return false;
        data.remove_prefix(17 + codes);
    }
    return true;
}

bool are_quantisation_tables(std::string_view data) {
    while (!data.empty()) {
        const std::uint8_t kind = byte_at(data, 0);
        const std::size_t size = (kind >> 4) == 0 ? 65 : 129;
        if ((kind >> 4) > 1 || (kind & 15) > 3 || size > data.size()) return false;
        data.remove_prefix(size);
    }
    return true;
}

class JpegWalker {
public:
    explicit JpegWalker(std::string_view bytes) : bytes_(bytes) {}

    Result<ImageInfo> walk() {
        for (;;) {
            const auto marker = next_marker();
            if (!marker) return std::unexpected(marker.error());
            if (*marker == kEndOfImage) break;
            const auto taken = take_segment(*marker);
            if (!taken) return std::unexpected(taken.error());
        }
        if (components_ == 0) return broken("JPEG: has no frame header (SOF)");
        if (scans_ == 0) return broken("JPEG: has no scan (SOS)");
        return info_;
    }

private:
    std::unexpected<Error> ends_early() const {
        return broken(fmt::format("JPEG: ends at byte {} without an end marker (EOI)", bytes_.size()));
    }

    Result<std::uint8_t> next_marker() {
        if (at_ >= bytes_.size()) return ends_early();
        if (byte_at(bytes_, at_) != 0xFF) return broken(fmt::format("JPEG: no marker at byte {}", at_));
        while (at_ < bytes_.size() && byte_at(bytes_, at_) == 0xFF) ++at_;  // any number of FF may fill
        if (at_ >= bytes_.size()) return ends_early();
        return byte_at(bytes_, at_++);
    }

    Result<void> take_segment(std::uint8_t marker) {
        const std::size_t marker_at = at_ - 2;
        if (!is_frame(marker) && marker != kStartOfScan && !is_side_segment(marker)) {
            return broken(fmt::format("JPEG: unexpected marker FF{:02X} at byte {}", marker, marker_at));
        }
        if (bytes_.size() - at_ < 2) return ends_early();
        const std::size_t length = be16(bytes_, at_);  // counts its own two bytes
        if (length < 2 || length > bytes_.size() - at_) {
            return broken(
                fmt::format("JPEG: segment FF{:02X} at byte {} claims {} bytes; the file has {} left", marker,
                            marker_at, length, bytes_.size() - at_));
        }
        const std::string_view data = bytes_.substr(at_ + 2, length - 2);
        at_ += length;
        if (is_frame(marker)) return take_frame(marker, data);
        if (marker == kStartOfScan) return take_scan(data);
        if (marker == kHuffmanTables && !are_huffman_tables(data)) {
            return broken(fmt::format("JPEG: the Huffman tables (DHT) at byte {} are malformed", marker_at));
        }
        if (marker == kQuantisationTables && !are_quantisation_tables(data)) {
            return broken(
                fmt::format("JPEG: the quantisation tables (DQT) at byte {} are malformed", marker_at));
        }
        return {};
    }

    Result<void> take_frame(std::uint8_t marker, std::string_view data) {
        if (components_ != 0) return broken("JPEG: has more than one frame header (SOF)");
        if (marker > 0xC2) {
            return unsupported(
                fmt::format("JPEG: lossless, hierarchical and arithmetic coding (SOF{}) are not "
                            "accepted; allowed: baseline, extended and progressive",
                            marker - 0xC0));
        }
        if (data.size() < 6) return broken("JPEG: the frame header (SOF) is too short");
        const std::uint32_t precision = byte_at(data, 0);
        const std::uint32_t components = byte_at(data, 5);
        info_ = {ImageFormat::jpeg, be16(data, 3), be16(data, 1)};
        if (info_.width == 0 || info_.height == 0) {
            return broken(fmt::format("JPEG: impossible size {}x{}", info_.width, info_.height));
        }
        if (precision != 8) {
            return unsupported(fmt::format("JPEG: {} bits a sample are not accepted; allowed: 8", precision));
        }
        if (components != 1 && components != 3 && components != 4) {
            return broken(fmt::format("JPEG: {} colour components; there are 1, 3 or 4", components));
        }
        if (data.size() != 6 + 3 * components)
            return broken("JPEG: the frame header (SOF) has a wrong length");
        components_ = components;
        return {};
    }

    Result<void> take_scan(std::string_view data) {
        if (components_ == 0) return broken("JPEG: a scan (SOS) comes before the frame header (SOF)");
        if (++scans_ > kMaxScans) return broken(fmt::format("JPEG: has more than {} scans", kMaxScans));
        const std::uint32_t components = data.empty() ? 0 : byte_at(data, 0);
        if (components == 0 || components > components_ || data.size() != 4 + 2 * components) {
            return broken("JPEG: a scan header (SOS) does not fit the frame header (SOF)");
        }
        return skip_entropy_coded();
    }

    // Stops at the next marker: an FF that is neither a stuffed data byte (FF 00) nor a restart marker.
    Result<void> skip_entropy_coded() {
        while (at_ < bytes_.size()) {
            const void* found = std::memchr(bytes_.data() + at_, 0xFF, bytes_.size() - at_);
            if (found == nullptr) break;
            at_ = static_cast<std::size_t>(static_cast<const char*>(found) - bytes_.data());
            if (bytes_.size() - at_ < 2) break;
            const std::uint8_t next = byte_at(bytes_, at_ + 1);
            if (next == 0x00 || (next >= 0xD0 && next <= 0xD7)) {
                at_ += 2;
            } else if (next == 0xFF) {
                at_ += 1;
            } else {
                return {};
            }
        }
        return ends_early();
    }

    std::string_view bytes_;
    std::size_t at_{2};  // behind SOI
    ImageInfo info_;
    std::uint32_t components_{0};
    int scans_{0};
};

}  // namespace

Result<ImageInfo> check_jpeg(std::string_view bytes) {
    return JpegWalker{bytes}.walk();
}

}  // namespace chartsight
