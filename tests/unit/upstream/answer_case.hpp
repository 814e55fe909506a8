#pragma once

#include "chartsight/upstream/base64.hpp"
#include "upstream/gemini_answer.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace chartsight::test {

inline const std::string kPng("\x89PNG\r\n\x1a\n the rest", 17);
inline const std::string kOtherPng("\x89PNG\r\n\x1a\n another", 16);
inline const std::string kJpeg("\xFF\xD8\xFF\xE0 the rest");

inline nlohmann::json text_part(const std::string& text) {
    return {{"text", text}};
}

inline nlohmann::json image_part(const std::string& bytes, const std::string& type = "image/png") {
    return {{"inlineData", {{"mimeType", type}, {"data", encode_base64(bytes)}}}};
}

inline nlohmann::json thought(nlohmann::json part) {
    part["thought"] = true;
    return part;
}

/// A whole answer with one candidate.
inline std::string body_of(const std::vector<nlohmann::json>& parts,
                           const std::string& finish_reason = "STOP") {
    const nlohmann::json content{{"role", "model"}, {"parts", parts}};
    const nlohmann::json candidate{{"content", content}, {"finishReason", finish_reason}, {"index", 0}};
    return nlohmann::json{{"candidates", nlohmann::json::array({candidate})}}.dump();
}

inline Result<UpstreamAnswer> answer_in(const std::string& body) {
    return parse_answer(200, body, std::nullopt);
}

/// Fails the test, and gives an empty answer, if there is none.
inline UpstreamAnswer good_answer_in(const std::string& body) {
    auto answer = answer_in(body);
    if (answer) return std::move(*answer);
    ADD_FAILURE() << name_of(answer.error().code) << ": " << answer.error().detail;
    return {};
}

inline void expect_error(const Result<UpstreamAnswer>& answer, Errc code, const std::string& detail) {
    ASSERT_FALSE(answer) << answer->text;
    EXPECT_EQ(name_of(answer.error().code), name_of(code)) << answer.error().detail;
    EXPECT_EQ(answer.error().detail, detail);
}

}  // namespace chartsight::test
