#include "config/config_file.hpp"

#include <gtest/gtest.h>

namespace chartsight {
namespace {

TEST(ConfigFile, ReadsEnvironmentFileLines) {
    const auto values = parse_config_text(
        "# comment\n; another\n\nPORT=80\r\n  HOST = \"::1\" \nPROMPT_FILE='a b'\nEMPTY=\n");
    ASSERT_TRUE(values);
    EXPECT_EQ(values->at("PORT"), "80");
    EXPECT_EQ(values->at("HOST"), "::1");
    EXPECT_EQ(values->at("PROMPT_FILE"), "a b");
    EXPECT_EQ(values->at("EMPTY"), "");
    EXPECT_EQ(values->size(), 4u);
}

TEST(ConfigFile, NamesTheLineThatIsWrong) {
    EXPECT_EQ(parse_config_text("PORT=80\nworkers 4\n").error(), "line 2 is not NAME=value");
    EXPECT_EQ(parse_config_text("=4").error(), "line 1 is not NAME=value");
}

TEST(ConfigFile, SaysWhyAFileCannotBeRead) {
    EXPECT_EQ(read_file("/nonexistent/file").error(), "No such file or directory");
}

}  // namespace
}  // namespace chartsight
