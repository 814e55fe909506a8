#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace chartsight {

// Readers of numbers in files. The caller has checked that the bytes are there.

[[nodiscard]] constexpr std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}

[[nodiscard]] constexpr std::uint32_t be16(std::string_view bytes, std::size_t at) {
    return std::uint32_t{byte_at(bytes, at)} << 8 | byte_at(bytes, at + 1);
}

[[nodiscard]] constexpr std::uint32_t be32(std::string_view bytes, std::size_t at) {
    return be16(bytes, at) << 16 | be16(bytes, at + 2);
}

[[nodiscard]] constexpr std::uint32_t le16(std::string_view bytes, std::size_t at) {
    return std::uint32_t{byte_at(bytes, at + 1)} << 8 | byte_at(bytes, at);
}

[[nodiscard]] constexpr std::uint32_t le24(std::string_view bytes, std::size_t at) {
    return std::uint32_t{byte_at(bytes, at + 2)} << 16 | le16(bytes, at);
}

[[nodiscard]] constexpr std::uint32_t le32(std::string_view bytes, std::size_t at) {
    return le16(bytes, at + 2) << 16 | le16(bytes, at);
}

}  // namespace chartsight
