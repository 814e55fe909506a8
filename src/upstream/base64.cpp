#include "chartsight/upstream/base64.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace chartsight {

namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNone = 0xFF;

constexpr std::array<std::uint8_t, 256> make_values() {
    std::array<std::uint8_t, 256> values{};
    values.fill(kNone);
    for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
        values[static_cast<std::uint8_t>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
    }
    values['-'] = values['+'];
    values['_'] = values['/'];
    return values;
}

constexpr auto kValues = make_values();

std::uint32_t byte_or_zero(std::string_view bytes, std::size_t at) {
    return at < bytes.size() ? static_cast<std::uint8_t>(bytes[at]) : 0U;
}

char letter(std::uint32_t group, unsigned position) {
    return kAlphabet[group >> (18U - 6U * position) & 0x3FU];
}

// The four characters for the (up to) three bytes at `at`.
std::array<char, 4> encode_group(std::string_view bytes, std::size_t at) {
    const std::uint32_t group =
        byte_or_zero(bytes, at) << 16U | byte_or_zero(bytes, at + 1) << 8U | byte_or_zero(bytes, at + 2);
    return {letter(group, 0), letter(group, 1), at + 1 < bytes.size() ? letter(group, 2) : '=',
            at + 2 < bytes.size() ? letter(group, 3) : '='};
}

std::uint32_t value_of(char c) {
    return kValues[static_cast<std::uint8_t>(c)];
}

}  // namespace

std::size_t encode_base64_slice(std::string_view bytes, std::size_t offset, std::span<char> out) {
    const std::size_t whole = base64_size(bytes.size());
    if (offset >= whole) return 0;
    const std::size_t count = std::min(whole - offset, out.size());
    std::size_t done = 0;
    while (done < count) {
        const std::size_t at = offset + done;
        const auto group = encode_group(bytes, at / 4 * 3);
        const std::size_t skip = at % 4;
        const std::size_t length = std::min(group.size() - skip, count - done);
        std::copy_n(group.data() + skip, length, out.data() + done);
        done += length;
    }
    return count;
}

std::string encode_base64(std::string_view bytes) {
    std::string text(base64_size(bytes.size()), '\0');
    encode_base64_slice(bytes, 0, text);
    return text;
}

std::optional<std::string> decode_base64(std::string_view text) {
    std::size_t padding = 0;
    while (padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
    text.remove_suffix(padding);
    const std::size_t rest = text.size() % 4;
    // Padding completes a group of four, or is left out.
    if (rest == 1 || (padding != 0 && (rest == 0 || padding != 4 - rest))) return std::nullopt;

    std::string bytes;
    bytes.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t group = 0;
    std::size_t at = 0;
    for (; at + 4 <= text.size(); at += 4) {
        const std::uint32_t a = value_of(text[at]);
        const std::uint32_t b = value_of(text[at + 1]);
        const std::uint32_t c = value_of(text[at + 2]);
        const std::uint32_t d = value_of(text[at + 3]);
        if ((a | b | c | d) == kNone) return std::nullopt;
        group = a << 18U | b << 12U | c << 6U | d;
        bytes.push_back(static_cast<char>(group >> 16U));
        bytes.push_back(static_cast<char>(group >> 8U & 0xFFU));
        bytes.push_back(static_cast<char>(group & 0xFFU));
    }
    if (rest == 0) return bytes;
    group = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        const std::uint32_t value = i < rest ? value_of(text[at + i]) : 0;
        if (value == kNone) return std::nullopt;
        group = group << 6U | value;
    }
    bytes.push_back(static_cast<char>(group >> 16U));
    if (rest == 3) bytes.push_back(static_cast<char>(group >> 8U & 0xFFU));
    return bytes;
}

}  // namespace chartsight
