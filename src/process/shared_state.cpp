#include "process/shared_state.hpp"

#include <chrono>

namespace chartsight {

std::uint64_t first_request_number() {
    using namespace std::chrono;
    constexpr auto kEpoch = sys_days{year{2025} / January / 1};
    const auto since = duration_cast<microseconds>(system_clock::now() - kEpoch);
    return static_cast<std::uint64_t>(since.count()) / 10;
}

}  // namespace chartsight
