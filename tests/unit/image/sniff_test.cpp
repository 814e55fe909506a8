#include "chartsight/image/check.hpp"
#include "images.hpp"

#include <gtest/gtest.h>

namespace chartsight {
namespace {

using namespace std::string_view_literals;

TEST(SniffMimeType, KnowsTheFormatsWeAccept) {
    EXPECT_EQ(sniff_mime_type(test::make_png(1, 1)), "image/png");
    EXPECT_EQ(sniff_mime_type(test::make_jpeg()), "image/jpeg");
    EXPECT_EQ(sniff_mime_type(test::make_lossy_webp()), "image/webp");
}

TEST(SniffMimeType, KnowsFormatsWeRefuse) {
    EXPECT_EQ(sniff_mime_type("GIF89a........"), "image/gif");
    EXPECT_EQ(sniff_mime_type("GIF87a........"), "image/gif");
    EXPECT_EQ(sniff_mime_type("II*\0\x08\0\0\0"sv), "image/tiff");
    EXPECT_EQ(sniff_mime_type("MM\0*\0\0\0\x08"sv), "image/tiff");
    EXPECT_EQ(sniff_mime_type("BM....\0\0\0\0\x36\0\0\0\x28\0\0\0"sv), "image/bmp");
    EXPECT_EQ(sniff_mime_type("%PDF-1.7\n"), "application/pdf");
    EXPECT_EQ(sniff_mime_type("\0\0\0\x18"
                              "ftypheic\0\0\0\0mif1heic"sv),
              "image/heic");
    EXPECT_EQ(sniff_mime_type("\0\0\0\x1C"
                              "ftypavif\0\0\0\0mif1avif"sv),
              "image/avif");
}

TEST(SniffMimeType, LooksForTheCodecBehindAGeneralBrand) {
    EXPECT_EQ(sniff_mime_type("\0\0\0\x18"
                              "ftypmif1\0\0\0\0mif1avif"sv),
              "image/avif");
    EXPECT_EQ(sniff_mime_type("\0\0\0\x18"
                              "ftypmif1\0\0\0\0mif1heic"sv),
              "image/heic");
    EXPECT_EQ(sniff_mime_type("\0\0\0\x14"
                              "ftypmif1\0\0\0\0mif1heic"sv),
              "image/heif")
        << "heic is outside the box";
    EXPECT_EQ(sniff_mime_type("\xFF\xFF\xFF\xFF"
                              "ftypmif1"sv),
              "image/heif")
        << "the box claims more than there is";
    EXPECT_EQ(sniff_mime_type("\0\0\0\x18"
                              "ftypisom\0\0\0\0mp41avc1"sv),
              std::nullopt)
        << "a film";
}

TEST(SniffMimeType, KnowsSvgWithWhatMayComeBeforeIt) {
    EXPECT_EQ(sniff_mime_type("<svg xmlns='http://www.w3.org/2000/svg'/>"), "image/svg+xml");
    EXPECT_EQ(sniff_mime_type("\xEF\xBB\xBF \n<?xml version='1.0'?>\n<!-- a chart --><svg/>"),
              "image/svg+xml");
    EXPECT_EQ(sniff_mime_type("<?xml version='1.0'?><rss/>"), std::nullopt);
}

TEST(SniffMimeType, SaysNothingOfOtherBytes) {
    for (const std::string_view bytes :
         {""sv, "B"sv, "BMW sells cars and bikes"sv, "hello"sv, "RIFF\0\0\0\0WAVEfmt "sv, "\xFF\xD8"sv,
          "\x89PNG\r\n"sv, "   "sv, "\0\0\0\0\0\0\0\0\0\0\0\0"sv}) {
        EXPECT_EQ(sniff_mime_type(bytes), std::nullopt) << bytes;
    }
}

}  // namespace
}  // namespace chartsight
