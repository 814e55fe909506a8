#pragma once

#include "chartsight/base/error.hpp"
#include "chartsight/base/shared_bytes.hpp"
#include "chartsight/concurrency/cpu_gate.hpp"
#include "chartsight/image/image.hpp"

#include <chrono>
#include <stop_token>
#include <string>

namespace chartsight {

struct Verified {
    std::string sha256;
    std::chrono::microseconds took{0};  ///< without the wait at the gate
};

/// Blocking: waits at the gate, then decodes the picture to prove it whole, and hashes it. The pixels are
/// gone when it returns. A picture that does not decode stops `call`. Does nothing more once `call` is
/// stopped.
[[nodiscard]] Result<Verified> verify_blocking(CpuGate* gate, SharedBytes image, ImageInfo info,
                                               ImageLimits limits, std::stop_source call);

}  // namespace chartsight
