#pragma once

#include "chartsight/analysis/admission_board.hpp"
#include "chartsight/concurrency/cpu_gate.hpp"

#include <atomic>
#include <cstdint>

namespace chartsight {

/// Everything the processes share, mapped before the first fork.
struct SharedState {
    SharedState(std::size_t workers, std::uint32_t capacity, std::uint32_t queue_limit,
                std::size_t cpu_places, std::uint64_t first_request_number)
        : board(workers, capacity, queue_limit),
          cpu_gate(cpu_places),
          request_numbers(first_request_number) {}

    AdmissionBoard board;
    CpuGateState cpu_gate;
    std::atomic<std::uint64_t> request_numbers;
};

/// Where request numbers start: 10 µs ticks since 2025, so that they stay unique over restarts below 100,000
/// requests a second.
[[nodiscard]] std::uint64_t first_request_number();

}  // namespace chartsight
