#include "images.hpp"
#include "refusal.hpp"

#include <gtest/gtest.h>

namespace chartsight {
namespace {

using namespace std::string_literals;
using test::expect_accepted;
using test::expect_broken;
using test::expect_refused;
using test::kBlobHeight;
using test::kBlobWidth;
using test::little_endian;

std::string chunk(const std::string& name, const std::string& data) {
    return name + little_endian(static_cast<std::uint32_t>(data.size())) + data +
           std::string(data.size() % 2, '\0');
}

std::string riff(const std::string& chunks) {
    return "RIFF" + little_endian(static_cast<std::uint32_t>(chunks.size() + 4)) + "WEBP" + chunks;
}

std::string lossless(std::uint32_t width, std::uint32_t height, std::uint32_t version = 0) {
    return chunk("VP8L", "\x2F" + little_endian((width - 1) | (height - 1) << 14 | version << 29));
}

std::string lossy(std::uint32_t width, std::uint32_t height) {
    return chunk("VP8 ", "\x10\0\0\x9D\x01\x2A"s + little_endian(width, 2) + little_endian(height, 2));
}

std::string canvas(std::uint32_t width, std::uint32_t height, char flags = 0) {
    return chunk("VP8X", flags + "\0\0\0"s + little_endian(width - 1, 3) + little_endian(height - 1, 3));
}

TEST(WebpCheck, AcceptsLossyLosslessAndExtended) {
    for (const std::string& webp :
         {test::make_lossy_webp(), test::make_lossless_webp(), test::make_extended_webp()}) {
        expect_accepted(webp, ImageFormat::webp, kBlobWidth, kBlobHeight);
    }
    expect_accepted(riff(lossless(3, 5)), ImageFormat::webp, 3, 5);
    expect_accepted(riff(lossy(3, 5)), ImageFormat::webp, 3, 5);
    expect_accepted(riff(lossy(0x4003, 0x8005)), ImageFormat::webp, 3, 5);  // the upper two bits are a scale
}

TEST(WebpCheck, ReadsTheLargestSides) {
    expect_broken(riff(lossless(16384, 16384)), "image is 16384x16384 pixels; MAX_IMAGE_SIDE allows 8192");
    expect_broken(riff(lossy(16383, 1)), "image is 16383x1 pixels; MAX_IMAGE_SIDE allows 8192");
}

TEST(WebpCheck, ToleratesWhatFollowsTheEnd) {
    expect_accepted(test::make_lossy_webp() + "trailing", ImageFormat::webp, kBlobWidth, kBlobHeight);
    expect_accepted(riff(lossless(3, 5) + chunk("EXIF", "odd")), ImageFormat::webp, 3, 5);
}

TEST(WebpCheck, ToleratesAMissingPaddingByteAtTheEnd) {
    std::string webp = riff(lossless(3, 5));
    webp.pop_back();
    webp.replace(4, 4, little_endian(static_cast<std::uint32_t>(webp.size() - 8)));
    expect_accepted(webp, ImageFormat::webp, 3, 5);
}

TEST(WebpCheck, RefusesAnimation) {
    const std::string detail = "WebP: animated pictures are not accepted; send one frame";
    std::string flagged = test::make_extended_webp();
    flagged[20] = static_cast<char>(flagged[20] | 2);
    expect_refused(flagged, Errc::unsupported_image, detail);
    expect_refused(riff(canvas(3, 5) + chunk("ANIM", "......")), Errc::unsupported_image, detail);
    expect_refused(riff(canvas(3, 5) + chunk("ANMF", "......")), Errc::unsupported_image, detail);
}

TEST(WebpCheck, RefusesASizeTheFileDoesNotHave) {
    std::string webp = riff(lossless(3, 5));
    webp.replace(4, 4, little_endian(0xFFFFFFFF));
    expect_broken(webp, "WebP: the header claims 4294967303 bytes; the file has 26");
    std::string inner = riff(lossless(3, 5));
    inner.replace(16, 4, little_endian(0xFFFFFFFF));
    expect_broken(inner, "WebP: the chunk at byte 12 claims 4294967295 bytes; there are 6 left");
    std::string small = riff(lossless(3, 5));
    small.replace(4, 4, little_endian(0));
    expect_broken(small, "WebP: ends at byte 8 without picture data");
    expect_broken(riff(""), "WebP: ends at byte 12 without picture data");
}

TEST(WebpCheck, RefusesBadPictureHeaders) {
    expect_broken(riff(chunk("ALPH", "....")), "WebP: the first chunk is none of VP8, VP8L and VP8X");
    expect_broken(riff(chunk("VP8 ", "short")), "WebP: the VP8 frame header is cut short");
    expect_broken(riff(chunk("VP8 ", "\x11\0\0\x9D\x01\x2A\1\0\1\0"s)), "WebP: no VP8 key frame");
    expect_broken(riff(chunk("VP8 ", "\0\0\0\x9D\x01\x2A\1\0\1\0"s)), "WebP: no VP8 key frame");
    expect_broken(riff(chunk("VP8 ", "\x10\0\0\x9D\x01\x2B\1\0\1\0"s)), "WebP: no VP8 key frame");
    expect_broken(riff(chunk("VP8 ", "\x30\0\0\x9D\x01\x2A\1\0\1\0"s)), "WebP: the VP8 data is cut short");
    expect_broken(riff(lossy(0, 5)), "WebP: impossible size 0x5");
    expect_broken(riff(lossy(5, 0)), "WebP: impossible size 5x0");
    expect_broken(riff(chunk("VP8L", "\x2F")), "WebP: the VP8L header is cut short");
    expect_broken(riff(chunk("VP8L", "\x2E....")), "WebP: no VP8L picture");
    expect_broken(riff(lossless(3, 5, 1)), "WebP: no VP8L picture");
}

TEST(WebpCheck, RefusesABadCanvas) {
    expect_accepted(riff(canvas(3, 5) + chunk("ICCP", "abc") + lossless(3, 5)), ImageFormat::webp, 3, 5);
    expect_broken(riff(canvas(3, 5) + lossless(5, 3)), "WebP: canvas is 3x5 pixels but the picture 5x3");
    expect_broken(riff(canvas(0x1000000, 0x1000000) + lossy(5, 3)),
                  "WebP: canvas is 16777216x16777216 pixels but the picture 5x3");
    expect_broken(riff(canvas(3, 5)), "WebP: ends at byte 30 without picture data");
    expect_broken(riff(canvas(3, 5) + chunk("EXIF", "abc")), "WebP: ends at byte 42 without picture data");
    expect_broken(riff(chunk("VP8X", "short")), "WebP: the VP8X header is cut short");
}

TEST(WebpCheck, RefusesEveryTruncation) {
    for (const std::string& webp :
         {test::make_lossy_webp(), test::make_lossless_webp(), test::make_extended_webp()}) {
        for (std::size_t size = 0; size < webp.size(); ++size) {
            EXPECT_FALSE(check_image(std::string_view(webp).substr(0, size), ImageLimits{}).has_value())
                << size;
        }
    }
}

}  // namespace
}  // namespace chartsight
