#pragma once

#include "chartsight/config/config.hpp"

#include <string>
#include <vector>

namespace chartsight {

/// The master process: binds, forks the workers, restarts those that crash, forwards signals.
/// Single-threaded. Returns the exit code of the program: 0 after a drain, 2 for a fault of the
/// configuration, 128 + signal when a second signal cut the drain short. `arguments` are those of the command
/// line, for `--dev`.
[[nodiscard]] int run_supervisor(const Config& config, const std::vector<std::string>& arguments);

}  // namespace chartsight
