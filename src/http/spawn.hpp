#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace chartsight {

namespace net = boost::asio;

/// Starts a coroutine nobody waits for. What it throws is logged with `what`, and ends only that coroutine.
void spawn(const net::any_io_executor& executor, net::awaitable<void> coroutine, const char* what);

}  // namespace chartsight
