#pragma once

#include "chartsight/base/deadline.hpp"
#include "chartsight/concurrency/blocking_pool.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace chartsight {

/// A job that has been started and whose result is fetched later, or never: dropping a PendingJob does not
/// wait for it. Not thread-safe: start and wait on one single-threaded executor.
template <class R>
class PendingJob {
    struct State {
        explicit State(const net::any_io_executor& executor) : done(executor, Clock::time_point::max()) {}
        std::optional<R> result;
        net::steady_timer done;  ///< cancelled when `result` is there
    };

public:
    /// Starts `job`, a coroutine from BlockingPool::run, on `executor`.
    PendingJob(const net::any_io_executor& executor, net::awaitable<Completion<R>> job)
        : state_(std::make_shared<State>(executor)) {
        net::co_spawn(
            executor, std::move(job), [state = state_](std::exception_ptr error, Completion<R> completion) {
                if (error) {
                    state->result = std::unexpected(Error{Errc::internal, "job lost", std::nullopt});
                } else {
                    state->result = std::move(completion.result);
                }
                state->done.cancel();
            });
    }

    /// The result, moved out, or `Errc::deadline_exceeded`. Call once.
    net::awaitable<R> wait(Deadline deadline) {
        auto state = state_;
        if (!state->result) {
            state->done.expires_at(deadline.when());
            boost::system::error_code ignored;
            co_await state->done.async_wait(net::redirect_error(net::use_awaitable, ignored));
        }
        if (!state->result) co_return fail(Errc::deadline_exceeded, "the image was not decoded in time");
        R result = std::move(*state->result);
        co_return result;
    }

private:
    std::shared_ptr<State> state_;
};

}  // namespace chartsight
