#pragma once

#include <cstdint>
#include <string_view>

namespace chartsight {

/// The CRC-32 that PNG chunks carry (the one of zlib and Ethernet).
[[nodiscard]] std::uint32_t crc32(std::string_view bytes);

}  // namespace chartsight
