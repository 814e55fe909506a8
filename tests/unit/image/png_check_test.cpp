#include "images.hpp"
#include "refusal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace chartsight {
namespace {

using test::big_endian;
using test::expect_accepted;
using test::expect_broken;
using test::expect_refused;
using test::png_chunk;
using test::png_header;
using test::png_of;

const std::string kHeader = png_header(2, 2);
const std::string kData = png_chunk("IDAT", "data");
const std::string kEnd = png_chunk("IEND");

std::string png_with_header_byte(std::size_t at, char value) {
    std::string data = kHeader.substr(8, 13);
    data[at] = value;
    return png_of({png_chunk("IHDR", data), kData, kEnd});
}

TEST(PngCheck, AcceptsEveryLegalDepthAndRefusesTheOthers) {
    const std::vector<std::pair<int, int>> legal{{0, 1}, {0, 2},  {0, 4},  {0, 8}, {0, 16},
                                                 {2, 8}, {2, 16}, {3, 1},  {3, 2}, {3, 4},
                                                 {3, 8}, {4, 8},  {4, 16}, {6, 8}, {6, 16}};
    for (int colour = 0; colour < 256; ++colour) {
        for (const int depth : {0, 1, 2, 3, 4, 7, 8, 16, 32, 255}) {
            const std::string palette = png_chunk("PLTE", "abc");
            const std::string png = png_of({png_header(1, 1, depth, colour), palette, kData, kEnd});
            const bool wanted = std::ranges::find(legal, std::pair{colour, depth}) != legal.end();
            EXPECT_EQ(check_image(png, ImageLimits{}).has_value(), wanted) << colour << ' ' << depth;
        }
    }
    expect_broken(png_of({png_header(1, 1, 4, 2), kData, kEnd}),
                  "PNG: colour type 2 with bit depth 4 does not exist");
}

TEST(PngCheck, AcceptsInterlacingAncillaryChunksAndSeveralIdats) {
    expect_accepted(png_of({png_header(5, 6, 8, 2, 1), png_chunk("tEXt", "Title"), kData, kData,
                            png_chunk("tIME"), kEnd}),
                    ImageFormat::png, 5, 6);
}

TEST(PngCheck, ToleratesWhatFollowsTheEnd) {
    expect_accepted(test::make_png(2, 3) + std::string(100, '\xFF'), ImageFormat::png, 2, 3);
}

TEST(PngCheck, RefusesAFirstChunkOtherThanIhdr) {
    expect_broken(png_of({png_chunk("CgBI", "...."), kHeader, kData, kEnd}),
                  "PNG: the first chunk is CgBI, not IHDR");
}

TEST(PngCheck, RefusesABadHeader) {
    expect_broken(png_of({png_chunk("IHDR", "short"), kData, kEnd}), "PNG: IHDR has 5 bytes, not 13");
    expect_broken(png_of({png_header(0, 5), kData, kEnd}), "PNG: impossible size 0x5");
    expect_broken(png_of({png_header(5, 0), kData, kEnd}), "PNG: impossible size 5x0");
    expect_broken(png_of({png_header(0x80000000, 1), kData, kEnd}), "PNG: impossible size 2147483648x1");
    expect_broken(png_of({png_header(1, 0xFFFFFFFF), kData, kEnd}), "PNG: impossible size 1x4294967295");
    expect_broken(png_with_header_byte(10, 1), "PNG: unknown compression method");
    expect_broken(png_with_header_byte(11, 1), "PNG: unknown filter method");
    expect_broken(png_with_header_byte(12, 2), "PNG: unknown interlace method");
    expect_broken(png_of({kHeader, kHeader, kData, kEnd}), "PNG: unexpected IHDR chunk at byte 33");
}

TEST(PngCheck, RefusesAWrongCrc) {
    std::string png = png_of({kHeader, kData, kEnd});
    png[33 + 8] ^= 1;
    expect_broken(png, "PNG: IDAT chunk at byte 33 has a wrong CRC");
    std::string text = png_of({kHeader, png_chunk("tEXt", "Title"), kData, kEnd});
    text[33 + 8] ^= 1;
    expect_broken(text, "PNG: tEXt chunk at byte 33 has a wrong CRC");
}

TEST(PngCheck, RefusesAChunkThatClaimsMoreThanTheFileHas) {
    std::string png = png_of({kHeader, kData, kEnd});
    png.replace(33, 4, big_endian(21));
    expect_broken(png, "PNG: IDAT chunk at byte 33 claims 21 bytes; the file has 16 left");
    png.replace(33, 4, big_endian(0x7FFFFFFF));
    expect_broken(png, "PNG: IDAT chunk at byte 33 claims 2147483647 bytes; the file has 16 left");
    png.replace(33, 4, big_endian(0xFFFFFFFF));
    expect_broken(png, "PNG: IDAT chunk at byte 33 claims 4294967295 bytes; the file has 16 left");
    png.replace(33, 4, big_endian(0xFFFFFFF8));
    expect_broken(png, "PNG: IDAT chunk at byte 33 claims 4294967288 bytes; the file has 16 left");
}

TEST(PngCheck, RefusesBytesThatAreNoChunk) {
    expect_broken(png_of({kHeader, png_chunk("I\nAT", "data"), kEnd}), "PNG: no chunk begins at byte 33");
}

TEST(PngCheck, RefusesAnUnknownCriticalChunk) {
    expect_broken(png_of({kHeader, png_chunk("CgBI"), kData, kEnd}), "PNG: unexpected CgBI chunk at byte 33");
}

TEST(PngCheck, RefusesMissingOrScatteredData) {
    expect_broken(png_of({kHeader, kEnd}), "PNG: has no IDAT chunk");
    expect_broken(png_of({kHeader, png_chunk("IDAT"), kEnd}), "PNG: its IDAT holds no data");
    expect_broken(png_of({kHeader, kData, png_chunk("tEXt"), kData, kEnd}),
                  "PNG: IDAT chunk at byte 61 does not follow the others");
    expect_broken(png_of({kHeader, kData}), "PNG: ends at byte 49 without an IEND chunk");
    expect_broken(png_of({}), "PNG: ends at byte 8 without an IEND chunk");
}

TEST(PngCheck, RefusesAMissingOrBadPalette) {
    const std::string header = png_header(1, 1, 2, 3);
    const std::string palette = png_chunk("PLTE", "rgbRGB");
    expect_accepted(png_of({header, palette, kData, kEnd}), ImageFormat::png, 1, 1);
    expect_broken(png_of({header, kData, kEnd}), "PNG: palette picture without a PLTE chunk");
    expect_broken(png_of({header, palette, palette, kData, kEnd}), "PNG: has more than one PLTE chunk");
    expect_broken(png_of({kHeader, kData, palette, kEnd}), "PNG: PLTE chunk after IDAT");
    expect_broken(png_of({header, png_chunk("PLTE", "rgbR"), kData, kEnd}),
                  "PNG: PLTE has 4 bytes, not 3 to 12 in threes");
    expect_broken(png_of({header, png_chunk("PLTE"), kData, kEnd}),
                  "PNG: PLTE has 0 bytes, not 3 to 12 in threes");
    expect_accepted(png_of({header, png_chunk("PLTE", std::string(12, 'c')), kData, kEnd}), ImageFormat::png,
                    1, 1);
    expect_broken(png_of({header, png_chunk("PLTE", std::string(15, 'c')), kData, kEnd}),
                  "PNG: PLTE has 15 bytes, not 3 to 12 in threes");
}

TEST(PngCheck, RefusesAnimation) {
    expect_refused(png_of({kHeader, png_chunk("acTL", "frames.."), kData, kEnd}), Errc::unsupported_image,
                   "PNG: animated pictures (APNG) are not accepted; send one frame");
}

TEST(PngCheck, RefusesEveryTruncation) {
    const std::string png = test::make_png(3, 2);
    ASSERT_TRUE(test::read_whole(png));
    for (std::size_t size = 0; size < png.size(); ++size) {
        EXPECT_FALSE(check_image(std::string_view(png).substr(0, size), ImageLimits{}).has_value()) << size;
    }
}

TEST(PngCheck, RefusesEveryFlippedBit) {
    const std::string png = test::make_png(3, 2);
    for (std::size_t bit = 0; bit < 8 * png.size(); ++bit) {
        std::string flipped = png;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
        EXPECT_FALSE(check_image(flipped, ImageLimits{}).has_value()) << bit;
    }
}

}  // namespace
}  // namespace chartsight
