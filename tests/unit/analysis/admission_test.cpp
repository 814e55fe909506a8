#include "chartsight/analysis/admission.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <vector>

namespace chartsight {
namespace {

/// Several workers' controllers on one io_context; waking one polls it at once.
class Workers {
public:
    Workers(std::size_t count, std::uint32_t capacity, std::uint32_t queue_limit)
        : board(count, capacity, queue_limit) {
        for (std::size_t i = 0; i < count; ++i) {
            board.slots[i].state = WorkerSlot::serving;
            board.beat(i);
            controllers.push_back(std::make_unique<AdmissionController>(
                io.get_executor(), board, i, options, [this](std::size_t worker) {
                    woken.push_back(worker);
                    net::post(io, [this, worker] { controllers[worker]->poll(); });
                }));
        }
    }
    ~Workers() {
        // Whoever still waits gets a place in turn, since a waiting coroutine must not outlive its
        // controller.
        while (pending > 0) {
            for (auto& result : results) result.reset();
            settle();
        }
    }

    /// Starts a request at `worker`; its place, once it has one, is in `results`.
    std::size_t request(std::size_t worker, std::stop_token stop = {}, std::optional<PlaceClaim> claim = {}) {
        const std::size_t index = results.size();
        results.emplace_back();
        ++pending;
        net::co_spawn(io, admit(index, worker, claim, stop), [](std::exception_ptr) {});
        settle();
        return index;
    }

    net::awaitable<void> admit(std::size_t index, std::size_t worker, std::optional<PlaceClaim> claim,
                               std::stop_token stop) {
        auto ticket = co_await controllers[worker]->admit(claim, stop);
        results[index] = std::move(ticket);
        --pending;
    }

    /// Runs everything that needs no waiting.
    void settle() {
        io.restart();
        while (io.poll_one() > 0) {
        }
    }

    [[nodiscard]] bool runs(std::size_t index) const {
        return results[index] && *results[index] && (*results[index])->kind() == PlaceClaim::running;
    }
    [[nodiscard]] std::optional<Errc> error(std::size_t index) const {
        if (!results[index] || *results[index]) return std::nullopt;
        return results[index]->error().code;
    }

