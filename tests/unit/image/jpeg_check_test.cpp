#include "images.hpp"
#include "refusal.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace chartsight {
namespace {

using namespace std::string_literals;
using test::big_endian;
using test::expect_accepted;
using test::expect_broken;
using test::expect_refused;

std::string segment(char marker, const std::string& data) {
    return "\xFF"s + marker + big_endian(static_cast<std::uint32_t>(data.size() + 2), 2) + data;
}

std::string frame(std::uint32_t width, std::uint32_t height, char components = 3, char marker = '\xC0',
                  char precision = 8) {
    std::string data = precision + big_endian(height, 2) + big_endian(width, 2) + components;
    for (int i = 0; i < components; ++i) data += "\1\x11\0"s;
    return segment(marker, data);
}

const std::string kBegin = "\xFF\xD8"s;
const std::string kFrame = frame(20, 10);
const std::string kScan = segment('\xDA', "\1\1\0\0\x3F\0"s) + "entropy";
const std::string kEnd = "\xFF\xD9"s;

TEST(JpegCheck, AcceptsBaselineExtendedAndProgressive) {
    for (const char marker : {'\xC0', '\xC1', '\xC2'}) {
        expect_accepted(kBegin + frame(20, 10, 3, marker) + kScan + kEnd, ImageFormat::jpeg, 20, 10);
    }
    expect_accepted(test::make_progressive_jpeg(), ImageFormat::jpeg, test::kBlobWidth, test::kBlobHeight);
    expect_accepted(test::make_cmyk_jpeg(), ImageFormat::jpeg, test::kBlobWidth, test::kBlobHeight);
}

TEST(JpegCheck, AcceptsOneThreeOrFourComponents) {
    for (const char components : {'\1', '\3', '\4'}) {
        expect_accepted(kBegin + frame(20, 10, components) + kScan + kEnd, ImageFormat::jpeg, 20, 10);
    }
    expect_broken(kBegin + frame(20, 10, 2) + kScan + kEnd, "JPEG: 2 colour components; there are 1, 3 or 4");
    expect_broken(kBegin + frame(20, 10, 0) + kScan + kEnd, "JPEG: 0 colour components; there are 1, 3 or 4");
}

TEST(JpegCheck, ReadsTheLargestSides) {
    const std::string jpeg = kBegin + frame(0xFFFF, 0xFFFE) + kScan + kEnd;
    expect_broken(jpeg, "image is 65535x65534 pixels; MAX_IMAGE_SIDE allows 8192");
}

TEST(JpegCheck, SkipsStuffedBytesRestartMarkersAndFillInScans) {
    expect_accepted(kBegin + kFrame + kScan + "\xFF\0a\xFF\xD0\xFF\xD7\xFF\xFF\xFF"s + kEnd,
                    ImageFormat::jpeg, 20, 10);
}

TEST(JpegCheck, SkipsEndMarkersInsideSegments) {
    const std::string thumbnail = segment('\xE1', "Exif" + test::make_jpeg());
    expect_accepted(kBegin + thumbnail + kFrame + kScan + kEnd, ImageFormat::jpeg, 20, 10);
    expect_broken(kBegin + thumbnail, "JPEG: ends at byte 338 without an end marker (EOI)");
}

TEST(JpegCheck, ToleratesWhatFollowsTheEnd) {
    expect_accepted(test::make_jpeg() + "a second picture", ImageFormat::jpeg, test::kBlobWidth,
                    test::kBlobHeight);
}

TEST(JpegCheck, RefusesCodingsNoBrowserShows) {
    for (const auto& [marker, name] :
         {std::pair{'\xC3', "SOF3"}, {'\xC5', "SOF5"}, {'\xC9', "SOF9"}, {'\xCF', "SOF15"}}) {
        expect_refused(kBegin + frame(20, 10, 3, marker) + kScan + kEnd, Errc::unsupported_image,
                       "JPEG: lossless, hierarchical and arithmetic coding ("s + name +
                           ") are not accepted; allowed: baseline, extended and progressive");
    }
    expect_refused(kBegin + frame(20, 10, 3, '\xC1', 12) + kScan + kEnd, Errc::unsupported_image,
                   "JPEG: 12 bits a sample are not accepted; allowed: 8");
}

TEST(JpegCheck, RefusesABadFrameHeader) {
    expect_broken(kBegin + frame(0, 10) + kScan + kEnd, "JPEG: impossible size 0x10");
    expect_broken(kBegin + frame(20, 0) + kScan + kEnd, "JPEG: impossible size 20x0");
    expect_broken(kBegin + segment('\xC0', "short") + kScan + kEnd,
                  "JPEG: the frame header (SOF) is too short");
    expect_broken(kBegin + segment('\xC0', kFrame.substr(4) + "x") + kScan + kEnd,
                  "JPEG: the frame header (SOF) has a wrong length");
}

TEST(JpegCheck, RefusesFramesAndScansInTheWrongNumber) {
    expect_broken(kBegin + kFrame + kFrame + kScan + kEnd, "JPEG: has more than one frame header (SOF)");
    expect_broken(kBegin + kFrame + kScan + kFrame + kEnd, "JPEG: has more than one frame header (SOF)");
    expect_broken(kBegin + kEnd, "JPEG: has no frame header (SOF)");
    expect_broken(kBegin + kFrame + kEnd, "JPEG: has no scan (SOS)");
    expect_broken(kBegin + kScan + kFrame + kEnd, "JPEG: a scan (SOS) comes before the frame header (SOF)");
}

TEST(JpegCheck, AllowsSixtyFourScansAndNotOneMore) {
    std::string scans;
    for (int i = 0; i < 64; ++i) scans += kScan;
    expect_accepted(kBegin + kFrame + scans + kEnd, ImageFormat::jpeg, 20, 10);
    expect_broken(kBegin + kFrame + scans + kScan + kEnd, "JPEG: has more than 64 scans");
}

TEST(JpegCheck, RefusesABadScanHeader) {
    const std::string detail = "JPEG: a scan header (SOS) does not fit the frame header (SOF)";
    for (const std::string& header : {""s, "\0...."s, "\1...."s, "\1......"s, "\4............"s}) {
        expect_broken(kBegin + kFrame + segment('\xDA', header) + kEnd, detail);
    }
}

TEST(JpegCheck, RefusesHuffmanTablesThatCountWrong) {
    const std::string detail = "JPEG: the Huffman tables (DHT) at byte 2 are malformed";
    const std::string three = "\1\2"s + std::string(14, '\0');  // codes of each length from 1 to 16
    const std::string full = "\0\0\0\0\0\0\0\x80\x80"s + std::string(7, '\0');
    const std::string over = "\0\0\0\0\0\0\0\x80\x80\1"s + std::string(6, '\0');
    const auto with = [](const std::string& tables) {
        return kBegin + segment('\xC4', tables) + kFrame + kScan + kEnd;
    };
    expect_accepted(with("\0"s + three + "abc" + "\x13" + three + "def"), ImageFormat::jpeg, 20, 10);
    expect_accepted(with("\0"s + full + std::string(256, 'v')), ImageFormat::jpeg, 20, 10);
    expect_broken(with("\0"s + over + std::string(257, 'v')), detail);
    expect_broken(with("\0"s + std::string(16, '\xFF') + std::string(4080, 'v')), detail);
    expect_broken(with("\0"s + three + "ab"), detail);
    expect_broken(with("\0"s + three + "abcd"), detail);
    expect_broken(with("\x20"s + three + "abc"), detail);
    expect_broken(with("\4"s + three + "abc"), detail);
}

TEST(JpegCheck, RefusesMalformedQuantisationTables) {
    const std::string detail = "JPEG: the quantisation tables (DQT) at byte 2 are malformed";
    const auto with = [](const std::string& tables) {
        return kBegin + segment('\xDB', tables) + kFrame + kScan + kEnd;
    };
    expect_accepted(with("\0"s + std::string(64, 'q') + "\x13" + std::string(128, 'q')), ImageFormat::jpeg,
                    20, 10);
    expect_broken(with("\0"s + std::string(63, 'q')), detail);
    expect_broken(with("\x10"s + std::string(64, 'q')), detail);
    expect_broken(with("\x20"s + std::string(128, 'q')), detail);
    expect_broken(with("\4"s + std::string(64, 'q')), detail);
}

TEST(JpegCheck, RefusesUnexpectedMarkers) {
    expect_broken("\xFF\xD8\xFF\xD8"s + kFrame + kScan + kEnd, "JPEG: unexpected marker FFD8 at byte 2");
    expect_broken("\xFF\xD8\xFF\xD0"s + kFrame + kScan + kEnd, "JPEG: unexpected marker FFD0 at byte 2");
    expect_broken("\xFF\xD8\xFF\x00"s + kFrame + kScan + kEnd, "JPEG: unexpected marker FF00 at byte 2");
    expect_broken(kBegin + kFrame + "junk" + kScan + kEnd, "JPEG: no marker at byte 21");
}

TEST(JpegCheck, RefusesSegmentsThatLeaveTheFile) {
    expect_broken("\xFF\xD8\xFF\xE0\xFF\xFFshort"s,
                  "JPEG: segment FFE0 at byte 2 claims 65535 bytes; the file has 7 left");
    expect_broken("\xFF\xD8\xFF\xE0\0\1..."s,
                  "JPEG: segment FFE0 at byte 2 claims 1 bytes; the file has 5 left");
    expect_broken("\xFF\xD8\xFF\xE0\0"s, "JPEG: ends at byte 5 without an end marker (EOI)");
    expect_broken("\xFF\xD8\xFF"s, "JPEG: ends at byte 3 without an end marker (EOI)");
    expect_broken("\xFF\xD8\xFF\xFF\xFF"s, "JPEG: ends at byte 5 without an end marker (EOI)");
}

TEST(JpegCheck, RefusesEveryTruncation) {
    for (const std::string& jpeg :
         {test::make_jpeg(), test::make_progressive_jpeg(), test::make_cmyk_jpeg()}) {
        ASSERT_TRUE(test::read_whole(jpeg));
        for (std::size_t size = 0; size < jpeg.size(); ++size) {
            EXPECT_FALSE(check_image(std::string_view(jpeg).substr(0, size), ImageLimits{}).has_value())
                << size;
        }
    }
}

}  // namespace
}  // namespace chartsight
