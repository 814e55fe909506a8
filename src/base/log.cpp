#include "chartsight/base/log.hpp"

#include "log_line.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <unistd.h>

#include <memory>
#include <mutex>

namespace chartsight::log {

namespace {

/// Standard error, one write(2) a line: stdio would split long lines, and other workers' would fall between.
class FdSink final : public spdlog::sinks::base_sink<std::mutex> {
protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        spdlog::memory_buf_t line;
        formatter_->format(message, line);
        // A full disk or a closed pipe must not stop the server: what cannot be written is dropped.
        const char* from = line.data();
        std::size_t left = line.size();
        while (left > 0) {
            const ssize_t n = ::write(STDERR_FILENO, from, left);
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return;
            from += n;
            left -= static_cast<std::size_t>(n);
        }
    }
    void flush_() override {}
};

struct State {
    std::shared_ptr<spdlog::logger> logger;
    Options options;
    int worker{-1};
};

State& state() {
    static State instance;
    return instance;
}

spdlog::level::level_enum to_spdlog(Level level) {
    switch (level) {
        case Level::debug: return spdlog::level::debug;
        case Level::info: return spdlog::level::info;
        case Level::warn: return spdlog::level::warn;
        case Level::error: return spdlog::level::err;
    }
    return spdlog::level::info;
}

std::shared_ptr<spdlog::logger> make_logger(const Options& options) {
    auto logger = std::make_shared<spdlog::logger>("chartsight", std::make_shared<FdSink>());
    logger->set_formatter(std::make_unique<spdlog::pattern_formatter>(
        options.format == Format::json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})"
                                       : "%Y-%m-%dT%H:%M:%S.%eZ %-7l %v",
        spdlog::pattern_time_type::utc));
    logger->set_level(to_spdlog(options.level));
    return logger;
}

}  // namespace

void setup(const Options& options, int worker) {
    state() = {make_logger(options), options, worker};
}

bool enabled(Level level) {
    return state().logger && state().logger->should_log(to_spdlog(level));
}

void write(Level level, std::string_view request, std::string_view message,
           std::initializer_list<Field> fields) {
    const State& current = state();
    if (!current.logger) return;
    const auto line = current.options.format == Format::json
                          ? json_line(current.worker, request, message, fields)
                          : text_line(current.worker, request, message, fields);
    current.logger->log(to_spdlog(level), spdlog::string_view_t(line));
}

}  // namespace chartsight::log
