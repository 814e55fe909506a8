#include "upstream/google_error.hpp"

#include "upstream/lenient_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace chartsight {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxForeignText = 4096;
constexpr std::chrono::seconds kLongestDelay = std::chrono::hours(24 * 7);

void read_violation(const Json& violation, GoogleError& into) {
    const auto id = string_member(&violation, "quotaId");
    if (id.contains("PerDay")) into.is_daily = true;
    if (id.contains("PerMinute")) into.is_per_minute = true;
    // Proto JSON leaves a zero out, but then the message still names it.
    if (string_member(&violation, "quotaValue") == "0") into.has_limit_zero = true;
}

void read_detail(const Json& detail, GoogleError& into) {
    const auto type = string_member(&detail, "@type");
    if (type.ends_with(".ErrorInfo")) into.reason = string_member(&detail, "reason");
    if (type.ends_with(".RetryInfo"))
        into.retry_delay = parse_retry_delay(string_member(&detail, "retryDelay"));
    const Json* violations = find_member(&detail, "violations");
    if (type.ends_with(".QuotaFailure") && violations != nullptr && violations->is_array()) {
        for (const Json& violation : *violations) read_violation(violation, into);
    }
}

// "limit: 0", but not the beginning of "limit: 05" or "limit: 0.5".
bool names_limit_zero(std::string_view message) {
    constexpr std::string_view kLimitZero = "limit: 0";
    for (auto at = message.find(kLimitZero); at != message.npos; at = message.find(kLimitZero, at + 1)) {
        const auto next = message.substr(at + kLimitZero.size(), 1);
        if (next.empty() || !std::string_view("0123456789.").contains(next.front())) return true;
    }
    return false;
}

}  // namespace

std::optional<std::chrono::seconds> parse_retry_delay(std::string_view text) {
    if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;  // no "-1s", no "infs"
    double number = 0;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number, std::chars_format::fixed);
    const std::string_view unit(parsed.ptr, end);
    if (parsed.ec != std::errc{} || (unit != "s" && unit != "ms")) return std::nullopt;
    const double seconds = std::ceil(unit == "ms" ? number / 1000 : number);
    const auto longest = static_cast<double>(kLongestDelay.count());
    return std::chrono::seconds(static_cast<std::chrono::seconds::rep>(std::min(seconds, longest)));
}

GoogleError read_google_error(const Json& error) {
    GoogleError read;
    if (error.is_string()) read.message = error.get_ref<const std::string&>();
    const auto code = count_member(&error, "code");
    if (code < 1000) read.code = static_cast<int>(code);
    read.status = string_member(&error, "status");
    if (read.message.empty()) read.message = string_member(&error, "message");
    const Json* details = find_member(&error, "details");
    if (details != nullptr && details->is_array()) {
        for (const Json& detail : *details) read_detail(detail, read);
    }
    if (names_limit_zero(read.message)) read.has_limit_zero = true;
    return read;
}

GoogleError parse_google_error(std::string_view body) {
    const auto root = parse_json(body);
    const Json* envelope = root ? &*root : nullptr;
    if (const Json* first = first_element(envelope)) envelope = first;
    if (const Json* error = find_member(envelope, "error")) return read_google_error(*error);
    GoogleError read;
    read.message = body.substr(0, kMaxForeignText);
    return read;
}

}  // namespace chartsight
