#include "http/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartsight {
namespace {

TEST(Utf8, AcceptsTheFirstAndLastCharacterOfEachLength) {
    for (const std::string_view text :
         {"", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf",
          "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "a\xc3\xa4\xe2\x82\xac!"}) {
        EXPECT_TRUE(utf8::is_valid(text)) << testing::PrintToString(text);
    }
    EXPECT_TRUE(utf8::is_valid(std::string_view("\0", 1)));
}

TEST(Utf8, RefusesWhatIsMalformed) {
    for (const std::string_view text :
         {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x7f", "\xc2\xc0", "\xe0\x9f\xbf", "\xe0\xa0",
          "\xe2\x82\x7f", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf0\x90\x80",
          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xfe", "\xff", "a\xc3"}) {
        EXPECT_FALSE(utf8::is_valid(text)) << testing::PrintToString(text);
    }
}

TEST(Utf8, TurnsEveryLatin1ByteIntoValidText) {
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
    EXPECT_TRUE(utf8::is_valid(utf8::from_latin1(bytes)));
    EXPECT_EQ(utf8::from_latin1("K\xe4se"), "K\xc3\xa4se");
}

}  // namespace
}  // namespace chartsight
