#include "upstream/gemini_answer.hpp"

#include "answer_case.hpp"

namespace chartsight {
namespace {

using namespace test;

TEST(GeminiAnswer, ReadsAllItTells) {
    const auto answer = good_answer_in(R"({
        "candidates": [{"content": {"role": "model", "parts": [
            {"text": "{\"trend\": \"up\"}", "thoughtSignature": "EoMBCoAB"}]},
            "finishReason": "STOP", "index": 0, "safetyRatings": []}],
        "usageMetadata": {"promptTokenCount": 1131, "candidatesTokenCount": 12, "totalTokenCount": 1391,
            "thoughtsTokenCount": 248, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 11}]},
        "modelStatus": {"modelStage": "LEGACY"}, "modelVersion": "gemini-3.8-flash", "responseId": "q1w2"})");
    EXPECT_EQ(answer.text, R"({"trend": "up"})");
    EXPECT_EQ(answer.structured_json, R"({"trend":"up"})");
    EXPECT_EQ(answer.finish_reason, "STOP");
    EXPECT_EQ(answer.model_version, "gemini-3.8-flash");
    EXPECT_EQ(answer.response_id, "q1w2");
    EXPECT_FALSE(answer.picture);
    EXPECT_EQ(answer.usage.prompt_tokens, 1131);
    EXPECT_EQ(answer.usage.output_tokens, 12);
    EXPECT_EQ(answer.usage.thoughts_tokens, 248);
    EXPECT_EQ(answer.usage.total_tokens, 1391);
}

TEST(GeminiAnswer, NeedsNothingButText) {
    const auto answer = good_answer_in(R"({"candidates":[{"content":{"parts":[{"text":"up"}]}}]})");
    EXPECT_EQ(answer.text, "up");
    EXPECT_EQ(answer.structured_json, "");
    EXPECT_EQ(answer.finish_reason, "");
    EXPECT_EQ(answer.usage.total_tokens, 0);
}

TEST(GeminiAnswer, JoinsTextPartsInOrder) {
    const auto answer =
        good_answer_in(body_of({text_part("{\"tre"), image_part(kPng), text_part("nd\":"), text_part("1}")}));
    EXPECT_EQ(answer.text, R"({"trend":1})");
    EXPECT_EQ(answer.structured_json, R"({"trend":1})");
}

TEST(GeminiAnswer, SkipsThoughts) {
    const auto answer =
        good_answer_in(body_of({thought(text_part("Is it {\"type\":\"pie\"}? No.")), text_part("line"),
                                image_part(kPng), thought(image_part(kJpeg))}));
    EXPECT_EQ(answer.text, "line");
    EXPECT_EQ(answer.structured_json, "");
    ASSERT_TRUE(answer.picture);
    EXPECT_EQ(answer.picture->bytes, kPng);
}

TEST(GeminiAnswer, ReadsThePartsOfThoughtFalse) {
    auto part = text_part("up");
    part["thought"] = false;
    EXPECT_EQ(good_answer_in(body_of({part})).text, "up");
}

TEST(GeminiAnswer, TakesTheFirstElementOfAnArray) {
    EXPECT_EQ(good_answer_in("[" + body_of({text_part("up")}) + "]").text, "up");
}

TEST(GeminiAnswer, KeepsTextWhateverTheFinishReason) {
    for (const char* reason :
         {"STOP", "MAX_TOKENS", "SAFETY", "OTHER", "CONTINUATION", "BRAND_NEW_REASON", ""}) {
        const auto answer = good_answer_in(body_of({text_part("The trend")}, reason));
        EXPECT_EQ(answer.text, "The trend");
        EXPECT_EQ(answer.finish_reason, reason);
    }
}

