#include "upstream/gemini_error.hpp"

#include "upstream/excerpt.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chartsight {

namespace {

using std::chrono::seconds;

constexpr std::size_t kMaxName = 64;
constexpr std::size_t kMaxMessage = 300;
// A longer wait is really a daily limit; a shorter one told with a daily limit is misleading.
constexpr seconds kLongestRateDelay{300};
constexpr seconds kPerMinuteDelay{60};

std::string lower(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

bool has_fragment(const GoogleError& said, std::string_view fragment) {
    return lower(said.message.substr(0, 4096)).contains(fragment);
}

// "Gemini answered 400 INVALID_ARGUMENT: Unsupported MIME type."
std::string what_it_said(int status, const GoogleError& said) {
    std::string text = fmt::format("Gemini answered {}", status);
    if (!said.status.empty()) text += " " + excerpt(said.status, kMaxName);
    const std::string message = excerpt(said.message, kMaxMessage);
    if (!message.empty()) text += ": " + message;
    return text;
}

bool is_key_refused(int status, const GoogleError& said) {
    if (status == 401 || said.reason.starts_with("API_KEY_")) return true;
    if (status == 400)
        return has_fragment(said, "api key not valid") || has_fragment(said, "api key expired");
    return status == 403 && (said.reason.starts_with("CONSUMER_") || said.reason == "SERVICE_DISABLED" ||
                             has_fragment(said, "api key") || has_fragment(said, "unregistered callers"));
}

bool is_too_large(int status, const GoogleError& said) {
    if (status == 413) return true;
    return status == 400 &&
           (has_fragment(said, "payload size exceeds") || has_fragment(said, "input token count"));
}

bool is_billing(int status, const GoogleError& said) {
    return status == 402 || (status == 429 && has_fragment(said, "prepayment credits"));
}

// The cause in our words where it is known; empty otherwise.
std::string cause_of(int status, const GoogleError& said) {
    if (is_billing(status, said)) return "Gemini's prepaid credit is used up";
    if (is_key_refused(status, said)) {
        const std::string reason = excerpt(said.reason.empty() ? said.status : said.reason, kMaxName);
        return "Gemini refused the API key" + (reason.empty() ? "" : " (" + reason + ")");
    }
    if (is_too_large(status, said)) return "the request is too large for Gemini";
    if (status == 404) return "Gemini does not offer this model";
    if (status == 429 && said.has_limit_zero) return "this model is not enabled for the Gemini project";
    if (status == 429 && said.is_daily) return "the Gemini project's quota for today is used up";
    return {};
}

Errc code_of(int status) {
    switch (status) {
        case 408:
        case 499: return Errc::upstream_unavailable;
        case 429: return Errc::upstream_quota;
        case 504: return Errc::deadline_exceeded;
        default: break;
    }
    if (status >= 400 && status < 500) return Errc::upstream_rejected;
    if (status >= 500 && status < 600) return Errc::upstream_unavailable;
    return Errc::upstream_invalid;  // a redirect, or no HTTP at all: whoever answered is not Gemini
}

std::optional<seconds> quota_delay(const GoogleError& said, std::optional<seconds> header) {
    if (said.has_limit_zero || is_billing(429, said)) return std::nullopt;
    const auto told = said.retry_delay ? said.retry_delay : header;
    if (said.is_daily) return told > kLongestRateDelay ? told : std::nullopt;
    if (!told && said.is_per_minute) return kPerMinuteDelay;
    return told;
}

}  // namespace

Error error_of_answer(int status, const GoogleError& said, std::optional<seconds> retry_after) {
    Error error{code_of(status), what_it_said(status, said), std::nullopt};
    const std::string cause = cause_of(status, said);
    if (!cause.empty()) error.detail = cause + "; " + error.detail;
    if (error.code == Errc::upstream_quota) error.retry_after = quota_delay(said, retry_after);
    if (error.code == Errc::upstream_unavailable) {
        error.retry_after = said.retry_delay ? said.retry_delay : retry_after;
    }
    return error;
}

}  // namespace chartsight
