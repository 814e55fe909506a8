#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace chartsight {

inline constexpr std::size_t kMaxWorkers = 64;

/// A counter of taken places that any process may change. Each life of a worker is a generation: a place
/// taken in an earlier life cannot be given back to a later one, whose count started at zero.
class PlaceCounter {
public:
    using Generation = std::uint32_t;

    /// The generation in which a place was taken, or nothing if `limit` are taken.
    [[nodiscard]] std::optional<Generation> try_take(std::uint32_t limit);
    void give_back(Generation generation);
    /// All places free, in a new generation.
    void restart();

    [[nodiscard]] std::uint32_t taken() const { return static_cast<std::uint32_t>(value_.load()); }
    [[nodiscard]] Generation generation() const { return static_cast<Generation>(value_.load() >> 32); }

private:
    std::atomic<std::uint64_t> value_{0};  ///< generation in the high half, count in the low
    static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
};

/// What the other processes see of one worker.
struct alignas(64) WorkerSlot {
    enum State : std::uint32_t { absent, starting, serving, draining };

    PlaceCounter running;                 ///< requests admitted
    PlaceCounter queued;                  ///< requests waiting for a place
    std::atomic<std::uint32_t> fresh{0};  ///< connections whose first request has not come yet
    std::atomic<std::uint32_t> state{absent};
    std::atomic<std::int64_t> heartbeat_ns{0};  ///< steady clock; shared by all processes of a machine
    std::atomic<std::uint64_t> served{0};       ///< analyses answered, over all lives of this worker
    std::atomic<std::uint32_t> restarts{0};
};

/// The shared half of admission: one slot per worker. Lives in shared memory.
struct AdmissionBoard {
    /// A worker whose event loop has not ticked for this long is passed over.
    static constexpr std::chrono::seconds kStale{3};

    AdmissionBoard(std::size_t worker_count, std::uint32_t running_per_worker,
                   std::uint32_t queued_per_worker)
        : workers(worker_count), capacity(running_per_worker), queue_limit(queued_per_worker) {}

    /// True if the worker takes new work.
    [[nodiscard]] bool is_open(std::size_t worker) const;
    /// True if the worker is open or, just forked, will be in a moment: connections may as well wait for it
    /// in the kernel's backlog.
    [[nodiscard]] bool will_accept(std::size_t worker) const;
    /// 0: can run one more, 1: can queue one more, 2: full. Connections that have not sent their first
    /// request count as reserved places here, though not when a request is admitted.
    [[nodiscard]] int rank(std::size_t worker) const;
    void beat(std::size_t worker);
    /// Makes a dead worker's places free. Called by the supervisor.
    void clear(std::size_t worker);

    /// To be called by the supervisor before it forks the worker.
    void begin_start(std::size_t worker);

    const std::size_t workers;
    const std::uint32_t capacity;     ///< LIMIT_CONCURRENCY
    const std::uint32_t queue_limit;  ///< QUEUE_LIMIT
    WorkerSlot slots[kMaxWorkers];

private:
    [[nodiscard]] bool has_beaten_lately(std::size_t worker) const;
};

}  // namespace chartsight
