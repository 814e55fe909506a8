#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <stop_token>

namespace chartsight {

/// The shared half of a CpuGate: who holds each place. Lives in shared memory.
struct CpuGateState {
    static constexpr std::size_t kMaxPlaces = 256;

    explicit CpuGateState(std::size_t places);

    std::size_t places;                                ///< never changes; at most kMaxPlaces
    std::atomic<std::uint32_t> holders[kMaxPlaces]{};  ///< worker index + 1, 0 = free
    std::atomic<std::uint32_t> releases{0};            ///< futex word: changes at every release
};

/// Lets only so many CPU-bound jobs run at once over all workers together, since each holds its pixels.
class CpuGate {
public:
    CpuGate(CpuGateState& state, std::uint32_t worker) : state_(state), holder_(worker + 1) {}

    /// A place in the gate, given back by the destructor.
    class Place {
    public:
        Place(CpuGateState& state, std::size_t index) : state_(&state), index_(index) {}
        Place(Place&& other) noexcept : state_(other.state_), index_(other.index_) { other.state_ = nullptr; }
        Place& operator=(Place&&) = delete;
        ~Place();

    private:
        CpuGateState* state_;
        std::size_t index_;
    };

    /// Blocking until a place is free. No order among those who wait.
    [[nodiscard]] Place enter_blocking();

    /// Frees what a dead worker held. Called by the supervisor.
    static void forget(CpuGateState& state, std::uint32_t worker);

private:
    CpuGateState& state_;
    std::uint32_t holder_;
};

}  // namespace chartsight
