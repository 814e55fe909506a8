#include "chartsight/process/restart_policy.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace chartsight {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int exited(int code) {
    return code << 8;
}

TEST(RestartPolicy, NeverRestartsAfterAConfigurationFault) {
    EXPECT_TRUE(RestartPolicy().on_exit(exited(2), seconds(100)).give_up);
}

TEST(RestartPolicy, RestartsAtOnceAfterTheFirstCrash) {
    const auto decision = RestartPolicy().on_exit(SIGKILL, seconds(1));
    EXPECT_FALSE(decision.give_up);
    EXPECT_EQ(decision.delay, milliseconds(0));
}

TEST(RestartPolicy, BacksOffUpToItsLongestDelay) {
    RestartPolicy policy;
    const milliseconds expected[] = {
        milliseconds(0),    milliseconds(100),  milliseconds(200),  milliseconds(400),   milliseconds(800),
        milliseconds(1600), milliseconds(3200), milliseconds(6400), milliseconds(10000), milliseconds(10000)};
    for (const auto delay : expected) EXPECT_EQ(policy.on_exit(SIGSEGV, milliseconds(5)).delay, delay);
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(policy.on_exit(exited(1), milliseconds(5)).delay, milliseconds(10000));
}

TEST(RestartPolicy, ForgetsCrashesOnceAWorkerHasLived) {
    RestartPolicy policy;
    (void)policy.on_exit(SIGSEGV, milliseconds(5));
    EXPECT_EQ(policy.on_exit(SIGSEGV, milliseconds(5)).delay, milliseconds(100));
    EXPECT_EQ(policy.on_exit(SIGSEGV, seconds(30)).delay, milliseconds(0));
}

}  // namespace
}  // namespace chartsight