TEST(GeminiAnswer, ReadsCountsOfAnyType) {
    const auto answer =
        good_answer_in(R"({"candidates":[{"content":{"parts":[{"text":"up"}]}}],"usageMetadata":{
        "promptTokenCount":"42","candidatesTokenCount":-1,"thoughtsTokenCount":{},"totalTokenCount":1e3}})");
    EXPECT_EQ(answer.usage.prompt_tokens, 42);
    EXPECT_EQ(answer.usage.output_tokens, 0);
    EXPECT_EQ(answer.usage.thoughts_tokens, 0);
    EXPECT_EQ(answer.usage.total_tokens, 0);
}

TEST(GeminiAnswer, TellsWhyThereIsNothing) {
    struct Row {
        const char* reason;
        Errc code;
        const char* detail;
    };
    const Errc blocked = Errc::upstream_blocked;
    const Errc invalid = Errc::upstream_invalid;
    for (const Row& row : {
             Row{"STOP", invalid, "Gemini gave an empty answer (STOP)"},
             Row{"MAX_TOKENS", invalid, "Gemini ran out of output tokens before any text (MAX_TOKENS)"},
             Row{"SAFETY", blocked, "Gemini refused to answer: SAFETY"},
             Row{"BLOCKLIST", blocked, "Gemini refused to answer: BLOCKLIST"},
             Row{"PROHIBITED_CONTENT", blocked, "Gemini refused to answer: PROHIBITED_CONTENT"},
             Row{"SPII", blocked, "Gemini refused to answer: SPII"},
             Row{"RECITATION", blocked, "Gemini refused to answer: RECITATION"},
             Row{"LANGUAGE", blocked, "Gemini refused to answer: LANGUAGE"},
             Row{"IMAGE_SAFETY", blocked, "Gemini refused to answer: IMAGE_SAFETY"},
             Row{"IMAGE_PROHIBITED_CONTENT", blocked, "Gemini refused to answer: IMAGE_PROHIBITED_CONTENT"},
             Row{"IMAGE_RECITATION", blocked, "Gemini refused to answer: IMAGE_RECITATION"},
             Row{"ESCALATION", blocked, "Gemini refused to answer: ESCALATION"},
             Row{"PUP_LIMITED_DISABLED", blocked, "Gemini refused to answer: PUP_LIMITED_DISABLED"},
             Row{"IMAGE_OTHER", invalid, "Gemini gave an empty answer (IMAGE_OTHER)"},
             Row{"NO_IMAGE", invalid, "Gemini gave an empty answer (NO_IMAGE)"},
             Row{"OTHER", invalid, "Gemini gave an empty answer (OTHER)"},
             Row{"MALFORMED_RESPONSE", invalid, "Gemini gave an empty answer (MALFORMED_RESPONSE)"},
             Row{"MALFORMED_FUNCTION_CALL", invalid, "Gemini gave an empty answer (MALFORMED_FUNCTION_CALL)"},
             Row{"UNEXPECTED_TOOL_CALL", invalid, "Gemini gave an empty answer (UNEXPECTED_TOOL_CALL)"},
             Row{"TOO_MANY_TOOL_CALLS", invalid, "Gemini gave an empty answer (TOO_MANY_TOOL_CALLS)"},
             Row{"MISSING_THOUGHT_SIGNATURE", invalid,
                 "Gemini gave an empty answer (MISSING_THOUGHT_SIGNATURE)"},
             Row{"CONTINUATION", invalid, "Gemini gave an empty answer (CONTINUATION)"},
             Row{"FINISH_REASON_UNSPECIFIED", invalid,
                 "Gemini gave an empty answer (FINISH_REASON_UNSPECIFIED)"},
             Row{"BRAND\nNEW", invalid, "Gemini gave an empty answer (BRAND NEW)"},
             Row{"", invalid, "Gemini gave an empty answer (no finish reason)"},
         }) {
        expect_error(answer_in(body_of({}, row.reason)), row.code, row.detail);
        expect_error(answer_in(body_of({text_part(" \n")}, row.reason)), row.code, row.detail);
        expect_error(answer_in(body_of({thought(text_part("hm"))}, row.reason)), row.code, row.detail);
    }
}

