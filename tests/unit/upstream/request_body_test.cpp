#include "upstream/request_body.hpp"

#include "chartsight/upstream/base64.hpp"
#include "fake_transport.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace chartsight {
namespace {

using Json = nlohmann::json;
using test::FakeTransport;

UpstreamRequest request_with(std::string image, std::string prompt = "What does it show?") {
    UpstreamRequest request;
    request.image = SharedBytes::of(std::move(image));
    request.mime_type = "image/png";
    request.prompt = std::move(prompt);
    return request;
}

Json json_of(const UpstreamRequest& request) {
    return Json::parse(FakeTransport::read_all(GenerateContentBody(request)));
}

TEST(GenerateContentBody, PutsTheImageBeforeThePrompt) {
    EXPECT_EQ(json_of(request_with("image bytes")), Json::parse(R"({"contents":[{"role":"user","parts":[
        {"inlineData":{"mimeType":"image/png","data":"aW1hZ2UgYnl0ZXM="}},
        {"text":"What does it show?"}]}]})"));
}

TEST(GenerateContentBody, AsksForModalitiesOnlyWhereTheyMatter) {
    auto request = request_with("x");
    EXPECT_FALSE(json_of(request).contains("generationConfig"));
    request.pictures = Pictures::wanted;
    EXPECT_EQ(json_of(request)["generationConfig"],
              Json::parse(R"({"responseModalities":["TEXT","IMAGE"]})"));
    request.pictures = Pictures::unwanted;
    EXPECT_EQ(json_of(request)["generationConfig"], Json::parse(R"({"responseModalities":["TEXT"]})"));
}

TEST(GenerateContentBody, EscapesThePrompt) {
    const std::string prompt = "\"}]}],\"x\":\\ \n\t\x01 \xE2\x82\xAC end";
    EXPECT_EQ(json_of(request_with("x", prompt))["contents"][0]["parts"][1]["text"], prompt);
}

TEST(GenerateContentBody, ReplacesWhatIsNotUtf8) {
    EXPECT_EQ(json_of(request_with("x", "a\xFF"))["contents"][0]["parts"][1]["text"], "a\xEF\xBF\xBD");
}

TEST(GenerateContentBody, EscapesTheMimeType) {
    auto request = request_with("x");
    request.mime_type = "image/\"png";
    EXPECT_EQ(json_of(request)["contents"][0]["parts"][0]["inlineData"]["mimeType"], "image/\"png");
}

TEST(GenerateContentBody, ReadsTheSameFromAnyOffsetInAnySpan) {
    for (const std::string image : {"", "1", "12", "123", "1234", "12345"}) {
        auto request = request_with(image, "p");
        request.pictures = Pictures::wanted;
        const GenerateContentBody body(request);
        const std::string whole =
            R"({"contents":[{"role":"user","parts":[{"inlineData":{"mimeType":"image/png","data":")" +
            encode_base64(image) +
            R"("}},{"text":"p"}]}],"generationConfig":{"responseModalities":["TEXT","IMAGE"]}})";
        ASSERT_EQ(body.size(), whole.size());
        for (std::size_t offset = 0; offset <= whole.size() + 2; ++offset) {
            for (const std::size_t length : {1, 2, 3, 4, 5, 7, 11, 64, 1000}) {
                std::string out(length, '#');
                const auto read = body.read(offset, out);
                ASSERT_EQ(out.substr(0, read), offset < whole.size() ? whole.substr(offset, length) : "")
                    << length << " from " << offset;
                ASSERT_EQ(out.substr(read), std::string(length - read, '#')) << "wrote past its count";
            }
        }
    }
}

TEST(GenerateContentBody, KeepsTheImageWithoutACopy) {
    auto request = request_with(std::string(1000, 'i'));
    const auto owners = request.image.owner.use_count();
    const GenerateContentBody body(request);
    EXPECT_EQ(request.image.owner.use_count(), owners + 1);
    const std::weak_ptr<const std::string> image = request.image.owner;
    request = {};
    EXPECT_FALSE(image.expired());
    EXPECT_EQ(Json::parse(FakeTransport::read_all(body))["contents"][0]["parts"][0]["inlineData"]["data"],
              encode_base64(std::string(1000, 'i')));
}

TEST(GenerateContentBody, SendsOnlyTheViewOfALargerBuffer) {
    auto request = request_with("--image--");
    request.image.view = request.image.view.substr(2, 5);
    EXPECT_EQ(json_of(request)["contents"][0]["parts"][0]["inlineData"]["data"], encode_base64("image"));
}

}  // namespace
}  // namespace chartsight
