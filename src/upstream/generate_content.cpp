#include "upstream/generate_content.hpp"

#include "upstream/gemini_answer.hpp"
#include "upstream/request_body.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chartsight {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Below about ten seconds the service is said to refuse the header.
constexpr seconds kShortestServerTimeout{10};

std::string percent_encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                              std::string_view("-._~").contains(c);
        out += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

std::vector<std::string> headers_for(const Secret& key, milliseconds allowed) {
    const auto timeout = std::max(std::chrono::ceil<seconds>(allowed), kShortestServerTimeout);
    std::vector<std::string> headers{fmt::format("X-Server-Timeout: {}", timeout.count()),
                                     "User-Agent: chartsight/" CHARTSIGHT_VERSION};
    if (!key.empty()) headers.push_back("x-goog-api-key: " + key.reveal());
    return headers;
}

// A gateway may quote the header it refuses, and errors are shown to clients.
void remove_key(std::string& text, const std::string& key) {
    if (key.empty()) return;
    for (auto at = text.find(key); at != text.npos; at = text.find(key, at)) text.erase(at, key.size());
}

}  // namespace

std::string generate_content_url(std::string_view base_url, std::string_view model) {
    while (base_url.ends_with('/')) base_url.remove_suffix(1);
    return fmt::format("{}/v1beta/models/{}:generateContent", base_url, percent_encoded(model));
}

Result<GeneratedContent> generate_content_blocking(HttpTransport* transport, const GeminiOptions* options,
                                                   GenerateContent question) {
    if (question.stop.stop_requested()) return fail(Errc::cancelled, "stopped");
    GeneratedContent generated{fail(Errc::internal, "no result"), 0, Clock::now(), {}};
    const GenerateContentBody body(question.request);
    HttpCall call;
    call.url = generate_content_url(options->base_url, question.request.model);
    call.headers = headers_for(options->api_key, question.deadline.left(generated.began));
    call.body = &body;
    call.max_answer_bytes = options->max_answer_bytes;

    auto reply = transport->post_blocking(call, question.deadline, question.stop);
    generated.took = std::chrono::duration_cast<milliseconds>(Clock::now() - generated.began);
    if (!reply) {
        generated.answer = std::unexpected(reply.error());
        return generated;
    }
    generated.status = reply->status;
    generated.answer = parse_answer(reply->status, reply->body, reply->retry_after);
    if (!generated.answer) remove_key(generated.answer.error().detail, options->api_key.reveal());
    return generated;
}

}  // namespace chartsight
