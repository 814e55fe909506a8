#include "chartsight/image/check.hpp"

#include "images.hpp"
#include "refusal.hpp"

#include <gtest/gtest.h>

namespace chartsight {
namespace {

using test::expect_accepted;
using test::expect_refused;

std::string png_that_says(std::uint32_t width, std::uint32_t height) {
    return test::png_of(
        {test::png_header(width, height), test::png_chunk("IDAT", "x"), test::png_chunk("IEND")});
}

TEST(CheckImage, AcceptsTheThreeFormats) {
    expect_accepted(test::make_png(3, 2), ImageFormat::png, 3, 2);
    expect_accepted(test::make_jpeg(), ImageFormat::jpeg, test::kBlobWidth, test::kBlobHeight);
    expect_accepted(test::make_lossy_webp(), ImageFormat::webp, test::kBlobWidth, test::kBlobHeight);
}

TEST(CheckImage, NamesAnEmptyImage) {
    expect_refused("", Errc::missing_image, "the image is empty");
}

TEST(CheckImage, NamesTheFormatItRefusesAndThoseItTakes) {
    expect_refused("GIF89a", Errc::unsupported_image,
                   "image/gif is not accepted; allowed: image/png, image/jpeg, image/webp");
    expect_refused("%PDF-1.4", Errc::unsupported_image,
                   "application/pdf is not accepted; allowed: image/png, image/jpeg, image/webp");
    expect_refused("just text", Errc::unsupported_image,
                   "the file is not an image of a known format; allowed: image/png, image/jpeg, image/webp");
}

TEST(CheckImage, AllowsASideOfExactlyTheLimit) {
    EXPECT_TRUE(check_image(png_that_says(8192, 1), ImageLimits{}).has_value());
    EXPECT_TRUE(check_image(png_that_says(1, 8192), ImageLimits{}).has_value());
    expect_refused(png_that_says(8193, 1), Errc::broken_image,
                   "image is 8193x1 pixels; MAX_IMAGE_SIDE allows 8192");
    expect_refused(png_that_says(100, 9000), Errc::broken_image,
                   "image is 100x9000 pixels; MAX_IMAGE_SIDE allows 8192");
}

TEST(CheckImage, AllowsExactlyTheLimitOfPixels) {
    EXPECT_TRUE(check_image(png_that_says(8000, 3000), ImageLimits{}).has_value());
    expect_refused(png_that_says(8000, 3001), Errc::broken_image,
                   "image is 8000x3001 = 24008000 pixels; MAX_IMAGE_PIXELS allows 24000000");
    const ImageLimits narrow{.max_side = 10, .max_pixels = 6};
    EXPECT_TRUE(check_image(png_that_says(3, 2), narrow).has_value());
    EXPECT_FALSE(check_image(png_that_says(7, 1), narrow).has_value());
}

TEST(CheckImage, CountsPixelsWithoutOverflow) {
    const ImageLimits wide{.max_side = 0xFFFFFFFF, .max_pixels = 24'000'000};
    const auto info = check_image(png_that_says(0x7FFFFFFF, 0x7FFFFFFF), wide);
    ASSERT_FALSE(info.has_value());
    EXPECT_EQ(info.error().code, Errc::broken_image);
    EXPECT_EQ(
        info.error().detail,
        "image is 2147483647x2147483647 = 4611686014132420609 pixels; MAX_IMAGE_PIXELS allows 24000000");
}

TEST(ImageFormat, HasTypeAndName) {
    EXPECT_EQ(mime_type_of(ImageFormat::png), "image/png");
    EXPECT_EQ(mime_type_of(ImageFormat::jpeg), "image/jpeg");
    EXPECT_EQ(mime_type_of(ImageFormat::webp), "image/webp");
    EXPECT_EQ(name_of(ImageFormat::png), "png");
    EXPECT_EQ(name_of(ImageFormat::jpeg), "jpeg");
    EXPECT_EQ(name_of(ImageFormat::webp), "webp");
}

}  // namespace
}  // namespace chartsight
