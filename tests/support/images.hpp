#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

// Pictures for tests, made here so that no test depends on the code it tests or on files.
namespace chartsight::test {

inline std::string from_hex(std::string_view hex) {
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        bytes.push_back(static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1])));
    }
    return bytes;
}

/// `number` in `count` bytes, the highest first.
inline std::string big_endian(std::uint32_t number, int count = 4) {
    std::string bytes;
    for (int shift = 8 * (count - 1); shift >= 0; shift -= 8)
        bytes.push_back(static_cast<char>(number >> shift & 0xFF));
    return bytes;
}

inline std::string little_endian(std::uint32_t number, int count = 4) {
    const std::string reversed = big_endian(number, count);
    return {reversed.rbegin(), reversed.rend()};
}

inline std::uint32_t png_crc(std::string_view bytes) {
    std::uint32_t sum = 0xFFFFFFFFU;
    for (const char c : bytes) {
        sum ^= static_cast<std::uint8_t>(c);
        for (int bit = 0; bit < 8; ++bit) sum = (sum >> 1) ^ ((sum & 1) != 0 ? 0xEDB88320U : 0U);
    }
    return ~sum;
}

/// One chunk with its length and a right CRC.
inline std::string png_chunk(std::string_view type, std::string_view data = {}) {
    const std::string summed = std::string(type) + std::string(data);
    return big_endian(static_cast<std::uint32_t>(data.size())) + summed + big_endian(png_crc(summed));
}

/// `raw` as a zlib stream of stored blocks.
inline std::string zlib_stored(std::string_view raw) {
    std::string stream = "\x78\x01";
    std::uint32_t low = 1;
    std::uint32_t high = 0;
    for (const char c : raw) {
        low = (low + static_cast<std::uint8_t>(c)) % 65521;
        high = (high + low) % 65521;
    }
    do {
        const std::string_view block = raw.substr(0, 65535);
        const auto size = static_cast<std::uint32_t>(block.size());
        raw.remove_prefix(block.size());
        stream.push_back(raw.empty() ? '\1' : '\0');
        stream += little_endian(size, 2) + little_endian(~size & 0xFFFF, 2);
        stream += block;
    } while (!raw.empty());
    return stream + big_endian(high << 16 | low);
}

/// The chunk IHDR. Colour types: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA.
inline std::string png_header(std::uint32_t width, std::uint32_t height, int depth = 8, int colour = 2,
                              int interlace = 0) {
    std::string data = big_endian(width) + big_endian(height);
    for (const int byte : {depth, colour, 0, 0, interlace}) data.push_back(static_cast<char>(byte));
    return png_chunk("IHDR", data);
}

inline std::string png_of(std::initializer_list<std::string> chunks) {
    std::string bytes("\x89PNG\r\n\x1a\n", 8);
    for (const std::string& chunk : chunks) bytes += chunk;
    return bytes;
}

/// The byte of colour `channel` (0 to 2) at a place of `make_png`'s picture.
inline std::uint8_t png_sample(std::uint32_t x, std::uint32_t y, std::uint32_t channel) {
    return static_cast<std::uint8_t>(7 * x + 13 * y + 80 * channel);
}

/// A whole RGB picture.
inline std::string make_png(std::uint32_t width, std::uint32_t height) {
    std::string rows;
    for (std::uint32_t y = 0; y < height; ++y) {
        rows.push_back('\0');  // no filter
        for (std::uint32_t x = 0; x < width; ++x) {
            for (std::uint32_t channel = 0; channel < 3; ++channel) {
                rows.push_back(static_cast<char>(png_sample(x, y, channel)));
            }
        }
    }
    return png_of({png_header(width, height), png_chunk("IDAT", zlib_stored(rows)), png_chunk("IEND")});
}

/// The pictures below are all 16 × 8 pixels.
inline constexpr std::uint32_t kBlobWidth = 16;
inline constexpr std::uint32_t kBlobHeight = 8;

