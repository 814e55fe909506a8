#include "chartsight/image/check.hpp"
#include "image/byte_order.hpp"

#include <algorithm>
#include <array>

namespace chartsight {
namespace {

using namespace std::string_view_literals;

struct Signature {
    std::string_view beginning;
    std::string_view type;
};

constexpr std::array kSignatures{
    Signature{"\x89PNG\r\n\x1a\n"sv, "image/png"},
    Signature{"\xFF\xD8\xFF"sv, "image/jpeg"},
    Signature{"GIF87a"sv, "image/gif"},
    Signature{"GIF89a"sv, "image/gif"},
    Signature{"II*\0"sv, "image/tiff"},
    Signature{"MM\0*"sv, "image/tiff"},
    Signature{"II+\0"sv, "image/tiff"},
    Signature{"MM\0+"sv, "image/tiff"},
    Signature{"%PDF-"sv, "application/pdf"},
};

struct Brand {
    std::string_view name;
    std::string_view type;
};

constexpr std::array kBrands{
    Brand{"avif", "image/avif"}, Brand{"avis", "image/avif"}, Brand{"heic", "image/heic"},
    Brand{"heix", "image/heic"}, Brand{"heim", "image/heic"}, Brand{"heis", "image/heic"},
    Brand{"hevc", "image/heic"}, Brand{"hevx", "image/heic"}, Brand{"hevm", "image/heic"},
    Brand{"hevs", "image/heic"}, Brand{"mif1", "image/heif"}, Brand{"msf1", "image/heif"},
};

std::optional<std::string_view> type_of_brand(std::string_view name) {
    const auto* found = std::ranges::find(kBrands, name, &Brand::name);
    if (found == kBrands.end()) return std::nullopt;
    return found->type;
}

// HEIC and AVIF are both ISO media files: a box `ftyp` with a major brand, a version and compatible brands.
// The major brand may be the general `mif1`; then a compatible one tells the codec.
std::optional<std::string_view> sniff_media_file(std::string_view bytes) {
    if (bytes.size() < 12 || bytes.substr(4, 4) != "ftyp") return std::nullopt;
    const auto major = type_of_brand(bytes.substr(8, 4));
    if (!major || *major != "image/heif") return major;
    const auto end = std::min<std::size_t>({bytes.size(), be32(bytes, 0), 256});
    for (std::size_t at = 16; at + 4 <= end; at += 4) {
        const auto compatible = type_of_brand(bytes.substr(at, 4));
        if (compatible && *compatible != "image/heif") return compatible;
    }
    return major;
}

// "BM" alone also begins ordinary text: the size of the header that follows must be one that exists.
bool is_bmp(std::string_view bytes) {
    constexpr std::array kHeaderSizes{12U, 16U, 40U, 52U, 56U, 64U, 108U, 124U};
    return bytes.size() >= 18 && bytes.starts_with("BM") &&
           std::ranges::find(kHeaderSizes, le32(bytes, 14)) != kHeaderSizes.end();
}

bool is_svg(std::string_view bytes) {
    bytes = bytes.substr(0, 1024);
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    bytes.remove_prefix(std::min(bytes.find_first_not_of(" \t\r\n"), bytes.size()));
    if (bytes.starts_with("<svg")) return true;
    const bool markup =
        bytes.starts_with("<?xml") || bytes.starts_with("<!--") || bytes.starts_with("<!DOCTYPE svg");
    return markup && bytes.find("<svg") != std::string_view::npos;
}

}  // namespace

std::optional<std::string_view> sniff_mime_type(std::string_view bytes) {
    for (const Signature& signature : kSignatures) {
        if (bytes.starts_with(signature.beginning)) return signature.type;
    }
    if (bytes.size() >= 12 && bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP") return "image/webp";
    if (is_bmp(bytes)) return "image/bmp";
    if (is_svg(bytes)) return "image/svg+xml";
    return sniff_media_file(bytes);
}

}  // namespace chartsight
