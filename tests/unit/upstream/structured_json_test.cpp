#include "upstream/structured_json.hpp"

#include <gtest/gtest.h>

namespace chartsight {
namespace {

struct Case {
    std::string text;
    std::string found;
};

void expect_each(const std::vector<Case>& cases) {
    for (const Case& c : cases) EXPECT_EQ(find_structured_json(c.text), c.found) << c.text;
}

TEST(StructuredJson, TakesTheWholeText) {
    expect_each({
        {R"({"trend":"up"})", R"({"trend":"up"})"},
        {"\n {\"trend\" : \"up\" ,\r\n\t\"levels\" : [ 1 , 2.50 ] }\n",
         R"({"trend":"up","levels":[1,2.50]})"},
        {"\xEF\xBB\xBF{\"a\":1}", R"({"a":1})"},
        {"[1, 2]", "[1,2]"},
        {"{}", "{}"},
        {"[]", "[]"},
    });
}

TEST(StructuredJson, KeepsOrderNumbersAndStringsAsWritten) {
    expect_each({
        {R"({ "z": 1.0, "a": 100000000000000000001, "a": "two  \" spaces \\" })",
         R"({"z":1.0,"a":100000000000000000001,"a":"two  \" spaces \\"})"},
    });
}

TEST(StructuredJson, TakesAFencedBlock) {
    expect_each({
        {"```json\n{\"a\": 1}\n```", R"({"a":1})"},
        {"```\n[1, 2]\n```\n", "[1,2]"},
        {"```json\r\n{\"a\": 1}\r\n```\r\nAnything else?", R"({"a":1})"},
        {"See [1]:\n```JSON\n{\"a\":1}\n```", R"({"a":1})"},
        {"```python\nprint({})\n```\nand\n```json\n{\"a\":1}\n```", R"({"a":1})"},
        {"```json\n{\"a\":1}", R"({"a":1})"},
        {"```{\"a\":1}```", R"({"a":1})"},
        {"```json\n{\"code\":\"```\"}\n```", R"({"code":"```"})"},
    });
}

TEST(StructuredJson, TakesTheFirstBalancedValueAmidProse) {
    expect_each({
        {"Here it is: {\"a\":{\"b\":[1,2]}} Done.", R"({"a":{"b":[1,2]}})"},
        {"Sure! Here is the analysis {as JSON}:\n\n{\"a\":1}\n\nBye {x}.", R"({"a":1})"},
        {"{\"a\":\"} ] {\"} tail", R"({"a":"} ] {"})"},
        {"{\"a\":\"\\\"}\"} tail", R"({"a":"\"}"})"},
        {"As in [1] and [sic]: {\"a\":1}", R"({"a":1})"},
        {"Rows: [{\"a\":1},{\"a\":2}] end", R"([{"a":1},{"a":2}])"},
        {"Levels: [1, 2, 3].", "[1,2,3]"},
        {"an open { brace, then {\"a\":1}", R"({"a":1})"},
    });
}

TEST(StructuredJson, FindsNothingInPlainText) {
    expect_each({{"", ""},
                 {"The trend is up.", ""},
                 {"42", ""},
                 {"\"text\"", ""},
                 {"null", ""},
                 {"{as JSON}", ""},
                 {"a } b ] c", ""},
                 {"{", ""},
                 {"```", ""},
                 {"``````", ""},
                 {"{\"a\": NaN}", ""},
                 {"{'a': 1}", ""}});
}

TEST(StructuredJson, TakesNoPartOfACutOffValue) {
    expect_each({
        {R"({"trend":"up","levels":[{"price":1},{"pri)", ""},
        {R"([{"price":1},{"pri)", ""},
        {"```json\n{\"trend\":\"up\",\"levels\":[{\"price\":1},", ""},
    });
}

TEST(StructuredJson, RefusesNestingThatWouldOverflowAReader) {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    EXPECT_EQ(find_structured_json(nested(64)), nested(64));
    std::string deep = "{\"a\":";
    for (int i = 0; i < 100'000; ++i) deep += "{\"a\":";
    EXPECT_EQ(find_structured_json(deep + "1" + std::string(100'001, '}')), "");
}

TEST(StructuredJson, StaysFastOnBracketsWithoutEnd) {
    EXPECT_EQ(find_structured_json(std::string(std::size_t{1} << 20U, '{')), "");
    std::string text;
    for (int i = 0; i < 200'000; ++i) text += "{} ";
    EXPECT_EQ(find_structured_json(text), "{}");
}

}  // namespace
}  // namespace chartsight
