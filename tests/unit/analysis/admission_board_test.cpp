#include "chartsight/analysis/admission_board.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace chartsight {
namespace {

TEST(PlaceCounter, GivesOutExactlyItsLimit) {
    PlaceCounter places;
    EXPECT_TRUE(places.try_take(2));
    const auto second = places.try_take(2);
    ASSERT_TRUE(second);
    EXPECT_FALSE(places.try_take(2));
    places.give_back(*second);
    EXPECT_EQ(places.taken(), 1u);
    EXPECT_TRUE(places.try_take(2));
    EXPECT_FALSE(places.try_take(2));
}

TEST(PlaceCounter, IgnoresPlacesOfAnEarlierLife) {
    PlaceCounter places;
    const auto old = places.try_take(1);
    places.restart();
    EXPECT_EQ(places.taken(), 0u);
    const auto mine = places.try_take(1);
    places.give_back(*old);
    EXPECT_EQ(places.taken(), 1u);
    places.give_back(*mine);
    EXPECT_EQ(places.taken(), 0u);
}

TEST(PlaceCounter, NeverGoesBelowZero) {
    PlaceCounter places;
    places.give_back(places.generation());
    EXPECT_EQ(places.taken(), 0u);
}

TEST(PlaceCounter, StaysExactUnderContention) {
    PlaceCounter places;
    std::atomic<int> inside{0};
    std::atomic<bool> over{false};
    std::vector<std::jthread> threads;
    for (int t = 0; t < 6; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 2000; ++i) {
                if (const auto place = places.try_take(3)) {
                    if (++inside > 3) over = true;
                    --inside;
                    places.give_back(*place);
                }
            }
        });
    }
    threads.clear();
    EXPECT_FALSE(over);
    EXPECT_EQ(places.taken(), 0u);
}

TEST(AdmissionBoard, RanksByWhatIsLeft) {
    AdmissionBoard board(1, 2, 1);
    WorkerSlot& slot = board.slots[0];
    EXPECT_EQ(board.rank(0), 0);
    (void)slot.running.try_take(2);
    slot.fresh = 1;  // a connection that may send an upload any moment
    EXPECT_EQ(board.rank(0), 1);
    (void)slot.queued.try_take(1);
    EXPECT_EQ(board.rank(0), 2);
    slot.fresh = 0;
    EXPECT_EQ(board.rank(0), 0);
}

TEST(AdmissionBoard, PassesOverWorkersThatDoNotTick) {
    AdmissionBoard board(2, 1, 1);
    EXPECT_FALSE(board.is_open(0));
    board.slots[0].state = WorkerSlot::serving;
    EXPECT_FALSE(board.is_open(0)) << "no heartbeat yet";
    board.beat(0);
    EXPECT_TRUE(board.is_open(0));
    board.slots[0].heartbeat_ns -= std::chrono::nanoseconds(AdmissionBoard::kStale).count();
    EXPECT_FALSE(board.is_open(0));
    board.beat(0);
    board.slots[0].state = WorkerSlot::draining;
    EXPECT_FALSE(board.is_open(0));
}

TEST(AdmissionBoard, CountsOnAStartingWorkerForAWhile) {
    AdmissionBoard board(1, 1, 1);
    EXPECT_FALSE(board.will_accept(0));
    board.begin_start(0);
    EXPECT_TRUE(board.will_accept(0));
    EXPECT_FALSE(board.is_open(0)) << "nothing can be handed to it";
    board.slots[0].heartbeat_ns -= std::chrono::nanoseconds(AdmissionBoard::kStale).count();
    EXPECT_FALSE(board.will_accept(0));
}

TEST(AdmissionBoard, ClearsADeadWorkersGauges) {
    AdmissionBoard board(1, 2, 2);
    WorkerSlot& slot = board.slots[0];
    slot.state = WorkerSlot::serving;
    slot.fresh = 5;
    (void)slot.running.try_take(2);
    (void)slot.queued.try_take(2);
    board.clear(0);
    EXPECT_EQ(slot.running.taken(), 0u);
    EXPECT_EQ(slot.queued.taken(), 0u);
    EXPECT_EQ(slot.fresh, 0u);
    EXPECT_EQ(slot.state, WorkerSlot::absent);
}

}  // namespace
}  // namespace chartsight
