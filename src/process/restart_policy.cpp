#include "chartsight/process/restart_policy.hpp"

#include <sys/wait.h>

#include <algorithm>

namespace chartsight {

namespace {

constexpr std::chrono::milliseconds kFirstDelay{100};
constexpr std::chrono::milliseconds kLongestDelay{10'000};
constexpr std::chrono::seconds kLivedLongEnough{30};
constexpr int kMaxDoublings = 10;

}  // namespace

RestartDecision RestartPolicy::on_exit(int wait_status, Clock::duration lived) {
    if (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == kConfigFault) {
        return {true, std::chrono::milliseconds{0}};
    }
    if (lived >= kLivedLongEnough) crashes_ = 0;
    ++crashes_;
    if (crashes_ == 1) return {};
    const int doublings = std::min(crashes_ - 2, kMaxDoublings);
    return {false, std::min(kFirstDelay * (1 << doublings), kLongestDelay)};
}

}  // namespace chartsight
