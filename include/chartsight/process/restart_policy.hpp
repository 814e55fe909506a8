#pragma once

#include "chartsight/base/deadline.hpp"

#include <chrono>

namespace chartsight {

/// What to do about a worker that ended without being told to.
struct RestartDecision {
    bool give_up{false};  ///< its configuration is faulty: every successor would end the same way
    std::chrono::milliseconds delay{0};
};

/// Pure. One per worker.
class RestartPolicy {
public:
    /// The exit code of a configuration fault.
    static constexpr int kConfigFault = 2;

    /// `wait_status` as from waitpid(2); `lived` is how long the worker ran. The first crash is followed by
    /// an immediate start, further ones by 100 ms, doubling up to 10 s, until a worker has lived for 30 s.
    [[nodiscard]] RestartDecision on_exit(int wait_status, Clock::duration lived);

private:
    int crashes_{0};
};

}  // namespace chartsight
