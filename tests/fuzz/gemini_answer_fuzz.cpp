// Input: one letter that chooses the HTTP status (a to j, below), after it the body of Gemini's answer.

#include "upstream/gemini_answer.hpp"
#include "upstream/lenient_json.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace chartsight {
namespace {

constexpr std::array kStatuses{200, 400, 401, 403, 404, 429, 500, 502, 503, 504};

void require(bool holds) {
    if (!holds) std::abort();
}

bool is_printable(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7F; });
}

void check_error(const Error& error) {
    require(error.code == Errc::upstream_quota || error.code == Errc::upstream_rejected ||
            error.code == Errc::upstream_blocked || error.code == Errc::upstream_invalid ||
            error.code == Errc::upstream_unavailable || error.code == Errc::deadline_exceeded);
    require(!error.detail.empty() && error.detail.size() < 600 && is_printable(error.detail));
    require(!error.retry_after || error.retry_after->count() >= 0);
}

void check_answer(const UpstreamAnswer& answer, std::string_view body) {
    require(!answer.text.empty() || answer.picture);
    require(answer.text.size() <= body.size());
    require(answer.structured_json.size() <= answer.text.size());
    require(answer.structured_json.empty() || is_json(answer.structured_json));
    require(answer.usage.prompt_tokens >= 0 && answer.usage.output_tokens >= 0 &&
            answer.usage.thoughts_tokens >= 0 && answer.usage.total_tokens >= 0);
    if (!answer.picture) return;
    require(!answer.picture->bytes.empty() && answer.picture->bytes.size() < body.size());
    require(answer.picture->mime_type.starts_with("image/") && is_printable(answer.picture->mime_type));
}

void check(int status, std::string_view body) {
    const auto answer = parse_answer(status, body, std::nullopt);
    if (answer) {
        require(status == 200);
        check_answer(*answer, body);
    } else {
        check_error(answer.error());
    }
}

}  // namespace
}  // namespace chartsight

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string body(data + 1, data + size);
    const auto choice = static_cast<std::size_t>(data[0] >= 'a' ? data[0] - 'a' : data[0]);
    chartsight::check(chartsight::kStatuses[choice % chartsight::kStatuses.size()], body);
    return 0;
}
