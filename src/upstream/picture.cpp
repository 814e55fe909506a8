#include "upstream/picture.hpp"

#include "chartsight/image/check.hpp"
#include "chartsight/upstream/base64.hpp"

#include <algorithm>

namespace chartsight {

namespace {

constexpr std::string_view kImageType = "image/";
constexpr std::string_view kDataUrl = "data:image/";
constexpr std::string_view kBase64 = ";base64,";
constexpr std::size_t kMaxTypeLength = 64;

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// The declared type becomes a header of our answer: nothing but the characters of a type may stand in it.
bool is_image_type(std::string_view type) {
    return type.size() > kImageType.size() && type.size() <= kMaxTypeLength && type.starts_with(kImageType) &&
           std::ranges::all_of(type.substr(kImageType.size()), [](char c) {
               return is_letter_or_digit(c) || c == '.' || c == '+' || c == '-';
           });
}

bool is_base64_character(char c) {
    return is_letter_or_digit(c) || c == '+' || c == '/' || c == '-' || c == '_';
}

// A picture's place in a text.
struct Span {
    std::size_t begin{0};
    std::size_t end{0};
};

// Where the base64 of the data URL at `at` stands; empty if it is none.
Span payload_at(std::string_view text, std::size_t at) {
    const auto head = text.substr(at, kMaxTypeLength + kBase64.size());
    const auto marker = head.find(kBase64);
    if (marker == head.npos || head.find_first_of(" \t\r\n\"',()") < marker) return {at, at};
    const std::size_t begin = at + marker + kBase64.size();
    const auto rest = text.substr(begin);
    auto end = std::ranges::find_if_not(rest, is_base64_character);
    while (end != rest.end() && *end == '=') ++end;
    return {begin, begin + static_cast<std::size_t>(end - rest.begin())};
}

// Takes the `![caption](` and `)` around a URL along, which would show nothing without it.
Span with_markdown(std::string_view text, Span url, std::size_t kept) {
    const auto before = text.substr(kept, url.begin - kept);
    if (!before.ends_with("](") || !text.substr(url.end).starts_with(')')) return url;
    const auto line = before.rfind('\n');
    const auto opening = before.rfind("![");
    if (opening == before.npos || (line != before.npos && line > opening)) return url;
    return {kept + opening, url.end + 1};
}

}  // namespace

std::optional<Picture> read_picture(std::string_view base64, std::string_view declared_type) {
    auto bytes = decode_base64(base64);
    if (!bytes || bytes->empty()) return std::nullopt;
    const auto sniffed = sniff_mime_type(*bytes);
    const std::string_view type = sniffed.value_or(declared_type);
    if (!is_image_type(type)) return std::nullopt;
    return Picture{std::string(type), std::move(*bytes)};
}

std::optional<Picture> take_data_url_picture(std::string& text) {
    std::optional<Picture> last;
    std::string remaining;
    std::size_t kept = 0;
    for (auto at = text.find(kDataUrl); at != text.npos;) {
        const Span payload = payload_at(text, at);
        auto picture =
            read_picture(std::string_view(text).substr(payload.begin, payload.end - payload.begin), {});
        if (picture) {
            const Span cut = with_markdown(text, {at, payload.end}, kept);
            remaining.append(text, kept, cut.begin - kept);
            kept = cut.end;
            last = std::move(picture);
        }
        at = text.find(kDataUrl, std::max(payload.end, at + kDataUrl.size()));
    }
    if (last) text = remaining.append(text, kept);
    return last;
}

}  // namespace chartsight
