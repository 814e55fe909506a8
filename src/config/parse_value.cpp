#include "config/parse_value.hpp"

#include <charconv>
#include <cmath>

namespace chartsight {

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stopped != end || text.empty()) return std::nullopt;
    return value;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    double value = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
    if (error != std::errc{} || !std::isfinite(value) || value < 0) return std::nullopt;
    const std::string_view unit(stopped, static_cast<std::size_t>(end - stopped));
    double factor = 0;
    if (unit.empty() || unit == "s") factor = 1000;
    if (unit == "ms") factor = 1;
    if (unit == "m") factor = 60'000;
    if (factor == 0 || value * factor > 1e12) return std::nullopt;
    return std::chrono::milliseconds(std::llround(value * factor));
}

std::vector<std::string> parse_list(std::string_view text) {
    std::vector<std::string> items;
    while (!text.empty()) {
        const auto comma = text.find(',');
        std::string_view item = text.substr(0, comma);
        text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
        const auto first = item.find_first_not_of(" \t");
        if (first == std::string_view::npos) continue;
        const auto last = item.find_last_not_of(" \t");
        items.emplace_back(item.substr(first, last - first + 1));
    }
    return items;
}

}  // namespace chartsight