    net::io_context io;
    AdmissionBoard board;
    AdmissionOptions options;
    std::vector<std::size_t> woken;
    int pending{0};  ///< requests without an answer
    std::vector<std::unique_ptr<AdmissionController>> controllers;
    std::vector<std::optional<Result<Ticket>>> results;  // last: tickets use all of the above when they go
};

TEST(AdmissionController, AdmitsUpToItsCapacityAtHome) {
    Workers workers(1, 2, 1);
    EXPECT_TRUE(workers.runs(workers.request(0)));
    EXPECT_TRUE(workers.runs(workers.request(0)));
    const auto third = workers.request(0);
    EXPECT_FALSE(workers.results[third]) << "it waits";
    EXPECT_EQ(workers.board.slots[0].queued.taken(), 1u);
}

TEST(AdmissionController, TakesAPlaceElsewhereBeforeItQueues) {
    Workers workers(2, 1, 1);
    (void)workers.request(0);
    const auto second = workers.request(0);
    ASSERT_TRUE(workers.runs(second));
    EXPECT_EQ((*workers.results[second])->worker(), 1u);
    EXPECT_EQ(workers.board.slots[1].running.taken(), 1u);
    EXPECT_EQ(workers.board.slots[0].queued.taken(), 0u);
}

TEST(AdmissionController, RefusesWhenAllPlacesAndQueuesAreTaken) {
    Workers workers(2, 1, 1);
    for (int i = 0; i < 4; ++i) (void)workers.request(0);
    const auto fifth = workers.request(0);
    EXPECT_EQ(workers.error(fifth), Errc::overloaded);
    EXPECT_GE(workers.results[fifth]->error().retry_after->count(), 1);
    EXPECT_EQ(workers.board.slots[0].running.taken() + workers.board.slots[1].running.taken(), 2u);
    EXPECT_EQ(workers.board.slots[0].queued.taken() + workers.board.slots[1].queued.taken(), 2u);
}

TEST(AdmissionController, ServesItsQueueInOrder) {
    Workers workers(1, 1, 3);
    const auto first = workers.request(0);
    const auto second = workers.request(0);
    const auto third = workers.request(0);
    workers.results[first].reset();
    workers.settle();
    EXPECT_TRUE(workers.runs(second));
    EXPECT_FALSE(workers.results[third]);
    EXPECT_EQ(workers.board.slots[0].queued.taken(), 1u);
}

TEST(AdmissionController, OffersAFreePlaceToAWorkerWithAQueue) {
    Workers workers(2, 1, 2);
    (void)workers.request(0);
    const auto at_other = workers.request(1);
    const auto waiting = workers.request(0);
    ASSERT_FALSE(workers.results[waiting]);
    workers.results[at_other].reset();
    workers.settle();
    ASSERT_TRUE(workers.runs(waiting));
    EXPECT_EQ((*workers.results[waiting])->worker(), 1u);
}

TEST(AdmissionController, GivesUpItsQueuePlaceWhenTheClientLeaves) {
    Workers workers(1, 1, 1);
    (void)workers.request(0);
    std::stop_source client;
    const auto waiting = workers.request(0, client.get_token());
    client.request_stop();
    workers.settle();
    EXPECT_EQ(workers.error(waiting), Errc::client_gone);
    EXPECT_EQ(workers.board.slots[0].queued.taken(), 0u);
    EXPECT_EQ(workers.board.slots[0].running.taken(), 1u);
}

TEST(AdmissionController, GivesUpAfterTheQueueTimeout) {
    Workers workers(1, 1, 1);
    workers.options.queue_timeout = std::chrono::milliseconds(1);
    (void)workers.request(0);
    const auto waiting = workers.request(0);
    workers.io.restart();
    while (!workers.results[waiting]) workers.io.run_one();
    EXPECT_EQ(workers.error(waiting), Errc::queue_timeout);
    EXPECT_EQ(workers.board.slots[0].queued.taken(), 0u);
}

TEST(AdmissionController, HonoursAClaimOfThisLifeOnly) {
    Workers workers(1, 1, 0);
    const auto generation = workers.board.slots[0].running.try_take(1);
    const PlaceClaim claim{PlaceClaim::running, *generation};
    EXPECT_TRUE(workers.runs(workers.request(0, {}, claim)));
    EXPECT_EQ(workers.board.slots[0].running.taken(), 1u);
    workers.board.clear(0);
    workers.board.slots[0].state = WorkerSlot::serving;
    (void)workers.request(0);
    EXPECT_EQ(workers.error(workers.request(0, {}, claim)), Errc::overloaded)
        << "the old claim is worth nothing";
}

TEST(AdmissionController, KeepsTakenPlacesExactWhenTicketsMove) {
    Workers workers(1, 2, 0);
    const auto first = workers.request(0);
    Ticket moved = std::move(**workers.results[first]);
    workers.results[first].reset();
    EXPECT_EQ(workers.board.slots[0].running.taken(), 1u);
    {
        const Ticket gone = std::move(moved);
    }
    EXPECT_EQ(workers.board.slots[0].running.taken(), 0u);
}

TEST(AdmissionController, AcceptsOnlyWhereThereIsMostRoom) {
    Workers workers(2, 1, 1);
    const auto& first = workers.controllers[0];
    const auto& second = workers.controllers[1];
    EXPECT_TRUE(first->may_accept());
    EXPECT_TRUE(second->may_accept());
    first->connection_opened();
    EXPECT_FALSE(first->may_accept()) << "its one place is reserved";
    EXPECT_TRUE(second->may_accept());
    second->connection_opened();
    EXPECT_TRUE(first->may_accept()) << "all are full: accept to queue";
    EXPECT_TRUE(second->may_accept());
    EXPECT_FALSE(workers.woken.empty()) << "the other one must learn that it is its turn";
    second->connection_settled();
    EXPECT_FALSE(first->may_accept());
}

TEST(AdmissionController, LeavesConnectionsToAWorkerThatIsJustStarting) {
    Workers workers(2, 1, 1);
    workers.board.clear(1);
    workers.controllers[0]->connection_opened();
    workers.board.begin_start(1);
    EXPECT_FALSE(workers.controllers[0]->may_accept());
    const auto first = workers.request(0);
    EXPECT_EQ((*workers.results[first])->worker(), 0u);
    EXPECT_FALSE(workers.results[workers.request(0)]) << "nothing can be handed to it yet";
}

TEST(AdmissionController, AcceptsAloneWhenTheOthersAreDead) {
    Workers workers(2, 1, 1);
    workers.controllers[0]->connection_opened();
    EXPECT_FALSE(workers.controllers[0]->may_accept());
    workers.board.clear(1);
    EXPECT_TRUE(workers.controllers[0]->may_accept());
}

}  // namespace
}  // namespace chartsight
