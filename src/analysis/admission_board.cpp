#include "chartsight/analysis/admission_board.hpp"

#include "chartsight/base/deadline.hpp"

namespace chartsight {

std::optional<PlaceCounter::Generation> PlaceCounter::try_take(std::uint32_t limit) {
    std::uint64_t value = value_;
    while (static_cast<std::uint32_t>(value) < limit) {
        if (value_.compare_exchange_weak(value, value + 1)) return static_cast<Generation>(value >> 32);
    }
    return std::nullopt;
}

void PlaceCounter::give_back(Generation generation) {
    std::uint64_t value = value_;
    while (static_cast<Generation>(value >> 32) == generation && static_cast<std::uint32_t>(value) > 0) {
        if (value_.compare_exchange_weak(value, value - 1)) return;
    }
}

void PlaceCounter::restart() {
    std::uint64_t value = value_;
    while (!value_.compare_exchange_weak(value, ((value >> 32) + 1) << 32)) {
    }
}

bool AdmissionBoard::has_beaten_lately(std::size_t worker) const {
    const auto age = Clock::now().time_since_epoch() - std::chrono::nanoseconds(slots[worker].heartbeat_ns);
    return age < kStale;
}

bool AdmissionBoard::is_open(std::size_t worker) const {
    return slots[worker].state == WorkerSlot::serving && has_beaten_lately(worker);
}

bool AdmissionBoard::will_accept(std::size_t worker) const {
    const auto state = slots[worker].state.load();
    return (state == WorkerSlot::serving || state == WorkerSlot::starting) && has_beaten_lately(worker);
}

int AdmissionBoard::rank(std::size_t worker) const {
    const WorkerSlot& slot = slots[worker];
    const std::uint64_t load = std::uint64_t{slot.running.taken()} + slot.fresh;
    if (load < capacity) return 0;
    return load + slot.queued.taken() < std::uint64_t{capacity} + queue_limit ? 1 : 2;
}

void AdmissionBoard::beat(std::size_t worker) {
    slots[worker].heartbeat_ns = std::chrono::nanoseconds(Clock::now().time_since_epoch()).count();
}

void AdmissionBoard::begin_start(std::size_t worker) {
    beat(worker);
    slots[worker].state = WorkerSlot::starting;
}

void AdmissionBoard::clear(std::size_t worker) {
    WorkerSlot& slot = slots[worker];
    slot.state = WorkerSlot::absent;
    slot.fresh = 0;
    slot.running.restart();
    slot.queued.restart();
}

}  // namespace chartsight
