#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace chartsight::log {

enum class Level { debug, info, warn, error };
enum class Format { text, json };

struct Options {
    Level level{Level::info};
    Format format{Format::text};
};

/// One `key=value` of a line. Values from clients are escaped by the writer.
struct Field {
    std::string_view key;
    std::string value;
};

/// Sets up this process's logger; `worker` is -1 in the supervisor. Call again after a fork.
void setup(const Options& options, int worker);

/// True if lines of this level are written.
[[nodiscard]] bool enabled(Level level);

/// Writes one line with one write(2) to standard error, so that lines of several processes never mix.
/// `request` is the request's id or empty. Thread-safe. Never pass keys, image bytes or model text.
void write(Level level, std::string_view request, std::string_view message,
           std::initializer_list<Field> fields = {});

inline void debug(std::string_view request, std::string_view message,
                  std::initializer_list<Field> fields = {}) {
    if (enabled(Level::debug)) write(Level::debug, request, message, fields);
}
inline void info(std::string_view request, std::string_view message,
                 std::initializer_list<Field> fields = {}) {
    if (enabled(Level::info)) write(Level::info, request, message, fields);
}
inline void warn(std::string_view request, std::string_view message,
                 std::initializer_list<Field> fields = {}) {
    write(Level::warn, request, message, fields);
}
inline void error(std::string_view request, std::string_view message,
                  std::initializer_list<Field> fields = {}) {
    write(Level::error, request, message, fields);
}

/// `text` with control characters, quotes and backslashes as `\xNN`, cut at `most` bytes.
[[nodiscard]] std::string escaped(std::string_view text, std::size_t most = 200);

}  // namespace chartsight::log
