#include "http/access_log.hpp"

#include "chartsight/base/log.hpp"

#include <fmt/format.h>

namespace chartsight {

namespace {

std::string ms(std::chrono::microseconds time) {
    return fmt::format("{:.1f}", static_cast<double>(time.count()) / 1000);
}

bool is_probe(const Exchange& exchange) {
    return exchange.method() == "GET" || exchange.method() == "HEAD";
}

}  // namespace

void write_access_log(const Exchange& exchange, const AccessRecord& record, std::string_view fault) {
    const unsigned status = fault.empty() ? record.status : 499;
    const auto level = is_probe(exchange) && status == 200 ? log::Level::debug : log::Level::info;
    if (!log::enabled(level)) return;
    // Without the query: it may hold a prompt.
    const std::string_view path = exchange.target().substr(0, exchange.target().find('?'));
    const auto& times = exchange.times;
    log::write(level, exchange.id.to_string(), "Request finished",
               {{"method", log::escaped(exchange.method(), 20)},
                {"path", log::escaped(path)},
                {"status", std::to_string(status)},
                {"code",
                 std::string(fault.empty() ? (record.error_code.empty() ? "ok" : record.error_code) : fault)},
                {"correlation_id", exchange.correlation_id.empty() ? "-" : exchange.correlation_id},
                {"out", std::to_string(record.body_bytes)},
                {"queue_ms", ms(times.queue)},
                {"receive_ms", ms(times.receive)},
                {"check_ms", ms(times.check)},
                {"decode_ms", ms(times.decode)},
                {"upstream_ms", ms(times.upstream)},
                {"total_ms", ms(elapsed(exchange.received))},
                {"tries", std::to_string(exchange.tries)}});
}

}  // namespace chartsight
