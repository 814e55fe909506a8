#include "analysis/verify.hpp"

#include "chartsight/base/deadline.hpp"
#include "chartsight/image/decode.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

namespace chartsight {

namespace {

std::string sha256_hex(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
    return hex;
}

}  // namespace

Result<Verified> verify_blocking(CpuGate* gate, SharedBytes image, ImageInfo info, ImageLimits limits,
                                 std::stop_source call) {
    const CpuGate::Place place = gate->enter_blocking();
    if (call.stop_requested()) return fail(Errc::cancelled, "stopped before decoding");
    const auto start = Clock::now();
    if (can_decode(info.format)) {
        const auto pixels = decode_image(image.view, info, limits);
        if (!pixels) {
            call.request_stop();
            return std::unexpected(pixels.error());
        }
    }
    Verified verified{sha256_hex(image.view), {}};
    verified.took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
    return verified;
}

}  // namespace chartsight
