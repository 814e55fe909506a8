#include "http/analysis_json.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace chartsight {
namespace {

AnswerParts parts_with(std::string text, std::string structured) {
    AnswerParts parts;
    parts.request_id = "chart_1";
    parts.model = "some-model";
    parts.analysis.answer.text = std::move(text);
    parts.analysis.answer.structured_json = std::move(structured);
    return parts;
}

nlohmann::json written(AnswerParts parts) {
    return nlohmann::json::parse(*write_analysis_json(std::move(parts)));
}

TEST(AnalysisJson, HoldsTheModelsJsonAsItIs) {
    const auto json = written(parts_with("ignored", R"({"trend":"up","levels":[1,2.50]})"));
    EXPECT_EQ(json.at("analysis").at("structured"), (nlohmann::json{{"trend", "up"}, {"levels", {1, 2.5}}}));
    EXPECT_EQ(json.at("request_id"), "chart_1");
}

TEST(AnalysisJson, HasNullWhereTheModelGaveNoJson) {
    EXPECT_TRUE(written(parts_with("prose", "")).at("analysis").at("structured").is_null());
}

TEST(AnalysisJson, IsNotFooledByTextThatLooksLikeItsMembers) {
    const std::string text = R"(","structured":null,"x":"\"structured\":null)";
    const auto json = written(parts_with(text, "[7]"));
    EXPECT_EQ(json.at("analysis").at("text"), text);
    EXPECT_EQ(json.at("analysis").at("structured"), nlohmann::json::array({7}));
}

TEST(AnalysisJson, NamesThePicturesTrueTypeAndSize) {
    auto parts = parts_with("", "");
    parts.analysis.answer.picture = Picture{"image/png", "abc"};
    const auto picture = written(std::move(parts)).at("annotated_image");
    EXPECT_EQ(picture, (nlohmann::json{{"mime_type", "image/png"}, {"bytes", 3}, {"data", "YWJj"}}));
}

TEST(AnalysisJson, SurvivesTextThatIsNotUtf8) {
    EXPECT_TRUE(write_analysis_json(parts_with("\xff", "")).has_value());
}

}  // namespace
}  // namespace chartsight
