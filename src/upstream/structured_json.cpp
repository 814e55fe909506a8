#include "upstream/structured_json.hpp"

#include "upstream/lenient_json.hpp"

#include <algorithm>

namespace chartsight {

namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kFence = "```";
// Bounds on prose full of brackets: starts tried, and bytes read for all of them together.
constexpr int kMaxStarts = 256;
constexpr std::size_t kMaxScanned = std::size_t{4} << 20U;

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(kSpace);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

bool is_structure(std::string_view text) {
    return (text.starts_with('{') || text.starts_with('[')) && is_json(text);
}

// Not parsed and written again: that would sort the keys and round the numbers.
std::string compact(std::string_view json) {
    std::string out;
    out.reserve(json.size());
    bool in_string = false;
    for (std::size_t at = 0; at < json.size(); ++at) {
        const char c = json[at];
        if (!in_string && kSpace.contains(c)) continue;
        out.push_back(c);
        if (c == '"') in_string = !in_string;
        if (in_string && c == '\\') out.push_back(json[++at]);
    }
    return out;
}

std::string_view first_fenced(std::string_view text) {
    for (auto fence = text.find(kFence); fence != text.npos;) {
        const auto line_end = text.find('\n', fence);
        if (line_end == text.npos) return {};
        const auto closing = text.find(kFence, line_end);
        const auto block = trimmed(text.substr(line_end, closing - line_end));
        if (is_structure(block)) return block;
        if (closing == text.npos) return {};
        fence = text.find(kFence, closing + kFence.size());
    }
    return {};
}

// Reads brackets outside strings; npos if they never balance.
std::size_t balanced_length(std::string_view text) {
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (in_string && c == '\\') ++at;
        if (c == '"') in_string = !in_string;
        if (in_string) continue;
        if (c == '{' || c == '[') ++depth;
        if ((c == '}' || c == ']') && --depth == 0) return at + 1;
    }
    return text.npos;
}

// `{"` and `[{` begin an object and not prose, so if that never ends, it is cut off and its parts are not the
// answer.
bool begins_like_json(std::string_view text) {
    const auto next = text.find_first_not_of(kSpace, 1);
    return next != text.npos && text[next] == (text.front() == '{' ? '"' : '{');
}

// A list of plain values may be prose as well: "[1]", "[sic]".
bool holds_members(std::string_view json) {
    return begins_like_json(json);
}

std::string_view first_balanced(std::string_view text) {
    std::string_view plain_list;
    std::size_t scanned = 0;
    std::size_t at = text.find_first_of("{[");
    for (int starts = 0; at != text.npos && starts < kMaxStarts; ++starts) {
        const auto rest = text.substr(at, kMaxScanned - scanned);
        const auto length = balanced_length(rest);
        if (length == rest.npos && begins_like_json(rest)) break;
        const auto candidate = rest.substr(0, length);
        scanned += candidate.size();
        if (scanned >= kMaxScanned) break;
        const bool found = length != rest.npos && is_structure(candidate);
        if (found && holds_members(candidate)) return candidate;
        if (found && plain_list.empty()) plain_list = candidate;
        at = text.find_first_of("{[", at + (found ? length : 1));
    }
    return plain_list;
}

}  // namespace

std::string find_structured_json(std::string_view text) {
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    text = trimmed(text);
    if (is_structure(text)) return compact(text);
    const auto fenced = first_fenced(text);
    if (!fenced.empty()) return compact(fenced);
    return compact(first_balanced(text));
}

}  // namespace chartsight
