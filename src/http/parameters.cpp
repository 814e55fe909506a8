#include "http/parameters.hpp"

#include "chartsight/base/log.hpp"
#include "http/ascii.hpp"

#include <algorithm>

namespace chartsight {

namespace {

void skip_blanks(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

// Both take the value off the front of `text`; false if it is malformed.

bool take_quoted(std::string_view& text, Backslash backslash, std::string& value) {
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            text.remove_prefix(i + 1);
            return true;
        }
        if (text[i] == '\\' && i + 1 < text.size()) {
            const char next = text[i + 1];
            if (backslash == Backslash::escapes_any || next == '"' || next == '\\') ++i;
        }
        if (ascii::is_control(text[i]) && text[i] != '\t') return false;
        value += text[i];
    }
    return false;
}

bool take_unquoted(std::string_view& text, std::string& value) {
    const auto end = std::min(text.find_first_of("; \t"), text.size());
    value = text.substr(0, end);
    text.remove_prefix(end);
    return !value.empty() &&
           std::none_of(value.begin(), value.end(), [](char c) { return c == '"' || ascii::is_control(c); });
}

}  // namespace

std::expected<Parameters, std::string> parse_parameters(std::string_view text, Backslash backslash) {
    Parameters parameters;
    for (;;) {
        skip_blanks(text);
        if (text.empty()) return parameters;
        if (text.front() != ';') return std::unexpected("text after a value without ';' between");
        text.remove_prefix(1);
        skip_blanks(text);
        if (text.empty() || text.front() == ';') continue;

        const auto name_end = text.find_first_of("=;");
        if (name_end == text.npos || text[name_end] != '=') return std::unexpected("a parameter without '='");
        std::string name = ascii::lowered(text.substr(0, name_end));
        if (!ascii::is_token(name))
            return std::unexpected("'" + log::escaped(name, 40) + "' is not a parameter name");
        text.remove_prefix(name_end + 1);

        std::string value;
        const bool quoted = text.starts_with('"');
        if (quoted ? !take_quoted(text, backslash, value) : !take_unquoted(text, value)) {
            return std::unexpected("the value of '" + name + "' is malformed");
        }
        const bool known =
            std::any_of(parameters.begin(), parameters.end(), [&](const auto& p) { return p.first == name; });
        if (known) return std::unexpected("'" + name + "' is given twice");
        if (parameters.size() == kMaxParameters) {
            return std::unexpected("more than " + std::to_string(kMaxParameters) + " parameters");
        }
        parameters.emplace_back(std::move(name), std::move(value));
    }
}

}  // namespace chartsight
