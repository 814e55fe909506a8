#include "chartsight/analysis/admission.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace chartsight {

Ticket::Ticket(Ticket&& other) noexcept
    : controller_(std::exchange(other.controller_, nullptr)),
      worker_(other.worker_),
      claim_(other.claim_),
      since_(other.since_) {}

Ticket& Ticket::operator=(Ticket&& other) noexcept {
    if (this != &other) {
        give_back();
        controller_ = std::exchange(other.controller_, nullptr);
        worker_ = other.worker_;
        claim_ = other.claim_;
        since_ = other.since_;
    }
    return *this;
}

void Ticket::give_back() {
    if (auto* controller = std::exchange(controller_, nullptr)) {
        controller->give_back(worker_, claim_, Clock::now() - since_);
    }
}

AdmissionController::AdmissionController(net::any_io_executor executor, AdmissionBoard& board,
                                         std::size_t self, const AdmissionOptions& options,
                                         std::function<void(std::size_t)> wake)
    : executor_(std::move(executor)),
      board_(board),
      self_(self),
      options_(options),
      wake_(std::move(wake)),
      changed_(executor_, Clock::time_point::max()) {}

net::awaitable<Result<Ticket>> AdmissionController::admit(std::optional<PlaceClaim> claim,
                                                          std::stop_token stop) {
    if (claim) {
        auto ticket = redeem(*claim);
        if (ticket && ticket->kind() == PlaceClaim::running) co_return std::move(*ticket);
        if (ticket) {
            auto waited = co_await wait_in_queue(std::move(*ticket), std::move(stop));
            co_return waited;
        }
    }
    // Those who wait already go first.
    if (queue_.empty()) {
        if (auto ticket = take_to_run()) co_return std::move(*ticket);
    }
    auto queue_place = take_to_wait();
    if (!queue_place) {
        co_return std::unexpected(Error(
            Errc::overloaded, "all places are taken and the queue is full; try again later", retry_after()));
    }
    if (queue_place->worker() != self_) co_return std::move(*queue_place);
    auto waited = co_await wait_in_queue(std::move(*queue_place), std::move(stop));
    co_return waited;
}

net::awaitable<Result<Ticket>> AdmissionController::wait_in_queue([[maybe_unused]] Ticket queue_place,
                                                                  std::stop_token stop) {
    Waiter waiter(executor_);
    queue_.push_back(&waiter);
    // A place may have come free between the search for one and the queue place that others can see.
    grant_places();
    if (!waiter.ticket && !stop.stop_requested()) {
        const std::stop_callback on_stop(stop, [&waiter] { waiter.granted_or_over.cancel(); });
        waiter.granted_or_over.expires_after(options_.queue_timeout);
        boost::system::error_code ignored;
        co_await waiter.granted_or_over.async_wait(net::redirect_error(net::use_awaitable, ignored));
    }
    if (waiter.ticket) co_return std::move(*waiter.ticket);
    queue_.remove(&waiter);
    if (stop.stop_requested()) co_return fail(Errc::client_gone, "the client left the queue");
    co_return std::unexpected(Error(
        Errc::queue_timeout, "no place came free within QUEUE_TIMEOUT; try again later", retry_after()));
}

std::optional<Ticket> AdmissionController::redeem(PlaceClaim claim) {
    WorkerSlot& slot = board_.slots[self_];
    const PlaceCounter& places = claim.kind == PlaceClaim::running ? slot.running : slot.queued;
    if (places.generation() != claim.generation) return std::nullopt;
    rank_may_have_changed();
    return Ticket(*this, self_, claim);
}

std::optional<Ticket> AdmissionController::take(std::size_t worker, PlaceClaim::Kind kind) {
    WorkerSlot& slot = board_.slots[worker];
    const bool running = kind == PlaceClaim::running;
    const auto generation =
        running ? slot.running.try_take(board_.capacity) : slot.queued.try_take(board_.queue_limit);
    if (!generation) return std::nullopt;
    if (worker == self_) rank_may_have_changed();
    return Ticket(*this, worker, PlaceClaim{kind, *generation});
}

