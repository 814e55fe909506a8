#include "http/analysis_json.hpp"

#include "chartsight/upstream/base64.hpp"

#include <nlohmann/json.hpp>

namespace chartsight {

namespace {

using Json = nlohmann::ordered_json;

double ms(std::chrono::microseconds time) {
    return static_cast<double>(time.count()) / 1000;
}

Json analysis_member(const UpstreamAnswer& answer) {
    return Json{{"text", answer.text},
                {"structured", nullptr},
                {"finish_reason", answer.finish_reason},
                {"model_version", answer.model_version},
                {"response_id", answer.response_id}};
}

/// Puts the model's JSON where `null` stands. It is compact and valid already, and parsing it once more would
/// take time in the square of its keys. In a string the quotes of the name would be escaped, so the first
/// match is it.
void insert_structured(std::string& json, const std::string& structured) {
    static constexpr std::string_view kNull = R"("structured":null)";
    if (structured.empty()) return;
    json.replace(json.find(kNull) + kNull.size() - 4, 4, structured);
}

Json picture_member(const std::optional<Picture>& picture) {
    if (!picture) return nullptr;
    return Json{{"mime_type", picture->mime_type},
                {"bytes", picture->bytes.size()},
                {"data", encode_base64(picture->bytes)}};
}

Json image_member(const ImageFacts& image) {
    return Json{{"format", name_of(image.info.format)},
                {"width", image.info.width},
                {"height", image.info.height},
                {"bytes", image.bytes},
                {"sha256", image.sha256}};
}

Json attempts_member(const std::vector<Attempt>& attempts) {
    Json list = Json::array();
    for (const Attempt& attempt : attempts) {
        list.push_back(Json{{"key", attempt.key},
                            {"status", attempt.status},
                            {"waited_ms", attempt.waited.count()},
                            {"took_ms", attempt.took.count()}});
    }
    return list;
}

}  // namespace

Result<std::string> write_analysis_json(AnswerParts parts) {
    const UpstreamAnswer& answer = parts.analysis.answer;
    Json json{{"request_id", parts.request_id}};
    if (!parts.correlation_id.empty()) json["correlation_id"] = parts.correlation_id;
    json["engine"] = "gemini";
    json["model"] = parts.model;
    json["analysis"] = analysis_member(answer);
    json["measurement"] = nullptr;
    json["checks"] = Json::array();
    json["annotated_image"] = picture_member(answer.picture);
    json["image"] = image_member(parts.analysis.image);
    json["usage"] = Json{{"prompt_tokens", answer.usage.prompt_tokens},
                         {"output_tokens", answer.usage.output_tokens},
                         {"thoughts_tokens", answer.usage.thoughts_tokens},
                         {"total_tokens", answer.usage.total_tokens}};
    json["attempts"] = attempts_member(parts.attempts);
    json["timings_ms"] = Json{{"queue", ms(parts.times.queue)},       {"receive", ms(parts.times.receive)},
                              {"check", ms(parts.times.check)},       {"decode", ms(parts.times.decode)},
                              {"upstream", ms(parts.times.upstream)}, {"total", ms(parts.total)}};
    std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    insert_structured(text, answer.structured_json);
    return text;
}

}  // namespace chartsight
