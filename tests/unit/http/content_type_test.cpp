#include "http/content_type.hpp"

#include <gtest/gtest.h>

namespace chartsight {
namespace {

void expect_refused(std::string_view header, std::string_view reason) {
    SCOPED_TRACE(header);
    const auto type = parse_content_type(header);
    ASSERT_FALSE(type.has_value());
    EXPECT_EQ(type.error().code, Errc::bad_request);
    EXPECT_TRUE(type.error().detail.starts_with("Content-Type: ")) << type.error().detail;
    EXPECT_NE(type.error().detail.find(reason), std::string::npos) << type.error().detail;
}

TEST(ContentType, TakesAnEmptyHeaderForAnAbsentOne) {
    for (const std::string_view header : {"", " ", "\t "}) {
        const auto type = parse_content_type(header);
        ASSERT_TRUE(type.has_value());
        EXPECT_EQ(type->type, "");
        EXPECT_TRUE(type->parameters.empty());
    }
}

TEST(ContentType, LowersTypeAndParameterNamesButNotValues) {
    const auto type = parse_content_type(" Multipart/Form-DATA ; Boundary=AbC ; CharSet=UTF-8;");
    ASSERT_TRUE(type.has_value());
    EXPECT_EQ(type->type, "multipart/form-data");
    EXPECT_EQ(find_parameter(*type, "boundary"), "AbC");
    EXPECT_EQ(find_parameter(*type, "charset"), "UTF-8");
    EXPECT_FALSE(find_parameter(*type, "x").has_value());
}

TEST(ContentType, UnquotesValues) {
    const auto type = parse_content_type("multipart/form-data; boundary=\"a b;c\\\"\\d\\\\\"");
    ASSERT_TRUE(type.has_value());
    EXPECT_EQ(find_parameter(*type, "boundary"), "a b;c\"d\\");
}

TEST(ContentType, ReadsBoundariesThatShouldHaveBeenQuoted) {
    const auto type = parse_content_type("multipart/form-data; boundary=----=_Part_1/(2)?:,3");
    ASSERT_TRUE(type.has_value());
    EXPECT_EQ(find_parameter(*type, "boundary"), "----=_Part_1/(2)?:,3");
}

TEST(ContentType, RefusesWhatIsMalformed) {
    for (const std::string_view header :
         {"image", "image/", "/png", "/", "image/png/x", "image /png", "image/ png", ";", "; boundary=x",
          "image/png, image/jpeg", "im\xe4ge/png", "image/p\x01ng", "text/html image/png"}) {
        expect_refused(header, "is not a media type");
    }
    expect_refused("multipart/form-data; boundary", "without '='");
    expect_refused("multipart/form-data; boundary=", "the value of 'boundary' is malformed");
    expect_refused("multipart/form-data; boundary=\"x", "the value of 'boundary' is malformed");
    expect_refused("multipart/form-data; boundary=\"x\\", "the value of 'boundary' is malformed");
    expect_refused("multipart/form-data; boundary=\"x\x01\"", "the value of 'boundary' is malformed");
    expect_refused("multipart/form-data; boundary=\"x\\\x01\"", "the value of 'boundary' is malformed");
    expect_refused("multipart/form-data; boundary=x y", "without ';'");
    expect_refused("multipart/form-data; boundary=x; boundary=y", "'boundary' is given twice");
    expect_refused("multipart/form-data; bound\"ary=x", "is not a parameter name");
}

TEST(ContentType, EscapesWhatItRepeats) {
    expect_refused("\x1b[31m", "'\\x1b[31m'");
}

}  // namespace
}  // namespace chartsight
