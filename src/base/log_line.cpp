#include "log_line.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chartsight::log {

namespace {

bool is_plain(char c) {
    return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '=';
}

/// JSON string content. Bytes over 0x7f become \u00NN: log text is ASCII whatever a client sent.
std::string json_escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte >= 0x7f) {
            out += fmt::format("\\u{:04x}", byte);
        } else {
            out += c;
        }
    }
    return out;
}

void append_quoted(std::string& out, std::string_view key, std::string_view value) {
    out += fmt::format(R"(,"{}":"{}")", key, json_escaped(value));
}

}  // namespace

std::string escaped(std::string_view text, std::size_t most) {
    std::string out;
    for (const char c : text.substr(0, most)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte >= 0x7f || c == '"' || c == '\\') {
            out += fmt::format("\\x{:02x}", byte);
        } else {
            out += c;
        }
    }
    if (text.size() > most) out += "...";
    return out;
}

std::string text_line(int worker, std::string_view request, std::string_view message,
                      std::initializer_list<Field> fields) {
    std::string line = worker < 0 ? std::string("supervisor ") : fmt::format("w{} ", worker);
    if (!request.empty()) line += fmt::format("[{}] ", request);
    line += message;
    for (const Field& field : fields) {
        const bool plain =
            !field.value.empty() && std::all_of(field.value.begin(), field.value.end(), is_plain);
        line += plain ? fmt::format(" {}={}", field.key, field.value)
                      : fmt::format(" {}=\"{}\"", field.key, escaped(field.value, 1000));
    }
    return line;
}

std::string json_line(int worker, std::string_view request, std::string_view message,
                      std::initializer_list<Field> fields) {
    std::string line = fmt::format(R"("worker":{})", worker);
    if (!request.empty()) append_quoted(line, "request_id", request);
    append_quoted(line, "message", message);
    for (const Field& field : fields) append_quoted(line, field.key, field.value);
    return line;
}

}  // namespace chartsight::log
