#include "upstream/gemini_answer.hpp"

#include "upstream/excerpt.hpp"
#include "upstream/gemini_error.hpp"
#include "upstream/lenient_json.hpp"
#include "upstream/picture.hpp"
#include "upstream/structured_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace chartsight {

namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 11> kRefusals{
    "SAFETY",           "BLOCKLIST",  "PROHIBITED_CONTENT",   "SPII",
    "RECITATION",       "LANGUAGE",   "IMAGE_SAFETY",         "IMAGE_PROHIBITED_CONTENT",
    "IMAGE_RECITATION", "ESCALATION", "PUP_LIMITED_DISABLED",
};

// What the parts of a candidate come to.
struct Content {
    std::string text;
    const Json* inline_data{nullptr};  ///< the last one that is no thought
};

Content read_content(const Json* candidate) {
    Content content;
    const Json* parts = find_member(find_member(candidate, "content"), "parts");
    if (parts == nullptr || !parts->is_array()) return content;
    for (const Json& part : *parts) {
        const Json* thought = find_member(&part, "thought");
        if (thought != nullptr && thought->is_boolean() && thought->get<bool>()) continue;
        content.text += string_member(&part, "text");
        const Json* data = find_member(&part, "inlineData");
        if (!string_member(data, "data").empty()) content.inline_data = data;
    }
    return content;
}

Usage read_usage(const Json* usage) {
    return {count_member(usage, "promptTokenCount"), count_member(usage, "candidatesTokenCount"),
            count_member(usage, "thoughtsTokenCount"), count_member(usage, "totalTokenCount")};
}

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == text.npos;
}

// The names are Gemini's constants, but nobody promised that.
std::string named(std::string_view reason) {
    return excerpt(reason, 64);
}

// Why an answer holds neither text nor a picture.
std::unexpected<Error> nothing_usable(std::string_view block_reason, std::string_view finish_reason,
                                      bool has_candidate, bool has_broken_picture) {
    if (!block_reason.empty())
        return fail(Errc::upstream_blocked, "Gemini blocked the request: " + named(block_reason));
    if (!has_candidate) return fail(Errc::upstream_invalid, "Gemini's answer has no candidates");
    if (std::ranges::find(kRefusals, finish_reason) != kRefusals.end()) {
        return fail(Errc::upstream_blocked, "Gemini refused to answer: " + named(finish_reason));
    }
    if (finish_reason == "MAX_TOKENS") {
        return fail(Errc::upstream_invalid, "Gemini ran out of output tokens before any text (MAX_TOKENS)");
    }
    if (has_broken_picture) {
        return fail(Errc::upstream_invalid,
                    "Gemini answered with a picture that cannot be decoded, and no text");
    }
    const std::string why = finish_reason.empty() ? "no finish reason" : named(finish_reason);
    return fail(Errc::upstream_invalid, "Gemini gave an empty answer (" + why + ")");
}

Result<UpstreamAnswer> read_answer(const Json* root) {
    const Json* candidate = first_element(find_member(root, "candidates"));
    Content content = read_content(candidate);
    UpstreamAnswer answer;
    answer.finish_reason = string_member(candidate, "finishReason");
    answer.model_version = string_member(root, "modelVersion");
    answer.response_id = string_member(root, "responseId");
    answer.usage = read_usage(find_member(root, "usageMetadata"));
    answer.picture = take_data_url_picture(content.text);
    if (content.inline_data != nullptr) {
        auto picture = read_picture(string_member(content.inline_data, "data"),
                                    string_member(content.inline_data, "mimeType"));
        if (picture) answer.picture = std::move(picture);
    }
    answer.text = std::move(content.text);
    if (is_blank(answer.text) && !answer.picture) {
        return nothing_usable(string_member(find_member(root, "promptFeedback"), "blockReason"),
                              answer.finish_reason, candidate != nullptr, content.inline_data != nullptr);
    }
    answer.structured_json = find_structured_json(answer.text);
    return answer;
}

// An error inside a success carries its own status; one that does not is taken for an unavailable service.
std::unexpected<Error> error_inside_success(const Json& error,
                                            std::optional<std::chrono::seconds> retry_after) {
    const GoogleError said = read_google_error(error);
    return std::unexpected(error_of_answer(said.code >= 400 ? said.code : 500, said, retry_after));
}

}  // namespace

Result<UpstreamAnswer> parse_answer(int status, std::string_view body,
                                    std::optional<std::chrono::seconds> retry_after) {
    if (status < 200 || status >= 300) {
        return std::unexpected(error_of_answer(status, parse_google_error(body), retry_after));
    }
    const auto parsed = parse_json(body);
    if (!parsed) return fail(Errc::upstream_invalid, "Gemini's answer is not JSON, or is cut off");
    const Json* root = &*parsed;
    if (const Json* first = first_element(root)) root = first;
    if (!root->is_object()) return fail(Errc::upstream_invalid, "Gemini's answer is not a JSON object");
    const Json* error = find_member(root, "error");
    if (error != nullptr && !error->is_null()) return error_inside_success(*error, retry_after);
    return read_answer(root);
}

}  // namespace chartsight