TEST(GeminiAnswer, NamesTheReasonOfABlockedPrompt) {
    for (const std::string reason : {"SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY",
                                     "BLOCK_REASON_UNSPECIFIED", "MODEL_ARMOR", "JAILBREAK", "BRAND_NEW"}) {
        expect_error(
            answer_in(R"({"promptFeedback":{"blockReason":")" + reason + R"("},"usageMetadata":{}})"),
            Errc::upstream_blocked, "Gemini blocked the request: " + reason);
    }
}

TEST(GeminiAnswer, RefusesACandidateWithoutContent) {
    for (const char* candidate :
         {R"({"finishReason":"OTHER"})", R"({"finishReason":"OTHER","content":{"role":"model"}})",
          R"({"finishReason":"OTHER","content":{"parts":[]}})",
          R"({"finishReason":"OTHER","content":{"parts":[{"thoughtSignature":"x"}]}})"}) {
        expect_error(answer_in(std::string(R"({"candidates":[)") + candidate + "]}"), Errc::upstream_invalid,
                     "Gemini gave an empty answer (OTHER)");
    }
}

TEST(GeminiAnswer, RefusesWhatIsNoAnswer) {
    const std::string whole = body_of({text_part("up")});
    for (const std::string& body :
         {std::string(), std::string("<!DOCTYPE html><p>Sign in"), whole.substr(0, whole.size() / 2),
          whole + "}", std::string("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\xFF\"}]}}]}"),
          std::string(70, '[')}) {
        expect_error(answer_in(body), Errc::upstream_invalid, "Gemini's answer is not JSON, or is cut off");
    }
    for (const char* body : {"null", "true", "42", "\"text\"", "[]", "[[]]", "[1]"}) {
        expect_error(answer_in(body), Errc::upstream_invalid, "Gemini's answer is not a JSON object");
    }
    for (const char* body :
         {"{}", "{\"candidates\":[]}", "{\"candidates\":{}}", "[{}]", "{\"candidates\":null}"}) {
        expect_error(answer_in(body), Errc::upstream_invalid, "Gemini's answer has no candidates");
    }
}

TEST(GeminiAnswer, SurvivesWrongTypesEverywhere) {
    const nlohmann::json good = nlohmann::json::parse(body_of({text_part("up"), image_part(kPng)})).flatten();
    const std::vector<nlohmann::json> others{nullptr,
                                             true,
                                             -1,
                                             1.5,
                                             "x",
                                             nlohmann::json::array(),
                                             nlohmann::json::object(),
                                             nlohmann::json::array({1})};
    for (const auto& [path, value] : good.items()) {
        for (auto at = nlohmann::json::json_pointer(path); !at.empty(); at = at.parent_pointer()) {
            for (const auto& other : others) {
                nlohmann::json bad = good.unflatten();
                bad[at] = other;
                const auto answer = answer_in(bad.dump());
                EXPECT_TRUE(answer || !answer.error().detail.empty()) << bad;
            }
        }
    }
}

TEST(GeminiAnswer, TakesAnErrorInsideASuccessForThatError) {
    expect_error(
        answer_in(R"({"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}})"),
        Errc::upstream_unavailable, "Gemini answered 503 UNAVAILABLE: The model is overloaded.");
    expect_error(answer_in(R"([{"error":{"code":404,"message":"no","status":"NOT_FOUND"}}])"),
                 Errc::upstream_rejected,
                 "Gemini does not offer this model; Gemini answered 404 NOT_FOUND: no");
    expect_error(answer_in(R"({"error":"out of luck"})"), Errc::upstream_unavailable,
                 "Gemini answered 500: out of luck");
    EXPECT_EQ(good_answer_in(R"({"error":null,"candidates":[{"content":{"parts":[{"text":"up"}]}}]})").text,
              "up");
}

}  // namespace
}  // namespace chartsight