/// Baseline, YCbCr 4:2:0.
inline std::string make_jpeg() {
    return from_hex(
        "ffd8ffe000104a46494600010100000100010000ffdb0043001b12141714111b1716171e1c1b2028422b28252528513a"
        "3d3042605565645f555d5b6a7899816a7190735b5d85b586909ea3abadab6780bcc9baa6c799a8aba4ffdb0043011c1e"
        "1e2823284e2b2b4ea46e5d6ea4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4"
        "a4a4a4a4a4a4a4a4a4a4a4a4a4a4ffc00011080008001003012200021101031101ffc400160001010100000000000000"
        "000000000000000203ffc4001e10000103040300000000000000000000000001121316648291113151ffc40015010101"
        "00000000000000000000000000000204ffc4001c1100020007000000000000000000000000001101021222415181ffda"
        "000c03010002110311003f00dd129db89f06b77cf652253f713e0d6efd00b25ba9796f81868fffd9");
}

/// Ten scans.
inline std::string make_progressive_jpeg() {
    return from_hex(
        "ffd8ffe000104a46494600010100000100010000ffdb0043001b12141714111b1716171e1c1b2028422b28252528513a"
        "3d3042605565645f555d5b6a7899816a7190735b5d85b586909ea3abadab6780bcc9baa6c799a8aba4ffdb0043011c1e"
        "1e2823284e2b2b4ea46e5d6ea4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4"
        "a4a4a4a4a4a4a4a4a4a4a4a4a4a4ffc20011080008001003012200021101031101ffc400160001010100000000000000"
        "000000000000000102ffc4001501010100000000000000000000000000000103ffda000c03010002100310000001dd2c"
        "7fffc4001510010100000000000000000000000000000034ffda00080101000105029d3bffc400141101000000000000"
        "00000000000000000000ffda0008010301013f017fffc40017110003010000000000000000000000000000011121ffda"
        "0008010201013f015b0fffc400161000030000000000000000000000000000001152ffda0008010100063f02a6533fff"
        "c400171001000300000000000000000000000000110021f0ffda0008010100013f21d68263413fffda000c0301000200"
        "0300000010f3ffc400161100030000000000000000000000000000000151ffda0008010301013f1050ffc40017110003"
        "010000000000000000000000000000114181ffda0008010201013f10a2b787ffc4001a10000202030000000000000000"
        "000000000001b1f0113151ffda0008010100013f104a9999d895333a7fffd9");
}

/// Four components, as print shops send them.
inline std::string make_cmyk_jpeg() {
    return from_hex(
        "ffd8ffee000e41646f626500640000000000ffdb0043001b12141714111b1716171e1c1b2028422b28252528513a3d30"
        "42605565645f555d5b6a7899816a7190735b5d85b586909ea3abadab6780bcc9baa6c799a8aba4ffc000140800080010"
        "044311004d11005911004b1100ffc4001800000203000000000000000000000000000003010506ffc400251000010105"
        "0803000000000000000000001200021114829116323436416264811331a1ffda000e0443004d0059004b00003f009659"
        "b2fac544c82357def89d9739311208d5f795ee1b7174b4c9ccb3677588f3c82357fb465ce4c4482357de461b717485ff"
        "d9");
}

/// VP8.
inline std::string make_lossy_webp() {
    return from_hex(
        "524946464c0000005745425056503820400000007001009d012a1000080005407c25b0027401400000fed6f597fd7201"
        "3fffb20ffec7a3ff63abbb69bf1281f44192417e9281f4419d6de8de1f042fdd4b0c8000");
}

/// VP8L.
inline std::string make_lossless_webp() {
    return from_hex(
        "5249464644000000574542505650384c370000002f0fc0010027201048d2d91f700d816cb21ceeaf9a4020c9df6caae7"
        "3ffe15008041b691aa700aa7700aefcff50811fd8f848d3f2d777f00");
}

/// VP8X with alpha; the flags are byte 20.
inline std::string make_extended_webp() {
    return from_hex(
        "524946467800000057454250565038580a000000100000000f0000070000414c50480e000000010f30ff1111e2feff11"
        "fd0fff7f56503820440000007001009d012a1000080005407c25b0027401400000fed6f597fd6c45fffd907ff62f9fd9"
        "077d7ec18c667243cfd2503e8832482fd2503e8833adbd1bc3e085fba9619000");
}

}  // namespace chartsight::test
