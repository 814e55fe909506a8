#include "process/wake_set.hpp"

#include <gtest/gtest.h>

#include <sys/eventfd.h>

namespace chartsight {
namespace {

TEST(WakeSet, WakesOneWorkerOrAll) {
    const WakeSet wakes(3);
    eventfd_t count = 0;
    wakes.wake(1);
    EXPECT_NE(::eventfd_read(wakes.descriptor(0), &count), 0);
    EXPECT_EQ(::eventfd_read(wakes.descriptor(1), &count), 0);
    wakes.wake_all();
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(::eventfd_read(wakes.descriptor(i), &count), 0) << i;
}

TEST(WakeSet, NeverBlocksHoweverOftenItIsCalled) {
    const WakeSet wakes(1);
    ASSERT_EQ(::eventfd_write(wakes.descriptor(0), 0xfffffffffffffffe), 0);  // full
    wakes.wake(0);
    eventfd_t count = 0;
    EXPECT_EQ(::eventfd_read(wakes.descriptor(0), &count), 0);
}

}  // namespace
}  // namespace chartsight
