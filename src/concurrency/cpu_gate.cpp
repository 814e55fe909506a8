#include "chartsight/concurrency/cpu_gate.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <climits>

namespace chartsight {

namespace {

// std::atomic::wait uses private futexes, which other processes do not see.
void futex_wait(std::atomic<std::uint32_t>& word, std::uint32_t seen) {
    ::syscall(SYS_futex, &word, FUTEX_WAIT, seen, nullptr, nullptr, 0);
}

void futex_wake(std::atomic<std::uint32_t>& word, int waiters) {
    ::syscall(SYS_futex, &word, FUTEX_WAKE, waiters, nullptr, nullptr, 0);
}

}  // namespace

CpuGateState::CpuGateState(std::size_t count) : places(std::clamp<std::size_t>(count, 1, kMaxPlaces)) {}

CpuGate::Place::~Place() {
    if (state_ == nullptr) return;
    state_->holders[index_] = 0;
    ++state_->releases;
    futex_wake(state_->releases, 1);
}

CpuGate::Place CpuGate::enter_blocking() {
    for (;;) {
        // Read before the search: a release during it changes the word, and the wait returns at once.
        const std::uint32_t seen = state_.releases;
        for (std::size_t i = 0; i < state_.places; ++i) {
            std::uint32_t free = 0;
            if (state_.holders[i].compare_exchange_strong(free, holder_)) return {state_, i};
        }
        futex_wait(state_.releases, seen);
    }
}

void CpuGate::forget(CpuGateState& state, std::uint32_t worker) {
    for (std::size_t i = 0; i < state.places; ++i) {
        std::uint32_t holder = worker + 1;
        state.holders[i].compare_exchange_strong(holder, 0);
    }
    ++state.releases;
    futex_wake(state.releases, INT_MAX);
}

}  // namespace chartsight
