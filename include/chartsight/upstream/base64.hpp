#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace chartsight {

/// Length of the padded encoding of `bytes` bytes.
[[nodiscard]] constexpr std::size_t base64_size(std::size_t bytes) {
    return (bytes + 2) / 3 * 4;
}

/// Fills `out` with the padded encoding of `bytes` from character `offset` on, without making the rest of it.
/// Returns the characters written, fewer than `out` holds only at the end.
std::size_t encode_base64_slice(std::string_view bytes, std::size_t offset, std::span<char> out);

/// The standard alphabet with padding, no line breaks.
[[nodiscard]] std::string encode_base64(std::string_view bytes);

/// Reads the standard and the URL-safe alphabet, with or without padding. Nothing if `text` holds any other
/// character, or a length no encoding has.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace chartsight
