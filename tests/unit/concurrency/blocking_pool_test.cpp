#include "chartsight/concurrency/blocking_pool.hpp"

#include "chartsight/concurrency/pending_job.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

namespace chartsight {
namespace {

Result<std::string> shout(std::string text) {
    return text + "!";
}

Result<int> throwing() {
    throw std::runtime_error("no such luck");
}

Result<std::thread::id> where() {
    return std::this_thread::get_id();
}

Result<int> wait_for(std::shared_future<int> gate) {
    return gate.get();
}

template <class R>
R run(net::awaitable<R> coroutine) {
    net::io_context io;
    auto future = net::co_spawn(io, std::move(coroutine), net::use_future);
    io.run();
    return future.get();
}

TEST(BlockingPool, TagsTheResultWithTheRequest) {
    BlockingPool pool(2);
    const auto done = run(pool.run(RequestId(42), shout, std::string(90, 'x')));
    EXPECT_EQ(done.id.number(), 42u);
    EXPECT_EQ(done.result.value(), std::string(90, 'x') + "!");
}

TEST(BlockingPool, TurnsAnExceptionIntoAnInternalError) {
    BlockingPool pool(1);
    const auto done = run(pool.run(RequestId(1), throwing));
    ASSERT_FALSE(done.result);
    EXPECT_EQ(done.result.error().code, Errc::internal);
    EXPECT_EQ(done.result.error().detail, "no such luck");
}

net::awaitable<bool> resumes_on_own_thread(BlockingPool& pool) {
    const auto before = std::this_thread::get_id();
    auto job = co_await pool.run(RequestId(1), where);
    co_return before == std::this_thread::get_id() && *job.result != before;
}

TEST(BlockingPool, ResumesTheCallerOnItsOwnThread) {
    BlockingPool pool(1, 5);
    EXPECT_TRUE(run(resumes_on_own_thread(pool)));
}

net::awaitable<Result<int>> start_and_wait(BlockingPool& pool, std::shared_future<int> gate,
                                           Deadline deadline) {
    const auto executor = co_await net::this_coro::executor;
    PendingJob<Result<int>> job(executor, pool.run(RequestId(1), wait_for, gate));
    auto result = co_await job.wait(deadline);
    co_return result;
}

TEST(PendingJob, GivesTheResultOfAJobStartedEarlier) {
    BlockingPool pool(1);
    std::promise<int> value;
    value.set_value(5);
    EXPECT_EQ(run(start_and_wait(pool, value.get_future().share(), Deadline::after(std::chrono::minutes(1)))),
              5);
}

TEST(PendingJob, GivesUpAtTheDeadline) {
    std::promise<int> never;
    auto gate = never.get_future().share();
    BlockingPool pool(1);
    net::io_context io;
    auto future = net::co_spawn(io, start_and_wait(pool, gate, Deadline::after(std::chrono::milliseconds(1))),
                                net::use_future);
    while (future.wait_for(std::chrono::seconds(0)) != std::future_status::ready) io.run_one();
    const auto result = future.get();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::deadline_exceeded);
    never.set_value(1);
    io.run();
}

}  // namespace
}  // namespace chartsight
