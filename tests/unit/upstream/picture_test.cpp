#include "upstream/picture.hpp"

#include "answer_case.hpp"

namespace chartsight {
namespace {

using namespace test;

std::string data_url(const std::string& bytes, const std::string& type = "image/png") {
    return "data:" + type + ";base64," + encode_base64(bytes);
}

TEST(Picture, ComesAloneOrWithText) {
    const auto alone = good_answer_in(body_of({image_part(kJpeg, "image/jpeg")}));
    EXPECT_EQ(alone.text, "");
    ASSERT_TRUE(alone.picture);
    EXPECT_EQ(alone.picture->mime_type, "image/jpeg");
    EXPECT_EQ(alone.picture->bytes, kJpeg);
    EXPECT_FALSE(good_answer_in(body_of({text_part("no picture")})).picture);
}

TEST(Picture, IsTheLastOneDrawn) {
    const auto answer = good_answer_in(body_of({image_part(kOtherPng), text_part("here"), image_part(kPng)}));
    ASSERT_TRUE(answer.picture);
    EXPECT_EQ(answer.picture->bytes, kPng);
}

TEST(Picture, HasTheTypeOfItsBytes) {
    struct Case {
        std::string bytes;
        std::string declared;
        std::string type;  ///< empty: no picture
    };
    for (const Case& c :
         {Case{kJpeg, "image/png", "image/jpeg"}, Case{kPng, "text/html", "image/png"},
          Case{kPng, "", "image/png"}, Case{"unknown bytes", "image/jxl", "image/jxl"},
          Case{"unknown bytes", "audio/wav", ""}, Case{"unknown bytes", "", ""},
          Case{"unknown bytes", "image/", ""}, Case{"unknown bytes", "image/x\r\nSet-Cookie: a=b", ""},
          Case{"%PDF-1.7", "image/png", ""}, Case{"", "image/png", ""}}) {
        const auto picture = read_picture(encode_base64(c.bytes), c.declared);
        EXPECT_EQ(picture ? picture->mime_type : "", c.type) << c.declared;
    }
}

TEST(Picture, IsLeftOutWhenItCannotBeDecoded) {
    const nlohmann::json broken{
        {"inlineData", {{"mimeType", "image/png"}, {"data", "iVBORw0KGgo*** no base64 ***"}}}};
    const auto answer = good_answer_in(body_of({text_part("The trend is up."), broken}));
    EXPECT_EQ(answer.text, "The trend is up.");
    EXPECT_FALSE(answer.picture);
    expect_error(answer_in(body_of({broken})), Errc::upstream_invalid,
                 "Gemini answered with a picture that cannot be decoded, and no text");
}

TEST(Picture, IsTakenFromADataUrlInTheText) {
    struct Case {
        std::string text;
        std::string left;
    };
    for (const Case& c :
         {Case{"Here: " + data_url(kPng) + " done", "Here:  done"},
          Case{"Up.\n![chart](" + data_url(kPng) + ")", "Up.\n"},
          Case{"![a] ![b](" + data_url(kPng) + ").", "![a] ."},
          Case{"[link](" + data_url(kPng) + ")", "[link]()"},
          Case{R"({"trend":"up","image":")" + data_url(kPng) + R"("})", R"({"trend":"up","image":""})"},
          Case{data_url(kPng), ""}, Case{data_url(kJpeg) + "|" + data_url(kPng), "|"},
          Case{data_url(kPng, "image/jpeg"), ""}, Case{data_url(kPng, "image/png;name=x.png"), ""}}) {
        auto text = c.text;
        const auto picture = take_data_url_picture(text);
        ASSERT_TRUE(picture) << c.text;
        EXPECT_EQ(picture->mime_type, "image/png");
        EXPECT_EQ(picture->bytes, kPng);
        EXPECT_EQ(text, c.left);
    }
}

TEST(Picture, LeavesTextThatOnlyLooksLikeADataUrl) {
    for (const std::string& text :
         {std::string("The trend is up."), std::string("use data:image/png;base64,... as the source"),
          std::string("data:image/png;base64,"), std::string("data:image/png, not base64"),
          std::string("data:image/"), std::string("data:image/svg+xml;utf8,<svg/>"),
          std::string("data:image/png;base64,AAAAAAAA"), "data:text/html;base64," + encode_base64(kPng),
          "data:image/png has no marker but later ;base64," + encode_base64(kPng)}) {
        auto left = text;
        EXPECT_FALSE(take_data_url_picture(left)) << text;
        EXPECT_EQ(left, text);
    }
}

TEST(Picture, OfAPartGoesBeforeOneInTheText) {
    const auto answer =
        good_answer_in(body_of({text_part("a" + data_url(kOtherPng) + "b"), image_part(kPng)}));
    EXPECT_EQ(answer.text, "ab");
    ASSERT_TRUE(answer.picture);
    EXPECT_EQ(answer.picture->bytes, kPng);
}

}  // namespace
}  // namespace chartsight
