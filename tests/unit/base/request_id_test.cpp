#include "chartsight/base/request_id.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartsight {
namespace {

std::string stem_after(std::string_view file_name) {
    RequestId id(7);
    id.name_after(file_name);
    const std::string text = id.to_string();
    return text.substr(0, text.rfind('_'));
}

TEST(RequestId, IsImageUntilTheFileNameIsKnown) {
    EXPECT_EQ(RequestId(12345).to_string(), "image_12345");
}

TEST(RequestId, TakesTheStemOfTheFileName) {
    RequestId id(12345);
    id.name_after("chart.png");
    EXPECT_EQ(id.to_string(), "chart_12345");
    EXPECT_EQ(id.number(), 12345u);
}

TEST(RequestId, DropsFoldersExtensionAndForeignCharacters) {
    EXPECT_EQ(stem_after("/home/me/EUR USD (1h).final.png"), "EURUSD1hfinal");
    EXPECT_EQ(stem_after(R"(C:\charts\a-b_c.PNG)"), "a-bc");
    EXPECT_EQ(stem_after("noextension"), "noextension");
}

TEST(RequestId, IsImageWhereNothingIsLeft) {
    for (const char* name : {"", ".png", "///", "\xc3\xa9\xc3\xa9.png", "]\n[evil", "a/b/.hidden"}) {
        const std::string stem = stem_after(name);
        EXPECT_TRUE(stem == "image" || stem == "evil") << name << " -> " << stem;
    }
}

TEST(RequestId, CutsLongNames) {
    EXPECT_EQ(stem_after(std::string(500, 'x') + ".png"), std::string(32, 'x'));
}

}  // namespace
}  // namespace chartsight
