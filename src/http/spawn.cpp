#include "http/spawn.hpp"

#include "chartsight/base/log.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>

namespace chartsight {

void spawn(const net::any_io_executor& executor, net::awaitable<void> coroutine, const char* what) {
    net::co_spawn(executor, std::move(coroutine), [what](const std::exception_ptr& thrown) {
        if (!thrown) return;
        try {
            std::rethrow_exception(thrown);
        } catch (const std::exception& e) {
            log::error("", "A coroutine ended with an exception", {{"what", what}, {"exception", e.what()}});
        }
    });
}

}  // namespace chartsight
