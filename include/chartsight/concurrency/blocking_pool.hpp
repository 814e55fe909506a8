#pragma once

#include "chartsight/base/error.hpp"
#include "chartsight/base/request_id.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace chartsight {

namespace net = boost::asio;

/// The result of one pool job, tagged with the request it belongs to.
template <class R>
struct Completion {
    RequestId id;
    R result;
};

/// Threads for functions that block. A job that throws becomes `Errc::internal`; nothing else crosses
/// threads.
class BlockingPool {
public:
    /// `nice` lowers the scheduling priority of the threads (0 to 19).
    explicit BlockingPool(std::size_t threads, int nice = 0);
    ~BlockingPool();  ///< waits for running jobs
    BlockingPool(const BlockingPool&) = delete;
    BlockingPool& operator=(const BlockingPool&) = delete;

    /// Runs `f(args...)`, which returns a `Result<T>`, on a pool thread, and resumes the caller on its own
    /// executor. Arguments are moved to the job and destroyed on the pool thread. Not cancellable: hand `f` a
    /// stop_token.
    template <class F, class... Args>
    auto run(RequestId id, F f, Args... args)
        -> net::awaitable<Completion<std::invoke_result_t<F, Args...>>> {
        using R = std::invoke_result_t<F, Args...>;
        return net::async_initiate<const net::use_awaitable_t<>, void(Completion<R>)>(
            [this](auto handler, RequestId job_id, F job_f, std::tuple<Args...> job_args) {
                auto reply_to = net::make_work_guard(net::get_associated_executor(handler));
                net::post(pool_, [handler = std::move(handler), reply_to = std::move(reply_to),
                                  job_id = std::move(job_id), job_f = std::move(job_f),
                                  job_args = std::move(job_args)]() mutable {
                    R result = guarded<R>(job_f, std::move(job_args));
                    net::post(reply_to.get_executor(),
                              [handler = std::move(handler), job_id = std::move(job_id),
                               result = std::move(result)]() mutable {
                                  std::move(handler)(Completion<R>{std::move(job_id), std::move(result)});
                              });
                });
            },
            net::use_awaitable, std::move(id), std::move(f), std::tuple<Args...>(std::move(args)...));
    }

private:
    template <class R, class F, class Tuple>
    static R guarded(F& f, Tuple args) {
        try {
            return std::apply(f, std::move(args));
        } catch (const std::exception& e) {
            return std::unexpected(Error{Errc::internal, e.what(), std::nullopt});
        }
    }

    net::thread_pool pool_;
};

}  // namespace chartsight
