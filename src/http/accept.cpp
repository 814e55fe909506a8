#include "http/accept.hpp"

#include "http/ascii.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

namespace chartsight {

namespace {

struct MediaRange {
    std::string type;  ///< lower case, without parameters
    int q{1000};       ///< thousandths
};

/// 0 to 1 with at most three decimals, in thousandths.
std::optional<int> parse_q(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
    if (text.size() > 1 && text[1] != '.') return std::nullopt;
    int q = (text[0] - '0') * 1000;
    for (std::size_t i = 2, unit = 100; i < text.size(); ++i, unit /= 10) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        q += (text[i] - '0') * static_cast<int>(unit);
    }
    if (q > 1000) return std::nullopt;
    return q;
}

/// Takes the text before the next `separator` off the front; one inside quotes does not count.
std::string_view take_until(char separator, std::string_view& text) {
    bool quoted = false;
    std::size_t end = 0;
    for (; end < text.size() && (quoted || text[end] != separator); ++end) {
        if (text[end] == '"') quoted = !quoted;
        if (quoted && text[end] == '\\') ++end;
    }
    end = std::min(end, text.size());
    const std::string_view taken = ascii::trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return taken;
}

/// Nothing for what is not a media range: one bad entry does not spoil the others.
std::optional<MediaRange> parse_range(std::string_view text) {
    MediaRange range{ascii::lowered(take_until(';', text))};
    const auto slash = range.type.find('/');
    if (slash == range.type.npos || !ascii::is_token(std::string_view(range.type).substr(0, slash)) ||
        !ascii::is_token(std::string_view(range.type).substr(slash + 1))) {
        return std::nullopt;
    }
    while (!text.empty()) {
        const std::string_view parameter = take_until(';', text);
        if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) continue;
        const auto q = parse_q(parameter.substr(2));
        if (!q) return std::nullopt;
        range.q = *q;
    }
    return range;
}

std::vector<MediaRange> parse_ranges(std::string_view accept) {
    std::vector<MediaRange> ranges;
    while (!accept.empty()) {
        if (auto range = parse_range(take_until(',', accept))) ranges.push_back(std::move(*range));
    }
    return ranges;
}

/// The q of the first of `types`, most specific first, that the header has; 0 where it has none.
template <std::size_t n>
int q_of(const std::vector<MediaRange>& ranges, const std::array<std::string_view, n>& types) {
    for (const std::string_view type : types) {
        int q = -1;
        for (const MediaRange& range : ranges) {
            if (range.type == type) q = std::max(q, range.q);
        }
        if (q >= 0) return q;
    }
    return 0;
}

}  // namespace

AnswerForm choose_answer_form(std::string_view accept) {
    const auto ranges = parse_ranges(accept);
    int picture = 0;
    for (const std::string_view type : {"image/png", "image/jpeg", "image/webp"}) {
        picture = std::max(picture, q_of<2>(ranges, {type, "image/*"}));
    }
    const int json = q_of<3>(ranges, {"application/json", "application/*", "*/*"});
    const bool page_wanted = std::any_of(ranges.begin(), ranges.end(), [picture](const MediaRange& range) {
        return range.q >= picture &&
               (range.type.starts_with("text/") || range.type.starts_with("application/"));
    });
    return picture > json && !page_wanted ? AnswerForm::picture : AnswerForm::json;
}

}  // namespace chartsight