std::optional<Ticket> AdmissionController::take_to_run() {
    if (auto ticket = take(self_, PlaceClaim::running)) return ticket;
    for (std::size_t i = 1; i < board_.workers; ++i) {
        const std::size_t other = (self_ + i) % board_.workers;
        if (!board_.is_open(other)) continue;
        if (auto ticket = take(other, PlaceClaim::running)) return ticket;
    }
    return std::nullopt;
}

std::optional<Ticket> AdmissionController::take_to_wait() {
    if (auto ticket = take(self_, PlaceClaim::queued)) return ticket;
    for (std::size_t i = 1; i < board_.workers; ++i) {
        const std::size_t other = (self_ + i) % board_.workers;
        if (!board_.is_open(other)) continue;
        if (auto ticket = take(other, PlaceClaim::queued)) return ticket;
    }
    return std::nullopt;
}

void AdmissionController::give_back(std::size_t worker, PlaceClaim claim, Clock::duration held) {
    WorkerSlot& slot = board_.slots[worker];
    (claim.kind == PlaceClaim::running ? slot.running : slot.queued).give_back(claim.generation);
    if (worker != self_) {
        wake_(worker);
        return;
    }
    if (claim.kind == PlaceClaim::running) {
        mean_hold_s_ += 0.1 * (std::chrono::duration<double>(held).count() - mean_hold_s_);
        grant_places();
        offer_place_to_others();
    }
    rank_may_have_changed();
}

void AdmissionController::grant_places() {
    while (!queue_.empty()) {
        auto ticket = take_to_run();
        if (!ticket) return;
        Waiter& first = *queue_.front();
        queue_.pop_front();
        first.ticket = std::move(ticket);
        first.granted_or_over.cancel();
    }
}

void AdmissionController::offer_place_to_others() {
    if (board_.slots[self_].running.taken() >= board_.capacity || !board_.is_open(self_)) return;
    std::optional<std::size_t> longest;
    std::uint32_t most = 0;
    for (std::size_t other = 0; other < board_.workers; ++other) {
        const std::uint32_t queued = other == self_ ? 0 : board_.slots[other].queued.taken();
        if (queued > most) {
            most = queued;
            longest = other;
        }
    }
    if (longest) wake_(*longest);
}

void AdmissionController::connection_opened() {
    ++board_.slots[self_].fresh;
    rank_may_have_changed();
}

void AdmissionController::connection_settled() {
    --board_.slots[self_].fresh;
    rank_may_have_changed();
}

bool AdmissionController::may_accept() const {
    const int own = board_.rank(self_);
    for (std::size_t other = 0; other < board_.workers; ++other) {
        if (other != self_ && board_.will_accept(other) && board_.rank(other) < own) return false;
    }
    return true;
}

void AdmissionController::rank_may_have_changed() {
    const int rank = board_.rank(self_);
    if (rank == std::exchange(last_rank_, rank)) return;
    changed_.cancel();
    // The last one to fill up makes it the others' turn to accept as well.
    for (std::size_t other = 0; other < board_.workers; ++other) {
        if (other != self_ && board_.is_open(other) && board_.rank(other) == rank) wake_(other);
    }
}

net::awaitable<void> AdmissionController::wait_for_change() {
    boost::system::error_code ignored;
    co_await changed_.async_wait(net::redirect_error(net::use_awaitable, ignored));
}

void AdmissionController::poll() {
    grant_places();
    rank_may_have_changed();
    offer_place_to_others();
    changed_.cancel();
}

std::chrono::seconds AdmissionController::retry_after() const {
    const double rounds = 1.0 + static_cast<double>(queue_.size()) / board_.capacity;
    const double seconds = std::clamp(std::ceil(rounds * mean_hold_s_), 1.0, 600.0);
    return std::chrono::seconds(static_cast<long>(seconds));
}

}  // namespace chartsight
