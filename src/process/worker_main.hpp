#pragma once

#include "chartsight/config/config.hpp"
#include "process/worker.hpp"

#include <csignal>
#include <cstddef>

namespace chartsight {

/// The signals that the supervisor blocks and reads; a worker unblocks them.
[[nodiscard]] sigset_t supervisor_signals();

/// The life of a worker process, from the fork to its exit.
[[noreturn]] void worker_main(const Config& config, const Inheritance& inheritance, std::size_t index);

}  // namespace chartsight
