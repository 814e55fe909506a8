#include "config/config_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace chartsight {

namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace

std::expected<std::string, std::string> read_file(const std::string& path) {
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    if (file) content << file.rdbuf();
    if (!file) return std::unexpected(errno != 0 ? std::strerror(errno) : "cannot be read");
    return content.str();
}

std::expected<std::map<std::string, std::string>, std::string> parse_config_text(std::string_view text) {
    std::map<std::string, std::string> values;
    for (int number = 1; !text.empty(); ++number) {
        const auto end = text.find('\n');
        const std::string_view line = trimmed(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        if (line.empty() || line.front() == '#' || line.front() == ';') continue;

        const auto equals = line.find('=');
        if (equals == std::string_view::npos || equals == 0) {
            return std::unexpected(fmt::format("line {} is not NAME=value", number));
        }
        std::string_view value = trimmed(line.substr(equals + 1));
        if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
            value.back() == value.front()) {
            value = value.substr(1, value.size() - 2);
        }
        values[std::string(trimmed(line.substr(0, equals)))] = value;
    }
    return values;
}

}  // namespace chartsight
