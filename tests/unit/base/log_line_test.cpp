#include "base/log_line.hpp"

#include <gtest/gtest.h>

namespace chartsight::log {
namespace {

TEST(LogLine, PutsTheRequestInBrackets) {
    EXPECT_EQ(text_line(2, "chart_1", "Received upload request: chart.png", {}),
              "w2 [chart_1] Received upload request: chart.png");
    EXPECT_EQ(text_line(-1, "", "Listening", {}), "supervisor Listening");
}

TEST(LogLine, QuotesValuesThatHoldBlanksOrNothing) {
    EXPECT_EQ(text_line(0, "", "m", {{"a", "1.5"}, {"b", "x y"}, {"c", ""}}), R"(w0 m a=1.5 b="x y" c="")");
}

TEST(LogLine, NeverLetsAValueStartANewLine) {
    const std::string line = text_line(0, "", "m", {{"v", "a\nb\"c"}});
    EXPECT_EQ(line, R"(w0 m v="a\x0ab\x22c")");
}

TEST(LogLine, WritesJsonMembers) {
    EXPECT_EQ(json_line(1, "chart_1", "say \"hi\"\n", {{"k", "\xc3"}}),
              R"("worker":1,"request_id":"chart_1","message":"say \"hi\"\u000a","k":"\u00c3")");
}

TEST(LogLine, EscapesAndCutsForeignText) {
    EXPECT_EQ(escaped("ok.png"), "ok.png");
    EXPECT_EQ(escaped("a\x1b[31m\r\n"), R"(a\x1b[31m\x0d\x0a)");
    EXPECT_EQ(escaped(std::string(300, 'a'), 5), "aaaaa...");
}

}  // namespace
}  // namespace chartsight::log
