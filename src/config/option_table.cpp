#include "config/option_table.hpp"

#include "chartsight/analysis/admission_board.hpp"
#include "chartsight/concurrency/cpu_gate.hpp"
#include "config/parse_value.hpp"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <utility>

namespace chartsight {

namespace {

using Fault = std::optional<std::string>;
using Store = std::function<Fault(Config&, const std::string&)>;
using std::chrono::milliseconds;

template <class Get>
Store number(Get get, std::uint64_t least, std::uint64_t most) {
    return [=](Config& config, const std::string& text) -> Fault {
        const auto value = parse_number(text);
        if (!value || *value < least || *value > most) {
            return fmt::format("allowed: a whole number from {} to {}", least, most);
        }
        auto& target = get(config);
        target = static_cast<std::remove_reference_t<decltype(target)>>(*value);
        return {};
    };
}

template <class Get>
Store duration(Get get, milliseconds least, milliseconds most) {
    return [=](Config& config, const std::string& text) -> Fault {
        const auto value = parse_duration(text);
        if (!value || *value < least || *value > most) {
            return fmt::format("allowed: {} to {} seconds, such as 30, 0.5, 500ms or 5m",
                               static_cast<double>(least.count()) / 1000,
                               static_cast<double>(most.count()) / 1000);
        }
        get(config) = *value;
        return {};
    };
}

template <class Get>
Store text(Get get) {
    return [=](Config& config, const std::string& value) -> Fault {
        get(config) = value;
        return {};
    };
}

template <class Get, class Value, std::size_t N>
Store choice(Get get, std::array<std::pair<const char*, Value>, N> choices) {
    return [=](Config& config, const std::string& value) -> Fault {
        std::string allowed;
        for (const auto& [name, chosen] : choices) {
            if (value == name) {
                get(config) = chosen;
                return {};
            }
            allowed += fmt::format("{}{}", allowed.empty() ? "" : ", ", name);
        }
        return "allowed: " + allowed;
    };
}

Fault store_base_url(Config& config, const std::string& value) {
    if (!value.starts_with("https://") && !value.starts_with("http://"))
        return "allowed: an http:// or https:// URL";
    if (value.find_first_of(" \t\r\n?#@") != std::string::npos)
        return "allowed: a URL without user, query or fragment";
    config.gemini.base_url = value;
    return {};
}

Fault store_model(Config& config, const std::string& value) {
    if (value.empty() || value.find_first_of(" \t/?#") != std::string::npos)
        return "allowed: one bare model id";
    config.http.default_model = value;
    return {};
}

#define CHARTSIGHT_MEMBER(path) [](Config& c) -> auto& { return c.path; }

const std::vector<OptionSpec>& table() {
    using namespace std::chrono_literals;
    constexpr auto kMax32 = std::numeric_limits<std::uint32_t>::max();
    static const std::vector<OptionSpec> specs{
        {"HOST", "0.0.0.0", "address to listen on", true, text(CHARTSIGHT_MEMBER(process.host))},
        {"PORT", "8000", "TCP port; 0 lets the system choose, see the first log line", true,
         number(CHARTSIGHT_MEMBER(process.port), 0, 65535)},
        {"WORKERS", "4", "worker processes", true,
         number(CHARTSIGHT_MEMBER(process.workers), 1, kMaxWorkers)},
        {"LIMIT_CONCURRENCY", "50", "requests at once per worker", true,
         number(CHARTSIGHT_MEMBER(limit_concurrency), 1, 10'000)},
        {"QUEUE_LIMIT", "100", "requests waiting for a place per worker; 0: refuse at once", true,
         number(CHARTSIGHT_MEMBER(queue_limit), 0, 100'000)},
        {"QUEUE_TIMEOUT", "30", "seconds a request may wait for a place", true,
         duration(CHARTSIGHT_MEMBER(admission.queue_timeout), 1ms, 1h)},
        {"THREADS", "50",
         "threads per worker for calls that block; at least LIMIT_CONCURRENCY, and raised to it by itself",
         true, number(CHARTSIGHT_MEMBER(process.threads), 1, 10'000)},
        {"CPU_JOBS", "0", "pictures decoded at once over all workers; 0: one per core", true,
         number(CHARTSIGHT_MEMBER(process.cpu_jobs), 0, CpuGateState::kMaxPlaces)},
        {"DRAIN_TIMEOUT", "30", "seconds requests in flight may take after SIGTERM", true,
         duration(CHARTSIGHT_MEMBER(process.drain_timeout), 0ms, 1h)},
        {"HEADER_TIMEOUT", "10", "seconds for a request's header, from its first byte", true,
         duration(CHARTSIGHT_MEMBER(http.header_timeout), 10ms, 1h)},
        {"BODY_TIMEOUT", "30", "seconds without a byte of the body", true,
         duration(CHARTSIGHT_MEMBER(http.body_timeout), 10ms, 1h)},
        {"IDLE_TIMEOUT", "75", "seconds a connection may be idle", true,
         duration(CHARTSIGHT_MEMBER(http.idle_timeout), 10ms, 1h)},
        {"WRITE_TIMEOUT", "30", "seconds without a byte of the answer taken by the client", true,
         duration(CHARTSIGHT_MEMBER(http.write_timeout), 10ms, 1h)},
        {"REQUEST_TIMEOUT", "300", "seconds for a request, from its admission to its answer", true,
         duration(CHARTSIGHT_MEMBER(http.request_timeout), 10ms, 24h)},
        {"MAX_HEADER_BYTES", "16384", "bytes of a request's header", true,
         number(CHARTSIGHT_MEMBER(http.max_header_bytes), 1024, 65'536)},
        {"MAX_UPLOAD_BYTES", "15000000", "bytes of a request's body", true,
         number(CHARTSIGHT_MEMBER(http.max_upload_bytes), 1024, 100'000'000)},
        {"MAX_CONNECTIONS", "4096", "open connections per worker", true,
         number(CHARTSIGHT_MEMBER(http.max_connections), 1, 1'000'000)},
        {"MAX_PROMPT_BYTES", "32768", "bytes of a request's prompt", true,
         number(CHARTSIGHT_MEMBER(http.max_prompt_bytes), 1, 1 << 20)},
        {"MAX_IMAGE_SIDE", "8192", "pixels of a picture's longer side", true,
         number(CHARTSIGHT_MEMBER(image.max_side), 1, 65'535)},
        {"MAX_IMAGE_PIXELS", "24000000", "pixels of a picture", true,
         number(CHARTSIGHT_MEMBER(image.max_pixels), 1, kMax32)},
        {"GEMINI_API_KEY", "", "the Gemini API key (environment only)", false,
         [](Config& config, const std::string& value) -> Fault {
             config.gemini.api_key = Secret(value);
             return {};
         }},
        {"GEMINI_API_KEY_FILE", "", "file that holds the key instead", true, nullptr},
        {"GEMINI_MODEL", "nano-banana-pro-preview", "model asked when a request names none", true,
         store_model},
        {"GEMINI_MODELS_ALLOWED", "", "other models a request may name, separated by commas", true,
         [](Config& config, const std::string& value) -> Fault {
             config.http.allowed_models = parse_list(value);
             return {};
         }},
        {"GEMINI_BASE_URL", "https://generativelanguage.googleapis.com", "where Gemini is", true,
         store_base_url},
        {"GEMINI_TIMEOUT", "120", "seconds for one call to Gemini", true,
         duration(CHARTSIGHT_MEMBER(gemini.timeout), 10ms, 1h)},
        {"GEMINI_CONNECT_TIMEOUT", "10", "seconds to connect to Gemini", true,
         duration(CHARTSIGHT_MEMBER(gemini.transport.connect_timeout), 10ms, 1h)},
        {"GEMINI_MAX_ANSWER_BYTES", "33554432", "bytes of one answer of Gemini", true,
         number(CHARTSIGHT_MEMBER(gemini.max_answer_bytes), 1024, 1 << 30)},
        {"GEMINI_CA_FILE", "the system store",
         "PEM file of the authorities trusted to sign Gemini's certificate", true,
         text(CHARTSIGHT_MEMBER(gemini.transport.ca_file))},
        {"PROMPT_FILE", "built in", "file with the prompt used when a request has none", true, nullptr},
        {"LOG_LEVEL", "info", "debug, info, warn or error", true,
         choice(CHARTSIGHT_MEMBER(log.level),
                std::array{std::pair{"debug", log::Level::debug}, std::pair{"info", log::Level::info},
                           std::pair{"warn", log::Level::warn}, std::pair{"error", log::Level::error}})},
        {"LOG_FORMAT", "text", "text or json", true,
         choice(CHARTSIGHT_MEMBER(log.format),
                std::array{std::pair{"text", log::Format::text}, std::pair{"json", log::Format::json}})},
    };
    return specs;
}

#undef CHARTSIGHT_MEMBER

}  // namespace

std::span<const OptionSpec> option_table() {
    return table();
}

std::string flag_of(std::string_view name) {
    std::string flag = "--";
    for (const char c : name)
        flag += c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return flag;
}

}  // namespace chartsight
