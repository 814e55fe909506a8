#include "upstream/excerpt.hpp"

#include <algorithm>
#include <array>

namespace chartsight {

namespace {

// More of a text is not looked at: what comes out is a few hundred bytes, and a key is far shorter than the
// rest.
constexpr std::size_t kMaxRead = 4096;
constexpr std::size_t kShortestKey = 8;

struct Beginning {
    std::string_view text;
    bool belongs_to_key;
};

constexpr std::array kBeginnings{
    Beginning{"AIza", true},  Beginning{"AQ.", true},      Beginning{"ya29.", true},
    Beginning{"key=", false}, Beginning{"Bearer ", false},
};

bool is_key_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

std::size_t key_length(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::find_if_not(text, is_key_character) - text.begin());
}

// UTF-8 comes out as one question mark a character.
std::string printable(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > ' ' && byte < 0x7F) {
            out.push_back(c);
        } else if (byte >= 0xC0) {
            out.push_back('?');
        } else if ((byte <= ' ' || byte == 0x7F) && !out.empty() && out.back() != ' ') {
            out.push_back(' ');
        }
    }
    if (out.ends_with(' ')) out.pop_back();
    return out;
}

std::string without_keys(std::string text) {
    for (const Beginning& beginning : kBeginnings) {
        for (auto at = text.find(beginning.text); at != text.npos; at = text.find(beginning.text, at + 1)) {
            const auto start = beginning.belongs_to_key ? at : at + beginning.text.size();
            const auto length = key_length(std::string_view(text).substr(start));
            if (length >= kShortestKey) text.replace(start, length, "[key]");
        }
    }
    return text;
}

}  // namespace

std::string excerpt(std::string_view text, std::size_t most) {
    auto out = without_keys(printable(text.substr(0, kMaxRead)));
    if (out.size() > most) out.resize(most);
    return out;
}

}  // namespace chartsight
