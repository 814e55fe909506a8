#include "chartsight/image/decode.hpp"

#include "image/decode_within.hpp"
#include "images.hpp"
#include "refusal.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace chartsight {
namespace {

using namespace std::string_literals;
using test::png_chunk;
using test::png_header;
using test::png_of;
using test::zlib_stored;

constexpr ImageLimits kLimits{};

Result<Image> decode(std::string_view bytes) {
    const auto info = check_image(bytes, kLimits);
    if (!info) return std::unexpected(info.error());
    return decode_image(bytes, *info, kLimits);
}

void expect_undecodable(std::string_view bytes, const ImageInfo& info, std::string_view detail) {
    const auto image = decode_image(bytes, info, kLimits);
    ASSERT_FALSE(image.has_value());
    EXPECT_EQ(image.error().code, Errc::broken_image);
    EXPECT_EQ(image.error().detail, detail);
}

TEST(DecodeImage, GivesThePixelsOfAPng) {
    const auto image = decode(test::make_png(7, 5));
    ASSERT_TRUE(image.has_value()) << image.error().detail;
    ASSERT_EQ(image->width, 7U);
    ASSERT_EQ(image->height, 5U);
    ASSERT_EQ(image->channels, 3);
    for (std::uint32_t y = 0; y < 5; ++y) {
        for (std::uint32_t x = 0; x < 7; ++x) {
            for (std::uint32_t c = 0; c < 3; ++c) {
                EXPECT_EQ(image->pixels[(y * 7 + x) * 3 + c], test::png_sample(x, y, c))
                    << x << ' ' << y << ' ' << c;
            }
        }
    }
}

TEST(DecodeImage, KeepsTheChannelsOfTheFile) {
    const std::string end = png_chunk("IEND");
    const std::vector<std::pair<int, int>> channels_of_colour{{0, 1}, {2, 3}, {4, 2}, {6, 4}};
    for (const auto& [colour, channels] : channels_of_colour) {
        for (const int depth : {8, 16}) {
            const std::string row =
                "\0"s + std::string(static_cast<std::size_t>(channels * depth / 8), '\x42');
            const auto image =
                decode(png_of({png_header(1, 1, depth, colour), png_chunk("IDAT", zlib_stored(row)), end}));
            ASSERT_TRUE(image.has_value()) << colour << image.error().detail;
            EXPECT_EQ(image->channels, channels);
            EXPECT_EQ(image->pixels[channels - 1], 0x42);
        }
    }
    const auto palette = decode(png_of({png_header(1, 1, 1, 3), png_chunk("PLTE", "rgbRGB"),
                                        png_chunk("IDAT", zlib_stored("\0\x80"s)), end}));
    ASSERT_TRUE(palette.has_value()) << palette.error().detail;
    ASSERT_EQ(palette->channels, 3);
    EXPECT_EQ(std::string(palette->pixels.get(), palette->pixels.get() + 3), "RGB");
}

TEST(DecodeImage, ReadsBaselineProgressiveAndCmykJpeg) {
    for (const std::string& jpeg :
         {test::make_jpeg(), test::make_progressive_jpeg(), test::make_cmyk_jpeg()}) {
        const auto image = decode(jpeg);
        ASSERT_TRUE(image.has_value()) << image.error().detail;
        EXPECT_EQ(image->width, test::kBlobWidth);
        EXPECT_EQ(image->height, test::kBlobHeight);
        ASSERT_EQ(image->channels, 3);
        // The picture is a chequered pattern whose second field is white.
        EXPECT_GT(image->pixels[3 * 6 + 1], 200);
        EXPECT_LT(image->pixels[1], 100);
    }
}

TEST(DecodeImage, LeavesWebpToOthers) {
    EXPECT_TRUE(can_decode(ImageFormat::png));
    EXPECT_TRUE(can_decode(ImageFormat::jpeg));
    EXPECT_FALSE(can_decode(ImageFormat::webp));
    const auto image = decode(test::make_lossy_webp());
    ASSERT_FALSE(image.has_value());
    EXPECT_EQ(image.error().code, Errc::unsupported_image);
    EXPECT_EQ(image.error().detail, "image/webp is not decoded here");
}

TEST(DecodeImage, RefusesDataThatIsShorterThanThePicture) {
    const std::string png =
        png_of({png_header(4000, 4000), png_chunk("IDAT", zlib_stored("few")), png_chunk("IEND")});
    expect_undecodable(png, {ImageFormat::png, 4000, 4000}, "PNG cannot be decoded: not enough pixels");
}

TEST(DecodeImage, RefusesDataThatIsNoZlib) {
    const std::string png = png_of({png_header(1, 1), png_chunk("IDAT", "rubbish"), png_chunk("IEND")});
    expect_undecodable(png, {ImageFormat::png, 1, 1}, "PNG cannot be decoded: bad zlib header");
}

TEST(DecodeImage, RefusesAnInflatedPictureOfOnePixel) {
    const std::string bomb = zlib_stored(std::string(3 << 20, '\0'));
    const std::string png = png_of({png_header(1, 1), png_chunk("IDAT", bomb), png_chunk("IEND")});
    ASSERT_TRUE(check_image(png, kLimits).has_value());
    expect_undecodable(png, {ImageFormat::png, 1, 1},
                       "PNG cannot be decoded: it needs more memory than a picture of its size should");
}

TEST(DecodeImage, DoesNotBelieveAFileThatIsLargerThanWasChecked) {
    const ImageInfo small{ImageFormat::jpeg, 1, 1};
    expect_undecodable(test::make_jpeg(), small,
                       "JPEG cannot be decoded: it holds 16x8 pixels but its header says 1x1");
    std::string large = test::make_jpeg();
    const std::size_t frame = large.find("\xFF\xC0");
    large.replace(frame + 5, 4, "\x1F\xFF\x0B\x00"s);
    expect_undecodable(large, small,
                       "JPEG cannot be decoded: it needs more memory than a picture of its size should");
}

TEST(DecodeImage, HoldsTheLimitsAgain) {
    expect_undecodable(test::make_png(1, 1), {ImageFormat::png, 9000, 1},
                       "image is 9000x1 pixels; MAX_IMAGE_SIDE allows 8192");
}

TEST(DecodeImage, ReadsTheOtherPicturesOfAThreadAfterAFailure) {
    EXPECT_FALSE(
        decode(png_of({png_header(1, 1), png_chunk("IDAT", "rubbish"), png_chunk("IEND")})).has_value());
    EXPECT_TRUE(decode(test::make_png(2, 2)).has_value());
    EXPECT_TRUE(decode(test::make_jpeg()).has_value());
}

// Every allocation of the decoder fails once: nothing is leaked, nothing is half a picture.
TEST(DecodeWithin, GivesTheBudgetBackWhereverItRunsOut) {
    for (const std::string& bytes :
         {test::make_png(7, 5), test::make_jpeg(), test::make_progressive_jpeg()}) {
        const auto info = check_image(bytes, kLimits);
        ASSERT_TRUE(info.has_value());
        std::size_t refused = 0;
        for (std::size_t limit = 0;; limit += 64) {
            ASSERT_LT(limit, 1U << 20);
            const DecodeBudget budget(limit);
            const auto image = decode_within(bytes, *info, budget);
            if (image) {
                EXPECT_GE(budget.used(), std::size_t{info->width} * info->height * 3);
                break;
            }
            ++refused;
            EXPECT_EQ(image.error().code, Errc::broken_image);
            EXPECT_EQ(budget.used(), 0U) << limit;
        }
        EXPECT_GT(refused, 3U);
    }
}

TEST(DecodeImage, SurvivesFlippedBitsInAJpeg) {
    const std::string jpeg = test::make_jpeg();
    for (std::size_t bit = 0; bit < 8 * jpeg.size(); ++bit) {
        std::string flipped = jpeg;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
        const auto info = check_image(flipped, kLimits);
        if (!info || std::uint64_t{info->width} * info->height > 10'000)
            continue;  // milliseconds, not seconds
        const auto image = decode_image(flipped, *info, kLimits);
        if (image) {
            EXPECT_EQ(image->width, info->width);
            EXPECT_EQ(image->height, info->height);
        }
    }
}

}  // namespace
}  // namespace chartsight
