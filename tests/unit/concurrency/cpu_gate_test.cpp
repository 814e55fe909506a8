#include "chartsight/concurrency/cpu_gate.hpp"

#include "chartsight/concurrency/shared_region.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <optional>
#include <thread>
#include <vector>

namespace chartsight {
namespace {

long held_by(const CpuGateState& state, std::uint32_t holder) {
    return std::count_if(std::begin(state.holders), std::end(state.holders),
                         [holder](const auto& place) { return place == holder; });
}

TEST(CpuGate, LetsNoMoreInThanThereArePlaces) {
    Shared<CpuGateState> state(3u);
    std::atomic<int> inside{0};
    std::atomic<int> most{0};
    std::vector<std::jthread> threads;
    for (std::uint32_t worker = 0; worker < 4; ++worker) {
        for (int i = 0; i < 3; ++i) {
            threads.emplace_back([&, worker] {
                CpuGate gate(*state, worker);
                for (int round = 0; round < 200; ++round) {
                    const auto place = gate.enter_blocking();
                    const int now = ++inside;
                    int seen = most;
                    while (now > seen && !most.compare_exchange_weak(seen, now)) {
                    }
                    --inside;
                }
            });
        }
    }
    threads.clear();
    EXPECT_LE(most, 3);
    EXPECT_GE(most, 1);
}

TEST(CpuGate, WakesAWaiterOfAnotherProcess) {
    Shared<CpuGateState> state(1u);
    CpuGate gate(*state, 0);
    std::optional<CpuGate::Place> held(gate.enter_blocking());
    const pid_t child = ::fork();
    if (child == 0) {
        CpuGate other(*state, 1);
        const auto place = other.enter_blocking();
        ::_exit(state->holders[0] == 2 ? 0 : 1);
    }
    held.reset();
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

TEST(CpuGate, FreesThePlacesOfADeadWorkerOnly) {
    Shared<CpuGateState> state(2u);
    const pid_t child = ::fork();
    if (child == 0) {
        auto* lost = new CpuGate::Place(CpuGate(*state, 1).enter_blocking());
        ::_exit(lost != nullptr ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    CpuGate gate(*state, 0);
    const auto own = gate.enter_blocking();
    EXPECT_EQ(held_by(*state, 2), 1);
    CpuGate::forget(*state, 1);
    EXPECT_EQ(held_by(*state, 2), 0);
    EXPECT_EQ(held_by(*state, 1), 1);
    const auto second = gate.enter_blocking();  // would hang if the place had not come back
}

}  // namespace
}  // namespace chartsight
