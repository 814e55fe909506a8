#include "config/parse_value.hpp"

#include <gtest/gtest.h>

namespace chartsight {
namespace {

using std::chrono::milliseconds;

TEST(ParseNumber, TakesWholeDecimalNumbersOnly) {
    EXPECT_EQ(parse_number("0"), 0u);
    EXPECT_EQ(parse_number("8192"), 8192u);
    for (const char* text :
         {"", " 1", "1 ", "-1", "+1", "1.5", "0x10", "1e3", "99999999999999999999", "one"}) {
        EXPECT_FALSE(parse_number(text)) << text;
    }
}

TEST(ParseDuration, TakesSecondsAndNamedUnits) {
    EXPECT_EQ(parse_duration("30"), milliseconds(30'000));
    EXPECT_EQ(parse_duration("30s"), milliseconds(30'000));
    EXPECT_EQ(parse_duration("0.5"), milliseconds(500));
    EXPECT_EQ(parse_duration("1500ms"), milliseconds(1500));
    EXPECT_EQ(parse_duration("5m"), milliseconds(300'000));
    EXPECT_EQ(parse_duration("0"), milliseconds(0));
    for (const char* text : {"", "s", "-1", "1h", "1 s", "nan", "inf", "1e9", "99999999999999"}) {
        EXPECT_FALSE(parse_duration(text)) << text;
    }
}

TEST(ParseList, TrimsItemsAndLeavesOutEmptyOnes) {
    EXPECT_EQ(parse_list(" a, b ,,c ,"), (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_TRUE(parse_list(" , ").empty());
}

}  // namespace
}  // namespace chartsight
