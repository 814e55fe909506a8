#include "http/utf8.hpp"

#include <cstddef>

namespace chartsight::utf8 {

namespace {

struct Lead {
    std::size_t length{0};  ///< of the whole sequence; 0 for a byte that starts none
    unsigned char second_min{0x80};
    unsigned char second_max{0xbf};
};

// The narrowed second byte is what keeps out overlong forms, surrogates and values over U+10FFFF.
Lead lead_of(unsigned char byte) {
    if (byte < 0x80) return {.length = 1};
    if (byte < 0xc2) return {};
    if (byte < 0xe0) return {.length = 2};
    if (byte == 0xe0) return {.length = 3, .second_min = 0xa0};
    if (byte == 0xed) return {.length = 3, .second_max = 0x9f};
    if (byte < 0xf0) return {.length = 3};
    if (byte == 0xf0) return {.length = 4, .second_min = 0x90};
    if (byte < 0xf4) return {.length = 4};
    if (byte == 0xf4) return {.length = 4, .second_max = 0x8f};
    return {};
}

}  // namespace

bool is_valid(std::string_view text) {
    const auto byte_at = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    for (std::size_t at = 0; at < text.size();) {
        const Lead lead = lead_of(byte_at(at));
        if (lead.length == 0 || lead.length > text.size() - at) return false;
        if (lead.length > 1 && (byte_at(at + 1) < lead.second_min || byte_at(at + 1) > lead.second_max))
            return false;
        for (std::size_t i = 2; i < lead.length; ++i) {
            if ((byte_at(at + i) & 0xc0) != 0x80) return false;
        }
        at += lead.length;
    }
    return true;
}

std::string from_latin1(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
        } else {
            out += static_cast<char>(0xc0 | (byte >> 6));
            out += static_cast<char>(0x80 | (byte & 0x3f));
        }
    }
    return out;
}

}  // namespace chartsight::utf8
