#pragma once

#include "chartsight/analysis/admission_board.hpp"
#include "chartsight/base/deadline.hpp"
#include "chartsight/base/error.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <list>
#include <optional>
#include <stop_token>

namespace chartsight {

namespace net = boost::asio;

struct AdmissionOptions {
    std::chrono::milliseconds queue_timeout{30'000};  ///< QUEUE_TIMEOUT
};

class AdmissionController;

/// A taken place, given back by the destructor. On the wire (see `surrender`) it is a PlaceClaim.
struct PlaceClaim {
    enum Kind : std::uint32_t { running, queued };
    Kind kind{running};
    PlaceCounter::Generation generation{0};
};

class Ticket {
public:
    Ticket(AdmissionController& controller, std::size_t worker, PlaceClaim claim)
        : controller_(&controller), worker_(worker), claim_(claim), since_(Clock::now()) {}
    Ticket(Ticket&& other) noexcept;
    Ticket& operator=(Ticket&& other) noexcept;
    ~Ticket() { give_back(); }

    [[nodiscard]] std::size_t worker() const { return worker_; }
    [[nodiscard]] PlaceClaim::Kind kind() const { return claim_.kind; }
    [[nodiscard]] PlaceClaim claim() const { return claim_; }
    /// Gives up ownership without giving back: the place now belongs to whoever got the claim.
    void surrender() { controller_ = nullptr; }

private:
    void give_back();

    AdmissionController* controller_;  ///< null when moved from or surrendered
    std::size_t worker_;
    PlaceClaim claim_;
    Clock::time_point since_;
};

/// Admission control of one worker. Over all workers together exactly `workers × capacity` requests run and
/// `workers × queue_limit` wait. Not thread-safe: one per worker, used on its io_context. Tickets must not
/// outlive the controller.
class AdmissionController {
public:
    /// `wake(worker)` makes another worker call its controller's `poll`. It must not block.
    AdmissionController(net::any_io_executor executor, AdmissionBoard& board, std::size_t self,
                        const AdmissionOptions& options, std::function<void(std::size_t)> wake);

    /// A place to run: in this worker, or taken in another one, to which the request must then be handed
    /// over. Takes a queue place and waits where none is free: first come, first served within a worker. A
    /// claim to a queue place of this worker, taken by the worker that handed the request over, is honoured.
    /// `Errc::overloaded` when all queues are full, `queue_timeout`, `client_gone` when `stop` is requested.
    /// A ticket of kind `queued` is only returned for another worker: hand over and wait there.
    net::awaitable<Result<Ticket>> admit(std::optional<PlaceClaim> claim, std::stop_token stop);

    /// Turns a claim that came with a handed-over request into a ticket, unless it is of an earlier life.
    [[nodiscard]] std::optional<Ticket> redeem(PlaceClaim claim);

    /// A connection was accepted / has sent its first request or closed.
    void connection_opened();
    void connection_settled();

    /// True if this worker should accept: no other one has more room. At least one worker always should.
    [[nodiscard]] bool may_accept() const;
    /// Waits for a change after which `may_accept` can be asked again.
    net::awaitable<void> wait_for_change();

    /// Looks at the board again: admits what can be admitted. Call when woken, and regularly: it heals what a
    /// dying worker left undone.
    void poll();

    /// When to come back, for Retry-After: the time the queue takes at the recent pace. At least 1 s.
    [[nodiscard]] std::chrono::seconds retry_after() const;

    [[nodiscard]] std::size_t self() const { return self_; }

private:
    friend class Ticket;

    struct Waiter {
        explicit Waiter(const net::any_io_executor& executor) : granted_or_over(executor) {}
        net::steady_timer granted_or_over;
        std::optional<Ticket> ticket;
    };

    [[nodiscard]] std::optional<Ticket> take_to_run();
    [[nodiscard]] std::optional<Ticket> take_to_wait();
    [[nodiscard]] std::optional<Ticket> take(std::size_t worker, PlaceClaim::Kind kind);
    net::awaitable<Result<Ticket>> wait_in_queue(Ticket queue_place, std::stop_token stop);
    void give_back(std::size_t worker, PlaceClaim claim, Clock::duration held);
    void grant_places();
    void offer_place_to_others();
    void rank_may_have_changed();

    net::any_io_executor executor_;
    AdmissionBoard& board_;
    std::size_t self_;
    const AdmissionOptions& options_;
    std::function<void(std::size_t)> wake_;
    std::list<Waiter*> queue_;   ///< oldest first; each lives in its coroutine's frame
    net::steady_timer changed_;  ///< cancelled at every change of rank
    int last_rank_{0};
    double mean_hold_s_{1};  ///< moving average of how long a place is held
};

}  // namespace chartsight
