#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>

namespace chartsight {

/// Reads the whole file, or says why not.
[[nodiscard]] std::expected<std::string, std::string> read_file(const std::string& path);

/// `NAME=value` lines as in a systemd EnvironmentFile: `#` and `;` start a comment line, a value may be
/// quoted. The fault names the line.
[[nodiscard]] std::expected<std::map<std::string, std::string>, std::string> parse_config_text(
    std::string_view text);

}  // namespace chartsight
